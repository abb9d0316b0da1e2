"""The bot's commands, known by their words: it makes no difference whether Telegram has marked them."""

from telegram import Message, Update
from telegram.ext import MessageHandler, filters
from telegram.ext.filters import MessageFilter

from bot.context import Action, Context

NAMES = ("start", "chats", "help", "panel")


class Calls(MessageFilter):
    """A message that begins with one of these commands; in a group it may name us, and mustn't name another bot."""

    def __init__(self, *names: str) -> None:
        super().__init__(name=f"Calls({', '.join(names)})")
        self._names = names

    def filter(self, message: Message) -> bool:
        first = (message.text or "").split(maxsplit=1)[:1]
        name, _, bot_name = "".join(first).lower().partition("@")
        is_ours = not bot_name or bot_name == message.get_bot().username.lower()
        return is_ours and name in [f"/{known}" for known in self._names]


OURS = Calls(*NAMES)


def command(name: str, action: Action) -> MessageHandler[Context, None]:
    """Make the handler of a command that somebody gives in their private chat."""
    return MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & Calls(name), action)


def parameter_of(update: Update) -> str:
    """Give what stands behind a command."""
    message = update.effective_message
    return " ".join((message.text or "").split()[1:]) if message else ""
