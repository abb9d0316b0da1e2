"""How this works."""

from bot.texts.formatted_text import FormattedText
from bot.texts.phrases import Phrases


class Help(Phrases):
    """What helps whoever asks."""

    def how_this_works(self) -> FormattedText:
        return (
            FormattedText()
            .bold(self._("How this works"))
            .add("\n" + self._("Tap Contact Influencer under a coupon: a chat about it opens here."))
            .add(
                "\n"
                + self._("What you write goes to the chat you opened last; reply to a message to stay in its chat.")
            )
            .add("\n" + self._("/chats lists your chats and switches between them."))
            .add("\n" + self._("Wrote about another coupon? /chats moves your last message to the right chat."))
        )
