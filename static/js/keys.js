// "/" goes to the search of the page, "?" lists the keys. Both can be switched off (WCAG 2.1.4), for those who dictate.
const keys = document.getElementById("keys");
const opener = document.querySelector("[data-keys-open]");
const areOn = () => localStorage.getItem("keys") !== "off";
const TYPING = "input:not([type=checkbox], [type=radio], [type=submit]), textarea, select, [contenteditable]";

opener.hidden = false;
opener.addEventListener("click", () => keys.showModal());
const onOff = keys.querySelector("[data-keys-on]");
onOff.checked = areOn();
onOff.addEventListener("change", () => localStorage.setItem("keys", onOff.checked ? "on" : "off"));

const search = () => {
  const field = document.querySelector("#content [role=search] :is([type=search], [name=q])");
  if (field) {
    field.focus();
    field.select();
  } else if (keys.dataset.searchUrl) {
    location.assign(keys.dataset.searchUrl);
  }
};
const acts = { "/": search, "?": () => keys.showModal() };

document.addEventListener("keydown", (event) => {
  const act = acts[event.key];
  if (!act || !areOn() || keys.open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest(TYPING)) return;
  event.preventDefault();
  act();
});

// Who comes for the search of another page goes on typing there.
if (location.hash === "#id_q") document.getElementById("id_q")?.focus();
