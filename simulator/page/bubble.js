// One message as a bubble: topic, quote, attachment, words, time, reactions, buttons.

import { drawAttachment, kindOf, summaryOf } from "./attachments.js";
import { icon, make } from "./dom.js";
import { drawKeyboard } from "./keyboard.js";
import { asPicture, attachMessageMenu, openMessageMenu } from "./message_menu.js";
import { richText } from "./rich_text.js";
import { onSwipe } from "./swipe.js";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** Draw a message; `actions` are what can be done with it, `isBusy(message, data)` tells waiting buttons. */
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
    drawKeyboard(message, actions, isBusy),
  );
  onSwipe(element, () => actions.reply(message));
  attachMessageMenu(element, message, actions);
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
    topicOf(message, actions),
    quoteOf(message, actions),
    drawAttachment(message),
    text && make("div", { class: "words", dir: "auto" }, richText(text, entities, actions)),
    reactionsOf(message, actions),
    metaOf(message),
  ];
}

// Where everything is shown, each message tells its topic, and leads there.
function topicOf({ message_thread_id: topicId }, actions) {
  const name = topicId && actions.nameOfTopic(topicId);
  return name && make("button", { type: "button", class: "topic", dir: "auto", onclick: () => actions.openTopic(topicId) }, name);
}

// Phones keep the parameter of a deep link to themselves.
function shownText({ text, caption }) {
  return text?.replace(/^(\/start) \S+$/, "$1") ?? caption;
}

function quoteOf({ reply_to_message: original, external_reply: external, quote, answered_id: originId }, actions) {
  if (original?.forum_topic_created || (!original && !external)) return null;
  const author = original?.from ?? external?.origin.sender_user;
  return make(
    "button",
    { type: "button", class: quote ? "quote is-part" : "quote", onclick: () => actions.jump(originId ?? original?.message_id) },
    make("strong", { dir: "auto" }, author?.is_bot ? author.first_name : "You"),
    make("span", { dir: "auto" }, quote ? richText(quote.text, quote.entities) : original ? summaryOf(original) : "Message"),
  );
}

function reactionsOf(message, actions) {
  const { bot, person } = message.reactions ?? {};
  const emoji = [...new Set([bot, person].filter(Boolean))];
  if (!emoji.length) return null;
  const pills = emoji.map((each) => {
    const count = [bot, person].filter((other) => other === each).length;
    const isOwn = each === person;
    const label = isOwn ? `${each}, take back` : `${each}, react too`;
    return make(
      "button",
      { type: "button", class: "reaction", "aria-pressed": isOwn ? "true" : "false", "aria-label": label, onclick: () => actions.react(message, isOwn ? null : each) },
      asPicture(each),
      count > 1 && make("span", {}, String(count)),
    );
  });
  return make("div", { class: "reactions" }, pills);
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
  const more = (event) => openMessageMenu(event.currentTarget, message, actions);
  return make(
    "div",
    { class: "deeds" },
    deed("Reply", "reply", () => actions.reply(message)),
    deed("More about this message", "more", more),
  );
}

function deed(label, iconName, act) {
  return make("button", { type: "button", "aria-label": label, title: label, onclick: act }, icon(iconName));
}
