// Sends who was admitted on to the server, by the form that begins their session: a page
// of Streamlit cannot set a cookie that no script reads.

export default function ({ data, parentElement }) {
    const form = parentElement.querySelector("form");
    for (const [name, value] of Object.entries(data)) form.elements[name].value = value;
    form.submit();
}
