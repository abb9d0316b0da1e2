"""The menu that Telegram shows beside the field in which somebody writes."""

from bot.texts.phrases import Phrases


class Menu(Phrases):
    """The bot's commands, described."""

    def commands(self) -> list[dict[str, str]]:
        """Describe the bot's menu."""
        return [
            {"command": "chats", "description": self._("My chats")},
            {"command": "help", "description": self._("How this works")},
        ]

    def influencer_commands(self) -> list[dict[str, str]]:
        """Describe the bot's menu as an influencer sees it."""
        return [{"command": "panel", "description": self._("Answer your consumers")}, *self.commands()]
