// The panel, made pleasant: everything here also works, more plainly, without it.

import * as composer from "./composer.js";
import * as days from "./days.js";
import * as filter from "./filter.js";
import * as history from "./history.js";
import * as keyboard from "./keyboard.js";
import * as live from "./live.js";
import * as menu from "./menu.js";
import * as moving from "./moving.js";
import * as navigation from "./navigation.js";
import * as quotes from "./quotes.js";
import * as reading from "./reading.js";
import * as rows from "./rows.js";
import * as seen from "./seen.js";
import * as times from "./times.js";
import * as title from "./title.js";

const { body } = document;
let filled = null; // the chat whose messages are shown

document.documentElement.classList.add("has-script");
title.start(Number(body.dataset.unread));
filter.start();
rows.start();
keyboard.start();
menu.start();
moving.start();
seen.start();
history.start(reading.watch);
navigation.start({
  opening: mount,
  arrived(pane, cursor) {
    history.mount(pane);
    fill(pane);
    reading.open(pane);
    live.show(pane.dataset.chat, cursor);
    quotes.arrive();
  },
});
mount(document.getElementById("chat"));
fill(document.getElementById("chat"));
times.start();
quotes.start();

live.start(body.dataset.live, rows.openId(), body.dataset.cursor, (change, about) => {
  title.setUnread(change.unread);
  rows.apply(change.rows, change.removed);
  if (about && about === filled) applyToChat(change); // else it is about one that has been left
});

// What there is of a chat from the moment on in which it is chosen.
function mount(pane) {
  filled = null;
  history.mount(pane);
  composer.mount(pane);
  reading.mount(pane);
}

// What there is once its messages have arrived.
function fill(pane) {
  filled = pane.dataset.chat;
  days.mark();
  times.refresh(pane);
  composer.fill(pane);
}

function applyToChat(change) {
  history.remove(change.movedAway);
  const arrived = history.apply(change.messages);
  composer.settle();
  reading.watch();
  document.getElementById("blocked")?.toggleAttribute("hidden", !change.isBlocked);
  if (arrived.length) history.announce(arrived);
}
