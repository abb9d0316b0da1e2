"""A text for Telegram with its formatting, which no name or title in it can upset."""

from collections.abc import Iterable
from typing import Literal, Self

from services.text import spans
from services.text.shortening import utf16_length
from services.text.spans import Span

TEXT_LIMIT = 4096  # Bot API: sendMessage, UTF-16 code units after parsing


class FormattedText:
    """A text that is built piece by piece; formatting is kept beside it, never inside it."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.formatting: list[Span] = []

    def add(self, text: str) -> Self:
        self.text += text
        return self

    def append(self, text: str, formatting: Iterable[Span]) -> Self:
        """Add a text that has its own formatting."""
        self.formatting += spans.moved(formatting, utf16_length(self.text))
        return self.add(text)

    def bold(self, text: str) -> Self:
        return self._formatted("bold", text)

    def italic(self, text: str) -> Self:
        return self._formatted("italic", text)

    def _formatted(self, style: Literal["bold", "italic"], text: str) -> Self:
        if text:
            self.formatting.append(Span(style, utf16_length(self.text), utf16_length(text)))
        return self.add(text)
