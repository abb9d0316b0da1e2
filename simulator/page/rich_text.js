// Text with the Bot API's entities, as elements. Offsets are UTF-16 code units, just like JavaScript's.

import { make } from "./dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

/** The nodes for a text; `open(url)` is asked before a link leads away, and may answer true to keep it. */
export function richText(text, entities = [], actions = {}) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return between(text, 0, text.length, sorted, actions);
}

function between(text, start, end, entities, actions) {
  const nodes = [];
  let at = start;
  while (entities.length && entities[0].offset < end) {
    const [entity, ...rest] = entities;
    if (entity.offset < at) {
      entities = rest;
      continue;
    }
    const close = Math.min(entity.offset + entity.length, end);
    nodes.push(text.slice(at, entity.offset));
    const inner = rest.filter((other) => other.offset + other.length <= close);
    nodes.push(wrap(entity, text.slice(entity.offset, close), between(text, entity.offset, close, inner, actions), actions));
    at = close;
    entities = rest.filter((other) => other.offset >= close);
  }
  nodes.push(text.slice(at, end));
  return nodes.filter((node) => node !== "");
}

function wrap(entity, words, nodes, actions) {
  if (entity.type in TAGS) return make(TAGS[entity.type], {}, nodes);
  if (entity.type === "spoiler") return spoiler(nodes);
  if (entity.type === "bot_command") return command(words, actions);
  const address = { url: words, text_link: entity.url, email: `mailto:${words}` }[entity.type];
  return address ? link(address, nodes, actions) : make("span", {}, nodes);
}

function link(address, nodes, actions) {
  const url = /^(https?|tg|mailto|tel):/i.test(address) ? address : `https://${address}`;
  const follow = (event) => {
    if (actions.open?.(url)) event.preventDefault();
  };
  return make("a", { href: url, target: "_blank", rel: "noopener noreferrer", onclick: follow }, nodes);
}

function command(words, actions) {
  const say = (event) => {
    event.preventDefault();
    actions.say?.(words);
  };
  return make("a", { href: "#", onclick: say }, words);
}

function spoiler(nodes) {
  const reveal = (event) => event.currentTarget.classList.add("revealed");
  return make("button", { type: "button", class: "spoiler", "aria-label": "Reveal", onclick: reveal }, nodes);
}
