"""The bot's commands, known by their words: it makes no difference whether Telegram has marked them."""

from telegram import Message, Update
from telegram.ext import MessageHandler, filters
from telegram.ext.filters import MessageFilter

from bot.context import Action, Context
from bot.reading.commands import Call, call_in, words_in


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
