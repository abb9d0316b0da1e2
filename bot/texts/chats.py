"""A chat, as its consumer sees it."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from babel.dates import format_timedelta

from bot.texts.formatted_text import FormattedText
from bot.texts.language import Language
from bot.texts.messages import Messages
from bot.texts.phrases import Phrases
from models import Chat, CouponState, HeldMessage, Message
from services.coupons import coupons
from services.text.shortening import beginning, shortened
from services.text.spans import Span

CODE_LIMIT = 40  # UTF-16 code units of a code on a button
TOPIC_NAME_LIMIT = 128  # Bot API: createForumTopic; UTF-16 code units, and so never more characters
HISTORY_LINE_LIMIT = 300  # UTF-16 code units: a header with a chat's last messages fits into one of Telegram's


class Chats(Phrases):
    """What is said of one chat."""

    def __init__(self, language: Language) -> None:
        super().__init__(language)
        self._messages = Messages(language)

    def opened_new(self, chat: Chat, usual_wait: timedelta | None = None) -> FormattedText:
        welcome = self._("Write your question here: {influencer} reads it and answers right in this chat.")
        words = self._header(chat, usual_wait)
        return words.add("\n\n" + welcome.format(influencer=self._name(chat.influencer.name)))

    def opened_again(
        self,
        chat: Chat,
        history: Sequence[Message],
        unread_count: int = 0,
        usual_wait: timedelta | None = None,
    ) -> FormattedText:
        """Say what somebody who comes back may have missed, and what was said last."""
        words = self._header(chat, usual_wait)
        if changed := self._changed(chat):
            words.add("\n" + changed)
        if unread_count:
            words.add("\n\n").bold(self._unread(unread_count))
        for message in history:
            who = self._("You") if message.sender_id == chat.consumer_id else self._name(chat.influencer.name)
            words.add("\n\n").bold(who).add(f" · {self._moment(message.timestamp)}")
            words.add("\n" + shortened(self._messages.gist(message), HISTORY_LINE_LIMIT))
        if not history:
            words.add("\n\n" + self._("Nothing has been said here yet. Write your question below."))
        return words

    def written(self, chat: Chat, message: Message | HeldMessage) -> FormattedText:
        """Say in a chat's topic what its consumer has written elsewhere."""
        said = shortened(self._messages.gist(message), HISTORY_LINE_LIMIT)
        return self.switched(chat).add("\n\n").bold(self._("You")).add("\n" + said)

    def copy_button(self, code: str) -> str:
        return self._("Copy {code}").format(code=shortened(code, CODE_LIMIT))

    def open_coupon_button(self) -> str:
        return self._("Open coupon")

    def topic_name(self, chat: Chat) -> str:
        """Name a chat's topic like its row in the panel, as far as Telegram takes that."""
        return beginning(self._("Re: {title}").format(title=chat.coupon.title), TOPIC_NAME_LIMIT)

    def switched(self, chat: Chat) -> FormattedText:
        return FormattedText().bold(self._re(chat.coupon.title))

    def reply(self, chat: Chat, text: str, formatting: Iterable[Span] = (), *, has_label: bool) -> FormattedText:
        """Say what the influencer has written, under the title of its chat if that is not clear."""
        words = self.switched(chat).add("\n") if has_label else FormattedText()
        return words.append(text, formatting)

    def _header(self, chat: Chat, usual_wait: timedelta | None) -> FormattedText:
        details = [self._("with {influencer}").format(influencer=self._name(chat.influencer.name))]
        if validity := self._validity(chat.coupon):
            details.append(validity)
        if usual_wait is not None:
            details.append(self._("usually answers within {time}").format(time=self._at_most(usual_wait)))
        return self.switched(chat).add("\n").italic(" · ".join(details))

    def _at_most(self, wait: timedelta) -> str:
        """Round a time up: to minutes, or, from an hour on, to hours."""
        minutes = max(1, math.ceil(wait / timedelta(minutes=1)))
        rounded = timedelta(minutes=minutes) if minutes < 60 else timedelta(hours=math.ceil(minutes / 60))
        return format_timedelta(rounded, threshold=1, locale=self._language.locale)

    def _changed(self, chat: Chat) -> str:
        """Say what has become of a coupon since it could be used, when the chat began."""
        match coupons.state(chat.coupon):
            case CouponState.WITHDRAWN:
                return self._("The coupon has been withdrawn since this chat began.")
            case CouponState.EXPIRED:
                return self._("The coupon has expired since this chat began.")
        now = self._end(chat.coupon.expires_at)
        before = self._end(chat.coupon_expires_at)
        if now == before:
            return ""
        if not now:
            return self._("It has no end any more: when this chat began, it was valid until {before}.").format(
                before=before
            )
        if not before:
            return self._("It is valid until {date} now: when this chat began, it had no end.").format(date=now)
        return self._("It is valid until {date} now: when this chat began, until {before}.").format(
            date=now, before=before
        )

    def _end(self, end: datetime | None) -> str:
        return self._day(coupons.day_before(end)) if end else ""

    def _unread(self, count: int) -> str:
        text = self._language.ngettext("{count} unread message", "{count} unread messages", count)
        return text.format(count=count)
