// A field to write in whose words can be bold, a link, a spoiler; read as text with the Bot API's entities.

import { make } from "./dom.js";

const STYLES = {
  bold: () => make("strong"),
  italic: () => make("em"),
  underline: () => make("u"),
  strikethrough: () => make("s"),
  code: () => make("code"),
  blockquote: () => make("blockquote"),
  spoiler: () => make("span", { "data-style": "spoiler" }),
  text_link: (url) => make("a", { "data-url": url }),
};
const STYLE_OF = {
  STRONG: "bold",
  B: "bold",
  EM: "italic",
  I: "italic",
  U: "underline",
  S: "strikethrough",
  CODE: "code",
  BLOCKQUOTE: "blockquote",
  A: "text_link",
};

/** What stands in a field: `{ text, entities }`, without the blanks around it. */
export function wordsIn(field) {
  const words = { text: "", entities: [] };
  field.childNodes.forEach((node) => read(node, words));
  const start = words.text.length - words.text.trimStart().length;
  const text = words.text.trim();
  const entities = words.entities
    .map((entity) => clipped(entity, start, text.length))
    .filter((entity) => entity.length > 0)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  return { text, entities };
}

/** Put words with their formatting into a field. */
export function writeWords(field, text, nodes = [text]) {
  field.replaceChildren(...(text ? nodes : []));
}

/** Whether the selection marks something within a field. */
export function hasMarked(field) {
  const selection = getSelection();
  return !selection.isCollapsed && field.contains(selection.anchorNode) && field.contains(selection.focusNode);
}

/** Give what is marked a style, or take it away. */
export function toggleStyle(field, style, url) {
  if (!hasMarked(field)) return;
  const range = getSelection().getRangeAt(0);
  const around = styledAround(field, range.commonAncestorContainer, style);
  const element = around ?? wrap(range, style, url);
  const marked = document.createRange();
  if (around) {
    const [first, last] = [around.firstChild, around.lastChild];
    around.replaceWith(...around.childNodes);
    marked.setStartBefore(first);
    marked.setEndAfter(last);
  } else {
    marked.selectNodeContents(element);
  }
  getSelection().removeAllRanges();
  getSelection().addRange(marked);
}

function wrap(range, style, url) {
  const element = STYLES[style](url);
  element.append(range.extractContents());
  range.insertNode(element);
  return element;
}

function styledAround(field, node, style) {
  for (let element = node; element && element !== field; element = element.parentNode) {
    if (styleOf(element) === style) return element;
  }
  return null;
}

function read(node, words) {
  if (node.nodeType === Node.TEXT_NODE) words.text += node.data;
  if (node.nodeName === "BR") words.text += "\n";
  // A browser begins a line with an element of its own.
  if (node.nodeName === "DIV" && words.text && !words.text.endsWith("\n")) words.text += "\n";
  const offset = words.text.length;
  node.childNodes.forEach((child) => read(child, words));
  const type = styleOf(node);
  if (!type) return;
  const link = type === "text_link" ? { url: node.dataset.url ?? node.getAttribute("href") } : {};
  words.entities.push({ type, offset, length: words.text.length - offset, ...link });
}

function styleOf(node) {
  return STYLE_OF[node.nodeName] ?? (node.dataset?.style === "spoiler" || node.classList?.contains("spoiler") ? "spoiler" : null);
}

function clipped(entity, start, length) {
  const from = Math.max(entity.offset - start, 0);
  const to = Math.min(entity.offset + entity.length - start, length);
  return { ...entity, offset: from, length: to - from };
}
