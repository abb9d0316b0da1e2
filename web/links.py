"""Links in what people write: found in time that grows no faster than the text, whatever stands in it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_WORD = re.compile(r"\S+")
_ADDRESS = re.compile(r"(?<!\w)(?:https?://|www\.)(?=\w)", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[\w-]+\.)+(?:com|net|int|edu|gov|org|info|mil)(?::\d{1,5})?(?:[/?#].*)?", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+%-]+@(?:[\w-]+\.)+[^\W\d_]+")

_OPENED_BY = {")": "(", "]": "[", "}": "{", ">": "<", "»": "«", "”": "“", "’": "‘"}
_PUNCTUATION = frozenset(".,:;!?…'\"*")


class Piece(NamedTuple):
    """A piece of a text, and where it leads if it is a link."""

    text: str
    href: str | None = None


def pieces(text: str) -> Iterator[Piece]:
    """Cut a text into links and what is between them; joined again they are the whole text."""
    told = 0
    for word in _WORD.finditer(text):
        start, end, href = _link_in(word.group())
        if href:
            start, end = word.start() + start, word.start() + end
            yield Piece(text[told:start])
            yield Piece(text[start:end], href)
            told = end
    yield Piece(text[told:])


def _link_in(word: str) -> tuple[int, int, str | None]:
    """Find the link in a word: from where, until where, and where it leads."""
    if "." not in word and "://" not in word:
        return 0, 0, None
    address = _ADDRESS.search(word)
    start = address.start() if address else len(word) - len(word.lstrip("".join(_OPENED_BY.values()) + "\"'*"))
    end = _end_of_link(word, start)
    link = word[start:end]
    if address:
        scheme = address.group().lower()
        return start, end, f"https://{link}" if scheme == "www." else scheme + link[len(scheme) :]
    if _DOMAIN.fullmatch(link):
        return start, end, f"https://{link}"
    return start, end, f"mailto:{link}" if _MAIL.fullmatch(link) else None


def _end_of_link(word: str, start: int) -> int:
    """Leave out the punctuation behind a link, and brackets that were opened before it; each is looked at once."""
    unopened = {close: word.count(close, start) - word.count(open_, start) for close, open_ in _OPENED_BY.items()}
    end = len(word)
    while end > start:
        last = word[end - 1]
        if unopened.get(last, 0) > 0:
            unopened[last] -= 1
        elif last not in _PUNCTUATION:
            break
        end -= 1
    return end
