// The topics of the chat as a row of tabs, with marks for what is unread in them.

import { byId, icon, make } from "./dom.js";

export class Topics {
  /** `onChange()` is called when another tab is open. */
  constructor(onChange) {
    this.row = byId("topics");
    this.list = byId("topic-tabs");
    this.onChange = onChange;
    this.topics = [];
    this.unread = new Map();
    this.open = null;
    this.typing = new Set();
    this.list.addEventListener("keydown", (event) => this.#move(event));
  }

  /** The topic that is open, if one is. */
  get current() {
    return this.topics.find((topic) => topic.message_thread_id === this.open) ?? null;
  }

  /** All their names, to see that one has changed. */
  get names() {
    return JSON.stringify(this.topics.map((topic) => [topic.message_thread_id, topic.name]));
  }

  nameOf(topicId) {
    return this.topics.find((topic) => topic.message_thread_id === topicId)?.name ?? null;
  }

  /** Take what the server says there is; without topics everything is in one place. */
  apply({ has_topics: hasTopics, topics, actions }) {
    this.topics = hasTopics ? topics : [];
    this.typing = new Set(actions.map((each) => each.topic));
    this.row.hidden = !hasTopics;
    if (this.open !== null && !this.current) this.select(null);
    else this.#draw();
  }

  /** Mark what has come into topics that aren't open. */
  count(messages) {
    for (const { message_thread_id: topicId } of messages) {
      if (topicId && topicId !== this.open) this.unread.set(topicId, (this.unread.get(topicId) ?? 0) + 1);
    }
    this.#draw();
  }

  forget() {
    this.unread.clear();
  }

  select(topicId) {
    this.open = topicId;
    this.unread.delete(topicId);
    this.#draw();
    this.list.querySelector("[aria-selected='true']")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.onChange();
  }

  #draw() {
    const hadFocus = this.list.contains(document.activeElement);
    const all = { message_thread_id: null, name: "All" };
    this.list.replaceChildren(...[all, ...this.topics].map((topic) => this.#tab(topic)));
    if (hadFocus) this.list.querySelector("[aria-selected='true']").focus();
  }

  #tab({ message_thread_id: topicId, name, icon_color: colour }) {
    const isOpen = topicId === this.open;
    const count = this.unread.get(topicId) ?? 0;
    return make(
      "button",
      {
        type: "button",
        role: "tab",
        class: "topic-tab",
        title: name,
        "aria-selected": isOpen ? "true" : "false",
        "aria-controls": "log",
        tabindex: isOpen ? 0 : -1,
        onclick: () => this.select(topicId),
      },
      topicId !== null && this.#mark(colour, count),
      make("span", { class: "topic-name", dir: "auto" }, name),
      topicId !== null && this.typing.has(topicId) && make("span", { class: "topic-typing", "aria-label": "typing" }, "…"),
    );
  }

  #mark(colour, count) {
    const unread = count > 0 && make("b", { class: "topic-unread", role: "img", "aria-label": `${count} unread` }, String(count));
    const mark = make("span", { class: "topic-mark" }, unread);
    mark.style.setProperty("--colour", `#${colour.toString(16).padStart(6, "0")}`);
    return mark;
  }

  #move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const ids = [null, ...this.topics.map((topic) => topic.message_thread_id)];
    this.select(ids.at((ids.indexOf(this.open) + step) % ids.length));
  }
}

/** The line in which a topic tells that it began, or that it has another name. */
export function drawService(message) {
  const { forum_topic_created: created, forum_topic_edited: edited } = message;
  const author = message.who === "person" ? "You" : message.from.first_name;
  const words = created ? `${author} created “${created.name}”` : `${author} renamed the topic to “${edited.name}”`;
  return make("p", { class: "service", "data-id": message.message_id }, icon("topic"), make("span", { dir: "auto" }, words));
}

/** Whether a message only tells something of its topic. */
export const isService = (message) => "forum_topic_created" in message || "forum_topic_edited" in message;
