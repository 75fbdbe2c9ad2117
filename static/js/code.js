// "Copy": the script below the button goes to the clipboard; where a page may not write there, it is selected.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copy-code]");
  if (!button) return;
  const code = button.parentElement.querySelector("code");
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(code);
    button.textContent = "Selected: press Ctrl+C";
  }
  setTimeout(() => { button.textContent = words; }, 3000);
});
