"""Formatting beside a text: which of it is bold, a link, a quote; counted in UTF-16 code units."""

from dataclasses import dataclass
from typing import Literal

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


@dataclass(frozen=True)
class Span:
    """Some of a text, formatted (Bot API: MessageEntity)."""

    style: Style
    start: int
    length: int
    url: str | None = None  # of a link
    language: str | None = None  # of code
