// Writing: Enter sends, the bubble is there at once, and what can't be sent is not lost.

import * as drafts from "./drafts.js";
import * as history from "./history.js";
import { isComposing } from "./keys.js";
import * as notice from "./notice.js";
import { post, Refused } from "./post.js";

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
  form.text.value = drafts.kept(chat) || form.text.value; // what was typed here last is newer than the page's
  form.text.addEventListener("keydown", sendOnEnter);
  form.text.addEventListener("input", changed);
  form.addEventListener("submit", submit);
  notice.forget(chat);
  if (unsent.has(chat)) refuse(unsent.get(chat).sentence);
  fit();
  count();
}

// Its messages have arrived: they may hold what we thought lost, and lack what is being sent.
export function fill(pane) {
  form = pane.querySelector("#composer"); // there are chats in which nothing is to be said
  if (!form) return;
  pane.querySelector("#history").addEventListener("submit", tryAgain);
  for (const { to, id, bubble } of underway) if (to === chat && !history.byRequest(id)) history.addPending(bubble);
  settle();
}

// A message that we thought lost has arrived: it needn't be sent again.
export function settle() {
  const lost = unsent.get(chat);
  if (!form || !lost?.id || !history.byRequest(lost.id)) return;
  unsent.delete(chat);
  if (form.text.value === lost.text) setText("");
  refuse("");
}

// On glass, where there are no other keys, it breaks the line.
function sendOnEnter(event) {
  if (event.key !== "Enter" || event.shiftKey || event.altKey || isComposing(event)) return;
  if (!event.ctrlKey && !event.metaKey && !matchMedia("(pointer: fine)").matches) return;
  event.preventDefault();
  if (!event.repeat) form.requestSubmit();
}

function changed() {
  drafts.keep(chat, form.text.value);
  if (form.text.value.trim()) refuse("");
  fit();
  count();
}

function submit(event) {
  if (history.isPast()) return; // leads to the newest messages
  event.preventDefault();
  const text = form.text.value;
  if (!text.trim()) return refuse("Write something first.");
  if (text.length > limit()) return refuse("This message is too long.");
  const lost = unsent.get(chat);
  const id = (lost?.text === text && lost.id) || newId();
  unsent.delete(chat);
  refuse("");
  setText("");
  enqueue({ url: form.action, to: chat, id, text, bubble: pending(id, text), page: location.href, who: name() });
}

function enqueue(sending) {
  underway.add(sending);
  history.addPending(sending.bubble);
  const before = queues.get(sending.to) ?? Promise.resolve();
  queues.set(sending.to, before.then(() => send(sending)));
}

async function send(sending) {
  const { url, id, text, bubble } = sending;
  try {
    const message = await post(url, { text, request_id: id });
    if (bubble.isConnected) history.apply([message]); // otherwise the stream was quicker, and knows more
  } catch (error) {
    takeBack(sending, why(error), error.status === 409);
  } finally {
    underway.delete(sending);
  }
}

function why(error) {
  if (error.status === 401) return "You are signed out. Sign in again to send this: it is kept.";
  return error instanceof Refused ? error.message : "It could not be sent. Check the connection and send it again.";
}

// What could not be sent stands in the field of the chat in which it was written.
function takeBack({ to, id, text, bubble, page, who }, sentence, isTaken) {
  bubble.remove();
  const isHere = form && to === chat;
  if (isHere && !isTaken && history.byRequest(id)) return; // it has arrived all the same: the stream has told so
  const written = isHere ? form.text.value : drafts.kept(to);
  const all = written ? `${text}\n${written}` : text;
  drafts.keep(to, all);
  unsent.set(to, { id: isTaken ? null : id, text, sentence }); // under an id of another it would never be sent
  if (!isHere) return notice.show(to, page, `Your reply to ${who} could not be sent.`);
  setText(all);
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

function setText(text) {
  form.text.value = text;
  changed();
}

function refuse(sentence) {
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
