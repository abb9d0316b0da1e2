// How what is written in a field is formatted: spans beside its text, { style, start, length }, never marks in it.
// They move as one types, and show in a preview, since a field can't.

const STYLES = { bold: "b", italic: "i", underline: "u", strikethrough: "s", spoiler: "span", code: "code" };
const KEYS = { b: "bold", i: "italic", u: "underline" };
const SHIFT_KEYS = { x: "strikethrough", m: "code", p: "spoiler" };

let field = null;
let bar = null;
let preview = null;
let onChange = () => {};
let spans = [];
let text = ""; // of which they are

export function mount(form, handler) {
  [field, onChange] = [form.text, handler];
  bar = form.querySelector("#styles");
  preview = form.querySelector("#preview");
  field.addEventListener("keydown", press);
  field.addEventListener("input", follow);
  field.addEventListener("blur", () => (bar.hidden = true));
  field.addEventListener("focus", choose);
  bar.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays, and so does the focus
  bar.addEventListener("click", (event) => toggle(event.target.closest("button")?.dataset.style));
  document.addEventListener("selectionchange", choose);
}

export function set(given) {
  text = field.value;
  spans = (given ?? []).map((span) => ({ ...span }));
  show();
}

export function get() {
  return spans.map((span) => ({ ...span }));
}

// What is written behind something else is formatted as before.
export function shifted(given, by) {
  return (given ?? []).map((span) => ({ ...span, start: span.start + by }));
}

function press(event) {
  if (event.altKey || !(event.ctrlKey || event.metaKey)) return;
  const style = (event.shiftKey ? SHIFT_KEYS : KEYS)[event.key.toLowerCase()];
  if (!style) return;
  event.preventDefault();
  toggle(style);
}

// Formats what is selected, or takes that back where all of it is formatted so.
function toggle(style) {
  const [start, end] = selected();
  if (!style || start === end) return;
  const others = spans.filter((span) => span.style !== style);
  const same = spans.filter((span) => span.style === style);
  const rest = same.flatMap((span) => without(span, start, end));
  const isOn = covers(same, start, end);
  spans = [...others, ...(isOn ? rest : joined([...rest, { style, start, length: end - start }]))];
  spans.sort((one, other) => one.start - other.start || other.length - one.length);
  show();
  choose();
  onChange();
}

// Finds what was put in place of what, and moves the spans: inside of one it is formatted like it.
function follow() {
  const now = field.value;
  const caret = field.selectionEnd;
  const behind = now.length - caret;
  const end = Math.max(0, text.length - behind);
  let start = 0;
  while (start < Math.min(end, caret) && text[start] === now[start]) start++;
  if (/[\uD800-\uDBFF]/.test(text[start - 1])) start--; // never between the halves of a character
  const by = now.length - text.length;
  spans = spans.map((span) => moved(span, start, end, by)).filter((span) => span.length > 0);
  text = now;
  show();
}

function moved(span, start, end, by) {
  const last = span.start + span.length;
  if (last <= start) return span;
  if (span.start >= end) return { ...span, start: span.start + by };
  const first = span.start <= start ? span.start : end + by;
  return { ...span, start: first, length: (last >= end ? last + by : start) - first };
}

function without(span, start, end) {
  const last = span.start + span.length;
  return [
    { ...span, length: Math.min(last, start) - span.start },
    { ...span, start: Math.max(span.start, end), length: last - Math.max(span.start, end) },
  ].filter((part) => part.length > 0);
}

function joined(some) {
  some.sort((one, other) => one.start - other.start);
  const found = [];
  for (const span of some) {
    const before = found.at(-1);
    if (before && before.start + before.length >= span.start) {
      before.length = Math.max(before.length, span.start + span.length - before.start);
    } else found.push({ ...span });
  }
  return found;
}

function covers(some, start, end) {
  return some.some((span) => span.start <= start && span.start + span.length >= end);
}

// White space at the ends of a selection is nobody's intention.
function selected() {
  let [start, end] = [field.selectionStart, field.selectionEnd];
  while (start < end && /\s/.test(field.value[start])) start++;
  while (end > start && /\s/.test(field.value[end - 1])) end--;
  return [start, end];
}

function choose() {
  if (!field?.isConnected) return;
  const [start, end] = selected();
  bar.hidden = document.activeElement !== field || start === end;
  for (const button of bar.querySelectorAll("button")) {
    const same = spans.filter((span) => span.style === button.dataset.style);
    button.ariaPressed = String(covers(same, start, end));
  }
}

function show() {
  preview.hidden = !spans.length;
  preview.querySelector("p").replaceChildren(...(spans.length ? pieces() : []));
}

// The text, cut wherever something begins or ends.
function pieces() {
  const cuts = [0, text.length, ...spans.flatMap(({ start, length }) => [start, start + length])];
  const places = [...new Set(cuts)].filter((at) => at <= text.length).sort((one, other) => one - other);
  return places.slice(1).map((end, index) => {
    const start = places[index];
    const around = spans.filter((span) => covers([span], start, end));
    return around.reduce(wrapped, document.createTextNode(text.slice(start, end)));
  });
}

function wrapped(node, { style }) {
  const element = document.createElement(STYLES[style] ?? "span");
  element.className = `is-${style}`;
  element.append(node);
  return element;
}
