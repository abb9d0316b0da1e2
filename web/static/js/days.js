// The days between messages, by the reader's own midnight.

import { day } from "./times.js";

export function mark() {
  const messages = document.getElementById("messages");
  if (!messages) return;
  messages.querySelectorAll(".day").forEach((separator) => separator.remove());
  let last = null;
  for (const message of messages.querySelectorAll(".message[data-at]")) {
    const name = day(new Date(message.dataset.at));
    if (name !== last) message.before(separator(name));
    last = name;
  }
}

function separator(name) {
  const item = document.createElement("li");
  item.className = "day";
  item.textContent = name;
  return item;
}
