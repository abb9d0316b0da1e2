// The small bar over the composer with which marked words become bold, a link, a spoiler.

import { byId, icon, make } from "./dom.js";
import { hasMarked, toggleStyle } from "./rich_field.js";

const STYLES = [
  ["bold", "Bold", "B"],
  ["italic", "Italic", "I"],
  ["underline", "Underline", "U"],
  ["strikethrough", "Strikethrough", "S"],
  ["code", "Code", "<>"],
  ["text_link", "Link", icon("chain")],
  ["blockquote", "Quote", icon("quote")],
  ["spoiler", "Spoiler", "▒"],
];
const KEYS = { b: "bold", i: "italic", u: "underline" };

/** Show the bar while something is marked in the field; `onChange()` follows what it does. */
export function attachFormatMenu(field, onChange) {
  const bar = byId("format");
  const format = async (style) => {
    const range = hasMarked(field) && getSelection().getRangeAt(0).cloneRange();
    if (!range) return;
    const url = style === "text_link" ? await askForLink() : undefined;
    if (style === "text_link" && !url) return;
    field.focus();
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    toggleStyle(field, style, url);
    onChange();
  };
  bar.append(...STYLES.map(([style, label, sign]) => drawButton(style, label, sign, format)));
  document.addEventListener("selectionchange", () => {
    bar.hidden = !hasMarked(field);
  });
  field.addEventListener("keydown", (event) => {
    const style = (event.ctrlKey || event.metaKey) && KEYS[event.key.toLowerCase()];
    if (!style) return;
    event.preventDefault();
    format(style);
  });
}

function drawButton(style, label, sign, format) {
  return make(
    "button",
    {
      type: "button",
      class: `format-${style}`,
      "aria-label": label,
      title: label,
      onpointerdown: (event) => event.preventDefault(), // what is marked stays marked
      onclick: () => format(style),
    },
    make("span", { "aria-hidden": "true" }, sign),
  );
}

function askForLink() {
  const dialog = byId("link");
  const address = byId("link-address");
  address.value = "https://";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const answer = () => resolve(dialog.returnValue === "link" && URL.canParse(address.value) ? address.value : null);
    dialog.addEventListener("close", answer, { once: true });
  });
}
