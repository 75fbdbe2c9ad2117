// "Copy as CSV": links to files, whose text goes to the clipboard instead of into a download.
const csvOf = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok || !answer.headers.get("Content-Type")?.startsWith("text/csv")) throw new Error("not a file");
  return answer.text();
};

// Asked for while the click still counts, and filled when the file is there: Safari allows it in no other way.
const toClipboard = async (text) => {
  const blob = text.then((csv) => new Blob([csv], { type: "text/plain" }));
  await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
};

// Where a page may not write to the clipboard (an address without https, an old browser), a person may.
const byHand = (csv) => {
  const dialog = document.createElement("dialog");
  const heading = document.createElement("h2");
  const area = document.createElement("textarea");
  const close = document.createElement("button");
  dialog.className = "copy-dialog card";
  heading.className = "card-title";
  heading.textContent = "Press Ctrl+C (on a Mac: ⌘C) to copy";
  area.className = "form-control font-monospace";
  area.rows = 12;
  area.readOnly = true;
  area.value = csv;
  area.setAttribute("aria-label", "Records as CSV");
  close.className = "btn";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(heading, area, close);
  document.body.append(dialog);
  dialog.showModal();
  area.select();
};

const note = document.createElement("p");
note.className = "copy-note";
note.setAttribute("role", "status");
document.body.append(note);
const say = (words) => {
  note.textContent = words;
  setTimeout(() => { if (note.textContent === words) note.textContent = ""; }, 4000);
};

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-copy]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const text = csvOf(link.href);
  try {
    await toClipboard(text);
    const rows = (await text).trimEnd().split("\r\n").length - 1;
    say(`Copied ${rows.toLocaleString("en-GB")} record${rows === 1 ? "" : "s"} as CSV.`);
  } catch {
    text.then(byHand, () => location.assign(link.href)); // no file: the page that comes instead says why
  }
});
