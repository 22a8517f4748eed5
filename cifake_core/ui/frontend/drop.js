// Files that are dropped anywhere on the page; a field that takes files keeps its own.

const FIELDS = '[data-testid="stFileUploader"], [data-testid="stChatInput"]';

const read = (file) => new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1] ?? "");
    reader.onerror = () => resolve(""); // told as an empty file
    reader.readAsDataURL(file);
});

export default function ({ data, parentElement, setTriggerValue }) {
    const sheet = parentElement.querySelector(".cifake-drop");
    sheet.firstElementChild.textContent = data.words;
    sheet.ends?.abort(); // what it was drawn with before
    const ends = sheet.ends = new AbortController();
    const on = (kind, act) => { // before a field prevents what lies outside of it
        addEventListener(kind, act, { capture: true, signal: ends.signal });
    };
    on("dragover", (event) => {
        if (event.dataTransfer?.types.includes("Files")) {
            event.preventDefault(); // or the browser opens the file instead
            sheet.hidden = false;
        }
    });
    on("dragleave", (event) => { sheet.hidden = event.relatedTarget === null; });
    on("drop", async (event) => {
        sheet.hidden = true;
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length === 0 || event.target.closest?.(FIELDS)) return;
        event.preventDefault();
        setTriggerValue("dropped", await Promise.all(files.map(async (file) => ({
            name: file.name,
            size: file.size,
            content: file.size > data.most ? null : await read(file),
        }))));
    });
    return () => ends.abort();
}
