// "Copy identifier": puts a text on the clipboard, and says so on the button. Only where a page may do that.
for (const button of document.querySelectorAll("[data-copy-text]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const words = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copyText);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}
