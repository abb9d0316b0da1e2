// Writing: Enter sends, the bubble is there at once, and what can't be sent is not lost.

import * as drafts from "./drafts.js";
import * as history from "./history.js";
import { post, Refused } from "./post.js";

const NEAR = 300; // characters before the limit from which on they are counted

let form = null;
let chat = null;
let unsent = null; // { id, text }: may have arrived all the same
let queue = Promise.resolve(); // one after another, so that they arrive in order

export function mount(pane) {
  form = pane.querySelector("#composer");
  chat = pane.dataset.chat;
  unsent = null;
  if (!form) return;
  form.text.value = drafts.kept(chat) || form.text.value; // what was typed here last is newer than the page's
  form.text.addEventListener("keydown", sendOnEnter);
  form.text.addEventListener("input", changed);
  form.addEventListener("submit", submit);
  pane.querySelector("#history").addEventListener("submit", tryAgain);
  count();
}

// A message that we thought lost has arrived: it needn't be sent again.
export function settle(messages) {
  if (!unsent || !messages.some(({ html }) => html.includes(`data-request="${unsent.id}"`))) return;
  if (form.text.value === unsent.text) setText("");
  unsent = null;
  refuse("");
}

function sendOnEnter(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
}

function changed() {
  drafts.keep(chat, form.text.value);
  if (form.text.value.trim()) refuse("");
  count();
}

function submit(event) {
  if (history.isPast()) return; // leads to the newest messages
  event.preventDefault();
  const text = form.text.value;
  if (!text.trim()) return refuse("Write something first.");
  if (text.length > limit()) return refuse("This message is too long.");
  const id = unsent?.text === text ? unsent.id : newId();
  unsent = null;
  refuse("");
  setText("");
  const bubble = pending(id, text);
  history.addPending(bubble);
  const sending = { url: form.action, chat, id, text, bubble };
  queue = queue.then(() => send(sending));
}

async function send({ url, chat: to, id, text, bubble }) {
  try {
    const message = await post(url, { text, request_id: id });
    if (bubble.isConnected) history.apply([message]); // otherwise the stream was quicker, and knows more
  } catch (error) {
    takeBack({ to, id, text, bubble, sentence: why(error), isTaken: error.status === 409 });
  }
}

function why(error) {
  if (error.status === 401) return "You are signed out. Sign in again to send this: it is kept.";
  return error instanceof Refused ? error.message : "It could not be sent. Check the connection and send it again.";
}

function takeBack({ to, id, text, bubble, sentence, isTaken }) {
  bubble.remove();
  if (to !== chat) return drafts.keep(to, text);
  if (!isTaken && history.byRequest(id)) return; // it has arrived all the same: the stream has told so
  const written = form.text.value;
  setText(written ? `${text}\n${written}` : text);
  unsent = isTaken ? null : { id, text }; // under an id that something else has, it would never be sent
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
    if (error instanceof Refused) refuse(why(error));
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

function count() {
  const counter = form.querySelector("#counter");
  const left = limit() - form.text.value.trimEnd().length;
  counter.hidden = left > NEAR;
  counter.textContent = left < 0 ? `${-left} too many` : `${left} left`;
  counter.classList.toggle("is-over", left < 0);
}

function limit() {
  return Number(form.dataset.limit);
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
