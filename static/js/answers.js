// Answers that reach the server, or say that they did not.
//
// htmx sends; this file counts, tries again and moves the focus. Choosing an option saves it, and so does
// a pause in typing. What
// did not arrive (no network, a timeout, 5xx, 429) is sent again with the key and the number it had,
// after 1, 2, 4 … at most 15 seconds, and at once when the network is back; a newer choice in the
// same question takes its place. "Saved" is only ever the server's own word.

const SLOWEST = 15_000; // milliseconds
const waiting = new Map(); // id of a request's place on the page -> {seq, delay, timer}

const form = (element) => element.closest(".check-form");
const isAnswer = (element) => element.matches?.("fieldset.answers, .check-form button[name=act]");

// A request is known by where it stands: there is one save a question and one of each button.
const place = (element) => (element.matches("fieldset") ? `save:${element.dataset.question}` : element.value);
const find = (check, id) =>
  id.startsWith("save:")
    ? check.querySelector(`fieldset[data-question="${CSS.escape(id.slice(5))}"]`)
    : check.querySelector(`button[value="${CSS.escape(id)}"]`);

// What a question is answered with. Boxes and buttons are known by name and value, all others by name.
const fieldsOf = (element) => [...element.elements].filter((field) => field.name && field.type !== "hidden");
const isPicked = (field) => field.type === "radio" || field.type === "checkbox";
const FIELD = ".answers :is(input:not([type=hidden]), select, textarea)";

// Where a request says how it went: beside its question, else beside its button.
const line = (element) => {
  const question = element.closest(".question, .ask, .check-foot, .result");
  return question?.querySelector(".saved-line");
};

const say = (element, state, text) => {
  const told = line(element);
  if (!told || (told.dataset.state === state && told.textContent === text)) return;
  told.dataset.state = state;
  told.textContent = text;
  announce(text);
};

const clear = (told) => {
  delete told.dataset.state;
  told.textContent = "";
};

// One live region a page; emptied first, so that the same words are read out again.
const announce = (text) => {
  const region = document.getElementById("announcer");
  region.textContent = "";
  if (text) setTimeout(() => (region.textContent = text), 150); // after the focus has moved
};

const forget = (id) => {
  clearTimeout(waiting.get(id)?.timer);
  waiting.delete(id);
};

const tryAgain = (id, key) => {
  const check = document.getElementById(key);
  const element = check && find(check, id);
  if (element) htmx.trigger(element, "retry");
  else forget(id);
};

const later = (id, check) => {
  const request = waiting.get(id);
  clearTimeout(request.timer);
  request.timer = setTimeout(tryAgain, request.delay, id, check.id);
  request.delay = Math.min(request.delay * 2, SLOWEST);
};

// A button's request carries every choice of the form: saves that are under way make room for it, so
// that none arrives behind it. Should it fail, they go again by themselves.
const makeRoom = (check) => {
  for (const [id, request] of waiting) {
    const element = id.startsWith("save:") && !request.timer && find(check, id);
    if (!element) continue;
    later(id, check);
    htmx.trigger(element, "htmx:abort");
  }
};

// Leaving a line is a change of it, but what was typed there has been sent in a pause.
const isOld = (element, trigger) =>
  trigger?.type === "change" && trigger.target.matches(".typed") && !("typed" in element.dataset);

document.addEventListener("htmx:configRequest", (event) => {
  const { elt, parameters, triggeringEvent } = event.detail;
  if (!isAnswer(elt)) return;
  if (isOld(elt, triggeringEvent)) {
    event.preventDefault();
    return;
  }
  const id = place(elt);
  for (const sent of elt.matches("fieldset") ? [elt] : form(elt).querySelectorAll("fieldset")) delete sent.dataset.typed;
  const again = triggeringEvent?.type === "retry" && waiting.get(id);
  const counter = form(elt).elements.seq;
  if (!again) {
    forget(id);
    counter.value = Number(counter.value) + 1;
    if (elt.matches("fieldset")) clear(line(elt));
    // A check of a question is superseded by a new choice in it.
    if (id.startsWith("save:")) forget(`check:${id.slice(5)}`);
    else makeRoom(elt.closest(".check"));
  }
  const seq = again ? again.seq : Number(counter.value);
  waiting.set(id, { seq, delay: again ? again.delay : 1000, timer: 0 });
  parameters.seq = String(seq);
});

const failed = (event) => {
  const { elt, xhr } = event.detail;
  if (!isAnswer(elt) || !waiting.has(place(elt))) return;
  const id = place(elt);
  const words = form(elt).dataset;
  const lost = xhr.status === 0 || xhr.status >= 500 || xhr.status === 429 || xhr.status === 408;
  if (!lost) {
    forget(id);
    say(elt, "refused", words.refused);
    return;
  }
  say(elt, "unsaved", elt.matches("fieldset") ? words.unsaved : words.unsent);
  later(id, elt.closest(".check"));
};

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, failed);
}

addEventListener("online", () => {
  for (const check of document.querySelectorAll(".check")) {
    for (const [id, request] of [...waiting]) {
      if (request.timer && find(check, id)) {
        clearTimeout(request.timer);
        tryAgain(id, check.id);
      }
    }
  }
});

// Choices that are still on their way survive the drawing of their check: they are chosen again in
// the new card and sent under its key.
let carried = [];

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const from = requestConfig.elt;
  if (!isAnswer(from) || !event.detail.shouldSwap) return;
  if (!from.isConnected) {
    event.detail.shouldSwap = false; // its card was drawn anew meanwhile
    return;
  }
  const recovered = from.matches("fieldset") && line(from)?.dataset.state === "unsaved";
  forget(place(from));
  // The answer to a save may be the whole check, drawn anew: another tab was faster.
  if (from.matches("fieldset") && /^\s*<section/.test(xhr.responseText)) {
    event.detail.target = from.closest(".check");
    event.detail.swapOverride = "outerHTML";
  }
  if (event.detail.target.matches(".check")) {
    const typed = [...event.detail.target.querySelectorAll("fieldset[data-typed]")].map(place);
    carried = [...new Set([...waiting.keys(), ...typed])].flatMap((id) => carry(event.detail.target, id));
  } else if (xhr.status === 422) {
    event.detail.target.dataset.state = "refused";
    announce(xhr.responseText);
  } else {
    delete event.detail.target.dataset.state;
    if (recovered) announce(new DOMParser().parseFromString(xhr.responseText, "text/html").body.textContent);
  }
});

const carry = (check, id) => {
  const element = id.startsWith("save:") && find(check, id);
  if (!element) return [];
  forget(id);
  const given = fieldsOf(element).filter((field) => !isPicked(field) || field.checked);
  return [{ id, given: given.map((field) => [field.name, field.value]) }];
};

document.addEventListener("htmx:afterSwap", (event) => {
  const check = event.target;
  if (!check.matches?.(".check") || !event.detail.requestConfig) return;
  for (const { id, given } of carried) {
    const element = find(check, id);
    for (const field of element ? fieldsOf(element) : []) giveBack(field, given);
  }
  moveFocus(check.dataset.focus);
  announce(check.dataset.announce);
});

const giveBack = (field, given) => {
  const same = given.filter(([name]) => name === field.name).map(([, value]) => value);
  if (isPicked(field)) field.checked = same.includes(field.value);
  else if (same.length) field.value = same[0];
};

// Only now does htmx listen to what was drawn anew.
document.addEventListener("htmx:afterSettle", (event) => {
  if (!event.target.matches?.(".check")) return;
  for (const { id } of carried.splice(0)) {
    const element = find(event.target, id);
    if (element && fieldsOf(element).length) htmx.trigger(element, "change");
  }
});

// The focus goes where the eye should be: in a card to the verdict, or to the first field where an
// answer is missing; in a check to its result, or to its title when a new round begins.
const moveFocus = (id) => {
  const named = id && document.getElementById(id);
  if (!named) return;
  const card = named.closest(".question");
  const inCard = card?.querySelector(`.verdict, ${FIELD}`);
  const inCheck = named.matches(".check") ? (named.querySelector(".result") ?? named.querySelector("h2")) : null;
  focusOn(inCard ?? inCheck ?? named);
};

const focusOn = (target) => {
  if (!target.matches("input, select, textarea, [tabindex]")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  if (target.matches("h2")) target.closest(".check").scrollIntoView();
  else target.scrollIntoView({ block: "nearest" });
};

// What was wrong with an answer is true only until there is another one.
const answered = (event) => event.target.closest?.(".question")?.querySelector(".question-error")?.remove();
document.addEventListener("change", answered);
document.addEventListener("input", (event) => {
  answered(event);
  const fieldset = event.target.closest?.("fieldset.answers");
  if (fieldset && !isPicked(event.target)) fieldset.dataset.typed = "";
});

// Enter in an answer checks its own question, not the first one of the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches(".answers input")) return;
  event.preventDefault();
  event.target.closest(".question").querySelector("button[value^='check:']")?.click();
});
