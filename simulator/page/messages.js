// The list of messages: kept in order, redrawn one by one, and read from the bottom.

import { drawMessage } from "./bubble.js";
import { byId, make } from "./dom.js";
import { drawService, isService } from "./topics.js";

const NEAR_THE_END = 80;
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export class Messages {
  /** `actions` are what can be done with a message; `topics` knows which of them are to be seen. */
  constructor(actions, topics) {
    this.topics = topics;
    this.log = byId("log");
    this.toNewest = byId("to-newest");
    this.actions = { ...actions, jump: (messageId) => this.jump(messageId) };
    this.messages = new Map();
    this.busy = new Set();
    this.isFollowing = true;
    this.toNewest.addEventListener("click", () => this.scrollToEnd("smooth"));
    this.log.addEventListener("scroll", () => this.#showWay());
    // The last message stays in view when the keyboard or a longer draft takes room.
    new ResizeObserver(() => this.isFollowing && this.scrollToEnd()).observe(this.log);
  }

  get isEmpty() {
    return this.log.querySelector(".message:not([hidden])") === null;
  }

  /** The newest message of all. */
  get newest() {
    return this.messages.get(Math.max(...this.messages.keys()));
  }

  /** Show the messages of the topic that is open, or all. */
  show() {
    [...this.messages.values()].forEach((message) => this.#draw(message));
    this.#drawDays();
    this.scrollToEnd();
  }

  /** Take what the server says has changed; answers the messages of the bot that are new. */
  apply({ is_whole: isWhole, messages, deleted, busy }) {
    if (isWhole) this.#forget();
    const wasFollowing = this.isFollowing;
    const fresh = messages.filter((message) => !this.messages.has(message.message_id));
    const changed = this.#withChangedKeys(messages, busy);
    deleted.forEach((messageId) => this.#remove(messageId));
    changed.forEach((message) => this.#draw(message));
    this.#drawDays();
    const isMine = fresh.some((message) => message.who === "person");
    if (!isWhole) fresh.forEach((message) => this.#find(message.message_id).classList.add("fresh"));
    if (wasFollowing || isMine) this.scrollToEnd();
    this.#showWay();
    return isWhole ? [] : fresh.filter((message) => message.who === "bot" && !isService(message));
  }

  /** Bring a message into view and let it glow. */
  jump(messageId) {
    const message = this.messages.get(messageId);
    if (message && !this.#isSeen(message)) this.topics.select(message.message_thread_id ?? null);
    const element = this.#find(messageId);
    element?.scrollIntoView({ block: "center", behavior: "smooth" });
    element?.classList.remove("glow");
    requestAnimationFrame(() => element?.classList.add("glow"));
  }

  scrollToEnd(behavior = "instant") {
    this.log.scrollTo({ top: this.log.scrollHeight, behavior });
  }

  // Messages whose buttons began or ceased to wait have to be drawn again, too.
  #withChangedKeys(messages, busy) {
    const before = this.busy;
    this.busy = new Set(busy.map((tap) => keyName(tap.message_id, tap.data)));
    const touched = [...before.symmetricDifference(this.busy)].map((name) => Number(name.split(" ", 1)[0]));
    const known = new Map(messages.map((message) => [message.message_id, message]));
    for (const messageId of touched) {
      if (!known.has(messageId) && this.messages.has(messageId)) known.set(messageId, this.messages.get(messageId));
    }
    return [...known.values()];
  }

  #draw(message) {
    this.messages.set(message.message_id, message);
    const isBusy = ({ message_id: messageId }, data) => this.busy.has(keyName(messageId, data));
    const element = isService(message) ? drawService(message) : drawMessage(message, this.actions, isBusy);
    element.hidden = !this.#isSeen(message);
    const known = this.#find(message.message_id);
    if (known) known.replaceWith(element);
    else this.log.insertBefore(element, this.#firstAfter(message.message_id));
  }

  #firstAfter(messageId) {
    // Nearly always the newest message is the last: look from the end.
    let next = null;
    for (let element = this.log.lastElementChild; element; element = element.previousElementSibling) {
      if (!element.dataset.id) continue;
      if (Number(element.dataset.id) < messageId) break;
      next = element;
    }
    return next;
  }

  #drawDays() {
    this.log.querySelectorAll(".day").forEach((element) => element.remove());
    let last = "";
    for (const element of [...this.log.children].filter((child) => !child.hidden)) {
      const words = nameOfDay(new Date(this.messages.get(Number(element.dataset.id)).when * 1000));
      if (words !== last) element.before(make("p", { class: "day" }, make("span", {}, words)));
      last = words;
    }
  }

  #isSeen(message) {
    if (this.topics.open === null) return !isService(message);
    return message.message_thread_id === this.topics.open;
  }

  #remove(messageId) {
    this.messages.delete(messageId);
    this.#find(messageId)?.remove();
  }

  #forget() {
    this.messages.clear();
    this.busy.clear();
    this.log.replaceChildren();
  }

  #find(messageId) {
    return this.log.querySelector(`[data-id="${messageId}"]`);
  }

  #isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_THE_END;
  }

  #showWay() {
    this.isFollowing = this.#isAtEnd();
    this.toNewest.hidden = this.isFollowing;
  }
}

const keyName = (messageId, data) => `${messageId} ${data}`;

function nameOfDay(date) {
  return date.toDateString() === new Date().toDateString() ? "Today" : day.format(date);
}
