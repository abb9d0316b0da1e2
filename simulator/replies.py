"""Replies, and the part of a message that they quote (Bot API: ReplyParameters, TextQuote)."""

from collections.abc import Iterator
from typing import Any

from simulator import entities
from simulator.bots import Bot
from simulator.chats import Chat, Record
from simulator.refusals import JSON, bad_request

LONGEST_QUOTE = 1024

# Bot API: ReplyParameters, what has to be the same in a quote as in what it quotes.
_STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler", "custom_emoji", "date_time"}


def asked_for(bot: Bot, chat: Chat, asked: JSON | None, thread_id: int | None) -> tuple[JSON, int | None]:
    """What a bot's message says of the one it replies to, and that one's id.

    Raises:
        Refusal: the message isn't there, or hasn't the words that are quoted.
    """
    record = _answered(bot, chat, asked) if asked else None
    if asked is None or record is None:
        return {}, None
    quote = _quote(record.message, asked) if asked.get("quote") else {}
    return fields(bot, chat, record.message, thread_id) | quote, int(record.message["message_id"])


def fields(bot: Bot, chat: Chat, message: JSON, thread_id: int | None) -> JSON:
    """The message that is replied to: whole within a chat and topic, otherwise only from whom it came."""
    is_near = not bot.has_topics_enabled or message.get("message_thread_id") == thread_id
    if message["chat"]["id"] == chat.id and is_near:
        return {"reply_to_message": quoted(message)}
    # Bot API: ExternalReplyInfo; in private chats it has no id.
    origin = {"type": "user", "date": message["date"], "sender_user": message["from"]}
    return {"external_reply": {"origin": origin}}


def quoted(message: JSON) -> JSON:
    """A message as it hangs under its reply: without what it replied to itself."""
    return {name: value for name, value in message.items() if name not in {"reply_to_message", "quote"}}


def quote_of(message: JSON, part: str, position: int = 0) -> JSON:
    """The part of a message that somebody has marked, with its formatting.

    Raises:
        ValueError: the message doesn't say so.
    """
    text, found = _words(message)
    places = list(_places(text, part))
    if not part or not places:
        raise ValueError("only what a message says can be quoted")
    nearest = min(places, key=lambda place: abs(place - position))
    return _as_quote(part, nearest, _styled(found, nearest, part))


def _answered(bot: Bot, chat: Chat, asked: JSON) -> Record | None:
    place = bot.chat(asked["chat_id"]) if "chat_id" in asked else chat
    record = place.records.get(asked["message_id"])
    if record is None and not asked.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return record


def _quote(message: JSON, asked: JSON) -> JSON:
    part, given = entities.parsed(asked["quote"], asked.get("quote_parse_mode"), asked.get("quote_entities"))
    text, found = _words(message)
    styles = _styled(given, 0, part)
    places = [place for place in _places(text, part) if _alike(_styled(found, place, part), styles)]
    if not places or entities.utf16_length(part) > LONGEST_QUOTE:
        raise bad_request("QUOTE_TEXT_INVALID")
    position = asked.get("quote_position", 0)
    return _as_quote(part, min(places, key=lambda place: abs(place - position)), styles)


def _words(message: JSON) -> tuple[str, list[JSON]]:
    if "text" in message:
        return message["text"], message.get("entities", [])
    return message.get("caption", ""), message.get("caption_entities", [])


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield entities.utf16_length(text[:at])
        at = text.find(part, at + 1)


def _styled(found: list[JSON], offset: int, part: str) -> list[JSON]:
    styles = [entity for entity in found if entity["type"] in _STYLES]
    return entities.clipped(styles, offset, entities.utf16_length(part))


def _alike(some: list[JSON], others: list[JSON]) -> bool:
    def in_order(styles: list[JSON]) -> list[tuple[Any, ...]]:
        return sorted((style["offset"], style["length"], style["type"]) for style in styles)

    return in_order(some) == in_order(others)


def _as_quote(part: str, position: int, styles: list[JSON]) -> JSON:
    quote = {"text": part, "position": position, "is_manual": True}
    return {"quote": quote | ({"entities": styles} if styles else {})}
