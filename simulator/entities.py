"""Text with its entities: bold, links, commands; counted in UTF-16 code units, as everywhere in Telegram."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from simulator.refusals import JSON, Refusal, bad_request

# Bot API: sendMessage, "100 entities"; the real server drops the rest silently.
MOST_ENTITIES = 100

_PIECE = re.compile(r"<[^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w+);|[^<&]+|.", re.DOTALL)
_TAG = re.compile(r"<\s*(/?)\s*([\w-]+)([^>]*?)\s*>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_COMMAND_OR_URL = re.compile(r"(?<![\w/])/(\w{1,64})(?:@\w+)?|https?://[^\s<>\"]+[\w/#=]")

_PLAIN_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "tg-spoiler": "spoiler",
}


def utf16_length(text: str) -> int:
    """How long Telegram says that a text is."""
    return len(text.encode("utf-16-le")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers."""
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def formatted(text: str, parse_mode: str | None, entities: list[JSON] | None) -> tuple[str, list[JSON]]:
    """What a bot wrote, as the text that people see and its entities, trimmed as Telegram trims it.

    Raises:
        Refusal: the markup can't be parsed, or an entity lies outside the text.
    """
    text, entities = parsed(text, parse_mode, entities)
    text, entities = trimmed(text, entities)
    return text, _completed(text, entities)


def parsed(text: str, parse_mode: str | None, entities: list[JSON] | None) -> tuple[str, list[JSON]]:
    """What a bot wrote, read as its markup or held against its entities.

    Raises:
        Refusal: the markup can't be parsed, or an entity lies outside the text.
    """
    if not parse_mode:
        _check_bounds(text, entities or [])
        return text, entities or []
    if parse_mode.lower() != "html":
        raise bad_request(f"the simulator doesn't do parse_mode {parse_mode}")
    return _HTML().read(text)


def found_in(text: str) -> list[JSON]:
    """The commands and addresses that Telegram finds in plain text by itself."""
    return [
        {
            "type": "bot_command" if match[0].startswith("/") else "url",
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match[0]),
        }
        for match in _COMMAND_OR_URL.finditer(text)
    ]


def worded(name: str, text: str, entities: Sequence[JSON] = ()) -> JSON:
    """Somebody's words as a message's ``text`` or ``caption``, with what Telegram finds in them."""
    _check_bounds(text, entities)
    found = _completed(text, entities)
    field_name = "entities" if name == "text" else "caption_entities"
    return {name: text, field_name: found} if found else {name: text}


def trimmed(text: str, entities: Sequence[JSON]) -> tuple[str, list[JSON]]:
    """A text and its entities without the blanks around it."""
    words = text.strip()
    start = utf16_length(text[: len(text) - len(text.lstrip())])
    return words, clipped(entities, start, utf16_length(words))


def clipped(entities: Sequence[JSON], offset: int, length: int) -> list[JSON]:
    """The entities of a part of a text, counted from where that begins."""
    kept = [_moved(entity, offset, length) for entity in entities]
    return [entity for entity in kept if entity["length"] > 0]


@dataclass
class _OpenTag:
    name: str
    offset: int
    entity: JSON


@dataclass
class _HTML:
    """Reads the HTML of the Bot API (Bot API: HTML style)."""

    text: str = ""
    length: int = 0
    entities: list[JSON] = field(default_factory=list)
    open_tags: list[_OpenTag] = field(default_factory=list)

    def read(self, source: str) -> tuple[str, list[JSON]]:
        for at, piece in _pieces(source):
            if piece == "<":
                raise _unparsable(f"Unclosed start tag at byte offset {at}")
            if piece.startswith("<"):
                self._tag(piece, at)
            else:
                self._say(html.unescape(piece) if piece.startswith("&") else piece)
        if self.open_tags:
            name = self.open_tags[-1].name
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{name}"')
        return self.text, self.entities

    def _say(self, words: str) -> None:
        self.text += words
        self.length += utf16_length(words)

    def _tag(self, piece: str, at: int) -> None:
        match = _TAG.fullmatch(piece)
        if match is None:
            raise _unparsable(f"Unsupported start tag at byte offset {at}")
        is_end, name, attributes = bool(match[1]), match[2].lower(), _attributes(match[3])
        if is_end:
            self._close(name, at)
        else:
            self.open_tags.append(_OpenTag(name, self.length, _entity(name, attributes, at)))

    def _close(self, name: str, at: int) -> None:
        if not self.open_tags:
            raise _unparsable(f"Unexpected end tag at byte offset {at}")
        opened = self.open_tags.pop()
        if opened.name != name:
            raise _unparsable(
                f'Unmatched end tag at byte offset {at}, expected "</{opened.name}>", found "</{name}>"'
            )
        length = self.length - opened.offset
        if length and opened.entity:
            self.entities.append({"offset": opened.offset, "length": length, **opened.entity})


def _pieces(source: str) -> Iterator[tuple[int, str]]:
    at = 0
    for match in _PIECE.finditer(source):
        yield at, match[0]
        at += len(match[0].encode())


def _attributes(source: str) -> dict[str, str]:
    return {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(source)
    }


def _entity(name: str, attributes: dict[str, str], at: int) -> JSON:
    if name in _PLAIN_TAGS:
        return {"type": _PLAIN_TAGS[name]}
    if name == "span" and attributes.get("class") == "tg-spoiler":
        return {"type": "spoiler"}
    if name == "a":
        return _link(attributes.get("href", ""))
    if name == "blockquote":
        return {"type": "expandable_blockquote" if "expandable" in attributes else "blockquote"}
    if name == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
    raise _unparsable(f'Unsupported start tag "{name}" at byte offset {at}')


def _link(address: str) -> JSON:
    # An address that isn't one leaves plain text behind, as in the real server.
    is_address = re.match(r"(https?|tg|ton|mailto|tel):", address)
    return {"type": "text_link", "url": address} if is_address else {}


def _unparsable(words: str) -> Refusal:
    return bad_request(f"can't parse entities: {words}")


def _check_bounds(text: str, entities: Sequence[JSON]) -> None:
    end = utf16_length(text)
    for entity in entities:
        offset, length = entity["offset"], entity["length"]
        if offset < 0 or length < 0:
            raise bad_request("receive an entity with incorrect offset or length")
        if offset + length > end:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {end}"
            )
        if "�" in utf16_slice(text, offset, length) and "�" not in text:
            raise bad_request(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {offset}")


def _completed(text: str, entities: Sequence[JSON]) -> list[JSON]:
    """The entities of a text together with what Telegram finds in it."""
    found = [entity for entity in found_in(text) if not _overlaps(entity, entities)]
    return _sorted([*entities, *found])[:MOST_ENTITIES]


def _moved(entity: JSON, start: int, end: int) -> JSON:
    first = max(entity["offset"] - start, 0)
    last = min(entity["offset"] + entity["length"] - start, end)
    return {**entity, "offset": first, "length": last - first}


def _overlaps(entity: JSON, others: Sequence[JSON]) -> bool:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    return any(other["offset"] < end and start < other["offset"] + other["length"] for other in others)


def _sorted(entities: list[JSON]) -> list[JSON]:
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
