// The code of a link stands behind "#", which no server sees: it goes into the field.
const code = decodeURIComponent(window.location.hash.slice(1));
const field = document.getElementById("code");
if (code && field) {
  field.value = code;
  window.history.replaceState(null, "", window.location.pathname);
  document.getElementById("code-form").requestSubmit();
}
