// What is really seen is read: on the screen, in a tab that is in front.

import * as history from "./history.js";
import { post } from "./post.js";

let url = null;
let observer = null;
let timer = 0;
const inSight = new Set(); // seen just now, not yet told

export function mount(chat) {
  url = chat.dataset.reading;
  observer?.disconnect();
  inSight.clear();
  const root = chat.querySelector("#history");
  if (!root) return;
  observer = new IntersectionObserver(look, { root, rootMargin: "0px 0px -12px" });
  watch();
}

// A chat that is opened is read as far as its page goes, as it is without a script.
export function open(chat) {
  mount(chat);
  if (document.visibilityState === "visible") tell(history.unread());
}

export function watch() {
  observer?.disconnect();
  history.unread().forEach((message) => observer.observe(message));
}

document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && watch());

function look(entries) {
  if (document.visibilityState !== "visible") return;
  for (const entry of entries) if (entry.isIntersecting) inSight.add(entry.target.dataset.id);
  clearTimeout(timer);
  if (inSight.size) timer = setTimeout(tellInSight, 150);
}

function tellInSight() {
  const seen = history.unread().filter((message) => inSight.has(message.dataset.id));
  inSight.clear();
  tell(seen);
}

function tell(seen) {
  const shown = { since: seen[0]?.dataset.id, through: seen.at(-1)?.dataset.id };
  if (seen.length) post(url, shown).catch(() => {}); // offline: it is seen again when we are back
}
