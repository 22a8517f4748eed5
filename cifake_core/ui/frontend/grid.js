// Pictures side by side, one or two to a button; a click tells the button's number.

const thumbnail = ({ image, alt, lines }, size) => {
    const box = document.createElement("span");
    box.className = "thumbnail";
    if (image !== null) {
        const picture = new Image(size, size);
        picture.alt = alt;
        picture.src = image;
        box.append(picture);
    }
    const words = document.createElement("span");
    words.className = "words";
    words.textContent = lines.join("\n");
    box.append(words);
    return box;
};

export default function ({ data, parentElement, setTriggerValue }) {
    const buttons = data.cells.map(({ number, pictures, line }) => {
        const button = document.createElement("button");
        button.type = "button";
        button.append(...pictures.map((each) => thumbnail(each, data.size)));
        if (line) {
            const below = document.createElement("div");
            below.textContent = line;
            button.append(below);
        }
        button.onclick = () => setTriggerValue("opened", number);
        return button;
    });
    parentElement.querySelector(".cifake-grid").replaceChildren(...buttons);
}
