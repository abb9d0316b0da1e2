"""What a message holds beside its text, in words that are the same in every language: names, numbers, places."""

from collections.abc import Callable, Mapping
from typing import Any

Details = Mapping[str, Any]

# Kinds of which there is nothing more to say.
_BARE = ("text", "photo", "video", "animation", "live_photo", "rich_message", "unreadable", "unknown")


def told(attachment: Any) -> Details:
    """Give what is kept of a message's content; what isn't kept in our form tells nothing."""
    return attachment if isinstance(attachment, dict) else {}


def particulars(kind: str, attachment: Any) -> str:
    """Say what stands behind the name of a kind: `` 0:12`` of a voice message, ``: name.pdf`` of a document."""
    if tell := _PARTICULARS.get(kind):
        return tell(told(attachment))
    return "" if kind in _BARE else _behind(": ", kind.replace("_", " "))


def coordinates(attachment: Any) -> tuple[float, float] | None:
    """Give where something is, as latitude and longitude."""
    latitude, longitude = (told(attachment).get(name) for name in ("latitude", "longitude"))
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _duration(details: Details) -> str:
    return _behind(" ", _length(details.get("duration")))


def _named(details: Details) -> str:
    return _behind(": ", ", ".join(_plain(details, "fileName", "of", "title", "description", "prize")))


def _track(details: Details) -> str:
    return _behind(": ", " – ".join(_plain(details, "performer", "title")))


def _person(details: Details) -> str:
    name = " ".join(_plain(details, "firstName", "lastName"))
    return _behind(": ", ", ".join(filter(None, [name, *_plain(details, "phoneNumber")])))


def _address(details: Details) -> str:
    return _behind(": ", ", ".join(_plain(details, "title", "address")) or _coordinates(details))


def _poll(details: Details) -> str:
    return _behind(": ", *_plain(details, "question"), " / ".join(map(str, _list(details.get("options")))))


def _checklist(details: Details) -> str:
    return _behind(": ", *_plain(details, "title"), *map(_task, _list(details.get("tasks"))))


def _sign(details: Details) -> str:
    return _behind(" ", *_plain(details, "emoji", "value"))


def _price(details: Details) -> str:
    return _behind(" ⭐ ", *_plain(details, "starCount"))


_PARTICULARS: dict[str, Callable[[Details], str]] = {
    "voice": _duration,
    "video_note": _duration,
    "sticker": _sign,
    "dice": _sign,
    "paid_media": _price,
    "audio": _track,
    "contact": _person,
    "location": _address,
    "venue": _address,
    "poll": _poll,
    "checklist": _checklist,
    "document": _named,
    "story": _named,
    "game": _named,
    "invoice": _named,
    "giveaway": _named,
    "giveaway_winners": _named,
}


def _coordinates(details: Details) -> str:
    where = coordinates(details)
    return ", ".join(f"{round(degrees, 6)}" for degrees in where) if where else ""


def _task(task: Any) -> str:
    return f"{'☑' if told(task).get('isDone') else '☐'} {told(task).get('text', '')}"


def _behind(sign: str, *words: str) -> str:
    """Put words on one line behind a sign, if there are any."""
    line = " ".join(" ".join(words).split())
    return sign + line if line else ""


def _plain(details: Details, *names: str) -> list[str]:
    values = (details.get(name) for name in names)
    return [str(value) for value in values if isinstance(value, str | int | float) and value != ""]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _length(seconds: Any) -> str:
    if not isinstance(seconds, int | float):
        return ""
    minutes, seconds = divmod(max(int(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
