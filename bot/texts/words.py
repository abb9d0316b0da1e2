"""A text for Telegram with its formatting, which no name or title in it can upset."""

import re
from typing import Any, Self

TEXT_LIMIT = 4096  # Bot API: sendMessage, UTF-16 code units after parsing

# What turns the direction of everything behind it: a name with one of these would turn our words round.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Words:
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


def utf16_length(text: str) -> int:
    """Measure a text as Telegram does, in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, limit: int) -> str:
    """Put a text on one line of at most so many UTF-16 code units."""
    line = " ".join(_TURNS.sub("", text).split())
    if utf16_length(line) <= limit:
        return line
    units = line.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)]
    return units.decode("utf-16-le", "ignore").rstrip() + "…"
