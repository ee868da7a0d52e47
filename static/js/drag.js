// Dragging on top of the lists of a question: steps into their order, answers to their places.
//
// The lists stay, for the keyboard, for readers and for whoever rather chooses; a drop sets them and says
// `change`, so that an answer is saved and checked as if it had been chosen there. Fingers and mice alike.
"use strict";

(() => {
  const EDGE = 64; // pixels: nearer to the edge of the window the page moves along
  const PACE = 9; // pixels a frame

  const listOf = (row) => row.querySelector("select");
  const rowsOf = (box) => [...box.querySelectorAll(".place")];
  const changed = (list) => list.dispatchEvent(new Event("change", { bubbles: true }));

  const make = (tag, name, text = "") => {
    const element = document.createElement(tag);
    element.className = name;
    element.textContent = text;
    element.setAttribute("aria-hidden", "true"); // the lists say all of it
    return element;
  };

  // Follows the pointer until it is lifted, or the drag is called off; the page moves along at its edges.
  const follow = (event, held, { move, drop, end }) => {
    let at = event;
    let frame = 0;
    held.setPointerCapture(event.pointerId);
    const step = () => {
      const over = at.clientY > innerHeight - EDGE ? PACE : at.clientY < EDGE ? -PACE : 0;
      if (over) {
        scrollBy(0, over);
        move(at);
      }
      frame = requestAnimationFrame(step);
    };
    const onMove = (event) => move((at = event));
    const finish = (dropped) => {
      cancelAnimationFrame(frame);
      for (const [name, listener] of Object.entries(heard)) held.removeEventListener(name, listener);
      removeEventListener("keydown", onKey, true);
      end(dropped);
      if (dropped) drop(at);
    };
    const onKey = (event) => event.key === "Escape" && finish(false);
    const heard = {
      pointermove: onMove,
      pointerup: () => finish(true),
      pointercancel: () => finish(false),
      lostpointercapture: () => finish(false),
    };
    for (const [name, listener] of Object.entries(heard)) held.addEventListener(name, listener);
    addEventListener("keydown", onKey, true);
    frame = requestAnimationFrame(step);
  };

  // -- Steps into their order ---------------------------------------------------------------

  const number = (row) => Number(listOf(row).value) || Infinity;

  // Rows that stand right are not moved: one that has the focus would lose it.
  const asNumbered = (box) => {
    const sorted = rowsOf(box).sort((a, b) => number(a) - number(b) || 0);
    if (rowsOf(box).some((row, place) => row !== sorted[place])) box.append(...sorted);
  };

  const renumber = (box) => {
    rowsOf(box).forEach((row, place) => (listOf(row).value = String(place + 1)));
    changed(listOf(rowsOf(box)[0]));
  };

  const dragStep = (box, row, grip, event) => {
    const before = rowsOf(box);
    asNumbered(box);
    const hold = event.clientY - grip.getBoundingClientRect().top;
    const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
    // The others make room: a row that is moved itself would lose the pointer.
    const place = (at) => {
      row.style.transform = "";
      const here = at.clientY - hold + row.offsetHeight / 2;
      const others = rowsOf(box).filter((other) => other !== row);
      const above = others.filter((other) => middle(other) < here);
      row.before(...above);
      row.after(...others.filter((other) => !above.includes(other)));
      row.style.transform = `translateY(${at.clientY - hold - grip.getBoundingClientRect().top}px)`;
    };
    row.classList.add("held");
    let moved = false;
    follow(event, grip, {
      move: (at) => (moved = true) && place(at),
      drop: () => moved && renumber(box),
      end: (dropped) => {
        row.style.transform = "";
        row.classList.remove("held");
        if (!dropped) box.append(...before);
      },
    });
  };

  const makeSteps = (box) => {
    for (const row of rowsOf(box)) {
      const grip = make("span", "grip");
      row.prepend(grip);
      grip.addEventListener("pointerdown", (event) => {
        if (event.button) return;
        event.preventDefault();
        dragStep(box, row, grip, event);
      });
    }
    asNumbered(box);
  };

  // -- Answers to their places ---------------------------------------------------------------

  const dragAnswer = (box, chip, value, event) => {
    const ghost = make("span", "chip ghost", chip.textContent);
    document.body.append(ghost);
    const mark = (over) => rowsOf(box).forEach((row) => row.classList.toggle("over", row === over));
    const under = (at) => {
      const row = document.elementFromPoint(at.clientX, at.clientY)?.closest(".place");
      return row && box.contains(row) ? row : null;
    };
    const move = (at) => {
      ghost.style.transform = `translate(${at.clientX}px, ${at.clientY}px) translate(-50%, -50%)`;
      mark(under(at));
    };
    move(event);
    follow(event, chip, {
      move,
      drop: (at) => {
        const row = under(at);
        if (!row || listOf(row).value === value) return;
        listOf(row).value = value;
        changed(listOf(row));
      },
      end: () => {
        mark(null);
        ghost.remove();
      },
    });
  };

  const makeTray = (box) => {
    const tray = make("div", "tray");
    for (const option of listOf(rowsOf(box)[0]).options) {
      if (!option.value) continue;
      const chip = make("span", "chip", option.textContent);
      chip.addEventListener("pointerdown", (event) => {
        if (event.button) return;
        event.preventDefault();
        dragAnswer(box, chip, option.value, event);
      });
      tray.append(chip);
    }
    box.prepend(tray);
  };

  const enhance = (part) => {
    for (const box of part.querySelectorAll(".rows[data-drag]:not(.drags)")) {
      box.classList.add("drags");
      if (box.dataset.drag === "order") makeSteps(box);
      else makeTray(box);
      box.before(make("p", "several", box.dataset.how));
    }
  };

  enhance(document);
  addEventListener("htmx:load", (event) => enhance(event.target.parentElement ?? document));
})();
