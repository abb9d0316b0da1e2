// From chat to chat without losing one's place in the list: only the pane beside it is exchanged.

import { page } from "./markup.js";
import * as rows from "./rows.js";
import * as title from "./title.js";

let onShow = () => {};
let latest = 0;
let shown = here();

export function start(handler) {
  onShow = handler;
  document.addEventListener("click", follow);
  addEventListener("popstate", () => here() !== shown && go(location.href)); // not for a jump within the page
}

function follow(event) {
  const link = event.target.closest(".row a, .back");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.href, { isNew: true });
}

async function go(url, { isNew = false } = {}) {
  const turn = ++latest;
  rows.choose(url.match(/\/chats\/([^/?#]+)/)?.[1]);
  const next = await page(url).catch(() => null);
  if (turn !== latest) return;
  const pane = next?.getElementById("chat");
  if (!pane || next.body.dataset.live !== document.body.dataset.live) return void location.assign(url);
  if (isNew) history.pushState(null, "", url);
  show(next, document.adoptNode(pane));
}

function show(next, pane) {
  shown = here();
  const left = rows.openId();
  document.getElementById("chat").replaceWith(pane);
  document.body.classList.toggle("has-chat", "chat" in pane.dataset);
  title.setName(next.title);
  onShow(pane, next.body.dataset.cursor);
  focus(pane, left);
}

// Where there is a keyboard one goes on writing; on a phone it would cover the chat.
function focus(pane, left) {
  if (!matchMedia("(pointer: fine)").matches) return;
  const reply = pane.querySelector("#reply");
  if (reply) reply.focus({ preventScroll: true });
  else document.querySelector(`#row-${CSS.escape(left ?? "")} a`)?.focus();
}

function here() {
  return location.pathname + location.search;
}
