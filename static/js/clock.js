// How much time is left of a round, counted from what the server said: this machine's clock may be wrong.
//
// It is drawn quietly; a screen reader is told once, when little is left. When the time is up, what was
// typed last is saved before, and the page is loaded again: the server has handed the round in.
"use strict";

(() => {
  const drawnAt = new WeakMap(); // clock -> when it was drawn, by a counter that nobody can set
  const told = new Set(); // ends that are near and were told: a check is drawn anew at each answer
  const saved = new Set(); // ends before which what was typed was sent
  const LAST_SAVE = 3; // seconds before the end

  const words = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

  const tick = () => {
    for (const clock of document.querySelectorAll("[data-clock]")) {
      if (!drawnAt.has(clock)) drawnAt.set(clock, performance.now());
      const gone = (performance.now() - drawnAt.get(clock)) / 1000;
      const left = Math.max(0, Math.ceil(Number(clock.dataset.left) - gone));
      clock.querySelector(".check-left").hidden = false;
      clock.querySelector("[data-left-words]").textContent = words(left);
      if (left <= Number(clock.dataset.warn)) warn(clock, left);
      if (left <= LAST_SAVE) saveTyped(clock);
      if (left === 0) {
        delete clock.dataset.clock;
        setTimeout(() => location.reload(), 1000);
      }
    }
  };

  const warn = (clock, left) => {
    clock.classList.add("soon");
    if (told.has(clock.dataset.ends)) return;
    told.add(clock.dataset.ends);
    const region = document.getElementById("announcer");
    if (region) region.textContent = `${clock.dataset.warning} ${words(left)}`;
  };

  // Ticks are late in a page that is not looked at: the last one before the end saves, whichever it is.
  const saveTyped = (clock) => {
    if (saved.has(clock.dataset.ends)) return;
    saved.add(clock.dataset.ends);
    for (const field of clock.closest(".check").querySelectorAll("fieldset[data-typed]")) htmx.trigger(field, "change");
  };

  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSettle", tick); // a round that begins, or a check that is drawn anew
})();
