"""What a message holds beside its text, summed up: the facts are here, the words for them in each door."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models import HeldMessage, Message, MessageKind
from services.media.contents import Content, File, content_of
from services.media.details import (
    Checklist,
    Contact,
    Dice,
    Game,
    Giveaway,
    Invoice,
    Location,
    Newer,
    PaidMedia,
    Poll,
    Story,
    Venue,
)


@dataclass(frozen=True)
class Summary:
    """What is to be said of a message, beside its text."""

    kind: MessageKind
    particulars: str = ""  # behind the name of the kind: `` 0:12`` of a voice message, ``: name.pdf`` of a document
    forwarded_from: str | None = None  # whom; nobody that is told: empty

    def said(self, forwarded_from: Callable[[str], str], kind: Callable[[MessageKind], str]) -> str:
        """Say it in somebody's words: ``[photo]``, ``[voice message 0:12]``, ``[forwarded from Zoe] [photo]``."""
        labels = [] if self.forwarded_from is None else [forwarded_from(self.forwarded_from)]
        if self.kind is not MessageKind.TEXT:
            labels.append(kind(self.kind) + self.particulars)
        return " ".join(f"[{label}]" for label in labels)


def summary_of(message: Message | HeldMessage) -> Summary:
    """Sum up what a message holds; its files must have been loaded."""
    return summary(content_of(message), message.forwarded_from)


def summary(content: Content, forwarded_from: str | None = None) -> Summary:
    """Sum up content, and from whom it was forwarded."""
    return Summary(content.kind, _particulars(content), forwarded_from)


def coordinates(place: Location | Venue) -> tuple[float, float] | None:
    """Give where something is, as latitude and longitude, if that is on earth."""
    latitude, longitude = place.latitude, place.longitude
    if latitude is None or longitude is None:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _particulars(content: Content) -> str:
    if content.files:
        tell = _OF_FILES.get(content.kind)
        return tell(content.files[0]) if tell else ""
    found = _OF_DETAILS.get(type(content.details))
    return found(content.details) if found else ""


def _duration(file: File) -> str:
    return _behind(" ", _length(file.duration))


def _track(file: File) -> str:
    return _behind(": ", " – ".join(filter(None, (file.performer, file.title))))


_OF_FILES: dict[MessageKind, Callable[[File], str]] = {
    MessageKind.VOICE: _duration,
    MessageKind.VIDEO_NOTE: _duration,
    MessageKind.STICKER: lambda file: _behind(" ", file.emoji or ""),
    MessageKind.AUDIO: _track,
    MessageKind.DOCUMENT: lambda file: _behind(": ", file.file_name or ""),
}


def _name(newer: Newer) -> str:
    return _behind(": ", newer.name.replace("_", " "))


def _person(contact: Contact) -> str:
    name = " ".join(filter(None, (contact.first_name, contact.last_name)))
    return _behind(": ", _listed(name, contact.phone_number))


def _address(venue: Venue) -> str:
    return _behind(": ", _listed(venue.title, venue.address) or _degrees(venue))


def _choice(poll: Poll) -> str:
    return _behind(": ", poll.question, " / ".join(poll.options))


def _tasks(checklist: Checklist) -> str:
    return _behind(
        ": ", checklist.title, *(f"{'☑' if task.is_done else '☐'} {task.text}" for task in checklist.tasks)
    )


def _throw(dice: Dice) -> str:
    return _behind(" ", dice.emoji, "" if dice.value is None else str(dice.value))


def _price(media: PaidMedia) -> str:
    return _behind(" ⭐ ", "" if media.star_count is None else str(media.star_count))


def _offer(thing: Game | Invoice) -> str:
    return _behind(": ", _listed(thing.title, thing.description))


_OF_DETAILS: dict[type[Any], Callable[[Any], str]] = {
    Newer: _name,
    Contact: _person,
    Location: lambda place: _behind(": ", _degrees(place)),
    Venue: _address,
    Poll: _choice,
    Checklist: _tasks,
    Dice: _throw,
    PaidMedia: _price,
    Story: lambda story: _behind(": ", story.owner),
    Giveaway: lambda giveaway: _behind(": ", giveaway.prize),
    Game: _offer,
    Invoice: _offer,
}


def _degrees(place: Location | Venue) -> str:
    where = coordinates(place)
    return _listed(*(f"{round(degrees, 6)}" for degrees in where)) if where else ""


def _listed(*words: str) -> str:
    return ", ".join(filter(None, words))


def _behind(sign: str, *words: str) -> str:
    """Put words on one line behind a sign, if there are any."""
    line = " ".join(" ".join(words).split())
    return sign + line if line else ""


def _length(seconds: int | None) -> str:
    if seconds is None:
        return ""
    minutes, seconds = divmod(max(seconds, 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
