// The phone: one person's chat with the bot, live.

import { phoneOf, Refused } from "./api.js";
import { Composer } from "./composer.js";
import { Messages } from "./messages.js";
import { byId, make, paintAvatar } from "./dom.js";
import { attachMenu } from "./menu.js";
import { showPersona } from "./persona.js";
import { startParameter } from "./shop.js";

const TOAST_TIME = 3500;
const TYPING_TIME = 5000;

export class Phone {
  constructor(bot, { onNews, onLost }) {
    this.bot = bot;
    this.onNews = onNews;
    this.onLost = onLost;
    this.state = { is_started: false, is_blocked: false };
    this.composer = new Composer({
      say: (text, replyTo) => this.#do((api) => api.say(text, replyTo)),
      edit: (messageId, text) => this.#do((api) => api.edit(messageId, text)),
      attach: (kind) => this.#do((api) => api.attach(kind)),
    });
    this.messages = new Messages(this.#actions());
    this.#drawHead();
    byId("start").addEventListener("click", () => this.start(null));
    byId("unblock").addEventListener("click", () => this.#do((api) => api.block(false)));
  }

  /** Belong to somebody, and follow what happens to them. */
  connect(person) {
    this.stream?.close();
    this.api = phoneOf(person.id);
    this.stream = this.api.events();
    this.stream.onmessage = (event) => this.#apply(JSON.parse(event.data));
    this.stream.onerror = () => this.#lose();
  }

  /** Open the bot and press START. */
  async start(parameter) {
    this.isEager = await this.#do((api) => api.start(parameter));
    this.#drawFoot(this.state);
  }

  rename(name) {
    return this.#do((api) => api.rename(name));
  }

  #actions() {
    return {
      reply: (message) => this.composer.reply(message),
      edit: (message) => this.composer.edit(message),
      tap: (message, data) => this.#do((api) => api.tap(message.message_id, data)),
      say: (text) => this.#do((api) => api.say(text, null)),
      open: (url) => this.#openLink(url),
    };
  }

  #openLink(url) {
    const parameter = startParameter(url, this.bot.username);
    if (parameter !== null) this.start(parameter);
    return parameter !== null;
  }

  async #do(deed) {
    try {
      await deed(this.api);
      return true;
    } catch (error) {
      this.#toast(error instanceof Refused ? error.message : "No connection. Try again in a moment.");
      return false;
    }
  }

  #apply(changes) {
    this.state = changes;
    this.#drawFoot(changes);
    const newCount = this.messages.apply(changes);
    this.composer.offer(changes.commands);
    changes.notices.forEach((notice) => this.#notice(notice));
    showPersona(changes.person);
    this.#drawStatus(changes.action);
    this.#drawWelcome(changes);
    if (newCount) this.onNews(newCount);
  }

  #lose() {
    byId("bot-status").textContent = "connecting…";
    // The browser tries again by itself, unless the server has said that it doesn't know this person.
    if (this.stream.readyState === EventSource.CLOSED) this.onLost();
  }

  #drawHead() {
    byId("bot-name").textContent = this.bot.name;
    paintAvatar(byId("bot-avatar"), this.bot.name);
    attachMenu(byId("more"), () => [
      this.state.is_blocked
        ? { label: "Unblock bot", act: () => this.#do((api) => api.block(false)) }
        : { label: "Block bot", act: () => this.#do((api) => api.block(true)) },
    ]);
  }

  #drawStatus(action) {
    clearTimeout(this.typingTimer);
    const status = byId("bot-status");
    status.textContent = this.state.is_blocked ? "blocked" : action ? "typing…" : "bot";
    status.classList.toggle("typing", Boolean(action));
    if (action) this.typingTimer = setTimeout(() => this.#drawStatus(null), TYPING_TIME);
  }

  #drawFoot({ is_started: isStarted, is_blocked: isBlocked }) {
    byId("unblock-bar").hidden = !isBlocked;
    byId("start-bar").hidden = isBlocked || isStarted;
    byId("composer").hidden = isBlocked || !isStarted;
    if (this.isEager && isStarted && !isBlocked) this.#begin();
  }

  // Whoever has just pressed START wants to write; on a touch screen a keyboard would hide the answer.
  #begin() {
    this.isEager = false;
    if (matchMedia("(pointer: fine)").matches) this.composer.focus();
  }

  #drawWelcome({ is_started: isStarted, description }) {
    const welcome = byId("welcome");
    welcome.hidden = !this.messages.isEmpty;
    const words = description || "Pick something in the shop and ask about it, or press START to say hello.";
    const title = isStarted ? "No messages yet" : description ? "What can this bot do?" : "Nothing here yet";
    welcome.replaceChildren(make("h3", {}, title), make("p", { dir: "auto" }, words));
  }

  #notice({ text, is_alert: isAlert, url }) {
    if (url) window.open(url, "_blank", "noopener");
    if (!text) return;
    if (!isAlert) return this.#toast(text);
    byId("alert-text").textContent = text;
    byId("alert").showModal();
  }

  #toast(text) {
    const toast = byId("toast");
    toast.textContent = text;
    toast.classList.add("shown");
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => toast.classList.remove("shown"), TOAST_TIME);
  }
}
