"""What a consumer wrote or sent, and where."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from telegram import Chat, MaybeInaccessibleMessage, Message, TelegramObject

from bot.reading import contents
from bot.reading.mending import SET_ASIDE
from bot.reading.values import as_dict, clean, is_id
from services.incoming.placement import AsOf, Incoming
from services.media.contents import PLAIN, Content, Quote

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


# What is read of a message, apart from what is newer than our library: all of it would take five times as long.
_READ = (
    *contents.KINDS,
    "text",
    "entities",
    "caption",
    "caption_entities",
    "forward_origin",
    "reply_to_message",
    "external_reply",
    "reply_to_story",
    "quote",
    "media_group_id",
    "chat",
)


def incoming_of(message: Message, as_of: AsOf) -> Incoming:
    """Read what a consumer wrote or sent, whatever its kind, and whether or not our library knows it."""
    said = _said(message)
    content, words = _content(message, said)
    return Incoming(
        telegram_message_id=message.message_id,
        as_of=as_of,
        sent_at=message.date.astimezone(UTC),
        text=contents.text_of(said) or words,
        formatting=contents.formatting_of(said),
        content=content,
        forwarded_from=contents.source_of(said),
        quote=_quote(said),
        reply_to_telegram_message_id=replied_to(said),
        telegram_topic_id=topic_of(message),
        album_id=clean(str(album_id)) if (album_id := said.get("media_group_id")) else None,
        edited_at=_moment(message.edit_date),
    )


def topic_of(message: MaybeInaccessibleMessage | None) -> int | None:
    """Tell in which of the conversation's topics a message was written, if it has any."""
    return topic_in(message.to_dict()) if isinstance(message, Message) and message.message_thread_id else None


def topic_in(said: dict[str, Any]) -> int | None:
    """Tell in which topic something was written, without trusting its form: in private each thread is one."""
    topic, is_private = said.get("message_thread_id"), as_dict(said.get("chat")).get("type") == Chat.PRIVATE
    is_topic = said.get("is_topic_message") or is_private
    return topic if is_topic and is_id(topic) and topic != GENERAL_TOPIC else None


def topic_name_in(message: Message) -> str | None:
    """Tell the name that a topic was created with, where a message replies to nothing but that."""
    replied = message.reply_to_message
    created = replied.forum_topic_created if replied else None
    return created.name if created and isinstance(created.name, str) else None


def replied_to(said: dict[str, Any]) -> int | None:
    """Tell which message of the same conversation a message replies to, without trusting its form."""
    replied = said.get("reply_to_message")
    if not isinstance(replied, dict) or not _is_here(replied, said):
        return None
    if replied.get("forum_topic_created") is not None:  # what is written in a topic, and replies to nothing else
        return None
    telegram_message_id = replied.get("message_id")
    return telegram_message_id if is_id(telegram_message_id) else None


def _said(message: Message) -> dict[str, Any]:
    """Give what is read of a message, as it came: what our library could not read of it, too."""
    parts = ((name, getattr(message, name)) for name in _READ)
    said = {name: _json(part) for name, part in parts if part is not None and part != ()}
    return {**said, **message.api_kwargs, **as_dict(message.api_kwargs.get(SET_ASIDE))}


def _json(part: Any) -> Any:
    if isinstance(part, TelegramObject):
        return part.to_dict()
    return [_json(each) for each in part] if isinstance(part, list | tuple) else part


def _content(message: Message, said: dict[str, Any]) -> tuple[Content, str]:
    """Read what a message holds, and, of what we don't know, the words in it."""
    if isinstance(text := said.get("text"), str) and text:
        return PLAIN, ""
    for kind in contents.KINDS:
        if said.get(kind) is not None:
            return contents.content_of(kind, said[kind]), ""
    # Newer than our library: the field is there, its meaning isn't.
    newer = {**message.api_kwargs, **as_dict(message.api_kwargs.get(SET_ASIDE))}
    parts = (name for name, part in newer.items() if name not in _ABOUT and isinstance(part, dict | list))
    name = next(parts, "")
    return contents.newer_content(name, newer.get(name)), clean(contents.words_within(newer.get(name)))


def _quote(said: dict[str, Any]) -> Quote | None:
    """Read what a message quotes: a part of what it replies to, or something from elsewhere."""
    quote = _quoted_from_elsewhere(said)
    part = said.get("quote")
    if isinstance(part, dict) and (text := contents.text_of(part)):
        return replace(quote or Quote(), text=text)
    return quote


def _quoted_from_elsewhere(said: dict[str, Any]) -> Quote | None:
    elsewhere = said.get("external_reply")
    if isinstance(elsewhere, dict):
        return _quoted(elsewhere, contents.name_of_origin(elsewhere.get("origin")))
    if isinstance(story := said.get("reply_to_story"), dict):
        return _quoted({"story": story}, "")
    if isinstance(replied := said.get("reply_to_message"), dict) and not _is_here(replied, said):
        return _quoted(replied, contents.name_of(replied.get("from") or replied.get("chat")))
    return None


def _quoted(thing: dict[str, Any], source: str) -> Quote:
    """Read something that stands elsewhere."""
    kind = next((kind for kind in contents.KINDS if thing.get(kind) is not None), None)
    content = contents.content_of(kind, thing[kind]) if kind else PLAIN
    return Quote(source, contents.text_of(thing), content)


def _is_here(replied: dict[str, Any], said: dict[str, Any]) -> bool:
    chat, here = replied.get("chat"), said.get("chat")
    return not isinstance(chat, dict) or (isinstance(here, dict) and chat.get("id") == here.get("id"))


def _moment(date: datetime | None) -> datetime | None:
    return date.astimezone(UTC) if date else None
