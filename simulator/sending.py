"""What a bot says in a chat: messages, what it is doing, the answer to a button."""

from simulator import entities, markup, replies, topics
from simulator.bots import Bot
from simulator.refusals import JSON, bad_request

LONGEST_TEXT = 4096
LONGEST_NOTICE = 200
_KEPT_FIELDS = ("link_preview_options",)
_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def send_message(bot: Bot, asked: JSON) -> JSON:
    """Bot API: sendMessage."""
    chat = bot.chat(asked["chat_id"])
    content = text_of(asked)
    markup.check(asked.get("reply_markup"))
    thread = topics.asked_for(bot, chat, asked.get("message_thread_id"))
    reply, answered_id = replies.asked_for(
        bot, chat, asked.get("reply_parameters"), thread.get("message_thread_id")
    )
    kept = {name: asked[name] for name in _KEPT_FIELDS if name in asked}
    keyboard, force_reply = _markup(asked)
    message = {"from": bot.facts(), **content, **reply, **kept, **keyboard, **thread}
    return chat.add("bot", message, answered_id, force_reply)


def send_chat_action(bot: Bot, asked: JSON) -> bool:
    """Bot API: sendChatAction."""
    chat = bot.chat(asked["chat_id"])
    if asked["action"] not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    thread = topics.asked_for(bot, chat, asked.get("message_thread_id"))
    chat.act(asked["action"], thread.get("message_thread_id"))
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


def text_of(asked: JSON) -> JSON:
    """The text that a bot has written, with its entities.

    Raises:
        Refusal: there is none, it is too long, or its markup can't be parsed.
    """
    text, found = entities.formatted(asked.get("text", ""), asked.get("parse_mode"), asked.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if entities.utf16_length(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return {"text": text, "entities": found} if found else {"text": text}


def _markup(asked: JSON) -> tuple[JSON, JSON | None]:
    """What the Bot API's message says of a keyboard, and what the phone alone is told."""
    given = asked.get("reply_markup") or {}
    keyboard = {"reply_markup": given} if given.get("inline_keyboard") else {}
    return keyboard, given if given.get("force_reply") else None
