"""Telegram's objects made ours, at the door: inside there are only our own types."""

import re
from datetime import UTC, datetime
from typing import Any

from telegram import Message, Poll, TelegramObject, User, Venue

from services.people import Profile
from services.routing import Incoming, Moment

LANGUAGE = re.compile(r"[A-Za-z0-9_-]{1,35}")

# Kinds of content, the more telling first: an animation also comes as a document.
_KINDS = (
    "animation",
    "audio",
    "document",
    "photo",
    "sticker",
    "story",
    "video",
    "video_note",
    "voice",
    "checklist",
    "contact",
    "dice",
    "game",
    "poll",
    "venue",
    "location",
    "invoice",
    "paid_media",
    "giveaway",
)

# What is kept of each, under the name that our JSON gives it.
_DETAILS = {
    "file_id": "fileId",
    "file_unique_id": "fileUniqueId",
    "file_name": "fileName",
    "mime_type": "mimeType",
    "file_size": "fileSize",
    "width": "width",
    "height": "height",
    "emoji": "emoji",
    "performer": "performer",
    "latitude": "latitude",
    "longitude": "longitude",
    "phone_number": "phoneNumber",
    "first_name": "firstName",
    "last_name": "lastName",
    "title": "title",
    "address": "address",
    "question": "question",
    "value": "value",
}


def profile_of(user: User) -> Profile:
    """Read who somebody is; a name may be empty, a last name missing."""
    name = " ".join(part for part in (user.first_name, user.last_name) if part)
    username = clean(user.username) if user.username else None
    return Profile(user.id, clean(name).strip(), username, language_of(user.language_code))


def language_of(code: object) -> str | None:
    """Read the language of somebody's Telegram, an IETF tag; what can't be one is none."""
    return code if isinstance(code, str) and LANGUAGE.fullmatch(code) else None


def mended(raw: Any) -> Any:
    """Give accounts without a first name an empty one: Telegram leaves it out for odd ones, our library insists."""
    if isinstance(raw, list):
        return [mended(part) for part in raw]
    if not isinstance(raw, dict):
        return raw
    parts = {name: mended(part) for name, part in raw.items()}
    return {"first_name": "", **parts} if "is_bot" in parts else parts


def incoming_of(message: Message, moment: Moment) -> Incoming:
    """Read what a consumer wrote or sent, whatever its kind."""
    kind, content = _content(message)
    return Incoming(
        telegram_message_id=message.message_id,
        moment=moment,
        sent_at=message.date.astimezone(UTC),
        text=clean(message.text or message.caption or ""),
        kind=kind,
        attachment=_in_album(_attachment(content), message.media_group_id),
        reply_to_telegram_message_id=message.reply_to_message.message_id if message.reply_to_message else None,
        telegram_topic_id=topic_of(message),
        media_group_id=clean(message.media_group_id) if message.media_group_id else None,
        edited_at=_moment(message.edit_date),
    )


def topic_of(message: Message) -> int | None:
    """Tell in which of the conversation's topics a message was written, if it has any."""
    return message.message_thread_id if message.is_topic_message else None


def clean(text: str) -> str:
    """Leave out what PostgreSQL's texts can't hold, and nobody can read: NUL and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _clean_within(content: Any) -> Any:
    if isinstance(content, dict):
        return {clean(str(name)): _clean_within(part) for name, part in content.items()}
    if isinstance(content, list | tuple):
        return [_clean_within(part) for part in content]
    return clean(content) if isinstance(content, str) else content


def _content(message: Message) -> tuple[str, Any]:
    if message.text is not None:
        return "text", None
    for kind in _KINDS:
        if content := getattr(message, kind, None):
            return kind, content
    # Newer than our library: the field is there, its meaning isn't.
    unknown = next(
        (name for name, value in message.api_kwargs.items() if isinstance(value, dict | list)), "unknown"
    )
    return clean(unknown)[:32], message.api_kwargs.get(unknown)


def _attachment(content: Any) -> dict[str, Any] | None:
    if content is None:
        return None
    if isinstance(content, tuple):  # a photo in several sizes, the largest last
        content = content[-1]
    if not isinstance(content, TelegramObject):
        return {"content": _clean_within(content)}
    place = content.location if isinstance(content, Venue) else None
    kept = {ours: getattr(content, theirs, getattr(place, theirs, None)) for theirs, ours in _DETAILS.items()}
    kept["duration"] = _seconds(content)
    if isinstance(content, Poll):
        kept["options"] = [option.text for option in content.options]
    return {name: _clean_within(value) for name, value in kept.items() if value is not None}


def _in_album(attachment: dict[str, Any] | None, media_group_id: str | None) -> dict[str, Any] | None:
    return {**(attachment or {}), "mediaGroupId": clean(media_group_id)} if media_group_id else attachment


def _seconds(content: TelegramObject) -> int | None:
    duration = content.to_dict().get("duration")
    return int(duration) if isinstance(duration, int | float) else None


def _moment(date: datetime | None) -> datetime | None:
    return date.astimezone(UTC) if date else None
