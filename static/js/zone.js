// Offers the browser's own time zone; the person confirms it, nothing is sent by itself.
(() => {
  "use strict";

  const offer = document.getElementById("zone-guess");
  const field = offer && document.getElementById(offer.dataset.zoneField);
  const guess = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!field || !guess || field.value === guess) return;
  if (![...field.options].some((option) => option.value === guess)) return;

  offer.querySelector("strong").textContent = guess;
  offer.querySelector("button").addEventListener("click", () => {
    field.value = guess;
    offer.hidden = true;
    field.focus();
  });
  offer.hidden = false;
})();
