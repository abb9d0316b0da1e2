"""Cutting a long text into parts that Telegram takes, where a reader would pause."""

import bisect
from itertools import accumulate

import regex

# What a part may end with, the better first: a paragraph, a line, a sentence, a word.
_PAUSES = (
    regex.compile(r"\n[ \t]*\n\s*"),
    regex.compile(r"\n\s*"),
    regex.compile(r"(?<=[.!?…。！？؟।])[\"'”’»)\]]*\s+|(?<=[。！？])"),
    regex.compile(r"\s+"),
)
_LETTER = regex.compile(r"\X")  # what a reader takes for one: a joined emoji, a letter with its accents
_SMALLEST_PART = 0.5  # of the limit: a better pause is not worth a shorter part


def parts(text: str, limit: int) -> list[str]:
    """Cut a text into parts of at most ``limit`` UTF-16 code units; joined again they are the whole text.

    A part ends at a paragraph, else a line, a sentence, a word; and never inside what a reader takes for one
    letter, unless that letter alone is longer than a part.
    """
    cut: list[str] = []
    while text:
        end = _end_of_part(text, limit)
        cut.append(text[:end])
        text = text[end:]
    return cut


def _end_of_part(text: str, limit: int) -> int:
    fitting = _fitting(text, limit)
    if fitting == len(text):
        return fitting
    for pause in _PAUSES:
        ends = [
            match.end() for match in pause.finditer(text, 0, fitting) if match.end() >= fitting * _SMALLEST_PART
        ]
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
