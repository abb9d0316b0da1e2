"""Topics in private chats, for a bot that has them switched on (Bot API: createForumTopic)."""

from simulator.bots import Bot
from simulator.chats import Chat, Who
from simulator.refusals import JSON, bad_request

COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)


def create_forum_topic(bot: Bot, asked: JSON) -> JSON:
    """Bot API: createForumTopic."""
    chat = bot.chat(asked["chat_id"])
    if not bot.has_topics_enabled:
        raise bad_request("BOT_FORUM_CREATE_FORBIDDEN")
    topic = {"name": _name(asked), "icon_color": asked.get("icon_color", COLOURS[0])}
    created = begin(chat, "bot", bot.facts(), topic)
    return chat.topics[created["message_thread_id"]]


def begin(chat: Chat, who: Who, whose: JSON, topic: JSON) -> JSON:
    """Begin a topic with the message that says so, by the bot or by the person."""
    thread_id = chat.next_message_id
    created = {"message_thread_id": thread_id, "is_topic_message": True, "forum_topic_created": topic}
    chat.topics[thread_id] = {"message_thread_id": thread_id, **topic}
    return chat.add(who, {"from": whose, **created})


def edit_forum_topic(bot: Bot, asked: JSON) -> bool:
    """Bot API: editForumTopic."""
    _, topic = _topic(bot, asked)
    topic["name"] = _name(asked)
    return True


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


def written_in(chat: Chat, thread_id: int | None) -> JSON:
    """The fields of a person's message that tell its topic."""
    return {} if thread_id is None else {"message_thread_id": thread_id, "is_topic_message": True}


def _topic(bot: Bot, asked: JSON) -> tuple[Chat, JSON]:
    chat = bot.chat(asked["chat_id"])
    topic = chat.topics.get(asked["message_thread_id"])
    if topic is None:
        raise bad_request("message thread not found")
    return chat, topic


def _name(asked: JSON) -> str:
    name = str(asked.get("name", "")).strip()
    if not 1 <= len(name) <= 128:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_INVALID")
    return name
