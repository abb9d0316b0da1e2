"""An update as it comes in: what is told of it before it is read, and even where it can't be."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from bot.reading.values import as_dict, as_list, is_id

# What we ask Telegram for; it remembers, until asked for something else.
ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "channel_post",
    "callback_query",
    "my_chat_member",
    "message_reaction",
]

JSON = dict[str, Any]


@dataclass(frozen=True)
class Envelope:
    """An update, and what stands outside on it: read once, at the door, without trusting its form."""

    update_id: int
    sender_id: int  # Telegram's id of whoever it comes from, or 0
    identity: str  # what it is about: tells it apart from another with the same number
    content: JSON = field(repr=False)  # the one field that holds something: its message, its tap, …
    raw: JSON = field(repr=False)  # as it came


def envelope_of(raw: Any) -> Envelope | None:
    """Read what stands outside on an update; what has no number by which it is known is none."""
    if not isinstance(raw, dict) or not is_id(raw.get("update_id")) or raw["update_id"] < 0:
        return None
    name = next((name for name, part in raw.items() if isinstance(part, dict)), None)
    content = {} if name is None else raw[name]
    return Envelope(
        update_id=raw["update_id"],
        sender_id=telegram_id_of(content.get("from")) or telegram_id_of(content.get("user")),  # as reactions say it
        identity=_identity(name, content),
        content=content,
        raw=raw,
    )


def kind_of(raw: JSON) -> str | None:
    """Tell which kind an update is of, of those that we ask for."""
    return next((kind for kind in ALLOWED_UPDATES if kind in raw), None)


def telegram_id_of(thing: Any) -> int:
    """Read the Telegram id of a person or a chat, without trusting its form; 0: none."""
    telegram_id = as_dict(thing).get("id")
    return telegram_id if is_id(telegram_id) else 0


def _identity(name: str | None, content: JSON) -> str:
    """Tell an update apart from another with the same number, by what no repetition of it changes."""
    about = [content.get(part) for part in ("id", "message_id", "date", "edit_date")]
    about.append(as_dict(content.get("chat")).get("id"))
    if name == "message_reaction":  # two of them may be of one second
        about += [_kinds_of(content.get(part)) for part in ("old_reaction", "new_reaction")]
    known = [part if isinstance(part, int | str) else None for part in about]
    names = [] if name is None else [name]
    return hashlib.sha256(json.dumps([names, known]).encode()).hexdigest()[:32]


def _kinds_of(reactions: Any) -> str:
    named = [
        as_dict(each).get(part) for each in as_list(reactions) for part in ("type", "emoji", "custom_emoji_id")
    ]
    return json.dumps([part if isinstance(part, str) else None for part in named])
