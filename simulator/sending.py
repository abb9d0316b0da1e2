"""What a bot does in a chat: send, edit, delete, react, answer a button."""

import time
from typing import Any

from simulator import entities, markup
from simulator.bots import Bot
from simulator.chats import Chat, Record
from simulator.refusals import JSON, bad_request

LONGEST_TEXT = 4096
LONGEST_NOTICE = 200
SECONDS_TO_DELETE = 48 * 3600
_KEPT_FIELDS = ("reply_markup", "link_preview_options", "message_thread_id")


def send_message(bot: Bot, asked: JSON) -> JSON:
    """Bot API: sendMessage."""
    chat = bot.chat(asked["chat_id"])
    content = _text(asked)
    markup.check(asked.get("reply_markup"))
    thread = _thread(chat, asked.get("message_thread_id"))
    reply = _reply(chat, asked.get("reply_parameters"))
    kept = {name: asked[name] for name in _KEPT_FIELDS if name in asked}
    return chat.add("bot", {"from": bot.facts(), **content, **reply, **kept, **thread})


def edit_message_text(bot: Bot, asked: JSON) -> JSON:
    """Bot API: editMessageText."""
    chat, record = _own_message(bot, asked)
    content = {"entities": None, "reply_markup": None, **_text(asked)}
    markup.check(asked.get("reply_markup"))
    for name in ("reply_markup", "link_preview_options"):
        if name in asked:
            content[name] = asked[name]
    return _edit(chat, record, content)


def edit_message_reply_markup(bot: Bot, asked: JSON) -> JSON:
    """Bot API: editMessageReplyMarkup."""
    chat, record = _own_message(bot, asked)
    markup.check(asked.get("reply_markup"))
    return _edit(chat, record, {"reply_markup": _keyboard(asked)})


def delete_message(bot: Bot, asked: JSON) -> bool:
    """Bot API: deleteMessage."""
    chat = bot.chat(asked["chat_id"])
    record = chat.records.get(asked["message_id"])
    if record is None:
        raise bad_request("message to delete not found")
    if time.time() - record.when > SECONDS_TO_DELETE:
        raise bad_request("message can't be deleted for everyone")
    chat.remove(asked["message_id"])
    return True


def set_message_reaction(bot: Bot, asked: JSON) -> bool:
    """Bot API: setMessageReaction; a bot has one reaction per message."""
    chat = bot.chat(asked["chat_id"])
    if asked["message_id"] not in chat.records:
        raise bad_request("message to react not found")
    reactions = asked.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chat.react(asked["message_id"], "bot", reactions[0].get("emoji") if reactions else None)
    return True


def send_chat_action(bot: Bot, asked: JSON) -> bool:
    """Bot API: sendChatAction."""
    chat = bot.chat(asked["chat_id"])
    _thread(chat, asked.get("message_thread_id"))
    chat.act(asked["action"])
    return True


def answer_callback_query(bot: Bot, asked: JSON) -> bool:
    """Bot API: answerCallbackQuery."""
    text = asked.get("text", "")
    if entities.utf16_length(text) > LONGEST_NOTICE:
        raise bad_request("MESSAGE_TOO_LONG")
    chat = bot.answered(asked["callback_query_id"])
    if text or "url" in asked:
        chat.notify(text, asked.get("show_alert", False), asked.get("url"))
    return True


def _text(asked: JSON) -> JSON:
    text, found = entities.formatted(asked.get("text", ""), asked.get("parse_mode"), asked.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if entities.utf16_length(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return {"text": text, "entities": found} if found else {"text": text}


def _thread(chat: Chat, thread_id: int | None) -> JSON:
    if thread_id is None:
        return {}
    if thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return {"message_thread_id": thread_id, "is_topic_message": True}


def _reply(chat: Chat, asked: JSON | None) -> JSON:
    if asked is None:
        return {}
    record = chat.records.get(asked["message_id"])
    if record is None:
        if asked.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": quoted(record.message), **_quote(record.message, asked.get("quote"))}


def quoted(message: JSON) -> JSON:
    """A message as it hangs under its reply: without what it replied to itself."""
    return {name: value for name, value in message.items() if name not in {"reply_to_message", "quote"}}


def _quote(message: JSON, quote: str | None) -> JSON:
    if not quote:
        return {}
    words = str(message.get("text", message.get("caption", "")))
    if quote not in words:
        raise bad_request("QUOTE_TEXT_INVALID")
    position = entities.utf16_length(words[: words.index(quote)])
    return {"quote": {"text": quote, "position": position, "is_manual": True}}


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


def _keyboard(asked: JSON) -> JSON | None:
    keyboard = asked.get("reply_markup")
    return keyboard if keyboard and keyboard.get("inline_keyboard") else None


def _edit(chat: Chat, record: Record, content: dict[str, Any]) -> JSON:
    if all(record.message.get(name) == value for name, value in content.items()):
        raise bad_request(
            "message is not modified: specified new message content and reply markup "
            "are exactly the same as a current content and reply markup of the message"
        )
    return chat.change(record.message["message_id"], {**content, "edit_date": int(time.time())})
