// The list: in the order of the newest message, longer as one scrolls.

import { say } from "./announcer.js";
import { element, page } from "./markup.js";
import * as times from "./times.js";

const list = document.getElementById("rows");
const pane = document.getElementById("list");

const TAP = 100; // milliseconds, at most, from lifting a finger to the click that follows

let held = null; // what has changed since somebody began to press a row: it stays under the pointer until they let go
let letGo = 0;
let place = null; // { id, key }: where one is in the list; the row itself may have moved on or be gone meanwhile

export function start() {
  choose();
  watchEnd();
  list.addEventListener("pointerdown", hold);
  addEventListener("pointerup", () => release(TAP));
  addEventListener("pointercancel", () => release(0));
  addEventListener("click", () => release(0));
}

function hold() {
  clearTimeout(letGo);
  held ??= [];
}

function release(soon) {
  clearTimeout(letGo);
  letGo = setTimeout(() => {
    const changes = held ?? [];
    held = null;
    for (const change of changes) apply(...change);
  }, soon);
}

function watchEnd() {
  if (more()) new IntersectionObserver(reachEnd, { root: pane, rootMargin: "300px" }).observe(more());
}

export function apply(changed, removed) {
  if (held) return held.push([changed, removed]);
  const top = list.firstElementChild;
  const focused = document.activeElement?.closest(".row")?.id;
  for (const id of removed) {
    if (id === openId()) keepUntilLeft(find(id));
    else find(id)?.remove();
  }
  for (const row of changed) put(row);
  if (focused && document.activeElement === document.body) focus(document.getElementById(focused));
  if (pane.scrollTop > 0 && list.firstElementChild !== top) keepPlace(top);
  sayWhetherEmpty();
}

// Marks the chat whose pane is there, and lets go of those that were only kept until one left them.
export function choose() {
  mark();
  const row = find(openId());
  list.querySelectorAll("[data-leaving]").forEach((other) => other !== row && other.remove());
  if (row && row.dataset.id !== place?.id) remember(row);
  sayWhetherEmpty();
}

// Gives the row above or below, counted from where the row one is at was when one came to it.
export function step(by) {
  const focused = document.activeElement?.closest(".row");
  if (focused && focused.dataset.id !== place?.id) remember(focused);
  const row = beside(by);
  if (row) remember(row);
  return row?.querySelector("a");
}

function beside(by) {
  const all = [...list.children];
  if (!place) return all[0];
  const others = all.filter((row) => row.dataset.id !== place.id);
  if (by < 0) return others.findLast((row) => row.dataset.key > place.key);
  return others.find((row) => row.dataset.key < place.key) ?? (isGone(place.id) ? others[0] : null);
}

// In a list of what is unread, those above have come in the meantime.
function isGone(id) {
  const row = find(id);
  return !row || "leaving" in row.dataset;
}

function remember(row) {
  place = { id: row.dataset.id, key: row.dataset.key };
}

export function openId() {
  return document.getElementById("chat").dataset.chat;
}

function put({ id, html }) {
  const row = element(html);
  const before = find(id);
  times.refresh(row);
  before?.remove();
  const next = [...list.children].find((other) => other.dataset.key < row.dataset.key);
  if (!next && more()) return; // it comes with a later page
  list.insertBefore(row, next ?? null);
  mark();
  if (hasFailed(row) && !hasFailed(before) && id !== openId()) sayFailed(row);
}

function mark() {
  list.querySelector("a[aria-current]")?.removeAttribute("aria-current");
  find(openId())?.querySelector("a").setAttribute("aria-current", "page");
}

function hasFailed(row) {
  return Boolean(row?.querySelector(".row-failed"));
}

function sayFailed(row) {
  const [failed, who] = [".row-failed", ".row-who"].map((part) => row.querySelector(part).textContent);
  say(`${failed}: ${who}`);
}

function keepUntilLeft(row) {
  if (!row) return;
  row.dataset.leaving = "";
  row.classList.remove("is-unread");
  row.querySelector(".row-count")?.remove();
}

function keepPlace(top) {
  let height = 0;
  for (let row = list.firstElementChild; row && row !== top; row = row.nextElementSibling) height += row.offsetHeight;
  if (top.isConnected) pane.scrollTop += height;
}

async function reachEnd([entry], observer) {
  if (!entry.isIntersecting) return;
  observer.disconnect();
  const link = more();
  const next = await page(link.href).catch(() => null);
  if (!next) return; // the link is still there to be followed
  for (const row of next.querySelectorAll("#rows > .row")) if (!find(row.dataset.id)) list.append(row);
  const further = next.getElementById("more");
  if (further) link.replaceWith(further);
  else link.remove();
  times.refresh(list);
  mark();
  watchEnd();
}

function sayWhetherEmpty() {
  document.getElementById("no-rows").hidden = list.childElementCount > 0;
}

function more() {
  return document.getElementById("more");
}

export function find(id) {
  return document.getElementById(`row-${id}`);
}

function focus(row) {
  row?.querySelector("a").focus({ preventScroll: true });
}
