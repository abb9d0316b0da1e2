"""What a bot changes of what is there: texts, captions, buttons; and what it takes away."""

import time
from typing import Any

from simulator import entities, markup
from simulator.bots import Bot
from simulator.chats import Chat, Record
from simulator.refusals import JSON, bad_request
from simulator.sending import text_of

LONGEST_CAPTION = 1024
SECONDS_TO_DELETE = 48 * 3600
MOST_TO_DELETE = 100


def edit_message_text(bot: Bot, asked: JSON) -> JSON:
    """Bot API: editMessageText."""
    chat, record = _own_message(bot, asked)
    content: dict[str, Any] = {"entities": None, **text_of(asked), **_keyboard(asked)}
    if "text" not in record.message:
        raise bad_request("there is no text in the message to edit")
    if "link_preview_options" in asked:
        content["link_preview_options"] = asked["link_preview_options"]
    return _edit(chat, record, content)


def edit_message_caption(bot: Bot, asked: JSON) -> JSON:
    """Bot API: editMessageCaption."""
    chat, record = _own_message(bot, asked)
    if "text" in record.message:
        raise bad_request("there is no caption in the message to edit")
    given = asked.get("caption_entities")
    caption, found = entities.formatted(asked.get("caption", ""), asked.get("parse_mode"), given)
    if entities.utf16_length(caption) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    content = {"caption": caption or None, "caption_entities": found or None}
    return _edit(chat, record, content | _keyboard(asked))


def edit_message_reply_markup(bot: Bot, asked: JSON) -> JSON:
    """Bot API: editMessageReplyMarkup."""
    chat, record = _own_message(bot, asked)
    return _edit(chat, record, _keyboard(asked))


def delete_message(bot: Bot, asked: JSON) -> bool:
    """Bot API: deleteMessage."""
    chat = bot.chat(asked["chat_id"])
    record = chat.records.get(asked["message_id"])
    if record is None:
        raise bad_request("message to delete not found")
    if not _can_be_deleted(record):
        raise bad_request("message can't be deleted for everyone")
    chat.remove(asked["message_id"])
    return True


def delete_messages(bot: Bot, asked: JSON) -> bool:
    """Bot API: deleteMessages; those that aren't there are passed over."""
    chat = bot.chat(asked["chat_id"])
    if not 1 <= len(asked["message_ids"]) <= MOST_TO_DELETE:
        raise bad_request("message identifiers are not specified")
    found = [chat.records[message_id] for message_id in set(asked["message_ids"]) if message_id in chat.records]
    for record in filter(_can_be_deleted, found):
        chat.remove(record.message["message_id"])
    return True


def _can_be_deleted(record: Record) -> bool:
    is_young = time.time() - record.when <= SECONDS_TO_DELETE
    return is_young and "forum_topic_created" not in record.message


def _own_message(bot: Bot, asked: JSON) -> tuple[Chat, Record]:
    if "chat_id" not in asked or "message_id" not in asked:
        raise bad_request("message identifier is not specified")
    chat = bot.chat(asked["chat_id"])
    record = chat.records.get(asked["message_id"])
    if record is None:
        raise bad_request("message to edit not found")
    if record.who != "bot":
        raise bad_request("message can't be edited")
    return chat, record


def _keyboard(asked: JSON) -> JSON:
    """The buttons after an edit: those that are given, or else none."""
    keyboard = asked.get("reply_markup")
    markup.check(keyboard)
    return {"reply_markup": keyboard if keyboard and keyboard.get("inline_keyboard") else None}


def _edit(chat: Chat, record: Record, content: dict[str, Any]) -> JSON:
    if all(record.message.get(name) == value for name, value in content.items()):
        raise bad_request(
            "message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
    return chat.change(record.message["message_id"], {**content, "edit_date": int(time.time())})
