// The messages of the open chat: put in their places, without a jump.

import { say } from "./announcer.js";
import * as days from "./days.js";
import { exchange } from "./exchange.js";
import { element, page } from "./markup.js";
import * as times from "./times.js";

const AT_BOTTOM = 60; // pixels that still count as being at the newest message

let scroller = null;
let messages = null;
let pill = null;
let onEarlier = () => {};

export function start(handler) {
  onEarlier = handler;
}

export function mount(chat) {
  scroller = chat.querySelector("#history");
  messages = chat.querySelector("#messages");
  pill = chat.querySelector("#pill");
  if (!scroller) return;
  scroller.addEventListener("scroll", () => isAtBottom() && hidePill(), { passive: true });
  pill.addEventListener("click", toBottom);
  watchBeginning();
}

// Gives the consumer's messages that are new here.
export function apply(changed) {
  if (!messages || !changed.length) return [];
  const arrived = [];
  keepingPlace(() => {
    for (const message of changed) {
      const item = element(message.html);
      const hadFailed = failure(document.getElementById(item.id));
      times.refresh(item);
      if (place(item) && !message.isOwn) arrived.push(item);
      if (failure(item) && !hadFailed && item.isConnected) sayFailed(item);
    }
    days.mark();
  });
  if (arrived.length && !isAtBottom()) pill.hidden = false;
  return arrived;
}

// Takes away what turned out to be meant for another chat.
export function remove(ids) {
  if (!messages || !ids.length) return;
  keepingPlace(() => {
    for (const id of ids) messages.querySelector(`[data-id="${CSS.escape(id)}"]`)?.remove();
    days.mark();
  });
}

export function addPending(item) {
  document.getElementById("no-messages")?.remove();
  messages.append(item);
  toBottom();
}

// Says whether this page ends before the newest message.
export function isPast() {
  return "past" in messages.dataset;
}

export function isOwn(message) {
  return message.classList.contains("is-own");
}

export function text(message) {
  return message.querySelector(".text")?.textContent ?? "";
}

// What a message says, on one line.
export function gist(message) {
  return said(message).replace(/\s+/g, " ").trim().slice(0, 200);
}

// The entry that changes the last thing one has said here.
export function lastEditable() {
  return [...(messages?.querySelectorAll("[data-edit]") ?? [])].at(-1);
}

export function find(id) {
  return document.getElementById(`message-${id}`);
}

export function announce(arrived) {
  const who = document.getElementById("chat").dataset.who;
  say(`${who}: ${arrived.map(said).join(" ")}`);
}

export function unread() {
  return messages ? [...messages.querySelectorAll("[data-unread]")] : [];
}

export function byRequest(id) {
  return messages?.querySelector(`[data-request="${CSS.escape(id)}"]`);
}

function sayFailed(item) {
  say(`${failure(item).textContent.trim()} ${said(item)}`);
}

function failure(item) {
  return item?.querySelector(".delivery.is-failed p");
}

function said(item) {
  return item.querySelector(".text, .label")?.textContent ?? "";
}

// Says whether it wasn't there yet.
function place(item) {
  const known = document.getElementById(item.id) ?? pendingOf(item);
  if (known) {
    const shown = exchange(known, item);
    if (!isInOrder(shown)) insert(shown);
    return false;
  }
  return insert(item);
}

function pendingOf(item) {
  const known = item.dataset.request && byRequest(item.dataset.request);
  return known?.classList.contains("is-pending") ? known : null;
}

function insert(item) {
  const others = [...messages.querySelectorAll(".message[data-id]")].filter((other) => other !== item);
  const before = others.findLast((other) => isBefore(other, item));
  if (!before && others.length && document.getElementById("earlier")) return false; // it comes with earlier messages
  if (before === others.at(-1) && isPast()) return false; // what is between isn't here
  document.getElementById("no-messages")?.remove();
  if (before) before.after(item);
  else messages.prepend(item);
  return true;
}

function isInOrder(item) {
  const all = [...messages.querySelectorAll(".message[data-id]")];
  const at = all.indexOf(item);
  return (!at || isBefore(all[at - 1], item)) && (at === all.length - 1 || isBefore(item, all[at + 1]));
}

function isBefore(one, other) {
  const [a, b] = [BigInt(one.dataset.position), BigInt(other.dataset.position)];
  return a < b || (a === b && one.dataset.id < other.dataset.id);
}

// The scroller counts from its end: what comes above doesn't move it, what comes below does.
function keepingPlace(change) {
  const { scrollTop, scrollHeight } = scroller;
  const wasAtBottom = isAtBottom();
  change();
  scroller.scrollTop = wasAtBottom ? 0 : scrollTop - (scroller.scrollHeight - scrollHeight);
}

function isAtBottom() {
  return scroller.scrollTop > -AT_BOTTOM;
}

function toBottom() {
  scroller.scrollTop = 0;
  hidePill();
}

function hidePill() {
  pill.hidden = true;
}

function watchBeginning() {
  const link = document.getElementById("earlier");
  if (!link) return;
  const options = { root: scroller, rootMargin: "400px 0px 0px" };
  new IntersectionObserver(([entry], observer) => {
    if (!entry.isIntersecting) return;
    observer.disconnect();
    loadEarlier(link);
  }, options).observe(link);
}

async function loadEarlier(link) {
  const earlier = await page(link.href).catch(() => null);
  if (!earlier || !link.isConnected) return; // the link is still there to be followed
  const found = earlier.querySelectorAll("#messages > .message");
  messages.prepend(...[...found].filter((item) => !document.getElementById(item.id)));
  const further = earlier.getElementById("earlier");
  if (further) link.replaceWith(further);
  else link.remove();
  times.refresh(messages);
  days.mark();
  watchBeginning();
  onEarlier();
}
