// One tick for everything that an upload's page lists. Without it each is ticked by itself.
"use strict";

(() => {
  const all = document.getElementById("tick-all");
  if (!all) return;
  const ticks = [...document.querySelectorAll(".batch-line .batch-head input[type=checkbox]")];

  const show = () => {
    const ticked = ticks.filter((tick) => tick.checked).length;
    all.checked = ticked === ticks.length;
    all.indeterminate = ticked > 0 && ticked < ticks.length;
  };

  all.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = all.checked;
  });
  for (const tick of ticks) tick.addEventListener("change", show);
  window.addEventListener("pageshow", show); // a browser that goes back restores the ticks
  all.closest(".batch-all").hidden = false;
})();
