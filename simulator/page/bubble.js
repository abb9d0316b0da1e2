// One message as a bubble: topic, quote, attachment, words, time, reactions, buttons.

import { drawAttachment, kindOf, summaryOf } from "./attachments.js";
import { icon, make } from "./dom.js";
import { richText } from "./rich_text.js";
import { onSwipe } from "./swipe.js";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** Draw a message; `actions` are `reply, edit, tap, say, open, jump`, `isBusy(message, data)` tells waiting buttons. */
export function drawMessage(message, actions, isBusy) {
  const isMine = message.who === "person";
  const element = make(
    "article",
    { class: classesOf(message), "data-id": message.message_id, "aria-label": isMine ? "You" : "Bot", tabindex: -1 },
    make(
      "div",
      { class: "bubble-line" },
      make("div", { class: "bubble" }, partsOf(message, actions)),
      deedsFor(message, actions),
    ),
    keyboardOf(message, actions, isBusy),
  );
  onSwipe(element, () => actions.reply(message));
  return element;
}

function classesOf(message) {
  const side = message.who === "person" ? "mine" : "theirs";
  const kind = kindOf(message);
  const isBare = kind === "sticker";
  const isPicture = kind === "photo" || kind === "location";
  return ["message", side, isBare && "bare", isPicture && "pictured"].filter(Boolean).join(" ");
}

function partsOf(message, actions) {
  const text = shownText(message);
  const entities = message.entities ?? message.caption_entities;
  return [
    message.topic && make("p", { class: "topic", dir: "auto" }, message.topic),
    message.reply_to_message && quoteOf(message, actions),
    drawAttachment(message),
    text && make("div", { class: "words", dir: "auto" }, richText(text, entities, actions)),
    reactionsOf(message),
    metaOf(message),
  ];
}

// Phones keep the parameter of a deep link to themselves.
function shownText({ text, caption }) {
  return text?.replace(/^(\/start) \S+$/, "$1") ?? caption;
}

function quoteOf({ reply_to_message: original, quote }, actions) {
  const author = original.from?.is_bot ? original.from.first_name : "You";
  const jump = () => actions.jump(original.message_id);
  return make(
    "button",
    { type: "button", class: "quote", onclick: jump },
    make("strong", { dir: "auto" }, author),
    make("span", { dir: "auto" }, quote?.text ?? summaryOf(original)),
  );
}

function reactionsOf({ reactions }) {
  const emoji = Object.values(reactions ?? {});
  return emoji.length ? make("span", { class: "reactions" }, emoji.join(" ")) : null;
}

function metaOf(message) {
  const when = new Date(message.when * 1000);
  return make(
    "span",
    { class: "meta" },
    message.edited && make("span", { class: "edited" }, "edited"),
    make("time", { datetime: when.toISOString() }, clock.format(when)),
    message.who === "person" && icon("check"),
  );
}

function deedsFor(message, actions) {
  const isEditable = message.who === "person" && (message.text ?? message.caption) != null;
  return make(
    "div",
    { class: "deeds" },
    deed("Reply", "reply", () => actions.reply(message)),
    isEditable && deed("Edit", "edit", () => actions.edit(message)),
  );
}

function deed(label, iconName, act) {
  return make("button", { type: "button", "aria-label": label, title: label, onclick: act }, icon(iconName));
}

function keyboardOf(message, actions, isBusy) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  const drawn = rows.map((row) =>
    make("div", { class: "keys" }, row.map((button) => keyOf(button, message, actions, isBusy))),
  );
  return make("div", { class: "keyboard" }, drawn);
}

function keyOf(button, message, actions, isBusy) {
  if (button.url) return urlKey(button, actions);
  if (button.callback_data == null) return make("button", { type: "button", class: "key", disabled: true }, button.text);
  const busy = isBusy(message, button.callback_data);
  const tap = () => actions.tap(message, button.callback_data);
  return make(
    "button",
    { type: "button", class: "key", dir: "auto", "aria-busy": busy ? "true" : null, onclick: tap },
    button.text,
  );
}

function urlKey(button, actions) {
  const follow = (event) => {
    if (actions.open(button.url)) event.preventDefault();
  };
  const attributes = { class: "key", href: button.url, target: "_blank", rel: "noopener noreferrer", onclick: follow };
  return make("a", { ...attributes, dir: "auto" }, button.text, icon("link"));
}
