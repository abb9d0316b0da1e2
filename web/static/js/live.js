// What changes, as it does: after every interruption from where it stopped.

import * as tabs from "./tabs.js";
import * as title from "./title.js";

const SILENCE = 50_000; // the server is heard every 20 seconds
const LONGEST_WAIT = 30_000;
const CALM = 2_000; // a page is not loaded anew sooner than this after it was,
const LONGEST_CALM = 60_000; // and if it is told so again and again, less and less often

let address = "";
let seen = "";
let chat = "";
let onChange = () => {};
let source = null;
let heardAt = 0;
let wait = 1_000;
let timer = 0;
let isResting = false;

export function start(url, id, cursor, handler) {
  [address, chat, seen, onChange] = [url, id ?? "", cursor, handler];
  tabs.start({ onRest: rest, onWake: wake, onUnread: title.setUnread });
  connect();
  setInterval(check, 10_000);
  addEventListener("online", check);
  addEventListener("pageshow", check);
}

// The list may be ahead of the chat's page, or behind it: what comes twice does no harm.
export function show(id, cursor) {
  chat = id ?? "";
  seen = BigInt(cursor) < BigInt(seen) ? cursor : seen;
  connect();
}

function connect() {
  source?.close();
  clearTimeout(timer);
  isResting = false;
  const about = chat;
  const url = new URL(address, location.href);
  url.searchParams.set("since", seen);
  if (chat) url.searchParams.set("chat", chat);
  source = new EventSource(url);
  heardAt = Date.now();
  source.addEventListener("open", heard);
  source.addEventListener("present", heard);
  source.addEventListener("change", (event) => {
    heard(event);
    const change = JSON.parse(event.data);
    tabs.tellUnread(change.unread);
    onChange(change, about);
  });
  source.addEventListener("rest", rest);
  source.addEventListener("reload", reload);
  source.addEventListener("error", lost);
}

function heard(event) {
  heardAt = Date.now();
  wait = 1_000;
  if (event.lastEventId) seen = event.lastEventId;
  document.getElementById("connection").hidden = true;
}

function reload() {
  rest();
  const last = JSON.parse(sessionStorage.getItem("reload") ?? '{"at": 0, "calm": 0}');
  const isAgain = Date.now() - last.at < 2 * last.calm;
  const calm = isAgain ? Math.min(2 * last.calm, LONGEST_CALM) : CALM;
  setTimeout(() => {
    sessionStorage.setItem("reload", JSON.stringify({ at: Date.now(), calm }));
    location.reload();
  }, calm - performance.now());
}

function lost() {
  document.getElementById("connection").hidden = document.visibilityState === "hidden";
  if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
  clearTimeout(timer);
  timer = setTimeout(recover, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

// The server has said no: it may be away, or this page may not be ours any more.
async function recover() {
  const response = await fetch(location.href, { method: "HEAD", redirect: "manual" }).catch(() => null);
  if (response && (response.type === "opaqueredirect" || response.status === 404)) return location.reload();
  connect();
}

function check() {
  if (!isResting && Date.now() - heardAt > SILENCE) connect();
}

function rest() {
  isResting = true;
  clearTimeout(timer);
  source?.close();
}

function wake() {
  if (isResting) connect();
  else check();
}
