// The gallery of data products: a picture that does not come is told apart, with its address; its link stays.
const cannotBeShown = (picture) => {
  const mark = document.createElement("span");
  const address = document.createElement("span");
  mark.className = "cannot-be-shown";
  mark.append(`${picture.alt}: cannot be shown`, address);
  address.textContent = picture.getAttribute("src");
  picture.closest("a").classList.add("is-broken");
  picture.replaceWith(mark);
};

// `error` does not bubble; it is caught on its way down.
document.addEventListener("error", ({ target }) => {
  if (target.matches?.("[data-gallery] img")) cannotBeShown(target);
}, true);

// Those that failed before this script ran.
for (const picture of document.querySelectorAll("[data-gallery] img")) {
  if (picture.complete && !picture.naturalWidth) picture.decode().catch(() => picture.isConnected && cannotBeShown(picture));
}
