"""A text for Telegram with its formatting, which no name or title in it can upset."""

from typing import Any, Self

from services.text.shortening import utf16_length

TEXT_LIMIT = 4096  # Bot API: sendMessage, UTF-16 code units after parsing


class FormattedText:
    """A text that is built piece by piece; formatting is kept beside it, never inside it."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.entities: list[dict[str, Any]] = []

    def add(self, text: str) -> Self:
        self.text += text
        return self

    def bold(self, text: str) -> Self:
        return self._formatted("bold", text)

    def italic(self, text: str) -> Self:
        return self._formatted("italic", text)

    def payload(self) -> dict[str, Any]:
        """Give the fields of the Bot API's sendMessage and editMessageText."""
        return {"text": self.text, "entities": self.entities} if self.entities else {"text": self.text}

    def _formatted(self, kind: str, text: str) -> Self:
        if text:
            self.entities.append({"type": kind, "offset": utf16_length(self.text), "length": utf16_length(text)})
        return self.add(text)
