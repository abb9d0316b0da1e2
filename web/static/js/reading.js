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

export function watch() {
  observer?.disconnect();
  history.unread().forEach((message) => observer.observe(message));
}

document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && watch());

function look(entries) {
  if (document.visibilityState !== "visible") return;
  for (const entry of entries) if (entry.isIntersecting) inSight.add(entry.target.dataset.id);
  clearTimeout(timer);
  if (inSight.size) timer = setTimeout(tell, 150);
}

function tell() {
  const seen = history.unread().map((message) => message.dataset.id).filter((id) => inSight.has(id));
  inSight.clear();
  const shown = { since: seen[0], through: seen.at(-1) };
  if (seen.length) post(url, shown).catch(() => {}); // offline: it is seen again when we are back
}
