// Where one writes: text, replies, corrections, attachments, commands.

import { summaryOf } from "./attachments.js";
import { byId, icon } from "./dom.js";
import { attachMenu } from "./menu.js";

const ATTACHMENTS = [
  ["photo", "Photo"],
  ["voice", "Voice message"],
  ["sticker", "Sticker"],
  ["location", "Location"],
];

export class Composer {
  /** `deeds` are `say(text, replyTo)`, `edit(messageId, text)` and `attach(kind)`. */
  constructor(deeds) {
    this.deeds = deeds;
    this.form = byId("composer");
    this.field = byId("message");
    this.replyTo = null;
    this.editing = null;
    this.commandList = [];
    this.#listen();
  }

  /** The commands that the bot offers. */
  offer(commands) {
    this.commandList = commands;
    byId("commands-home").hidden = commands.length === 0;
  }

  reply(message) {
    this.#setContext({ replyTo: message.message_id }, "reply", "Reply to", summaryOf(message));
  }

  edit(message) {
    const text = message.text ?? message.caption;
    this.#setContext({ editing: message.message_id }, "edit", "Edit message", text);
    this.field.value = text;
    this.#fit();
  }

  focus() {
    if (!this.form.hidden) this.field.focus({ preventScroll: true });
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.field.addEventListener("input", () => this.#fit());
    this.field.addEventListener("keydown", (event) => this.#press(event));
    byId("context-cancel").addEventListener("click", () => this.#cancel());
    attachMenu(byId("attach"), () => this.#attachments());
    attachMenu(byId("commands"), () => this.#commands());
  }

  #press(event) {
    if (event.key === "Escape") this.#cancel();
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  async #send() {
    const text = this.field.value.trim();
    if (!text) return;
    const { replyTo, editing } = this;
    this.#clear();
    const isDone = editing === null ? await this.deeds.say(text, replyTo) : await this.deeds.edit(editing, text);
    if (!isDone && !this.field.value) this.#write(text);
  }

  #setContext({ replyTo = null, editing = null }, iconName, title, text) {
    this.replyTo = replyTo;
    this.editing = editing;
    byId("context-icon").setAttribute("href", `#icon-${iconName}`);
    byId("context-title").textContent = title;
    byId("context-text").textContent = text;
    byId("context").hidden = false;
    this.focus();
  }

  #cancel() {
    if (this.editing !== null) this.#write("");
    this.replyTo = this.editing = null;
    byId("context").hidden = true;
    this.focus();
  }

  #clear() {
    this.replyTo = this.editing = null;
    byId("context").hidden = true;
    this.#write("");
  }

  #write(text) {
    this.field.value = text;
    this.#fit();
  }

  #fit() {
    byId("send").disabled = this.field.value.trim() === "";
    this.field.style.setProperty("height", "auto");
    this.field.style.setProperty("height", `${this.field.scrollHeight}px`);
  }

  #attachments() {
    return ATTACHMENTS.map(([kind, label]) => ({ label, icon: icon(kind), act: () => this.deeds.attach(kind) }));
  }

  #commands() {
    return this.commandList.map(({ command, description }) => ({
      label: `/${command.replace(/^\//, "")}`,
      hint: description,
      act: () => this.deeds.say(`/${command.replace(/^\//, "")}`, null),
    }));
  }
}
