// From chat to chat without losing one's place in the list: only the pane beside it is exchanged. What the list marks,
// what the address names and whose pane is there change together, at once; the messages follow when they arrive.

import { Elsewhere, page } from "./markup.js";
import * as opening from "./opening.js";
import * as rows from "./rows.js";
import * as title from "./title.js";

const LONGEST_LOAD = 30_000; // milliseconds until a chat counts as not coming

let on = {};
let shown = here();
let current = null; // what is on its way, or has failed to come: { url, pane, isNew, isFailed, controller }

// `opening` is told of a pane that is there before its messages are, `arrived` when they are, and how fresh they are.
export function start(handlers) {
  on = handlers;
  document.addEventListener("click", follow);
  addEventListener("online", retry);
  addEventListener("popstate", () => here() !== shown && go(location.href)); // not for a jump within the page
}

function follow(event) {
  const link = event.target.closest(".row a, .back, .notice a");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  visit(link.href);
}

// Shows the page of a chat, without leaving this one.
export function visit(url) {
  const { pathname, search } = new URL(url);
  if (pathname + search === shown) return again();
  const replaces = current?.isNew && !current.isFailed; // it was chosen by mistake, or in passing
  history[replaces ? "replaceState" : "pushState"](null, "", url);
  go(url, true);
}

function again() {
  retry();
  focus(document.getElementById("chat"));
}

function retry() {
  if (current?.isFailed) load(current);
}

function go(url, isNew = false) {
  shown = here();
  const left = rows.openId();
  const pane = opening.pane(url, rows.find(opening.idIn(url)), again);
  document.getElementById("chat").replaceWith(pane);
  document.body.classList.toggle("has-chat", "chat" in pane.dataset);
  title.setName("Opening…");
  rows.choose();
  on.opening(pane);
  focus(pane, left);
  load({ url, pane, isNew });
}

async function load(chosen) {
  current?.controller.abort();
  const controller = new AbortController();
  current = Object.assign(chosen, { controller, isFailed: false });
  opening.tell(chosen.pane, { hasFailed: false });
  const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(LONGEST_LOAD)]);
  const next = await page(chosen.url, signal).catch((error) => error);
  if (current?.controller !== controller) return; // something else was chosen meanwhile
  if (next instanceof Elsewhere) return location.replace(chosen.url);
  if (next instanceof Error) return fail(chosen);
  show(next, chosen);
}

function fail(chosen) {
  chosen.isFailed = true;
  opening.tell(chosen.pane, { hasFailed: true });
}

function show(next, { url, pane }) {
  const arrived = next.getElementById("chat");
  if (!arrived || next.body.dataset.live !== document.body.dataset.live) return location.replace(url);
  current = null;
  opening.finish(pane, document.adoptNode(arrived));
  title.setName(next.title);
  on.arrived(document.getElementById("chat"), next.body.dataset.cursor);
}

// Where there is a keyboard one goes on writing; on a phone it would cover the chat.
function focus(pane, left) {
  if (!matchMedia("(pointer: fine)").matches) return;
  const reply = pane.querySelector("#reply");
  if (reply) reply.focus({ preventScroll: true });
  else rows.find(left)?.querySelector("a").focus();
}

function here() {
  return location.pathname + location.search;
}
