// "Choose all" above the table of data sources: there only with JavaScript.
const chooseAll = document.querySelector("[data-choose-all]");
if (chooseAll) {
  const boxes = [...document.querySelectorAll("input[name=source][type=checkbox]")];
  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    chooseAll.checked = chosen > 0 && chosen === boxes.length;
    chooseAll.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  chooseAll.hidden = false;
  chooseAll.addEventListener("change", () => {
    for (const box of boxes) box.checked = chooseAll.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}
