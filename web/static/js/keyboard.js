// Shortcuts, for those who answer all day. A key is a command or a text, never both.

import { isComposing, isText } from "./keys.js";
import * as rows from "./rows.js";

const help = document.getElementById("help");
const list = document.getElementById("list");
const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
const COMMANDS = { r: write, "/": write, "?": () => help.showModal() };

const held = new Set(); // keys that were pressed as commands, and not let go yet

export function start() {
  document.addEventListener("keydown", swallow, true);
  document.addEventListener("keydown", press);
  document.addEventListener("keyup", (event) => held.delete(event.code));
  addEventListener("blur", () => held.clear());
  const opener = document.getElementById("open-help");
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
  document.addEventListener("click", closeMenu);
}

// A command that opens a field is not written into it, however long its key is held.
function swallow(event) {
  if (!event.repeat || !held.has(event.code) || !isText(event.target)) return;
  event.preventDefault();
  event.stopPropagation();
}

function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isComposing(event) || help.open) return;
  const command = commandOf(event);
  if (!command) return;
  event.preventDefault();
  held.add(event.code);
  command();
}

function commandOf({ key, target, repeat, shiftKey }) {
  if (document.querySelector(":popover-open, dialog:modal")) return null; // what is open has the keys, and closes by Escape
  if (key === "Escape") return repeat ? null : leave;
  if (isText(target) || target.matches("summary")) return null;
  if (key === "Enter") return target.matches(".row a") && !shiftKey ? () => target.click() : null;
  if (key in STEPS) return canStep(key, target) ? () => step(STEPS[key]) : null;
  return COMMANDS[key];
}

// In a chat the arrows scroll.
function canStep(key, target) {
  return list.checkVisibility() && !(key.startsWith("Arrow") && target.closest("#history"));
}

function step(by) {
  const link = rows.step(by);
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
}

function write() {
  document.getElementById("reply")?.focus();
}

function leave() {
  const menu = document.querySelector(".account[open]");
  if (menu) return menu.removeAttribute("open");
  const row = document.querySelector(".row a[aria-current]");
  const back = document.querySelector(".back");
  if (row?.checkVisibility()) row.focus();
  else if (list.checkVisibility()) list.focus();
  else if (isText(document.activeElement)) document.getElementById("history").focus();
  else back?.click();
}

function closeMenu(event) {
  const menu = document.querySelector(".account[open]");
  if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
}
