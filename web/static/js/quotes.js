// A quote leads to what it quotes: there it is on the page, or there is a page that has it.

import * as history from "./history.js";
import { visit } from "./navigation.js";

export function start() {
  document.addEventListener("click", follow);
  arrive();
}

// Shows what the address names, once it is there.
export function arrive() {
  show(location.hash.replace("#message-", ""));
}

// Brings a message into sight, and marks it for a moment.
export function show(id) {
  const message = history.find(id);
  if (!message) return;
  document.querySelector(".is-found")?.classList.remove("is-found");
  message.classList.add("is-found");
  message.tabIndex = -1;
  message.focus({ preventScroll: true });
  message.scrollIntoView({ block: "center", behavior: isCalm() ? "instant" : "smooth" });
}

function follow(event) {
  const link = event.target.closest("a[data-origin]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { origin } = link.dataset;
  if (history.find(origin)) return show(origin);
  const page = new URL(location.href);
  for (const asked of ["before", "reply", "edit", "move"]) page.searchParams.delete(asked);
  page.searchParams.set("around", origin);
  page.hash = `message-${origin}`;
  visit(page.href);
}

function isCalm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
