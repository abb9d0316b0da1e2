"""What is in a message that is neither text nor a file: a class per kind, and how it is stored as JSON."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from models import MessageKind

Facts = Mapping[str, Any]
T = TypeVar("T")

MAX_INT = 2**63 - 1


@dataclass(frozen=True)
class Contact:
    """Somebody's telephone number."""

    phone_number: str = ""
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True)
class Location:
    """A place on the map."""

    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Venue:
    """A place with a name."""

    title: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Poll:
    """A question, and the answers to choose from."""

    question: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """Something to be done, or done."""

    text: str = ""
    is_done: bool = False


@dataclass(frozen=True)
class Checklist:
    """A list of things to do."""

    title: str = ""
    tasks: tuple[Task, ...] = ()


@dataclass(frozen=True)
class Dice:
    """A die, a dart, a ball: an emoji with a value left to chance."""

    emoji: str = ""
    value: int | None = None


@dataclass(frozen=True)
class Story:
    """Somebody's story."""

    owner: str = ""
    username: str = ""
    story_id: int | None = None


@dataclass(frozen=True)
class Game:
    """A game."""

    title: str = ""
    description: str = ""


@dataclass(frozen=True)
class Invoice:
    """A demand for money."""

    title: str = ""
    description: str = ""


@dataclass(frozen=True)
class Giveaway:
    """A giveaway, or who has won in one."""

    prize: str = ""
    winner_count: int | None = None


@dataclass(frozen=True)
class PaidMedia:
    """Pictures or videos that are shown to who pays for them."""

    star_count: int | None = None


@dataclass(frozen=True)
class Raw:
    """Content as Telegram gave it, of a kind of which we read words alone, or in a form that we can't read."""

    content: Any = None


@dataclass(frozen=True)
class Newer:
    """Content of a kind that is newer than we are, by the name that Telegram gives it; none: we saw nothing."""

    name: str = ""
    content: Any = None


Details = (
    Contact
    | Location
    | Venue
    | Poll
    | Checklist
    | Dice
    | Story
    | Game
    | Invoice
    | Giveaway
    | PaidMedia
    | Raw
    | Newer
)

CLASSES: dict[MessageKind, type[Details]] = {
    MessageKind.CHECKLIST: Checklist,
    MessageKind.CONTACT: Contact,
    MessageKind.DICE: Dice,
    MessageKind.GAME: Game,
    MessageKind.GIVEAWAY: Giveaway,
    MessageKind.GIVEAWAY_WINNERS: Giveaway,
    MessageKind.INVOICE: Invoice,
    MessageKind.LOCATION: Location,
    MessageKind.PAID_MEDIA: PaidMedia,
    MessageKind.POLL: Poll,
    MessageKind.STORY: Story,
    MessageKind.VENUE: Venue,
    MessageKind.UNKNOWN: Newer,
}


def stored(details: Any) -> dict[str, Any]:
    """Write details as JSON, in camelCase; what says nothing is left out."""
    found = {field.name: getattr(details, field.name) for field in fields(details)}
    return {_camel(name): _stored(value) for name, value in found.items() if value not in (None, "", ())}


def of_stored(kind: MessageKind, json: Any) -> Details | None:
    """Read the details that a message of a kind has, if it has any."""
    if not isinstance(json, Mapping):
        return None
    cls: Any = CLASSES.get(kind, Raw)
    found: Details = made_of_stored(Raw if "content" in json and cls is not Newer else cls, json)
    return found


def made_of_stored(cls: type[T], json: Facts) -> T:
    """Read one of our dataclasses from the JSON that ``stored`` has written."""
    some: Any = cls
    return made(cls, {field.name: json.get(_camel(field.name)) for field in _fields(some)})


def made(cls: type[T], facts: Facts) -> T:
    """Make one of our dataclasses of facts that have its fields' names; what is of another type is left out."""
    some: Any = cls
    found = {field.name: field.read(facts.get(field.name)) for field in _fields(some)}
    return cls(**{name: value for name, value in found.items() if value is not None})


@dataclass(frozen=True)
class _Field:
    """A field of a dataclass, and how it is read."""

    name: str
    read: Callable[[Any], Any]


@cache
def _fields(cls: Any) -> list[_Field]:
    hints = get_type_hints(cls)
    return [_Field(field.name, _reader(hints[field.name])) for field in fields(cls)]


def _reader(hint: Any) -> Callable[[Any], Any]:
    if hint in _READERS:
        return _READERS[hint]
    part = get_args(hint)[0]  # a tuple of any length
    if is_dataclass(part):
        cls: Any = part
        return lambda value: tuple(
            made_of_stored(cls, each if isinstance(each, Mapping) else {}) for each in _list(value)
        )
    return lambda value: tuple(each for each in _list(value) if isinstance(each, part))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _int(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MAX_INT:
        return None
    return min(int(value), MAX_INT)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


_READERS: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    str | None: _text,
    int | None: _int,
    float | None: _number,
    bool: lambda value: value is True,
    Any: lambda value: value,
}


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _stored(value: Any) -> Any:
    if isinstance(value, tuple):
        return [stored(part) if is_dataclass(part) else part for part in value]
    return value


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
