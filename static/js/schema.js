// The schema editor: after rows came or went, the keyboard goes on where the person is working.
document.addEventListener("htmx:after:swap", () => {
  const editor = document.activeElement === document.body && document.querySelector(".schema-editor[data-changed]");
  if (!editor) return;
  const added = editor.dataset.changed === "add" && editor.querySelector(".schema-row:last-of-type input");
  (added || editor.querySelector("[data-add-row]")).focus();
  delete editor.dataset.changed;
});
