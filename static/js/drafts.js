// Long forms: what is typed is kept by the server, and leaving with unsent typing asks. Nothing is sent by itself.
const form = document.querySelector("[data-draft]");
if (form) {
  const told = form.querySelector("[data-draft-told]");
  let isDirty = "dirty" in form.dataset; // typed and not sent
  let isKept = true;
  let isSending = false;
  let timer;

  const typed = () => {
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
    return fields;
  };

  const keep = async () => {
    isKept = true;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: typed() });
      if (!answer.ok && answer.status !== 422) throw new Error(answer.statusText);
      told.textContent = (await answer.json()).message;
    } catch {
      isKept = false;
      told.textContent = "What you type cannot be kept just now. Do not close this page.";
    }
  };

  const changed = () => {
    isDirty = true;
    isKept = false;
    clearTimeout(timer);
    timer = setTimeout(keep, 1000);
  };

  form.addEventListener("input", changed);
  document.addEventListener("htmx:after:swap", (event) => {
    if (form.contains(event.target)) changed(); // rows came or went
  });
  form.addEventListener("submit", () => {
    isSending = true;
    clearTimeout(timer);
  });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty && !isSending && form.isConnected) event.preventDefault();
  });
  window.addEventListener("pagehide", () => {
    if (isDirty && !isKept && !isSending) navigator.sendBeacon(form.dataset.draft, typed());
  });
  window.addEventListener("pageshow", () => { isSending = false; });
}
