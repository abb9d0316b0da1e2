"""What the methods of the Bot API accept, and the check of a call against it.

``bot_api.json`` is an extract of Telegram's documentation (https://core.telegram.org/bots/api, Bot API 10.1
of June 11, 2026): every method with its fields, and the types that can be reached from those fields.
``"chat_id": "Integer|String!"`` reads: an integer or a string, and required.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from simulator.refusals import JSON

FACTS = json.loads(Path(__file__).with_name("bot_api.json").read_text("utf-8"))
METHOD_NAMES: dict[str, str] = {name.lower(): name for name in FACTS["methods"]}

# Bot API: InputFile can only be uploaded; the HTTP side leaves this mark where a file was.
UPLOAD = {"upload": True}


class Field(NamedTuple):
    """One field of a method or of a type."""

    types: tuple[str, ...]
    is_required: bool


class Problem(NamedTuple):
    """What is wrong, and where."""

    path: str
    words: str

    def __str__(self) -> str:
        return f"{self.path} {self.words}"


def method_called(name: str) -> str | None:
    """The proper name of a method; Telegram doesn't mind upper and lower case."""
    return METHOD_NAMES.get(name.lower())


def read(method: str, parameters: JSON) -> tuple[JSON, list[Problem]]:
    """The parameters as Python values, and everything that is wrong with them."""
    fields = _fields(FACTS["methods"][method])
    values = {
        name: _from_wire(value, fields[name].types) if name in fields else value
        for name, value in parameters.items()
        if value is not None
    }
    return values, _problems_with_fields(values, fields, "")


def _fields(facts: dict[str, str]) -> dict[str, Field]:
    return {name: _field(text) for name, text in facts.items()}


@cache
def _field(text: str) -> Field:
    return Field(tuple(text.rstrip("!").split("|")), text.endswith("!"))


def _from_wire(value: Any, types: tuple[str, ...]) -> Any:
    """Form fields and query strings carry text only: find the value that is meant."""
    if not isinstance(value, str):
        return value
    for name in types:
        if name == "String":
            return value
        try:
            return _PARSERS.get(name, json.loads)(value)
        except ValueError:
            continue
    return value


def _boolean(text: str) -> bool:
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if text.lower() not in known:
        raise ValueError(text)
    return known[text.lower()]


def _integer(text: str) -> int:
    if not re.fullmatch(r"-?\d+", text):
        raise ValueError(text)
    return int(text)


_PARSERS: dict[str, Callable[[str], Any]] = {"Integer": _integer, "Float": float, "Boolean": _boolean}


def _problems_with_fields(values: JSON, fields: dict[str, Field], path: str) -> list[Problem]:
    problems = [Problem(path + name, "is missing") for name in _missing(values, fields)]
    for name, value in values.items():
        if name not in fields:
            problems.append(Problem(path + name, "is not a field"))
        else:
            problems += _problems_with(value, fields[name].types, path + name)
    return problems


def _missing(values: JSON, fields: dict[str, Field]) -> list[str]:
    return [name for name, field in fields.items() if field.is_required and name not in values]


def problems_with(value: Any, type_name: str, path: str) -> list[Problem]:
    """Everything that is wrong with a value of one of the Bot API's types."""
    return _problems_with_type(value, type_name, path)


def _problems_with(value: Any, types: tuple[str, ...], path: str) -> list[Problem]:
    attempts = [_problems_with_type(value, name, path) for name in types]
    # Of several types the one that went furthest before it failed is the one that was meant.
    return min(attempts, key=lambda problems: (len(problems) > 0, -_depth(problems), len(problems)))


def _depth(problems: list[Problem]) -> int:
    return max((len(re.findall(r"[.\[]", problem.path)) for problem in problems), default=0)


def _problems_with_type(value: Any, name: str, path: str) -> list[Problem]:
    if name.startswith("Array of "):
        return _problems_with_array(value, name.removeprefix("Array of "), path)
    if name in _SCALARS:
        return [] if _SCALARS[name](value) else [Problem(path, f"is not of type {name}")]
    facts = FACTS["types"].get(name, {})
    if isinstance(facts, list):
        return _problems_with(value, tuple(facts), path)
    if not isinstance(value, dict):
        return [Problem(path, f"is not of type {name}")]
    return _problems_with_fields(value, _fields(facts), path + ".")


def _problems_with_array(value: Any, name: str, path: str) -> list[Problem]:
    if not isinstance(value, list):
        return [Problem(path, f"is not an array of {name}")]
    return [
        problem
        for index, item in enumerate(value)
        for problem in _problems_with_type(item, name, f"{path}[{index}]")
    ]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_SCALARS: dict[str, Callable[[Any], bool]] = {
    "String": lambda value: isinstance(value, str),
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": _is_number,
    "Boolean": lambda value: isinstance(value, bool),
    "InputFile": lambda value: value == UPLOAD,
}
