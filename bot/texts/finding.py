"""Finding a chat by a part of its coupon's title."""

from bot.texts.formatted_text import FormattedText
from bot.texts.phrases import Phrases
from services.text.shortening import shortened

TYPED_LIMIT = 60  # UTF-16 code units of what was typed, as it is said again


class Finding(Phrases):
    """What is said to somebody who looks for a chat."""

    def button(self) -> str:
        return self._("Find …")

    def prompt(self, *, is_for_question: bool) -> FormattedText:
        if is_for_question:
            return FormattedText(self._("Which coupon do you mean? Type a part of its title."))
        return FormattedText(self._("Which chat are you looking for? Type a part of the coupon's title."))

    def placeholder(self) -> str:
        """Say what belongs into the field, in at most 64 characters."""
        return self._("Part of a title")

    def found(self, typed: str, *, is_all: bool) -> FormattedText:
        words = FormattedText(self._("Found for “{typed}”:").format(typed=self._typed(typed)))
        return (
            words
            if is_all
            else words.add("\n" + self._("These are the newest. Type more of the title to see others."))
        )

    def nothing_found(self, typed: str) -> FormattedText:
        words = self._("None of your chats is about a coupon with “{typed}” in its title.")
        return FormattedText(words.format(typed=self._typed(typed)))

    def _typed(self, typed: str) -> str:
        return shortened(typed, TYPED_LIMIT)
