// A table of records: one tab stop. Arrows, Home, End, Page Up and Page Down move, Space selects, Enter opens.
const table = document.querySelector("[data-record-table]");
if (table) {
  const tickPage = table.querySelector("[data-tick-page]");
  const ticks = [...table.querySelectorAll("tbody input[type=checkbox]")];
  const controlsOf = (row) => [...row.querySelectorAll("a[href], input:not([hidden])")];

  // Ticking the whole page.
  const showTickPage = () => {
    const ticked = ticks.filter((tick) => tick.checked).length;
    tickPage.checked = ticked === ticks.length;
    tickPage.indeterminate = ticked > 0 && ticked < ticks.length;
  };
  tickPage.hidden = false;
  tickPage.addEventListener("change", () => { for (const tick of ticks) tick.checked = tickPage.checked; });
  table.addEventListener("change", showTickPage);
  showTickPage();
  document.querySelector("[data-take-page]")?.addEventListener("click", (event) => {
    event.preventDefault();
    if (!tickPage.checked) tickPage.click();
  });

  // Moving about.
  const rows = [...table.rows].filter((row) => controlsOf(row).length);
  const visibleRows = () => Math.max(1, Math.floor(table.parentElement.clientHeight / rows.at(-1).offsetHeight) - 2);
  let stop = controlsOf(rows.find((row) => row.parentElement.tagName === "TBODY"))[0];
  for (const control of rows.flatMap(controlsOf)) control.tabIndex = -1;
  stop.tabIndex = 0;
  table.addEventListener("focusin", ({ target }) => {
    stop.tabIndex = -1;
    stop = target;
    stop.tabIndex = 0;
  });

  const goTo = (place, column) => {
    const controls = controlsOf(rows[Math.min(Math.max(place, 0), rows.length - 1)]);
    controls[Math.min(column, controls.length - 1)].focus();
  };
  const steps = {
    ArrowUp: (place) => place - 1,
    ArrowDown: (place) => place + 1,
    PageUp: (place) => place - visibleRows(),
    PageDown: (place) => place + visibleRows(),
    Home: () => 1, // after the headings
    End: () => rows.length,
  };
  const open = (row) => row.querySelector("th a[href]")?.click();

  table.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const row = event.target.closest("tr");
    const place = rows.indexOf(row);
    const controls = controlsOf(row);
    const column = controls.indexOf(event.target);
    const sideways = controls[column + ({ ArrowLeft: -1, ArrowRight: 1 })[event.key]];
    if (event.key in steps) goTo(steps[event.key](place), column);
    else if (sideways) sideways.focus();
    else if (event.key === " " && event.target.tagName === "A") row.querySelector("input").click();
    else if (event.key === "Enter" && event.target.tagName === "INPUT") open(row);
    else return; // Left and Right at the edge scroll the table, Space ticks, Enter follows a link
    event.preventDefault();
  });

  document.querySelector("[data-table-keys]").classList.add("is-on");
}

// How much is selected, said once and in few words; the buttons beside it are not read out.
document.addEventListener("htmx:after:swap", () => {
  const bar = document.querySelector("[data-selection]");
  const said = document.querySelector("[data-selection-said]");
  if (bar && said && said.textContent !== bar.textContent.trim()) said.textContent = bar.textContent.trim();
});
