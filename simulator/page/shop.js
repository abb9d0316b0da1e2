// The shop: a card per coupon, and the button that leads to the one who picked it.

import { byId, icon, make, paintAvatar } from "./dom.js";

const FIRST_HUE = 75;
const FIGURES = [/[€$£]\s?\d+/u, /\d+\s?[%٪]/u, /two for one|\d for \d/iu, /free/iu, /\p{Extended_Pictographic}/u];

/** Draw the shop; `contact(parameter)` is called with a card's start parameter. */
export function drawShop({ cards, panels }, contact) {
  const home = byId("cards");
  home.replaceChildren(...(cards.length ? cards.map((card, index) => drawCard(card, index, contact)) : [emptyShop()]));
  home.removeAttribute("aria-busy");
  byId("panels").hidden = !panels.length;
  byId("panel-links").replaceChildren(...panels.map(drawPanelLink));
}

/** The parameter of a deep link, if it leads to this bot. */
export function startParameter(link, username) {
  const url = URL.canParse(link) ? new URL(link) : null;
  const isOurs = url?.hostname === "t.me" && url.pathname.slice(1).toLowerCase() === username.toLowerCase();
  return isOurs ? (url.searchParams.get("start") ?? "") : null;
}

function drawCard(card, index, contact) {
  const titleId = `coupon-${card.coupon_id}`;
  const article = make(
    "article",
    { class: "card", "aria-labelledby": titleId },
    make("div", { class: "card-art", "aria-hidden": "true" }, figureOf(card)),
    make(
      "div",
      { class: "card-body" },
      make("h2", { id: titleId, dir: "auto" }, card.title),
      make("p", { class: "card-description", dir: "auto" }, card.description),
      make("div", { class: "card-by" }, avatarOf(card.influencer_name), bylineOf(card)),
      contactButton(card, contact),
    ),
  );
  // The golden angle: neighbours never look alike.
  article.style.setProperty("--hue", (FIRST_HUE + index * 137.5) % 360);
  return article;
}

// Each time it is followed, the simulator makes a new way in.
function drawPanelLink({ name, path }) {
  const link = make("a", { href: path, target: "_blank", rel: "noopener noreferrer" });
  link.append(avatarOf(name), make("span", { dir: "auto" }, name), icon("link"));
  return make("li", {}, link);
}

function avatarOf(name) {
  const avatar = make("span", { class: "avatar small", "aria-hidden": "true" });
  paintAvatar(avatar, name);
  return avatar;
}

function bylineOf(card) {
  return make(
    "div",
    { class: "card-byline" },
    make("strong", { dir: "auto" }, card.influencer_name),
    make("span", {}, card.valid_until ? `Valid until ${card.valid_until}` : "No end date"),
  );
}

function contactButton(card, contact) {
  const open = () => contact(new URL(card.link).searchParams.get("start") ?? "");
  return make("button", { type: "button", class: "contact", onclick: open }, icon("chat"), "Contact Influencer");
}

// What the offer is about in a word: its figure, its emoji, or else just a ticket.
function figureOf({ title }) {
  const found = FIGURES.map((pattern) => title.match(pattern)).find(Boolean);
  return found ? make("span", { dir: "auto" }, found[0]) : icon("ticket");
}

function emptyShop() {
  return make("p", { class: "shop-empty" }, "The window is empty. Import some coupons, and they will hang here.");
}
