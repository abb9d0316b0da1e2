"""What a message of Telegram's holds, read from its JSON: kinds and details, formatted texts, sources."""

from dataclasses import replace
from typing import Any

from bot.reading.values import as_dict, as_list, clean, clean_within, is_id, is_plain
from models import MessageKind
from services.media.contents import FILES, Content, File
from services.media.details import CLASSES, Checklist, Details, Newer, Poll, Raw, Story, Task, made
from services.text import spans
from services.text.spans import Spans

JSON = dict[str, Any]

# Kinds of content, the more telling first: an animation also comes as a document.
KINDS = (
    MessageKind.ANIMATION,
    MessageKind.AUDIO,
    MessageKind.DOCUMENT,
    MessageKind.LIVE_PHOTO,
    MessageKind.PHOTO,
    MessageKind.STICKER,
    MessageKind.STORY,
    MessageKind.VIDEO,
    MessageKind.VIDEO_NOTE,
    MessageKind.VOICE,
    MessageKind.CHECKLIST,
    MessageKind.CONTACT,
    MessageKind.DICE,
    MessageKind.GAME,
    MessageKind.POLL,
    MessageKind.VENUE,
    MessageKind.LOCATION,
    MessageKind.INVOICE,
    MessageKind.PAID_MEDIA,
    MessageKind.GIVEAWAY,
    MessageKind.GIVEAWAY_WINNERS,
)

# What our names for a fact are, where they are others than Telegram's.
_RENAMED = {
    "file_id": "telegram_file_id",
    "file_unique_id": "telegram_file_unique_id",
    "file_size": "size",
    "prize_description": "prize",
}
_NAME_LENGTH = 32  # of a kind that is newer than we are

# Where kinds that we don't know keep their words, in the order in which they are read; the last are lists of parts.
_WORDS = ("label", "summary", "text", "expression", "alternative_text", "caption", "credit")
_PARTS = ("blocks", "items", "cells")
_DEPTH = 40  # of parts within parts


def text_of(said: JSON) -> str:
    """Read a text or a caption as it was typed."""
    return clean(_typed(said)[0])


def formatting_of(said: JSON) -> Spans:
    """Read how a text or a caption is formatted; what a text says by itself, such as a hashtag, is left out."""
    text, entities = _typed(said)
    names = ("type", "offset", "length", "url", "language")
    found = (spans.made(*(entity.get(name) for name in names)) for entity in map(as_dict, as_list(entities)))
    formatting = spans.sound((span for span in found if span), text)
    return spans.without(formatting, text, "\x00") if "\x00" in text else formatting


def content_of(kind: MessageKind, content: Any) -> Content:
    """Read content of a kind that we know."""
    if isinstance(content, list):  # a photo in several sizes, the largest last
        content = content[-1] if content else {}
    if not isinstance(content, dict):
        return Content(kind, Raw(clean_within(content)))
    told = {**as_dict(content.get("location")), **content}
    facts = {_RENAMED.get(name, name): clean_within(value) for name, value in told.items() if is_plain(value)}
    if kind not in FILES:
        return Content(kind, _details(kind, facts, content))
    file = made(File, facts)
    return Content(kind, files=() if file == File() else (file,))


def newer_content(name: str, content: Any) -> Content:
    """Keep content of a kind that is newer than we are, or than our library; without a name, we saw nothing."""
    if name == MessageKind.RICH_MESSAGE:
        return Content(MessageKind.RICH_MESSAGE, Raw(clean_within(content)))
    return Content(MessageKind.UNKNOWN, Newer(clean(name)[:_NAME_LENGTH], clean_within(content)))


def words_within(content: Any, depth: int = _DEPTH) -> str:
    """Read what can be read of content that we don't know, such as a rich message."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(words_within(part, depth - 1) for part in content) if depth else ""
    if not isinstance(content, dict) or not depth:
        return ""
    pieces = [words_within(content[name], depth - 1) for name in _WORDS if name in content]
    if isinstance(url := content.get("url"), str):
        pieces.append(_address("".join(pieces), url).removeprefix(" ") if pieces else "")
    pieces = [" ".join(filter(None, pieces))]
    for name in _PARTS:
        pieces += [_row(part, depth - 1) for part in as_list(content.get(name))]
    return "\n".join(filter(None, pieces))


def source_of(said: JSON) -> str | None:
    """Name from whom a message was forwarded: nobody (empty) if it isn't told, None if it wasn't."""
    if (origin := said.get("forward_origin")) is not None:
        return name_of_origin(origin)
    older = {
        "sender_user": said.get("forward_from"),
        "sender_user_name": said.get("forward_sender_name"),
        "chat": said.get("forward_from_chat"),
        "author_signature": said.get("forward_signature"),
    }
    return name_of_origin(older) if any(older.values()) or "forward_date" in said else None


def name_of_origin(origin: Any) -> str:
    """Name where something was said first: somebody, somebody hidden, a group or a channel."""
    told = as_dict(origin)
    names = [
        told.get("sender_user_name"),
        *(name_of(told.get(key)) for key in ("sender_user", "sender_chat", "chat")),
    ]
    name = next((name for name in names if isinstance(name, str) and name), "")
    signature = told.get("author_signature")
    return clean(f"{name} ({signature})" if isinstance(signature, str) and signature else name)


def name_of(somebody: Any) -> str:
    """Name a person, a group or a channel."""
    told = as_dict(somebody)
    names = [
        part for key in ("title", "first_name", "last_name") if isinstance(part := told.get(key), str) and part
    ]
    username = told.get("username")
    return clean(" ".join(names)) or (f"@{clean(username)}" if isinstance(username, str) and username else "")


def _typed(said: JSON) -> tuple[str, Any]:
    """Give a text or a caption as it came, and its entities."""
    name, entities = ("text", "entities") if isinstance(said.get("text"), str) else ("caption", "caption_entities")
    text = said.get(name)
    return text if isinstance(text, str) else "", said.get(entities)


def _address(words: str, url: str) -> str:
    """Say where words lead, unless they say so themselves."""
    url = " ".join(url.split())
    said = {words.strip(), f"http://{words.strip()}", f"https://{words.strip()}"}
    return "" if not url or {url, url.removesuffix("/")} & said else f" ({url})"


def _details(kind: MessageKind, facts: JSON, content: JSON) -> Details:
    match kind:
        case MessageKind.POLL:
            options = map(as_dict, as_list(content.get("options")))
            return replace(made(Poll, facts), options=tuple(clean(str(each.get("text", ""))) for each in options))
        case MessageKind.CHECKLIST:
            tasks = map(as_dict, as_list(content.get("tasks")))
            return replace(made(Checklist, facts), tasks=tuple(map(_task, tasks)))
        case MessageKind.STORY:
            chat, story_id = as_dict(content.get("chat")), content.get("id")
            return Story(
                name_of(chat), clean(str(chat.get("username") or "")), story_id if is_id(story_id) else None
            )
    return made(CLASSES[kind], facts)


def _task(task: JSON) -> Task:
    return Task(clean(str(task.get("text", ""))), bool(task.get("completion_date")))


def _row(part: Any, depth: int) -> str:
    if isinstance(part, list) and depth:
        return " | ".join(filter(None, (words_within(cell, depth - 1) for cell in part)))
    return words_within(part, depth)
