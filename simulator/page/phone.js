// The phone: one person's chat with the bot, live.

import { phoneOf, Refused } from "./api.js";
import { Composer } from "./composer.js";
import { Messages } from "./messages.js";
import { byId, icon, make, paintAvatar } from "./dom.js";
import { attachMenu } from "./menu.js";
import { listenToMessageMenu } from "./message_menu.js";
import { showPersona } from "./persona.js";
import { startParameter } from "./shop.js";
import { Topics } from "./topics.js";

const TOAST_TIME = 3500;
const TYPING_TIME = 5000;

export class Phone {
  constructor(bot, { onNews, onLost }) {
    this.bot = bot;
    this.onNews = onNews;
    this.onLost = onLost;
    this.state = { is_started: false, is_blocked: false };
    this.composer = new Composer({
      say: (message) => this.#say(message),
      edit: (messageId, words) => this.#do((api) => api.edit(messageId, words)),
      attach: (kind) => this.#do((api) => api.attach(kind, this.topics.open)),
      refuse: (words) => this.#toast(words),
    });
    this.topics = new Topics(() => this.#turn());
    this.messages = new Messages(this.#actions(), this.topics);
    listenToMessageMenu();
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
    this.isStarting = true;
    this.isEager = await this.#do((api) => api.start(parameter));
    this.#drawFoot(this.state);
  }

  rename(name) {
    return this.#do((api) => api.rename(name));
  }

  #actions() {
    return {
      reply: (message, quote) => this.composer.reply(message, quote),
      edit: (message) => this.composer.edit(message),
      tap: (message, data) => this.#do((api) => api.tap(message.message_id, data)),
      react: (message, emoji) => this.#do((api) => api.react(message.message_id, emoji)),
      remove: (message) => this.#do((api) => api.remove(message.message_id)),
      turnInto: (message, kind) => this.#do((api) => api.turnInto(message.message_id, kind)),
      copy: (text) => this.#copy(text),
      say: (text) => this.#say({ text }),
      open: (url) => this.#openLink(url),
      openTopic: (topicId) => this.topics.select(topicId),
      nameOfTopic: (topicId) => (this.topics.open === null ? this.topics.nameOf(topicId) : null),
    };
  }

  // A reply from where everything is shown goes into the topic of what it answers, as in Telegram.
  #say(message) {
    return this.#do((api) => api.say({ ...message, topic: this.topics.open }));
  }

  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.#toast("Copied");
    } catch {
      this.#toast(`Copy it by hand: ${text}`);
    }
  }

  #turn() {
    this.messages.show();
    this.#drawPlace();
  }

  #drawPlace() {
    if (!this.composer.isAnswering) this.composer.hint("Message");
    this.#drawStatus(this.state.actions ?? []);
    this.#drawWelcome(this.state);
  }

  async #beginTopic() {
    const name = await this.#askForName("New topic", "");
    if (name) await this.#do(async (api) => this.#follow((await api.beginTopic(name)).id));
  }

  async #renameTopic({ message_thread_id: topicId, name }) {
    const wanted = await this.#askForName("Rename topic", name);
    if (wanted) await this.#do((api) => api.renameTopic(topicId, wanted));
  }

  #askForName(title, name) {
    const dialog = byId("name-topic");
    byId("name-topic-title").textContent = title;
    byId("topic-title").value = name;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      const answer = () => resolve(dialog.returnValue === "name" ? byId("topic-title").value.trim() : "");
      dialog.addEventListener("close", answer, { once: true });
    });
  }

  // A topic may be known before the server has told of it.
  #follow(topicId) {
    this.wantedTopic = topicId;
    this.#openWanted();
  }

  #openWanted() {
    if (!this.wantedTopic || !this.topics.nameOf(this.wantedTopic)) return;
    this.topics.select(this.wantedTopic);
    this.wantedTopic = null;
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
    if (changes.is_whole) this.topics.forget();
    const before = this.topics.names;
    this.topics.apply(changes);
    const news = this.messages.apply(changes);
    if (before !== this.topics.names) this.messages.show();
    this.#takeNews(news, changes);
    this.composer.offer(changes.commands);
    changes.notices.forEach((notice) => this.#notice(notice));
    showPersona(changes.person);
    this.#drawPlace();
  }

  #takeNews(news, { is_whole: isWhole }) {
    this.topics.count(news);
    this.#openWanted();
    const answer = this.isStarting && news.find((message) => message.message_thread_id);
    if (answer) this.#follow(answer.message_thread_id);
    if (news.length) this.isStarting = false;
    const asking = isWhole ? this.messages.newest : news.findLast((message) => message.force_reply);
    if (asking?.force_reply) this.#answerForced(asking);
    if (news.length) this.onNews(news.length);
  }

  #answerForced(message) {
    this.composer.reply(message);
    const hint = message.force_reply.input_field_placeholder;
    if (hint) this.composer.hint(hint);
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
      ...this.#topicDeeds(),
      this.state.is_blocked
        ? { label: "Unblock bot", act: () => this.#do((api) => api.block(false)) }
        : { label: "Block bot", act: () => this.#do((api) => api.block(true)) },
    ]);
  }

  #topicDeeds() {
    const { current } = this.topics;
    const begin = { label: "New topic", icon: icon("plus"), act: () => this.#beginTopic() };
    if (!current) return this.state.has_topics ? [begin] : [];
    const remove = () => this.#do((api) => api.deleteTopic(current.message_thread_id));
    return [
      begin,
      { label: "Rename topic", icon: icon("edit"), act: () => this.#renameTopic(current) },
      { label: "Delete topic", icon: icon("bin"), act: remove },
    ];
  }

  #drawStatus(actions) {
    clearTimeout(this.typingTimer);
    const { open } = this.topics;
    const action = actions.find(({ topic }) => open === null || topic === open);
    const where = action && open === null ? this.topics.nameOf(action.topic) : null;
    const status = byId("bot-status");
    const typing = where ? `is typing in ${where}…` : "is typing…";
    status.textContent = this.state.is_blocked ? "blocked" : action ? typing : "bot";
    status.classList.toggle("typing", Boolean(action));
    if (action) this.typingTimer = setTimeout(() => this.#forgetActions(), TYPING_TIME);
  }

  #forgetActions() {
    this.state = { ...this.state, actions: [] };
    this.topics.apply(this.state);
    this.#drawStatus([]);
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
