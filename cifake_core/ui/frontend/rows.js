// A table whose rows are buttons; a click tells the row's place.

export default function ({ data, parentElement, setTriggerValue }) {
    const { head, rows, chosen } = data;
    const table = document.createElement("table");
    const line = (parent, cells, kind) => {
        const row = parent.insertRow();
        for (const each of cells) {
            row.appendChild(document.createElement(kind)).textContent = each;
        }
        return row;
    };
    line(table.createTHead(), head, "th");
    const body = table.createTBody();
    rows.forEach(([name, ...others], number) => {
        const row = line(body, ["", ...others], "td");
        row.onclick = () => setTriggerValue("chosen", number);
        row.className = number === chosen ? "chosen" : "";
        const button = row.cells[0].appendChild(document.createElement("button"));
        button.textContent = name;
        button.ariaPressed = number === chosen;
    });
    const before = parentElement.querySelector("table");
    const focused = [...before.querySelectorAll("button")].indexOf(
        document.activeElement
    );
    before.replaceWith(table);
    table.querySelectorAll("button")[focused]?.focus();
}
