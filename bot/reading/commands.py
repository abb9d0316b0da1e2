"""The bot's commands in what somebody writes, known by their words alone."""

import re
from dataclasses import dataclass

from services import start_parameters

_CALL = re.compile(r"\s*/(start|chats|help|panel)(?:@(\w+))?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Call:
    """A command, and the words behind it."""

    name: str
    words: str

    @property
    def parameter(self) -> str:
        """Which chat is to be opened: only START takes anything, and only what a link can hold."""
        return self.words if self.name == "start" and start_parameters.looks_like_one(self.words) else ""


def call_in(text: str, bot_name: str) -> Call | None:
    """Read with which command a text begins; in a group it may name us, and mustn't name another bot."""
    found = _CALL.fullmatch(text)
    if found is None or (found[2] or bot_name).lower() != bot_name.lower():
        return None
    return Call(found[1].lower(), (found[3] or "").strip())


def words_in(text: str, bot_name: str) -> str:
    """Give what a text says to the influencer: all of it, or what stands behind a command that takes no words."""
    call = call_in(text, bot_name)
    if call is None:
        return text
    return "" if call.parameter else call.words
