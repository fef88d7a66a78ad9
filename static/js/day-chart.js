// Opens the picture of the hours where the first time is, where it is wider than the screen.
(() => {
  "use strict";

  for (const box of document.querySelectorAll("[data-opens-at]")) {
    const strip = box.querySelector(".day-axis");
    const share = Number(box.dataset.opensAt) / 100;
    if (strip && share) box.scrollLeft = strip.getBoundingClientRect().width * share;
  }
})();
