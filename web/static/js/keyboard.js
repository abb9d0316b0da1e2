// Shortcuts, for those who answer all day.

import * as rows from "./rows.js";

const help = document.getElementById("help");
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

export function start() {
  document.addEventListener("keydown", press);
  const opener = document.getElementById("open-help");
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
  document.addEventListener("click", closeMenu);
}

function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.key === "Escape") return leave(event);
  if (event.target.matches("input, textarea, select, summary")) return;
  if (event.key in STEPS && !event.target.closest("#history")) return step(event, STEPS[event.key]);
  if (event.key === "r" || event.key === "/") return write(event);
  if (event.key === "?") help.showModal();
}

function step(event, by) {
  const links = rows.links();
  const at = links.findIndex((link) => link === document.activeElement);
  const from = at >= 0 ? at : links.findIndex((link) => link.hasAttribute("aria-current"));
  const link = links[Math.max(0, Math.min(links.length - 1, from + by))];
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
  event.preventDefault();
}

function write(event) {
  const reply = document.getElementById("reply");
  if (!reply) return;
  reply.focus();
  event.preventDefault();
}

function leave(event) {
  const menu = document.querySelector(".account[open]");
  if (menu) return menu.removeAttribute("open");
  const row = document.querySelector(".row a[aria-current]");
  if (row?.checkVisibility()) row.focus();
  else document.querySelector(".back")?.click();
  event.preventDefault();
}

function closeMenu(event) {
  const menu = document.querySelector(".account[open]");
  if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
}
