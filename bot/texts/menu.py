"""The menu that Telegram shows beside the field in which somebody writes."""

from bot.texts.phrases import Phrases
from services.outgoing.payloads import Command


class Menu(Phrases):
    """The bot's commands, described."""

    def commands(self) -> tuple[Command, ...]:
        """Describe the bot's menu."""
        return (Command("chats", self._("My chats")), Command("help", self._("How this works")))

    def influencer_commands(self) -> tuple[Command, ...]:
        """Describe the bot's menu as an influencer sees it."""
        return (Command("panel", self._("Answer your consumers")), *self.commands())
