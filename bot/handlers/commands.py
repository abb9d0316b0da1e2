"""The bot's commands, known by their words: it makes no difference whether Telegram has marked them."""

import re
from dataclasses import dataclass

from telegram import Message, Update
from telegram.ext import MessageHandler, filters
from telegram.ext.filters import MessageFilter

from bot.context import Action, Context

_CALL = re.compile(r"\s*/(start|chats|help|panel)(?:@(\w+))?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)

# Bot API: deep linking; what begins as one of our links does is a link that somebody has damaged.
_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}|[cki]_\S*")


@dataclass(frozen=True)
class Call:
    """A command, and the words behind it."""

    name: str
    words: str

    @property
    def parameter(self) -> str:
        """Which chat is to be opened: only START takes anything, and only what a link can hold."""
        return self.words if self.name == "start" and _PARAMETER.fullmatch(self.words) else ""


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


class Calls(MessageFilter):
    """A message that begins with a command of ours, or with that one."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name=f"Calls({name or ''})")
        self._wanted = name

    def filter(self, message: Message) -> bool:
        call = call_of(message)
        return call is not None and self._wanted in (None, call.name)


class SaysSomething(MessageFilter):
    """A message that is more than a command."""

    def filter(self, message: Message) -> bool:
        return not _text_of(message) or bool(words_in(_text_of(message), message.get_bot().username))


OURS = Calls()
SAYS_SOMETHING = SaysSomething()


def command(name: str, action: Action) -> MessageHandler[Context, None]:
    """Make the handler of a command that somebody gives in their private chat."""
    return MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGES & Calls(name), action)


def call_of(message: Message) -> Call | None:
    """Read with which command a message begins."""
    return call_in(_text_of(message), message.get_bot().username)


def _text_of(message: Message) -> str:
    return message.text if isinstance(message.text, str) else ""  # our library takes whatever comes


def parameter_of(update: Update) -> str:
    """Give what a START came with."""
    message = update.effective_message
    call = call_of(message) if message else None
    return call.parameter if call else ""
