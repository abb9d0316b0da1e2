"""A chat, as its consumer sees it."""

from collections.abc import Iterable, Sequence

from bot.texts.formatted_text import FormattedText
from bot.texts.language import Language
from bot.texts.messages import Messages
from bot.texts.phrases import Phrases
from models import Chat, Message
from services.text.shortening import shortened
from services.text.spans import Span

HISTORY_LINE_LIMIT = 300  # UTF-16 code units: a header with a chat's last messages fits into one of Telegram's


class Chats(Phrases):
    """What is said of one chat."""

    def __init__(self, language: Language) -> None:
        super().__init__(language)
        self._messages = Messages(language)

    def opened_new(self, chat: Chat) -> FormattedText:
        welcome = self._("Write your question here: {influencer} reads it and answers right in this chat.")
        return self._header(chat).add("\n\n" + welcome.format(influencer=self._name(chat.influencer.name)))

    def opened_again(self, chat: Chat, history: Sequence[Message]) -> FormattedText:
        words = self._header(chat)
        for message in history:
            who = self._("You") if message.sender_id == chat.consumer_id else self._name(chat.influencer.name)
            words.add("\n\n").bold(who).add("\n" + shortened(self._messages.gist(message), HISTORY_LINE_LIMIT))
        if not history:
            words.add("\n\n" + self._("Nothing has been said here yet. Write your question below."))
        return words

    def switched(self, chat: Chat) -> FormattedText:
        return FormattedText().bold(self._re(chat.coupon.title))

    def reply(self, chat: Chat, text: str, formatting: Iterable[Span] = (), *, has_label: bool) -> FormattedText:
        """Say what the influencer has written, under the title of its chat if that is not clear."""
        words = self.switched(chat).add("\n") if has_label else FormattedText()
        return words.append(text, formatting)

    def _header(self, chat: Chat) -> FormattedText:
        details = [self._("with {influencer}").format(influencer=self._name(chat.influencer.name))]
        if validity := self._validity(chat.coupon):
            details.append(validity)
        return self.switched(chat).add("\n").italic(" · ".join(details))
