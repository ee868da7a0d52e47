// Around the field in which a page is written. It stands before markdownx.js, which asks for the preview
// while somebody types; everything works without either, by the form's buttons.
//
// markdownx takes whatever comes back for a preview, a sign-in page too, and takes Tab for a character.
// So it writes into a <template>, from where only what is known to be ours reaches the page; and keys
// that it would take, files that are pasted or dropped, and what was typed are looked after here.

const form = document.getElementById("edit-form");
const field = form.elements.text;
const words = form.dataset;
const state = document.getElementById("edit-state");
const LARGEST = 1_000_000; // bytes of text that the site takes

const icon = (element, name) => {
  const use = element.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
};

// -- Keys: Tab leaves the field, Ctrl+S saves ------------------------------------------------

document.addEventListener(
  "keydown",
  (event) => {
    if (event.target !== field) return;
    const held = event.ctrlKey || event.metaKey;
    if (held && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(document.getElementById("edit-save"));
    }
    if (["Tab", "d", "[", "]"].includes(event.key)) event.stopPropagation();
  },
  true,
);

// -- Saved or not, and what was typed before a session ended ---------------------------------

const wasSaved = !state.querySelector(".late");
const atFirst = { text: field.value, word: state.querySelector(".edit-state-word").textContent };
const KEY = `edit ${location.pathname}`;
const CARET = `caret ${location.pathname}`;
let leaving = false;

const isDirty = () => !wasSaved || field.value !== atFirst.text;

const drawState = () => {
  const dirty = isDirty();
  const told = state.querySelector(".state");
  if (told.classList.contains("late") === dirty) return;
  told.classList.toggle("late", dirty);
  told.classList.toggle("done", !dirty);
  told.querySelector(".edit-state-word").textContent = dirty ? words.unsaved : atFirst.word;
  icon(told, dirty ? "warning" : "done");
};

// Kept by this tab alone, until it is saved; signing out empties it.
const remember = () => {
  try {
    if (!isDirty()) return sessionStorage.removeItem(KEY);
    const { over, based_on: basedOn } = form.elements;
    const kept = { text: field.value, over: over.value, basedOn: basedOn.value };
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // No room, or no storage: then the page warns before it is left.
  }
};

// The text comes with the save that it was typed on: had somebody saved since, both are shown.
const putBack = () => {
  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
  if (!kept || kept.text === field.value) return sessionStorage.removeItem(KEY);
  field.value = kept.text;
  form.elements.over.value = kept.over;
  form.elements.based_on.value = kept.basedOn;
  document.getElementById("edit-restored").hidden = false;
  drawState();
};

let remembering;
field.addEventListener("input", () => {
  drawState();
  clearTimeout(remembering);
  remembering = setTimeout(remember, 300);
});

form.addEventListener("submit", (event) => {
  if (new Blob([field.value]).size > LARGEST) {
    event.preventDefault();
    say(words.tooLong);
    return;
  }
  leaving = true;
  remember();
  const place = { start: field.selectionStart, end: field.selectionEnd, top: field.scrollTop };
  sessionStorage.setItem(CARET, JSON.stringify(place));
});

addEventListener("beforeunload", (event) => {
  if (isDirty() && !leaving) event.preventDefault();
});
addEventListener("pageshow", () => (leaving = false));

// -- The preview -----------------------------------------------------------------------------

const box = document.createElement("template");
box.className = "markdownx-preview";
document.querySelector(".markdownx-preview").replaceWith(box);
document.getElementById("edit-preview").hidden = true;
const stale = document.getElementById("edit-stale");

// Only what differs is replaced: the rest keeps its place, and a screen reader hears the change alone.
const patch = (shown, fresh) => {
  const [before, after] = [[...shown.children], [...fresh.children]];
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head].isEqualNode(after[head])) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail).isEqualNode(after.at(-1 - tail))) tail += 1;
  const gone = before.slice(head, before.length - tail);
  const come = after.slice(head, after.length - tail);
  if (gone.length === 1 && come.length === 1 && [gone[0], come[0]].every((node) => node.matches(".prose"))) {
    patch(gone[0], come[0]);
    return;
  }
  const next = before[before.length - tail] ?? null;
  for (const node of gone) node.remove();
  for (const node of come) shown.insertBefore(node, next);
};

const outOfDate = (why) => {
  box.innerHTML = "";
  stale.textContent = why;
};

const editor = document.querySelector(".markdownx");
editor.addEventListener("markdownx.updateError", () => outOfDate(words.lost));
editor.addEventListener("markdownx.update", () => {
  const told = box.content.querySelector("#edit-told");
  const fresh = box.content.querySelector("#edit-shown");
  if (!told || !fresh) {
    outOfDate(box.content.querySelector("#edit-slow")?.textContent ?? words.lost);
    return;
  }
  document.getElementById("edit-told").replaceWith(told);
  const shown = document.getElementById("edit-shown");
  const drawn = "drawn" in fresh.dataset;
  stale.textContent = drawn || !("drawn" in shown.dataset) ? "" : words.errors;
  if (drawn) {
    patch(shown, fresh);
    shown.dataset.drawn = "";
  } else if (!("drawn" in shown.dataset)) shown.replaceWith(fresh);
});

// -- From a problem to its line --------------------------------------------------------------

const goTo = (line, column) => {
  const lines = field.value.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const inLine = [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  const at = Math.min(before + inLine, field.value.length);
  field.blur();
  field.setSelectionRange(at, at);
  field.focus(); // only a field that gets the focus scrolls to its caret
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-line]");
  if (!link) return;
  event.preventDefault();
  goTo(Number(link.dataset.line), Number(link.dataset.column));
});

// -- Pictures: pasted, dropped or chosen -----------------------------------------------------

const note = document.getElementById("edit-note");
const pictures = document.getElementById("edit-image");
const say = (text) => (note.textContent = text);

// Typed rather than set, so that the browser can undo it; the words to replace are selected.
const insert = (code) => {
  field.focus();
  const at = field.selectionStart;
  if (!document.execCommand("insertText", false, code)) {
    field.setRangeText(code, at, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const open = at + code.indexOf("[") + 1;
  field.setSelectionRange(open, at + code.indexOf("]"));
};

const send = async (file) => {
  say(words.uploading);
  const body = new FormData();
  body.append("csrfmiddlewaretoken", pictures.elements.csrfmiddlewaretoken.value);
  body.append("image", file, file.name || "picture");
  const headers = { "X-Requested-With": "XMLHttpRequest" };
  try {
    const answer = await fetch(pictures.action, { method: "POST", body, headers });
    const told = await answer.json();
    if (answer.ok) insert(told.image_code);
    say(answer.ok ? words.added : `${words.refused} ${told.image.join(" ")}`);
  } catch {
    say(`${words.refused} ${words.lost}`);
  }
};

const takeFiles = (event) => {
  const given = event.type === "paste" ? event.clipboardData : event.dataTransfer;
  if (event.target !== field || !given?.files.length) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  [...given.files].reduce((before, file) => before.then(() => send(file)), Promise.resolve());
};
document.addEventListener("paste", takeFiles, true);
document.addEventListener("drop", takeFiles, true);

pictures.addEventListener("submit", (event) => {
  const chosen = pictures.elements.image;
  if (!chosen.files.length) return;
  event.preventDefault();
  send(chosen.files[0]).then(() => (chosen.value = ""));
});

// -- Where one was before saving -------------------------------------------------------------

putBack();
{
  const place = JSON.parse(sessionStorage.getItem(CARET) || "null");
  sessionStorage.removeItem(CARET);
  if (place) {
    field.focus({ preventScroll: true });
    field.setSelectionRange(place.start, place.end);
    field.scrollTop = place.top;
  }
}
