// Where one writes: text, replies, corrections, attachments, commands.

import { summaryOf } from "./attachments.js";
import { byId, icon } from "./dom.js";
import { attachFormatMenu } from "./format_menu.js";
import { attachMenu } from "./menu.js";
import { wordsIn, writeWords } from "./rich_field.js";
import { richText } from "./rich_text.js";

const LONGEST = 4096;
const ATTACHMENTS = [
  ["photo", "Photo"],
  ["voice", "Voice message"],
  ["sticker", "Sticker"],
  ["location", "Location"],
];

export class Composer {
  /** `deeds` are `say(message)`, `edit(messageId, words)`, `attach(kind)` and `refuse(words)`. */
  constructor(deeds) {
    this.deeds = deeds;
    this.form = byId("composer");
    this.field = byId("message");
    this.#answer({});
    this.commandList = [];
    this.#listen();
  }

  /** The commands that the bot's menu button offers. */
  offer(commands) {
    this.commandList = commands;
    byId("commands-home").hidden = commands.length === 0;
  }

  /** Whether a message is being answered or changed. */
  get isAnswering() {
    return this.replyTo !== null || this.editing !== null;
  }

  /** What to write is said in the empty field. */
  hint(words) {
    this.field.dataset.placeholder = words;
  }

  /** Answer a message, or the part of it that is quoted. */
  reply(message, quote = null) {
    this.#answer({ replyTo: message.message_id, quote });
    const whom = message.who === "person" ? "yourself" : message.from.first_name;
    this.#showContext(quote ? "quote" : "reply", quote ? "Quote" : `Reply to ${whom}`, quote?.text ?? summaryOf(message));
  }

  edit(message) {
    const text = message.text ?? message.caption;
    this.#answer({ editing: message.message_id });
    this.#write(text, richText(text, message.entities ?? message.caption_entities));
    this.#showContext("edit", "Edit message", text);
  }

  focus() {
    if (this.form.hidden) return;
    this.field.focus({ preventScroll: true });
    getSelection().selectAllChildren(this.field);
    getSelection().collapseToEnd();
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.field.addEventListener("input", () => this.#fit());
    this.field.addEventListener("keydown", (event) => this.#press(event));
    this.field.addEventListener("paste", (event) => this.#paste(event));
    byId("context-cancel").addEventListener("click", () => this.#cancel());
    attachMenu(byId("attach"), () => this.#attachments());
    attachMenu(byId("commands"), () => this.#commands());
    attachFormatMenu(this.field, () => this.#fit());
  }

  #press(event) {
    if (event.key === "Escape") this.#cancel();
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (event.shiftKey) document.execCommand("insertLineBreak");
    else this.#send();
  }

  #paste(event) {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  }

  async #send() {
    const words = wordsIn(this.field);
    if (!words.text) return;
    if (words.text.length > LONGEST) return this.deeds.refuse(`That is too long: at most ${LONGEST} characters.`);
    const { replyTo, quote, editing } = this;
    this.#clear();
    const message = { ...words, reply_to: replyTo, quote };
    const isDone = editing === null ? await this.deeds.say(message) : await this.deeds.edit(editing, words);
    if (!isDone && !wordsIn(this.field).text) this.#write(words.text, richText(words.text, words.entities));
  }

  #answer({ replyTo = null, quote = null, editing = null }) {
    this.replyTo = replyTo;
    this.quote = quote;
    this.editing = editing;
  }

  #showContext(iconName, title, text) {
    byId("context-icon").setAttribute("href", `#icon-${iconName}`);
    byId("context-title").textContent = title;
    byId("context-text").textContent = text;
    byId("context").hidden = false;
    this.focus();
  }

  #cancel() {
    if (this.editing !== null) this.#write("");
    this.#answer({});
    byId("context").hidden = true;
    this.focus();
  }

  #clear() {
    this.#answer({});
    byId("context").hidden = true;
    this.#write("");
  }

  #write(text, nodes) {
    writeWords(this.field, text, nodes);
    this.#fit();
  }

  #fit() {
    const isEmpty = wordsIn(this.field).text === "";
    // A browser leaves a line break behind in which no hint would show.
    if (isEmpty && this.field.textContent === "") this.field.replaceChildren();
    byId("send").disabled = isEmpty;
  }

  #attachments() {
    return ATTACHMENTS.map(([kind, label]) => ({ label, icon: icon(kind), act: () => this.deeds.attach(kind) }));
  }

  #commands() {
    return this.commandList.map(({ command, description }) => ({
      label: `/${command.replace(/^\//, "")}`,
      hint: description,
      act: () => this.deeds.say({ text: `/${command.replace(/^\//, "")}` }),
    }));
  }
}
