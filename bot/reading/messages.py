"""What a consumer wrote or sent, and where."""

from datetime import UTC, datetime
from typing import Any

from telegram import MaybeInaccessibleMessage, Message

from bot.reading import contents
from bot.reading.mending import SET_ASIDE
from bot.reading.values import as_dict, clean, is_id
from services.incoming.placement import AsOf, Incoming

GENERAL_TOPIC = 1  # of all that is in none: nothing can be said in it by its number

# Fields that say something about a message, and aren't what it says.
_ABOUT = (
    SET_ASIDE,
    "entities",
    "caption_entities",
    "reply_to_message",
    "external_reply",
    "quote",
    "forward_origin",
    "forward_from",
    "forward_from_chat",
    "reply_markup",
    "via_bot",
    "sender_chat",
    "link_preview_options",
)


def incoming_of(message: Message, as_of: AsOf) -> Incoming:
    """Read what a consumer wrote or sent, whatever its kind, and whether or not our library knows it."""
    said = message.to_dict()
    said |= as_dict(said.pop(SET_ASIDE, None))
    kind, content = _content(message, said)
    return Incoming(
        telegram_message_id=message.message_id,
        as_of=as_of,
        sent_at=message.date.astimezone(UTC),
        text=contents.text_of(said)
        or (clean(contents.words_within(content)) if kind not in contents.KINDS else ""),
        kind=kind,
        attachment=_attachment(kind, content, said),
        reply_to_telegram_message_id=replied_to(said),
        telegram_topic_id=topic_of(message),
        media_group_id=clean(str(message.media_group_id)) if message.media_group_id else None,
        edited_at=_moment(message.edit_date),
    )


def topic_of(message: MaybeInaccessibleMessage | None) -> int | None:
    """Tell in which of the conversation's topics a message was written, if it has any."""
    return topic_in(message.to_dict()) if isinstance(message, Message) and message.is_topic_message else None


def topic_in(said: dict[str, Any]) -> int | None:
    """Tell in which topic something was written, without trusting its form."""
    topic = said.get("message_thread_id")
    return topic if said.get("is_topic_message") and is_id(topic) and topic != GENERAL_TOPIC else None


def replied_to(said: dict[str, Any]) -> int | None:
    """Tell which message of the same conversation a message replies to, without trusting its form."""
    replied = said.get("reply_to_message")
    if not isinstance(replied, dict) or not _is_here(replied, said):
        return None
    telegram_message_id = replied.get("message_id")
    return telegram_message_id if is_id(telegram_message_id) else None


def _content(message: Message, said: dict[str, Any]) -> tuple[str, Any]:
    if isinstance(text := said.get("text"), str) and text:
        return "text", None
    for kind in contents.KINDS:
        if said.get(kind) is not None:
            return kind, said[kind]
    # Newer than our library: the field is there, its meaning isn't.
    newer = {**message.api_kwargs, **as_dict(message.api_kwargs.get(SET_ASIDE))}
    unknown = next(
        (name for name, part in newer.items() if name not in _ABOUT and isinstance(part, dict | list)), "unknown"
    )
    return clean(unknown)[:32], newer.get(unknown)


def _attachment(kind: str, content: Any, said: dict[str, Any]) -> dict[str, Any] | None:
    """Keep what a message holds beside its text, and where it comes from."""
    kept = contents.details_of(kind, content) or {}
    if group := said.get("media_group_id"):
        kept["mediaGroupId"] = clean(str(group))
    if (source := contents.source_of(said)) is not None:
        kept["forwardedFrom"] = source
    if quote := _quote(said):
        kept["quote"] = quote
    return kept or None


def _quote(said: dict[str, Any]) -> dict[str, Any]:
    """Read what a message quotes: a part of what it replies to, or something from elsewhere."""
    part, elsewhere = said.get("quote"), said.get("external_reply")
    quote: dict[str, Any] = {}
    if isinstance(elsewhere, dict):
        quote = _quoted(elsewhere, contents.name_of_origin(elsewhere.get("origin")))
    elif isinstance(story := said.get("reply_to_story"), dict):
        quote = _quoted({"story": story}, "")
    elif isinstance(replied := said.get("reply_to_message"), dict) and not _is_here(replied, said):
        quote = _quoted(replied, contents.name_of(replied.get("from") or replied.get("chat")))
    if isinstance(part, dict) and (text := contents.text_of(part)):
        quote["text"] = text
    return quote


def _quoted(thing: dict[str, Any], source: str) -> dict[str, Any]:
    """Read something that stands elsewhere."""
    kind = next((kind for kind in contents.KINDS if thing.get(kind) is not None), "text")
    quoted = {"from": source, "text": contents.text_of(thing), "kind": kind}
    return {**quoted, "attachment": contents.details_of(kind, thing.get(kind))}


def _is_here(replied: dict[str, Any], said: dict[str, Any]) -> bool:
    chat, here = replied.get("chat"), said.get("chat")
    return not isinstance(chat, dict) or (isinstance(here, dict) and chat.get("id") == here.get("id"))


def _moment(date: datetime | None) -> datetime | None:
    return date.astimezone(UTC) if date else None
