"""What a message holds beside its text: its kind, its files, what else is in it, and what it quotes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from models import Attachment, AttachmentState, HeldMessage, Message, MessageKind
from services.media import details
from services.media.details import Details

# Kinds that are a file.
FILES = frozenset(
    {
        MessageKind.ANIMATION,
        MessageKind.AUDIO,
        MessageKind.DOCUMENT,
        MessageKind.LIVE_PHOTO,
        MessageKind.PHOTO,
        MessageKind.STICKER,
        MessageKind.VIDEO,
        MessageKind.VIDEO_NOTE,
        MessageKind.VOICE,
    }
)


@dataclass(frozen=True)
class File:
    """What is told of a file, by the names that its row in ``Attachments`` has for it."""

    telegram_file_id: str | None = None
    telegram_file_unique_id: str | None = None
    file_name: str | None = None
    mime_type: str | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    title: str | None = None
    performer: str | None = None
    emoji: str | None = None

    @property
    def state(self) -> AttachmentState:
        """Where its content is, as long as nobody has fetched it."""
        return AttachmentState.TELEGRAM if self.telegram_file_id else AttachmentState.MISSING

    @property
    def facts(self) -> dict[str, Any]:
        """All that is told, by the names of the columns."""
        return asdict(self)


@dataclass(frozen=True)
class Content:
    """What a message is, beside its text."""

    kind: MessageKind = MessageKind.TEXT
    details: Details | None = None
    files: tuple[File, ...] = ()


PLAIN = Content()


@dataclass(frozen=True)
class Quote:
    """What a message quotes: a part of what it answers, or something from elsewhere, and then whose it is."""

    source: str = ""
    text: str = ""
    content: Content = PLAIN


def content_of(message: Message | HeldMessage) -> Content:
    """Read what a message holds; its files must have been loaded, if its kind has any: see attachments.load."""
    kind = message.kind
    rows = sorted(message.attachments, key=lambda row: row.position) if kind in FILES else []
    return Content(kind, details_of(message), tuple(map(file_of, rows)))


def details_of(message: Message | HeldMessage) -> Details | None:
    """Read what is in a message beside its text and its files."""
    return details.of_stored(message.kind, message.details)


def file_of(row: Attachment) -> File:
    """Read what is told of a file."""
    return File(**{field.name: getattr(row, field.name) for field in fields(File)})


def quote_of(message: Message | HeldMessage) -> Quote | None:
    """Read what a message quotes."""
    return quote_of_stored(message.quote)


def stored_details(content: Content) -> dict[str, Any] | None:
    """Write what is in a message beside its files, as JSON."""
    return None if content.details is None else details.stored(content.details)


def stored_quote(quote: Quote | None) -> dict[str, Any] | None:
    """Write what a message quotes, as JSON."""
    if quote is None:
        return None
    json = {"source": quote.source, "text": quote.text, "kind": quote.content.kind.value}
    files = [details.stored(file) for file in quote.content.files]
    return {**json, "details": stored_details(quote.content), "files": files}


def quote_of_stored(json: Any) -> Quote | None:
    """Read what ``stored_quote`` has written."""
    if not isinstance(json, Mapping):
        return None
    kind = kind_named(json.get("kind", MessageKind.TEXT))
    listed = json.get("files")
    files = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, Sequence) else []
    content = Content(
        kind,
        details.of_stored(kind, json.get("details")),
        tuple(details.made_of_stored(File, file) for file in files),
    )
    source, text = (value if isinstance(value := json.get(name), str) else "" for name in ("source", "text"))
    return Quote(source, text, content)


def kind_named(name: object) -> MessageKind:
    """Name a kind; what we don't know is unknown."""
    return next((kind for kind in MessageKind if kind == name), MessageKind.UNKNOWN)
