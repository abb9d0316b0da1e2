"""Updates read although our library and Telegram's server are not of one age.

Our library insists on every field that it knows as required: a server that is older, or newer, may leave some out.
What is left out is nothing to us; what even so can't be read is set aside as it came, and the rest of it is read.
"""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import telegram
from telegram import Bot, TelegramObject, Update

SET_ASIDE = "set_aside"  # where a message keeps, as it came, what could not be read of it

# Without these, nothing can be told of a thing; they are never made up.
_IDENTITY = ("update_id", "message_id", "id", "date", "chat")

# Whoever said it, and where: without them it is nobody's.
_INDISPENSABLE = ("from", "chat")

# Names that mean something to our library's constructors, and nothing to Telegram.
_RESERVED = ("self", "api_kwargs")


def update_of(raw: dict[str, Any], bot: Bot) -> Update:
    """Read an update as well as can be.

    Raises:
        Exception: what it is about, who said it, where or when can't be read.
    """
    try:
        return Update.de_json(raw, bot)
    except Exception:  # whatever the library makes of it, there is a second reading
        return Update.de_json(_mended(raw, Update, bot), bot)


def _mended(data: dict[str, Any], kind: Any, bot: Bot) -> dict[str, Any]:
    """Make what is missing empty, and set aside what can't be read."""
    fields = _fields(kind)
    read = {name: value for name, value in data.items() if name not in _RESERVED}
    aside = {name: read.pop(name) for name in fields.times if name in data and not _is_time(data[name])}
    for name, part in fields.parts.items():
        if name in data and name != "chat":
            value = _readable(data[name], part.kind, part.depth, bot)
            if value is not None:
                read[name] = value
            elif name not in _INDISPENSABLE and kind is not Update:
                aside[name] = read.pop(name)
    return {**dict.fromkeys(fields.required), **read, **({SET_ASIDE: aside} if aside else {})}


@dataclass(frozen=True)
class _Part:
    """A field that is a thing itself, or a list of them, or a list of lists: so deep."""

    kind: type[Any]
    depth: int = 0


def _readable(value: Any, kind: type[Any], depth: int, bot: Bot) -> Any:
    """Give what our library can read of a part; None: nothing."""
    if depth and isinstance(value, list):
        parts = [part for each in value if (part := _readable(each, kind, depth - 1, bot)) is not None]
        return parts if parts or not value else None
    if depth or not isinstance(value, dict):
        return None
    mended = _mended(value, kind, bot)
    try:
        kind.de_json(mended, bot)
    except Exception:  # see above
        return None
    return mended


def _is_time(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**33


@dataclass(frozen=True)
class _Fields:
    """Which fields of a thing are things themselves, which it must have, and which say when; of all its sorts."""

    parts: dict[str, _Part] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)


@cache
def _fields(kind: type[Any]) -> _Fields:
    fields = _Fields()
    for sort in _sorts(kind):
        hints = get_type_hints(sort.__init__, localns=vars(telegram))
        for parameter in list(inspect.signature(sort.__init__).parameters.values())[1:]:
            name = "from" if parameter.name == "from_user" else parameter.name
            hint = hints.get(parameter.name)
            if part := _part_in(hint):
                fields.parts[name] = part
            if name not in (*_IDENTITY, *_INDISPENSABLE):
                fields.required.extend([name] if parameter.default is parameter.empty else [])
                fields.times.extend([name] if datetime in (hint, *get_args(hint)) else [])
    return fields


def _sorts(kind: type[Any]) -> list[type[Any]]:
    return [kind, *(sort for heir in kind.__subclasses__() for sort in _sorts(heir))]


def _part_in(hint: Any, depth: int = 0) -> _Part | None:
    """Find the class of Telegram's things that a type names: ``Sequence[PhotoSize] | None`` names one."""
    if inspect.isclass(hint) and issubclass(hint, TelegramObject):
        return _Part(hint, depth)
    depth += get_origin(hint) is Sequence
    return next((found for part in get_args(hint) if (found := _part_in(part, depth))), None)
