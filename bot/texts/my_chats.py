"""The list in which a consumer finds their chats."""

from collections.abc import Sequence

from bot.texts.formatted_text import FormattedText
from bot.texts.phrases import Phrases
from models import Chat
from services.chats import labels
from services.chats.labels import Named

# UTF-16 code units
BUTTON_LIMIT = 40  # of a title on a button
LABEL_LIMIT = 64  # of all that names a chat there


class MyChats(Phrases):
    """What stands in the list, and on its buttons."""

    def heading(self, held_count: int) -> FormattedText:
        words = FormattedText(self._("Your chats. Tap one to go on writing there:"))
        return self._remind(words, held_count)

    def no_chats(self, held_count: int) -> FormattedText:
        words = FormattedText(
            self._("You have no chats yet. Find a coupon you like and tap Contact Influencer under it.")
        )
        return self._remind(words, held_count)

    def labels(self, chats: Sequence[Chat]) -> dict[str, str]:
        """Name all of somebody's chats, each by its id, so that no two buttons look the same."""
        named = {chat.id: Named(chat.coupon.title, self._facts(chat)) for chat in chats}
        return {id_: str(label) for id_, label in labels.by_id(named, BUTTON_LIMIT, LABEL_LIMIT).items()}

    def _facts(self, chat: Chat) -> tuple[str, ...]:
        return self._name(chat.influencer.name), self._validity(chat.coupon), chat.coupon_id

    def row(self, label: str, unread_count: int = 0) -> str:
        """Name a chat on a button, with what is unread in it."""
        return (f"● {unread_count} · " if unread_count else "") + label

    def more(self) -> str:
        return self._("More chats …")

    def newer(self) -> str:
        return self._("Newer chats")

    def newest(self) -> str:
        return self._("Newest chats")

    def button(self) -> str:
        return self._("My chats")

    def _remind(self, words: FormattedText, held_count: int) -> FormattedText:
        if held_count == 0:
            return words
        text = self._language.ngettext(
            "One message of yours waits: say above which coupon it is about.",
            "{count} messages of yours wait: say above which coupons they are about.",
            held_count,
        )
        return words.add("\n\n" + text.format(count=held_count))
