// The panel, made pleasant: everything here also works, more plainly, without it.

import * as composer from "./composer.js";
import * as days from "./days.js";
import * as filter from "./filter.js";
import * as history from "./history.js";
import * as keyboard from "./keyboard.js";
import * as live from "./live.js";
import * as navigation from "./navigation.js";
import * as reading from "./reading.js";
import * as rows from "./rows.js";
import * as times from "./times.js";
import * as title from "./title.js";

const { body } = document;

document.documentElement.classList.add("has-script");
title.start(Number(body.dataset.unread));
filter.start();
rows.start();
keyboard.start();
navigation.start((chat, cursor) => {
  showChat(chat);
  live.show(chat.dataset.chat, cursor);
});
showChat(document.getElementById("chat"));
times.start();

live.start(body.dataset.live, rows.openId(), body.dataset.cursor, (change) => {
  title.setUnread(change.unread);
  rows.apply(change.rows, change.removed);
  history.remove(change.movedAway ?? []);
  const arrived = history.apply(change.messages ?? []);
  composer.settle(change.messages ?? []);
  reading.watch();
  document.getElementById("blocked")?.toggleAttribute("hidden", !change.isBlocked);
  if (arrived.length) history.announce(arrived);
});

function showChat(chat) {
  history.mount(chat, reading.watch);
  composer.mount(chat);
  reading.mount(chat);
  days.mark();
  times.refresh(chat);
}
