
// A tour in a few steps. It is offered to who has not seen it, which the browser
// remembers, and starts at once when the page says that it was asked for.

const SEEN = "cifake_tour_seen", ANSWERED = "cifake_tour_answered";

const told = (storage, name) => {
    try { return storage.getItem(name); } catch { return null; } // switched off there
};

const tell = (storage, name, value) => {
    try { storage.setItem(name, value); } catch { /* then it is offered again */ }
};

const inSight = (selectors) => () => selectors
    .map((each) => document.querySelector(each))
    .find((each) => each && each.getBoundingClientRect().right > 0);

export default function ({ data, parentElement }) {
    const offer = parentElement.querySelector(".cifake-tour");
    const [show, dismiss] = offer.querySelectorAll("button");
    const look = getComputedStyle(parentElement);
    const start = () => {
        tell(localStorage, SEEN, "yes");
        offer.hidden = true;
        driver({
            animate: false, // or a key that comes early is lost
            popoverClass: "cifake-step",
            showProgress: true,
            progressText: data.progress,
            nextBtnText: data.next,
            prevBtnText: data.back,
            doneBtnText: data.done,
            onPopoverRender: ({ wrapper }) => {
                for (const part of ["text", "background"]) {
                    const color = look.getPropertyValue(`--st-${part}-color`);
                    wrapper.style.setProperty(`--cifake-${part}`, color);
                }
            },
            steps: data.steps.map(({ places, title, text }) => ({
                element: inSight(places),
                popover: { title, description: text },
            })),
        }).drive();
    };
    offer.querySelector("span").textContent = data.words;
    show.textContent = data.show;
    dismiss.textContent = data.dismiss;
    show.onclick = start;
    dismiss.onclick = () => {
        tell(localStorage, SEEN, "yes");
        offer.hidden = true;
    };
    offer.hidden = told(localStorage, SEEN) !== null;
    if (data.asked && data.asked !== told(sessionStorage, ANSWERED)) {
        tell(sessionStorage, ANSWERED, data.asked);
        start();
    }
}
