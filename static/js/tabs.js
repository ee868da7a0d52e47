// Makes tabs of panels that stand below each other. Without it they are read one after the other.
"use strict";

(() => {
  let number = 0;
  const sets = [];

  const syncOf = (panel) => [...panel.classList].find((name) => name.startsWith("sync-"));

  const open = (set, index, focus) => {
    set.panels.forEach((panel, place) => {
      const chosen = place === index;
      panel.hidden = !chosen;
      set.buttons[place].setAttribute("aria-selected", String(chosen));
      set.buttons[place].tabIndex = chosen ? 0 : -1;
    });
    if (focus) set.buttons[index].focus();
  };

  const choose = (set, index, focus) => {
    open(set, index, focus);
    const key = syncOf(set.panels[index]);
    if (!key) return;
    for (const other of sets) {
      const same = other.panels.findIndex((panel) => panel.classList.contains(key));
      if (other !== set && same >= 0) open(other, same, false);
    }
  };

  const onKey = (set, event) => {
    const here = set.buttons.indexOf(document.activeElement);
    const last = set.buttons.length - 1;
    const to = { ArrowRight: here === last ? 0 : here + 1, ArrowLeft: here ? here - 1 : last, Home: 0, End: last };
    if (here < 0 || !(event.key in to)) return;
    event.preventDefault();
    choose(set, to[event.key], true);
  };

  const make = (box) => {
    const panels = [...box.children].filter((child) => child.classList.contains("tab"));
    if (!panels.length || box.querySelector(":scope > .tab-list")) return;
    const list = document.createElement("div");
    list.className = "tab-list";
    list.setAttribute("role", "tablist");
    const set = { panels, buttons: [] };
    panels.forEach((panel, index) => {
      const button = document.createElement("button");
      number += 1;
      panel.id = `u-tab-panel-${number}`;
      button.id = `u-tab-${number}`;
      button.type = "button";
      button.textContent = panel.querySelector(":scope > .tab-title")?.textContent ?? "";
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", panel.id);
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", button.id);
      panel.tabIndex = 0;
      button.addEventListener("click", () => choose(set, index, false));
      list.append(button);
      set.buttons.push(button);
    });
    list.addEventListener("keydown", (event) => onKey(set, event));
    box.prepend(list);
    sets.push(set);
    open(set, Math.max(0, panels.findIndex((panel) => panel.classList.contains("selected"))), false);
  };

  const all = () => document.querySelectorAll(".prose .tabs").forEach(make);

  // A link to something inside a closed panel opens it.
  const toTarget = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const panel = target && target.closest(".tab[hidden]");
    const set = panel && sets.find((one) => one.panels.includes(panel));
    if (set) {
      choose(set, set.panels.indexOf(panel), false);
      target.scrollIntoView();
    }
  };

  all();
  toTarget();
  window.addEventListener("hashchange", toTarget);
  document.addEventListener("htmx:afterSettle", all);
})();
