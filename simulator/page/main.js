// The shop on one side, the phone on the other.

import { shop } from "./api.js";
import { drawControls } from "./controls.js";
import { byId } from "./dom.js";
import { drawPersona, whoAmI } from "./persona.js";
import { Phone } from "./phone.js";
import { drawShop } from "./shop.js";

const PATIENCE = 1000;

const contents = await patiently(shop);
const phone = new Phone(contents.bot, { onNews: countUnread, onLost: connect });
drawShop(contents, (parameter) => {
  slidePhone(true);
  phone.start(parameter);
});
drawControls();
drawPersona(await connect(), (name) => phone.rename(name));

byId("open-phone").addEventListener("click", () => slidePhone(true));
byId("back").addEventListener("click", () => slidePhone(false));

async function connect() {
  const person = await patiently(whoAmI);
  phone.connect(person);
  return person;
}

/** Ask until there is an answer: the server may just be starting. */
async function patiently(ask) {
  for (;;) {
    try {
      return await ask();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    }
  }
}

// On a narrow screen the phone lies over the shop; on a wide one both are always there.
function slidePhone(isOpen) {
  document.body.classList.toggle("phone-open", isOpen);
  if (isOpen) showUnread(0);
  if (isOpen) phone.messages.scrollToEnd();
}

function countUnread(count) {
  const isHidden = !document.body.classList.contains("phone-open");
  if (isHidden) showUnread(Number(byId("unread").textContent) + count);
}

function showUnread(count) {
  const badge = byId("unread");
  badge.textContent = count || "";
  badge.hidden = count === 0;
  byId("open-phone").classList.toggle("has-news", count > 0);
}
