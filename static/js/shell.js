// The page shell: theme switch, focus on the error summary, warning before AuroraX ends the session.
const themeSwitch = document.querySelector("[data-theme-switch]");
if (themeSwitch) {
  themeSwitch.hidden = false;
  themeSwitch.addEventListener("click", () => {
    const next = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
    document.documentElement.dataset.bsTheme = next;
    localStorage.setItem("theme", next);
  });
}

const focusFirstError = () => document.querySelector("[data-focus]")?.focus();
focusFirstError();
document.addEventListener("htmx:after:swap", focusFirstError);

// A part of the page that says how far something is says so in the browser's tab, too.
const tellTab = () => {
  const titled = document.querySelector("[data-title]");
  if (titled) document.title = titled.dataset.title;
};
document.addEventListener("htmx:after:swap", tellTab);

const warning = document.querySelector("[data-session-ends]");
if (warning) {
  const ends = Date.parse(warning.dataset.sessionEnds);
  const warnAt = ends - Number(warning.dataset.warningMinutes) * 60_000;
  setTimeout(() => { warning.hidden = false; }, Math.max(0, warnAt - Date.now()));
}

// On narrow screens menu and tabs scroll sideways: begin with the open one in sight.
for (const open of document.querySelectorAll(".portal-menu [aria-current], .source-tabs [aria-current]")) {
  open.scrollIntoView({ inline: "center", block: "nearest" });
}
