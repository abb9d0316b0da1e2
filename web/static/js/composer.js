// Writing: Enter sends, the bubble is there at once, and what can't be sent is not lost.

import * as composing from "./composing.js";
import * as drafts from "./drafts.js";
import * as formatting from "./formatting.js";
import * as history from "./history.js";
import { isComposing } from "./keys.js";
import * as notice from "./notice.js";
import { post, Refused } from "./post.js";
import * as typing from "./typing.js";

const NEAR = 300; // characters before the limit from which on they are counted
const GROWS = CSS.supports("field-sizing", "content");

let form = null;
let chat = null;
const underway = new Set(); // what is being sent, to the chat in which it was written, wherever one is meanwhile
const unsent = new Map(); // by chat, { id, text, sentence }: may have arrived all the same
const queues = new Map(); // by chat: one after another, so that they arrive in order

// From here on whatever is typed is this chat's.
export function mount(pane) {
  form = pane.querySelector("#composer");
  chat = pane.dataset.chat;
  if (!form) return;
  composing.mount(form, leave);
  formatting.mount(form, changed);
  form.text.addEventListener("keydown", press);
  form.text.addEventListener("input", changed);
  form.text.addEventListener("input", tellTyping);
  form.addEventListener("submit", submit);
  notice.forget(chat);
  write(first());
  if (unsent.has(chat)) refuse(unsent.get(chat).sentence);
}

// Its messages have arrived: they may hold what we thought lost, and lack what is being sent.
export function fill(pane) {
  form = pane.querySelector("#composer"); // there are chats in which nothing is to be said
  if (!form) return;
  pane.querySelector("#history").addEventListener("submit", tryAgain);
  for (const { to, id, bubble } of underway) if (to === chat && bubble && !history.byRequest(id)) history.addPending(bubble);
  settle();
}

// A message that we thought lost has arrived: it needn't be sent again.
export function settle() {
  const lost = unsent.get(chat);
  if (!form || !lost?.id || !history.byRequest(lost.id)) return;
  unsent.delete(chat);
  if (form.text.value === lost.text) write({ text: "", about: null });
  refuse("");
}

// Lets the next thing that is said answer a message, or a part of it.
export function answer(message, quote) {
  if (!form) return;
  if (composing.about()?.kind === "edit") leave();
  const title = history.isOwn(message) ? "Reply to yourself" : `Reply to ${name()}`;
  const about = { kind: "reply", id: message.dataset.id, quote, title, gist: quote || history.gist(message) };
  write({ ...draft(), about });
  form.text.focus();
}

// Puts what a message says into the field, in place of what is being written.
export function edit(message, { edit: url, formatting: styles }) {
  if (!form) return;
  const before = composing.about()?.kind === "edit" ? composing.about().before : draft();
  const about = { kind: "edit", id: message.dataset.id, url, title: "Editing", gist: history.gist(message), before };
  write({ text: history.text(message), formatting: JSON.parse(styles), about });
  refuse("");
  form.text.focus();
  form.text.setSelectionRange(form.text.value.length, form.text.value.length);
}

// What the address asks for goes before what was typed here last, and that before what the page knows.
function first() {
  const kept = drafts.kept(chat);
  const about = composing.about();
  if (about?.kind === "edit") {
    return { text: form.text.value, formatting: JSON.parse(form.dataset.formatting), about: { ...about, before: kept } };
  }
  return { ...kept, text: kept.text || form.text.value, about: about ?? kept.about };
}

function leave() {
  write(composing.about()?.kind === "edit" ? (composing.about().before ?? { text: "", about: null }) : { ...draft(), about: null });
  refuse("");
  form.text.focus();
}

function press(event) {
  if (isComposing(event)) return;
  if (event.key === "Enter") return sendOnEnter(event);
  if (event.key === "Escape" && composing.about()) {
    event.preventDefault(); // one thing at a time: the next one leaves the field
    leave();
  }
  if (event.key === "ArrowUp" && !form.text.value && !composing.about()) editLast(event);
}

function editLast(event) {
  const last = history.lastEditable();
  if (!last) return;
  event.preventDefault();
  edit(last.closest(".message"), last.dataset);
}

// On glass, where there are no other keys, it breaks the line.
function sendOnEnter(event) {
  if (event.shiftKey || event.altKey) return;
  if (!event.ctrlKey && !event.metaKey && !matchMedia("(pointer: fine)").matches) return;
  event.preventDefault();
  if (!event.repeat) form.requestSubmit();
}

function changed() {
  drafts.keep(chat, draft());
  if (form.text.value.trim()) refuse("");
  fit();
  count();
}

function tellTyping() {
  if (composing.about()?.kind !== "edit") typing.tell(document.getElementById("chat").dataset.typing, form.text.value);
}

function submit(event) {
  const about = composing.about();
  if (history.isPast() && about?.kind !== "edit") return; // leads to the newest messages
  event.preventDefault();
  const text = form.text.value;
  if (!text.trim()) return refuse("Write something first.");
  if (text.length > limit()) return refuse("This message is too long.");
  const fields = { ...composing.fields(), formatting: JSON.stringify(formatting.get()) };
  const sending = { url: composing.url(), to: chat, ...draft(), fields, page: location.href, who: name() };
  if (about?.kind === "edit") save(sending);
  else say(sending);
}

function say(sending) {
  const lost = unsent.get(chat);
  const id = (lost?.text === sending.text && lost.id) || newId();
  unsent.delete(chat);
  refuse("");
  write({ text: "", about: null });
  enqueue({ ...sending, id, bubble: pending(id, sending.text) });
}

function save(sending) {
  refuse("");
  write(sending.about.before ?? { text: "", about: null });
  enqueue(sending);
}

function enqueue(sending) {
  underway.add(sending);
  if (sending.bubble) history.addPending(sending.bubble);
  const before = queues.get(sending.to) ?? Promise.resolve();
  queues.set(sending.to, before.then(() => send(sending)));
}

async function send(sending) {
  const { url, to, id, text, fields, bubble } = sending;
  try {
    const message = await post(url, id ? { text, request_id: id, ...fields } : { text, ...fields });
    if (bubble ? bubble.isConnected : to === chat) history.apply([message]); // or the stream was quicker, and knows more
  } catch (error) {
    if (bubble) takeBack(sending, why(error), error.status === 409);
    else editAgain(sending, why(error));
  } finally {
    underway.delete(sending);
  }
}

export function why(error) {
  if (error.status === 401) return "You are signed out. Sign in again to send this: it is kept.";
  return error instanceof Refused ? error.message : "It could not be sent. Check the connection and try again.";
}

// What could not be sent stands in the field of the chat in which it was written.
function takeBack(sending, sentence, isTaken) {
  const { to, id, text, bubble } = sending;
  bubble.remove();
  const isHere = form && to === chat;
  if (isHere && !isTaken && history.byRequest(id)) return; // it has arrived all the same: the stream has told so
  const written = isHere ? draft() : drafts.kept(to);
  const all = {
    text: written.text ? `${text}\n${written.text}` : text,
    formatting: [...sending.formatting, ...formatting.shifted(written.formatting, text.length + 1)],
    about: written.about ?? sending.about,
  };
  unsent.set(to, { id: isTaken ? null : id, text, sentence }); // under an id of another it would never be sent
  giveBack(sending, all, sentence);
}

function editAgain(sending, sentence) {
  const isHere = form && sending.to === chat;
  const before = isHere ? draft() : drafts.kept(sending.to);
  giveBack(sending, { text: sending.text, formatting: sending.formatting, about: { ...sending.about, before } }, sentence);
}

function giveBack({ to, page, who }, all, sentence) {
  drafts.keep(to, all);
  if (!form || to !== chat) return notice.show(to, page, `Your reply to ${who} could not be sent.`);
  write(all);
  refuse(sentence);
}

async function tryAgain(event) {
  if (!event.target.matches("[data-again]")) return;
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  try {
    const message = await post(event.target.action, {});
    if (button.isConnected) history.apply([message]);
  } catch (error) {
    button.disabled = false;
    if (button.isConnected && error instanceof Refused) refuse(why(error));
  }
}

function pending(id, text) {
  const bubble = form.querySelector("#pending-message").content.firstElementChild.cloneNode(true);
  bubble.dataset.request = id;
  bubble.querySelector(".text").textContent = text.trimEnd();
  return bubble;
}

function draft() {
  return { text: form.text.value, formatting: formatting.get(), about: composing.about() };
}

function write({ text, formatting: spans, about }) {
  form.text.value = text;
  formatting.set(spans);
  composing.set(about);
  changed();
}

export function refuse(sentence) {
  if (!form) return;
  const place = form.querySelector("#refusal");
  place.textContent = sentence;
  place.hidden = !sentence;
  form.text.ariaInvalid = sentence ? "true" : null;
}

// Where the style sheet can't make it as high as what is written.
function fit() {
  if (GROWS) return;
  form.text.style.blockSize = "auto";
  form.text.style.blockSize = `${form.text.scrollHeight}px`;
}

function count() {
  const counter = form.querySelector("#counter");
  const left = limit() - form.text.value.trimEnd().length;
  counter.hidden = left > NEAR;
  counter.textContent = left < 0 ? `${-left} too many` : `${left} left`;
  counter.classList.toggle("is-over", left < 0);
}

function name() {
  return document.getElementById("chat").dataset.who ?? "somebody";
}

function limit() {
  return Number(document.body.dataset.limit);
}

if (!GROWS) addEventListener("resize", () => form && fit());

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
