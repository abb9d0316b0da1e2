"""Messages that wait for their consumer to say which coupon they are about."""

from bot.texts.formatted_text import FormattedText
from bot.texts.phrases import Phrases
from models import Chat


class WhichChat(Phrases):
    """What is said of messages that wait."""

    def which_coupon(self, count: int = 1) -> FormattedText:
        """Ask about a message, or about it and those that were written after it."""
        words = FormattedText(self._("Which coupon is this about?"))
        if count == 1:
            return words
        waiting = self._("{count} messages of yours wait, from this one on: your answer counts for all of them.")
        return words.add("\n" + waiting.format(count=count))

    def keep_until_chosen(self, days: int) -> FormattedText:
        return FormattedText(
            self._(
                "I'm keeping your message. Tap Contact Influencer under a coupon, "
                "and I'll ask you whether it belongs there."
            )
        ).add(" " + self._("It waits for {days} days.").format(days=days))

    def filed(self, chat: Chat) -> FormattedText:
        return (
            FormattedText(self._("Passed on to {influencer}.").format(influencer=self._name(chat.influencer.name)))
            .add("\n")
            .bold(self._re(chat.coupon.title))
        )

    def closed(self) -> FormattedText:
        """Say of a question that it waits for no answer here any more."""
        return FormattedText(self._("This question is closed."))

    def filed_already(self) -> str:
        return self._("This message has already been passed on.")
