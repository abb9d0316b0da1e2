"""Formatting beside a text: which of it is bold, a link, a quote; counted in UTF-16 code units."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from typing import Any, Literal, get_args

from services.text.characters import is_storable
from services.text.shortening import utf16_length

Style = Literal[
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "pre",
    "text_link",
    "blockquote",
    "expandable_blockquote",
]
STYLES = get_args(Style)

MAX_SPANS = 1000  # of one text
MAX_URL = 4096
MAX_LANGUAGE = 64


@dataclass(frozen=True)
class Span:
    """Some of a text, formatted (Bot API: MessageEntity)."""

    style: Style
    start: int
    length: int
    url: str | None = None  # of a link
    language: str | None = None  # of code

    @property
    def end(self) -> int:
        return self.start + self.length


Spans = tuple[Span, ...]


def of_json(value: Any, text: str) -> Spans:
    """Read the spans of a text that somebody sends; what reaches beyond the text is cut off.

    Raises:
        ValueError: it is no list of spans.
    """
    found = [_of_object(each) for each in value] if isinstance(value, list) else [None]
    spans = [span for span in found if span]
    if len(spans) < len(found) or len(spans) > MAX_SPANS:
        raise ValueError("no list of spans")
    return sound(cut(spans, 0, utf16_length(text)), text)


def of_stored(value: Any, text: str) -> Spans:
    """Read the spans of a text as they are stored; what can't be one is left out."""
    found = map(_of_object, value) if isinstance(value, list) else ()
    return sound((span for span in found if span), text)


def to_json(spans: Iterable[Span]) -> list[dict[str, Any]] | None:
    """Write spans as they are stored; none are null."""
    written = [{name: part for name, part in asdict(span).items() if part is not None} for span in spans]
    return written or None


def made(style: Any, start: Any, length: Any, url: Any = None, language: Any = None) -> Span | None:
    """Make a span of what anybody may have sent, if it can be one."""
    known: Style | None = next((each for each in STYLES if each == style), None)
    if known is None or type(start) is not int or type(length) is not int or start < 0 or length <= 0:
        return None
    if known == "text_link":
        return Span(known, start, length, url=url) if _is_word(url, MAX_URL) else None
    if known == "pre" and _is_word(language, MAX_LANGUAGE):
        return Span(known, start, length, language=language)
    return Span(known, start, length)


def sound(spans: Iterable[Span], text: str) -> Spans:
    """Leave out what does not stand within a text or halves a character of it, and join the rest."""
    units = text.encode("utf-16-le", "surrogatepass")
    count = len(units) // 2

    def is_between_characters(at: int) -> bool:
        return at in (0, count) or units[2 * at + 1] & 0xFC != 0xDC

    fitting = [
        span
        for span in spans
        if span.end <= count and is_between_characters(span.start) and is_between_characters(span.end)
    ]
    return joined(fitting[:MAX_SPANS])


def joined(spans: Iterable[Span]) -> Spans:
    """Join what is adjacent and alike, in the order of the text: what looks the same is the same.

    Of one style nothing overlaps afterwards: where two links do, the first one leads.
    """
    by_style: dict[Style, list[Span]] = defaultdict(list)
    for span in sorted(spans, key=_place):
        alike = by_style[span.style]
        last = alike[-1] if alike else None
        if last and span.start <= last.end and _looks(span) == _looks(last):
            alike[-1] = replace(last, length=max(last.end, span.end) - last.start)
        elif last and span.start < last.end:
            if span.end > last.end:
                alike.append(replace(span, start=last.end, length=span.end - last.end))
        else:
            alike.append(span)
    return tuple(sorted((span for alike in by_style.values() for span in alike), key=_place))


def cut(spans: Iterable[Span], start: int, end: int) -> Spans:
    """Give the spans of what stands from one place of a text to another, counted from there, in its order."""
    return tuple(sorted(_cut(spans, start, end), key=_place))


def without(spans: Iterable[Span], text: str, character: str) -> Spans:
    """Give the spans of a text out of which a character, of one code unit, is taken wherever it stands."""
    before = accumulate(utf16_length(part) for part in text.split(character)[:-1])
    gone = [at + number for number, at in enumerate(before)]  # in code units
    left: list[Span] = []
    for span in spans:
        start, end = (at - bisect_left(gone, at) for at in (span.start, span.end))
        if start < end:
            left.append(replace(span, start=start, length=end - start))
    return joined(left)


def moved(spans: Iterable[Span], by: int) -> Spans:
    """Give the spans of a text behind so many code units of another."""
    return tuple(replace(span, start=span.start + by) for span in spans)


def _of_object(value: Any) -> Span | None:
    if not isinstance(value, dict):
        return None
    parts = (value.get(name) for name in ("style", "start", "length", "url", "language"))
    return made(*parts)


def _is_word(value: Any, longest: int) -> bool:
    return isinstance(value, str) and value != "" and is_storable(value, longest)


def _place(span: Span) -> tuple[int, int, int, str]:
    return span.start, -span.length, STYLES.index(span.style), span.url or span.language or ""


def _looks(span: Span) -> tuple[str | None, str | None]:
    return span.url, span.language


def _cut(spans: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    for span in spans:
        first, last = max(span.start, start), min(span.end, end)
        if first < last:
            yield replace(span, start=first - start, length=last - first)
