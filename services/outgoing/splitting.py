"""Cutting a long text with its formatting into parts that Telegram takes, where a reader would pause."""

import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import regex

from services.text import spans
from services.text.shortening import utf16_length
from services.text.spans import Span, Spans

MAX_SPANS = 99  # of a part: Telegram takes a hundred, and a label may need one

# What a part may end with, the better first: a paragraph, a line, a sentence, a word.
_PAUSES = (
    regex.compile(r"\n[ \t]*\n\s*"),
    regex.compile(r"\n\s*"),
    regex.compile(r"(?<=[.!?…。！？؟।])[\"'”’»)\]]*\s+|(?<=[。！？])"),
    regex.compile(r"\s+"),
)
# What belongs to the character before it, be that a space
_ACCENT = regex.compile(r"[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]")
_LETTER = regex.compile(r"\X")  # what a reader takes for one: a joined emoji, a letter with its accents
_SMALLEST_PART = 0.5  # of the limit: a better pause is not worth a shorter part


class TextPart(NamedTuple):
    """A part of a text, with what of it is formatted."""

    text: str
    formatting: Spans = ()

    def without_outer_lines(self) -> "TextPart":
        """Leave out the empty lines at both ends, where one part ends and the next begins."""
        text = self.text.strip("\n")
        start = len(self.text) - len(self.text.lstrip("\n"))
        return TextPart(text, spans.cut(self.formatting, start, start + utf16_length(text)))


def parts(text: str, formatting: Sequence[Span], limit: int) -> list[TextPart]:
    """Cut a text into parts of at most ``limit`` UTF-16 code units; joined again they are the whole text.

    A part ends at a paragraph, else a line, a sentence, a word; and never inside what a reader takes for one
    letter, unless that letter alone is longer than a part. What is formatted across an end is so in both parts;
    ``formatting`` stands in the order of the text, and nothing of one style overlaps: see ``spans.joined``.
    """
    found: list[TextPart] = []
    while text:
        end = _end_of_part(text, _room(formatting, limit))
        size = utf16_length(text[:end])
        found.append(TextPart(text[:end], spans.cut(formatting, 0, size)))
        formatting = spans.cut(formatting, size, utf16_length(text))
        text = text[end:]
    return found


def _room(formatting: Sequence[Span], limit: int) -> int:
    """Count the code units that a part may have, of which no more is formatted than Telegram takes."""
    return min(limit, formatting[MAX_SPANS].start) if len(formatting) > MAX_SPANS else limit


def _end_of_part(text: str, limit: int) -> int:
    fitting = _fitting(text, limit)
    if fitting == len(text):
        return fitting
    for pause in _PAUSES:
        found = (match.end() for match in pause.finditer(text, 0, fitting))
        ends = [end for end in found if end >= fitting * _SMALLEST_PART and not _ACCENT.match(text, end)]
        if ends:
            return ends[-1]
    return _whole_letters(text, fitting)


def _fitting(text: str, limit: int) -> int:
    """Count the characters that fit; those above U+FFFF take two code units."""
    units = list(accumulate(2 if ord(character) > 0xFFFF else 1 for character in text[: limit + 1]))
    return bisect.bisect_right(units, limit)


def _whole_letters(text: str, fitting: int) -> int:
    end = 0
    for match in _LETTER.finditer(text):
        if match.end() > fitting:
            break
        end = match.end()
    return end or fitting
