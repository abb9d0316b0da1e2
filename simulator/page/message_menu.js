// What one can do with a message: by right click, long press, or the button beside it.

import { byId, icon, make } from "./dom.js";
import { markedIn } from "./selection.js";

const LONG_PRESS = 450;
const QUICK = ["👍", "❤", "🔥", "🎉", "😁", "👀", "🙏"];
const EDGE = 8;

/** Emoji that are letters to a browser look like pictures this way. */
export const asPicture = (emoji) => (emoji === "❤" ? "❤️" : emoji);

/** Let a message's element open its menu. */
export function attachMessageMenu(element, message, actions) {
  const show = (x, y) => showMenu(message, actions, markedIn(element), x, y);
  element.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    show(event.clientX, event.clientY);
  });
  onLongPress(element, show);
}

/** Open the menu of a message below a button. */
export function openMessageMenu(button, message, actions) {
  const { left, bottom } = button.getBoundingClientRect();
  showMenu(message, actions, markedIn(button.closest(".message")), left, bottom);
}

function onLongPress(element, act) {
  let timer = null;
  const forget = () => clearTimeout(timer);
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") timer = setTimeout(() => act(event.clientX, event.clientY), LONG_PRESS);
  });
  for (const name of ["pointermove", "pointerup", "pointercancel"]) element.addEventListener(name, forget);
}

function showMenu(message, actions, marked, x, y) {
  const menu = byId("message-menu");
  const own = message.reactions?.person;
  const close = () => menu.hidePopover();
  const react = (emoji) => {
    close();
    actions.react(message, emoji === own ? null : emoji);
  };
  const items = itemsFor(message, actions, marked).map(([label, iconName, act]) =>
    make("button", { type: "button", role: "menuitem", onclick: () => (close(), act()) }, icon(iconName), label),
  );
  const quick = QUICK.map((emoji) =>
    make(
      "button",
      { type: "button", role: "menuitemcheckbox", "aria-checked": emoji === own ? "true" : "false", "aria-label": emoji, onclick: () => react(emoji) },
      asPicture(emoji),
    ),
  );
  menu.replaceChildren(make("div", { class: "quick", role: "group", "aria-label": "React" }, quick), ...items);
  menu.showPopover();
  place(menu, x, y);
  menu.querySelector("[role=menuitem]").focus();
}

function itemsFor(message, actions, marked) {
  const isMine = message.who === "person";
  const words = message.text ?? message.caption;
  return [
    marked && ["Quote", "quote", () => actions.reply(message, marked)],
    ["Reply", "reply", () => actions.reply(message)],
    words != null && ["Copy text", "copy", () => actions.copy(words)],
    isMine && words != null && ["Edit", "edit", () => actions.edit(message)],
    isMine && message.text != null && ["Turn into a photo", "photo", () => actions.turnInto(message, "photo")],
    ["Delete", "bin", () => actions.remove(message)],
  ].filter(Boolean);
}

function place(menu, x, y) {
  const { width, height } = menu.getBoundingClientRect();
  menu.style.setProperty("left", `${Math.max(EDGE, Math.min(x, innerWidth - width - EDGE))}px`);
  menu.style.setProperty("top", `${Math.max(EDGE, Math.min(y, innerHeight - height - EDGE))}px`);
}

/** Arrow keys within the menu. */
export function listenToMessageMenu() {
  const menu = byId("message-menu");
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...menu.querySelectorAll("button")];
    items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
  });
}
