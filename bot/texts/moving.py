"""Messages that are put into another chat."""

from bot.texts.formatted_text import FormattedText
from bot.texts.language import Language
from bot.texts.messages import Messages
from bot.texts.phrases import Phrases
from models import Chat, Message
from services.text.shortening import shortened

GIST_LIMIT = 80  # UTF-16 code units of a message that is named by its beginning


class Moving(Phrases):
    """What is said of messages that are moved."""

    def __init__(self, language: Language) -> None:
        super().__init__(language)
        self._messages = Messages(language)

    def wrong_coupon_button(self) -> str:
        return self._("Wrong coupon?")

    def where_to(self, first: Message, count: int) -> FormattedText:
        """Ask to which chat a message is to be moved, or it and those that were written with it."""
        text = self._language.ngettext(
            "Which coupon is your message about?", "Which coupon are your {count} messages about?", count
        )
        gist = shortened(self._messages.gist(first), GIST_LIMIT)
        return FormattedText().bold(text.format(count=count)).add("\n" + gist)

    def no_other_chat(self) -> str:
        return self._("You have no other chat yet. Tap Contact Influencer under the right coupon first.")

    def cancel_button(self) -> str:
        return self._("Cancel")

    def moved(self, chat: Chat) -> FormattedText:
        return self._named(self._("Moved to {chat}"), chat)

    def undo_button(self) -> str:
        return self._("Undo")

    def moved_back(self, chat: Chat) -> FormattedText:
        return self._named(self._("Moved back to {chat}"), chat)

    def moved_already(self) -> str:
        return self._("This message has already been moved.")

    def moved_by_influencer(self, chat: Chat, count: int) -> FormattedText:
        """Say that an influencer has moved so many of a consumer's messages to a chat, or only their own."""
        if count:
            text = self._language.ngettext(
                "{influencer} has moved your message to {chat}",
                "{influencer} has moved {count} messages of yours to {chat}",
                count,
            )
        else:
            text = self._("{influencer} has moved an answer to {chat}")
        return self._named(text, chat, influencer=self._name(chat.influencer.name), count=count)

    def _named(self, text: str, chat: Chat, **more: object) -> FormattedText:
        """Say a sentence in which a chat is named, with its name in bold."""
        before, _, after = text.partition("{chat}")
        words = FormattedText(before.format(**more)).bold(self._re(chat.coupon.title))
        return words.add(after.format(**more))
