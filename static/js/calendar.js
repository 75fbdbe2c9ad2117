// The availability calendar: one tab stop for all its days. Arrows move between days with records, Enter opens one.
const STEPS = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7, PageUp: 364, PageDown: -364 }; // days
const DAY = 86_400_000;
const words = (link) => link.querySelector("title").textContent;
const when = (link) => Date.parse(words(link).slice(0, 10));

// The arrows belong to the calendar, not to a screen reader's cursor; the table below it says the same in words.
const prepare = () => {
  for (const calendar of document.querySelectorAll("[data-calendar]")) calendar.setAttribute("role", "application");
};
prepare();
document.addEventListener("htmx:after:swap", prepare);

document.addEventListener("keydown", (event) => {
  const here = event.target.closest("[data-calendar] a");
  if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
  const next = nextDay(here, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
});

const nextDay = (here, key) => {
  const days = [...here.closest("[data-calendar]").querySelectorAll("a")].sort((one, other) => when(one) - when(other));
  if (key === "Home") return days[0];
  if (key === "End") return days.at(-1);
  if (!STEPS[key]) return null;
  const wanted = when(here) + STEPS[key] * DAY;
  return STEPS[key] > 0
    ? days.find((day) => when(day) >= wanted) || days.at(-1)
    : days.findLast((day) => when(day) <= wanted) || days[0];
};

document.addEventListener("focusin", (event) => {
  const here = event.target.closest("[data-calendar] a");
  if (!here) return;
  here.closest("[data-calendar]").querySelector('a[tabindex="0"]').tabIndex = -1;
  here.tabIndex = 0;
  tell(here);
});
document.addEventListener("mouseover", (event) => {
  const shape = event.target.closest("[data-calendar] path");
  if (shape) tell(shape.closest("a") || shape);
});

// What the browser's own tooltip says late, and never to the keyboard or a finger.
const tell = (day) => {
  day.closest(".day-calendar").querySelector("[data-calendar-day]").textContent = words(day);
};
