// A small menu that opens from a button: mouse, touch, arrow keys, Escape.

import { make } from "./dom.js";

/** Let a button open the menu beside it; `items()` answers `{ label, hint?, icon?, act }` at the moment of opening. */
export function attachMenu(button, items) {
  const menu = button.nextElementSibling;
  const close = () => {
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  const open = () => {
    menu.replaceChildren(...items().map((item) => drawItem(item, close)));
    menu.hidden = false;
    button.setAttribute("aria-expanded", "true");
    menu.querySelector("button")?.focus();
  };
  button.addEventListener("click", () => (menu.hidden ? open() : close()));
  menu.addEventListener("keydown", (event) => move(event, menu));
  closeOnEscape([button, menu], button, close);
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target) && !button.contains(event.target)) close();
  });
}

function drawItem({ label, hint, icon, act }, close) {
  const choose = () => {
    close();
    act();
  };
  return make(
    "button",
    { type: "button", role: "menuitem", onclick: choose },
    icon,
    make("span", { class: "menu-label" }, label),
    hint && make("span", { class: "menu-hint", dir: "auto" }, hint),
  );
}

function move(event, menu) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...menu.querySelectorAll("button")];
  items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
}

function closeOnEscape(elements, button, close) {
  for (const element of elements) {
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      close();
      button.focus();
    });
  }
}
