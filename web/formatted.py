"""Formatted text as the panel shows it: in pieces, each with the elements that begin before it and end behind it.

Elements are nested although formatting may overlap: what goes on beyond the end of an element around it is closed
there, and opened again.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from models import Message, Version
from services.text import spans
from services.text.shortening import utf16_length
from services.text.spans import Span, Style
from web import links

NAMES: dict[Style, str] = {
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "pre": "pre",
    "text_link": "a",
    "spoiler": "span",
    "bold": "strong",
    "italic": "em",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
}
_OUTER = ("blockquote", "expandable_blockquote", "pre")  # these stand around the others
_WITHOUT_LINKS = ("text_link", "code", "pre")  # in these no address is looked for
_SAFE_ADDRESS = re.compile(r"(?:https?://|tg://|mailto:|tel:)[^\s\\]+", re.IGNORECASE)


class Element(NamedTuple):
    """An element of a page, which stands around some text."""

    name: str
    style: Style
    href: str | None = None
    language: str | None = None


class Piece(NamedTuple):
    """A piece of a text, with the elements that end before it, the innermost first, and those that begin there."""

    text: str
    closed: Sequence[Element]
    opened: Sequence[Element]


def pieces(said: Message | Version) -> Iterator[Piece]:
    """Cut what was said where its formatting begins or ends; joined again the pieces are the whole text."""
    units = said.text.encode("utf-16-le", "surrogatepass")
    coming = deque(_shown(said))
    ends = sorted({0, len(units) // 2, *(span.start for span in coming), *(span.end for span in coming)})
    around: list[Span] = []
    for start, end in pairwise([*ends, ends[-1]]):
        wanted = [span for span in around if span.end > start]
        while coming and coming[0].start == start:
            wanted.append(coming.popleft())
        if len(wanted) > 1:
            wanted.sort(key=_depth)
        kept = _count_alike(around, wanted)
        yield Piece(
            units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass"),
            [_element(span) for span in reversed(around[kept:])],
            [_element(span) for span in wanted[kept:]],
        )
        around = wanted


def _shown(said: Message | Version) -> list[Span]:
    """Give the formatting of a text, and the addresses in it, in its order."""
    formatting = [span for span in spans.of_stored(said.formatting, said.text) if _is_safe(span)]
    return sorted([*formatting, *_addresses(said.text, formatting)], key=lambda span: span.start)


def _is_safe(span: Span) -> bool:
    return span.style != "text_link" or _SAFE_ADDRESS.fullmatch(span.url or "") is not None


def _addresses(text: str, formatting: Iterable[Span]) -> Iterator[Span]:
    """Find the addresses in a text, but for what leads elsewhere already, or is code."""
    taken = deque(span for span in formatting if span.style in _WITHOUT_LINKS)
    end = taken_until = 0
    for piece in links.pieces(text):
        start, end = end, end + utf16_length(piece.text)
        if piece.href is None:
            continue
        while taken and taken[0].start < end:
            taken_until = max(taken_until, taken.popleft().end)
        if taken_until <= start:
            yield Span("text_link", start, end - start, url=piece.href)


def _count_alike(one: Sequence[Span], other: Sequence[Span]) -> int:
    """Count how many there are at the beginning of both."""
    count = 0
    while count < min(len(one), len(other)) and one[count] is other[count]:
        count += 1
    return count


def _depth(span: Span) -> tuple[bool, int, int, int]:
    """Order what stands around the same text, the outermost first."""
    return span.style not in _OUTER, span.start, -span.length, spans.STYLES.index(span.style)


def _element(span: Span) -> Element:
    return Element(NAMES[span.style], span.style, span.url, span.language)
