// What can be done with a message. The menu itself is the browser's own, and opens without us.

import * as composer from "./composer.js";
import * as history from "./history.js";
import * as moving from "./moving.js";
import { post } from "./post.js";

let chosen = { id: null, words: "" }; // what was selected in a message when its menu was opened

export function start() {
  document.addEventListener("pointerdown", remember);
  document.addEventListener("keydown", remember);
  document.addEventListener("mousedown", keepSelection);
  document.addEventListener("click", choose);
  document.addEventListener("submit", send);
}

function remember({ target }) {
  const message = target.closest(".message-more")?.closest(".message");
  if (message) chosen = { id: message.dataset.id, words: selectedIn(message) };
}

function keepSelection(event) {
  const message = event.target.closest(".message-more")?.closest(".message");
  if (message && selectedIn(message)) event.preventDefault();
}

function choose(event) {
  const entry = event.target.closest("[data-reply], [data-edit], [data-move]");
  if (!entry || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const message = entry.closest(".message");
  entry.closest("[popover]").hidePopover();
  if ("reply" in entry.dataset) composer.answer(message, message.dataset.id === chosen.id ? chosen.words : "");
  else if ("edit" in entry.dataset) composer.edit(message, entry.dataset);
  else moving.choose(message);
}

// What a form in a message does to it shows in its place, by what the server says it looks like from then on.
async function send(event) {
  const form = event.target;
  const message = form.closest(".message");
  if (!message || !("here" in form.dataset)) return;
  event.preventDefault();
  const fields = new FormData(form, event.submitter);
  form.closest("[popover]")?.hidePopover();
  try {
    const changed = await post(form.action, fields);
    if (changed && message.isConnected) history.apply([changed]);
  } catch (error) {
    composer.refuse(composer.why(error));
  }
}

// Of its text, and nothing else.
function selectedIn(message) {
  const selection = getSelection();
  const text = message.querySelector(".text");
  if (!text || selection.isCollapsed || !selection.rangeCount) return "";
  const range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return "";
  const words = range.toString();
  return words.trim() && history.text(message).includes(words) ? words : "";
}
