"""What went wrong on our side."""

from bot.texts.formatted_text import FormattedText
from bot.texts.phrases import Phrases


class Failures(Phrases):
    """That something is kept, or is not."""

    def broken(self) -> FormattedText:
        return FormattedText(
            self._(
                "Sorry, something went wrong with your last message. "
                "It is kept and will be passed on: there's no need to send it again."
            )
        )

    def too_large(self) -> FormattedText:
        return FormattedText(
            self._("Sorry, your last message is too large for me, so it was not kept. Send it in smaller pieces.")
        )
