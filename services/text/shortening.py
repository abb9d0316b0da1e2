"""Making a text fit where there is little room, without halving a character."""

import re

import regex

_LETTER = regex.compile(r"\X")  # what a reader takes for one

# What turns the direction of everything behind it: a name with one of these would turn our words round.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def utf16_length(text: str) -> int:
    """Measure a text as Telegram does, in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, limit: int) -> str:
    """Put a text on one line of at most so many UTF-16 code units, without its end if need be."""
    line = _on_one_line(text)
    return line if utf16_length(line) <= limit else _beginning(line, limit - 1) + "…"


def beginning(text: str, limit: int) -> str:
    """Put a text on one line, and give what of it fits into so many UTF-16 code units, cut between letters."""
    line, fitting = _on_one_line(text), ""
    for letter in _LETTER.findall(line):
        if utf16_length(fitting + letter) > limit:
            break
        fitting += letter
    return (fitting or _beginning(line, limit)).rstrip()


def shortened_inside(text: str, limit: int) -> str:
    """Put a text on one line of at most so many UTF-16 code units, with its beginning and its end."""
    line = _on_one_line(text)
    if utf16_length(line) <= limit:
        return line
    end = _end(line, (limit - 1) // 2)
    return f"{_beginning(line, limit - 1 - utf16_length(end))}…{end}"


def _on_one_line(text: str) -> str:
    return " ".join(_TURNS.sub("", text).split())


def _beginning(line: str, limit: int) -> str:
    return _units(line)[: 2 * limit].decode("utf-16-le", "ignore").rstrip()


def _end(line: str, limit: int) -> str:
    units = _units(line)
    return units[len(units) - 2 * limit :].decode("utf-16-le", "ignore").lstrip()


def _units(line: str) -> bytes:
    return line.encode("utf-16-le", "surrogatepass")
