"""Topics in private chats, for a bot that has them switched on (Bot API: createForumTopic)."""

from simulator.bots import Bot
from simulator.chats import Chat, Who
from simulator.refusals import JSON, bad_request
from simulator.replies import quoted

COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
LONGEST_NAME = 128


def create_forum_topic(bot: Bot, asked: JSON) -> JSON:
    """Bot API: createForumTopic."""
    chat = bot.chat(asked["chat_id"])
    if not bot.has_topics_enabled:
        raise bad_request("BOT_FORUM_CREATE_FORBIDDEN")
    name = _name(asked["name"])
    topic = {"name": name, "icon_color": asked.get("icon_color", COLOURS[len(chat.topics) % len(COLOURS)])}
    created = begin(chat, "bot", bot.facts(), topic)
    return chat.topics[created["message_thread_id"]]


def begin(chat: Chat, who: Who, whose: JSON, topic: JSON) -> JSON:
    """Begin a topic with the message that says so, by the bot or by the person."""
    thread_id = chat.next_message_id
    chat.topics[thread_id] = {"message_thread_id": thread_id, **topic}
    return chat.add(who, {"from": whose, **_in(thread_id), "forum_topic_created": topic})


def edit_forum_topic(bot: Bot, asked: JSON) -> bool:
    """Bot API: editForumTopic; without a name it keeps its own."""
    chat, topic = _topic(bot, asked)
    name = _name(asked["name"]) if asked.get("name") else topic["name"]
    if name == topic["name"]:
        raise bad_request("TOPIC_NOT_MODIFIED")
    rename(chat, "bot", bot.facts(), topic["message_thread_id"], name)
    return True


def rename(chat: Chat, who: Who, whose: JSON, thread_id: int, name: str) -> JSON:
    """Give a topic another name, with the message that says so."""
    chat.topics[thread_id] = {**chat.topics[thread_id], "name": name}
    return chat.add(who, {"from": whose, **_in(thread_id), "forum_topic_edited": {"name": name}})


def delete_forum_topic(bot: Bot, asked: JSON) -> bool:
    """Bot API: deleteForumTopic; its messages go with it."""
    chat, topic = _topic(bot, asked)
    end(chat, topic["message_thread_id"])
    return True


def end(chat: Chat, thread_id: int) -> None:
    """Take a topic away with everything in it."""
    del chat.topics[thread_id]
    for message_id, record in list(chat.records.items()):
        if record.message.get("message_thread_id") == thread_id:
            chat.remove(message_id)


def asked_for(bot: Bot, chat: Chat, thread_id: int | None) -> JSON:
    """The fields of a bot's message that tell its topic.

    Raises:
        Refusal: there is no such topic, or the bot has topics switched off.
    """
    if thread_id is None:
        return {}
    if not bot.has_topics_enabled or thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return _in(thread_id)


def written_in(bot: Bot, chat: Chat, thread_id: int | None) -> JSON:
    """The fields of a person's message that tell its topic; phones show none while the bot has them switched off.

    Raises:
        ValueError: there is no such topic.
    """
    if not thread_id or not bot.has_topics_enabled:
        return {}
    if thread_id not in chat.topics:
        raise ValueError("the topic is gone")
    began = chat.records.get(thread_id)
    # As in groups: what answers nothing else answers the message that began the topic.
    return _in(thread_id) | ({"reply_to_message": quoted(began.message)} if began else {})


def _in(thread_id: int) -> JSON:
    return {"message_thread_id": thread_id, "is_topic_message": True}


def _topic(bot: Bot, asked: JSON) -> tuple[Chat, JSON]:
    chat = bot.chat(asked["chat_id"])
    if not bot.has_topics_enabled:
        raise bad_request("the chat is not a forum")
    topic = chat.topics.get(asked["message_thread_id"])
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return chat, topic


def _name(given: str) -> str:
    name = given.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_INVALID")
    return name
