"""What influencers alone are told."""

from bot.texts.formatted_text import FormattedText
from bot.texts.phrases import Phrases
from services.text.characters import is_blank


class Influencers(Phrases):
    """What is said to an influencer."""

    def tied(self, name: str) -> FormattedText:
        if is_blank(name):
            return FormattedText(self._("Hello, this account is yours now. /panel takes you to your chats."))
        text = self._("Hello {influencer}, this account is yours now. /panel takes you to your chats.")
        return FormattedText(text.format(influencer=self._name(name)))

    def panel(self) -> FormattedText:
        return FormattedText(self._("Here is your way in. It works once, for ten minutes."))

    def panel_button(self) -> str:
        return self._("Open the panel")
