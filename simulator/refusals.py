"""Telegram's way of saying no."""

from typing import Any

JSON = dict[str, Any]


class Refusal(Exception):
    """An answer with ``ok: false``, in the words of the real server."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def answer(self) -> JSON:
        """The JSON that goes over the wire."""
        answer: JSON = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(words: str) -> Refusal:
    """The caller asked for something that can't be done."""
    return Refusal(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refusal:
    """The person on the other side doesn't want it, or isn't there any more."""
    return Refusal(403, f"Forbidden: {words}")


def conflict(words: str) -> Refusal:
    """Two ways of fetching updates were used at once."""
    return Refusal(409, f"Conflict: {words}")
