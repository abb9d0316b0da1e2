// A chat that is on its way: its pane is there from the click on, so that nothing is written to the one before.

import { page } from "./markup.js";

const templates = await page(new URL("../opening.html", import.meta.url)); // not in the pages: they say what is there

// Gives the pane of a chat, as much of it as the list knows; or, without one, the pane that says so.
export function pane(url, row, retry) {
  const id = idIn(url);
  if (!id) return clone("nothing-open");
  const chat = clone("opening");
  chat.dataset.chat = id;
  chat.querySelector("#composer").action = address(url, "$&/messages");
  chat.querySelector(".back").href = address(url, "/chats");
  chat.querySelector("#opening-failed button").addEventListener("click", retry);
  if (row) describe(chat, row);
  return chat;
}

export function idIn(url) {
  return new URL(url).pathname.match(/\/chats\/([^/]+)$/)?.[1];
}

// Puts what has arrived around the field, which stays as it is: somebody may be writing in it.
export function finish(chat, arrived) {
  const field = chat.querySelector("#composer");
  if (!field || !arrived.querySelector("#composer")) return chat.replaceWith(arrived);
  const children = [...arrived.children];
  const at = children.findIndex((child) => child.id === field.id);
  for (const child of [...chat.children]) if (child !== field) child.remove();
  field.before(...children.slice(0, at));
  field.after(...children.slice(at + 1));
  field.elements.request_id.value = children[at].elements.request_id.value;
  Object.assign(chat.dataset, arrived.dataset);
  chat.className = arrived.className;
  chat.ariaLabel = arrived.ariaLabel;
  chat.ariaBusy = null;
}

// Says that it is on its way, or that it could not be opened; the list is there without it.
export function tell(chat, { hasFailed }) {
  chat.ariaBusy = hasFailed ? null : "true"; // what is busy is not read out
  chat.querySelector("#opening-failed")?.toggleAttribute("hidden", !hasFailed);
  chat.querySelector("#opening-progress")?.toggleAttribute("hidden", hasFailed);
}

function describe(chat, row) {
  const who = row.querySelector(".row-who").textContent;
  const avatar = row.querySelector(".avatar").cloneNode(true);
  chat.dataset.who = who;
  chat.querySelector(".avatar").replaceWith(avatar);
  chat.querySelector(".chat-who bdi").textContent = who;
  chat.querySelector("h1 bdi").textContent = row.querySelector(".row-about bdi").textContent;
}

// What belongs to a chat is under its own address, and the list is narrowed in the same way.
function address(url, path) {
  const found = new URL(url);
  found.pathname = found.pathname.replace(/\/chats\/[^/]+$/, path);
  for (const asked of ["before", "around", "reply", "edit", "move"]) found.searchParams.delete(asked);
  return found.href;
}

function clone(id) {
  return document.importNode(templates.getElementById(id).content.firstElementChild, true);
}
