// The buttons under a message: to tap, to copy, to follow.

import { icon, make } from "./dom.js";

/** Draw a message's buttons, if it has any. */
export function drawKeyboard(message, actions, isBusy) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  const drawn = rows.map((row) =>
    make("div", { class: "keys" }, row.map((button) => keyOf(button, message, actions, isBusy))),
  );
  return make("div", { class: "keyboard" }, drawn);
}

function keyOf(button, message, actions, isBusy) {
  if (button.url) return urlKey(button, actions);
  if (button.copy_text) return copyKey(button, actions);
  if (button.callback_data == null) return make("button", { type: "button", class: "key", disabled: true }, button.text);
  const busy = isBusy(message, button.callback_data);
  const tap = () => actions.tap(message, button.callback_data);
  return make(
    "button",
    { type: "button", class: "key", dir: "auto", "aria-busy": busy ? "true" : null, onclick: tap },
    button.text,
  );
}

function copyKey(button, actions) {
  const copy = () => actions.copy(button.copy_text.text);
  return make("button", { type: "button", class: "key", dir: "auto", onclick: copy }, button.text, icon("copy"));
}

function urlKey(button, actions) {
  const follow = (event) => {
    if (actions.open(button.url)) event.preventDefault();
  };
  const attributes = { class: "key", href: button.url, target: "_blank", rel: "noopener noreferrer", onclick: follow };
  return make("a", { ...attributes, dir: "auto" }, button.text, icon("link"));
}
