"""Everything that the bot says, in one place; ``script/texts`` collects it for translators."""

from collections.abc import Sequence

from babel.dates import format_date, format_time

from bot.texts.formatted_text import TEXT_LIMIT, FormattedText
from bot.texts.language import Language, codes, spoken_by
from models import Chat, Coupon, CouponState, Message
from services.chats import labels
from services.chats.labels import Named
from services.coupons import coupons
from services.coupons.coupons import Day
from services.media import contents
from services.text.characters import is_blank
from services.text.shortening import shortened, utf16_length

__all__ = ["TEXT_LIMIT", "FormattedText", "Texts", "codes", "shortened", "texts_for", "utf16_length"]

# UTF-16 code units, so that a header with a chat's last messages always fits into one of Telegram's
TITLE_LIMIT = 120
NAME_LIMIT = 60
BUTTON_LIMIT = 40  # of a title on a button
LABEL_LIMIT = 64  # of all that names a chat there
HISTORY_LINE_LIMIT = 300


def texts_for(language_code: str | None) -> "Texts":
    """Get what the bot says to somebody whose Telegram speaks this language."""
    return Texts(spoken_by(language_code))


class Texts:
    """What the bot says, in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._ = language.gettext

    # A chat

    def opened_new(self, chat: Chat) -> FormattedText:
        welcome = self._("Write your question here: {influencer} reads it and answers right in this chat.")
        return self._header(chat).add("\n\n" + welcome.format(influencer=self._name(chat.influencer.name)))

    def opened_again(self, chat: Chat, history: Sequence[Message]) -> FormattedText:
        words = self._header(chat)
        for message in history:
            who = self._("You") if message.sender_id == chat.consumer_id else self._name(chat.influencer.name)
            words.add("\n\n").bold(who).add("\n" + shortened(self.gist(message), HISTORY_LINE_LIMIT))
        if not history:
            words.add("\n\n" + self._("Nothing has been said here yet. Write your question below."))
        return words

    def switched(self, chat: Chat) -> FormattedText:
        return FormattedText().bold(self._re(chat.coupon.title))

    def reply(self, chat: Chat, text: str, number: int = 1, count: int = 1) -> FormattedText:
        """Say what the influencer has written, or one of so many parts of it."""
        words = self.switched(chat)
        if count > 1:
            words.add(f" · {number}/{count}")
        return words.add("\n" + text)

    def gist(self, message: Message) -> str:
        """Say what a message holds: its text, behind the kind of anything that isn't text."""
        return " ".join(part for part in (self.label(message), message.text) if part)

    def label(self, message: Message) -> str:
        """Say what isn't text: ``[photo]``, ``[voice message 0:12]``, ``[forwarded from Zoe]``."""
        labels = []
        if (source := contents.told(message.attachment).get("forwardedFrom")) is not None:
            name = shortened(str(source), NAME_LIMIT)
            labels.append(self._("forwarded from {name}").format(name=name) if name else self._("forwarded"))
        if message.kind != "text":
            labels.append(self._kind(message.kind) + contents.particulars(message.kind, message.attachment))
        return " ".join(f"[{label}]" for label in labels)

    # Which chat?

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

    def too_many_held(self, limit: int) -> FormattedText:
        text = self._(
            "{count} messages of yours wait already, and I can't keep more: your last one was not kept. "
            "Say which coupon they are about, or tap Contact Influencer under one, and then send it again."
        )
        return FormattedText(text.format(count=limit))

    def filed(self, chat: Chat) -> FormattedText:
        return (
            FormattedText(self._("Passed on to {influencer}.").format(influencer=self._name(chat.influencer.name)))
            .add("\n")
            .bold(self._re(chat.coupon.title))
        )

    def filed_already(self) -> str:
        return self._("This message has already been passed on.")

    def not_there(self) -> str:
        return self._("That isn't there any more.")

    # My chats

    def my_chats(self, held_count: int) -> FormattedText:
        words = FormattedText(self._("Your chats. Tap one to go on writing there:"))
        return self._remind(words, held_count)

    def no_chats(self, held_count: int) -> FormattedText:
        words = FormattedText(
            self._("You have no chats yet. Find a coupon you like and tap Contact Influencer under it.")
        )
        return self._remind(words, held_count)

    def chat_labels(self, chats: Sequence[Chat]) -> dict[str, str]:
        """Name all of somebody's chats, each by its id, so that no two buttons look the same."""
        named = [
            Named(
                chat.coupon.title, (self._name(chat.influencer.name), self._validity(chat.coupon), chat.coupon_id)
            )
            for chat in chats
        ]
        found = labels.distinct(named, BUTTON_LIMIT, LABEL_LIMIT)
        return {chat.id: str(label) for chat, label in zip(chats, found, strict=True)}

    def chat_button(self, label: str, unread_count: int = 0) -> str:
        """Name a chat on a button, with what is unread in it."""
        return (f"● {unread_count} · " if unread_count else "") + label

    def more_chats(self) -> str:
        return self._("More chats …")

    def newest_chats(self) -> str:
        return self._("Newest chats")

    def my_chats_button(self) -> str:
        return self._("My chats")

    # Doors that stay shut

    def unknown_coupon(self) -> FormattedText:
        return FormattedText(
            self._(
                "I can't find this coupon. It may have been taken down: "
                "look for it where you saw it, and tap Contact Influencer there."
            )
        )

    def damaged_link(self) -> FormattedText:
        return FormattedText(
            self._(
                "This link seems to be incomplete, so I can't tell which coupon it is about. "
                "Go back to the coupon and tap Contact Influencer there."
            )
        )

    def foreign_link(self) -> FormattedText:
        return FormattedText(
            self._(
                "Hello! This link doesn't lead to a coupon. Find one that you like and tap Contact Influencer "
                "under it: I'll connect you with whoever offers it."
            )
        )

    def coupon_not_open(self, coupon: Coupon, state: CouponState) -> FormattedText:
        reasons = {
            CouponState.EXPIRED: self._(
                "Sorry, this coupon expired on {date}, so I can't open a new chat about it."
            ),
            CouponState.UPCOMING: self._(
                "This coupon isn't valid yet: it starts on {date}. Tap Contact Influencer again then, "
                "and I'll connect you."
            ),
            CouponState.WITHDRAWN: self._("Sorry, this coupon was withdrawn, so I can't open a new chat about it."),
        }
        dates = {
            CouponState.EXPIRED: self._day(coupons.last_day(coupon)),
            CouponState.UPCOMING: self._day(coupons.first_day(coupon)),
        }
        return (
            FormattedText()
            .bold(shortened(coupon.title, TITLE_LIMIT))
            .add("\n" + reasons[state].format(date=dates.get(state, "")))
        )

    def own_coupon(self, coupon: Coupon) -> FormattedText:
        return (
            FormattedText()
            .bold(shortened(coupon.title, TITLE_LIMIT))
            .add("\n" + self._("This is your own coupon. What people write to you about it is waiting in /panel."))
        )

    def only_in_private(self) -> FormattedText:
        return FormattedText(
            self._("Chats about coupons stay between two people. Tap below, and yours opens in private.")
        )

    def open_private_button(self) -> str:
        return self._("Open a private chat")

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

    # Help and influencers

    def help(self) -> FormattedText:
        return (
            FormattedText()
            .bold(self._("How this works"))
            .add("\n" + self._("Tap Contact Influencer under a coupon: a chat about it opens here."))
            .add(
                "\n"
                + self._("What you write goes to the chat you opened last; reply to a message to stay in its chat.")
            )
            .add("\n" + self._("/chats lists your chats and switches between them."))
        )

    def tied(self, name: str) -> FormattedText:
        if is_blank(name):
            return FormattedText(self._("Hello, this account is yours now. /panel takes you to your chats."))
        text = self._("Hello {influencer}, this account is yours now. /panel takes you to your chats.")
        return FormattedText(text.format(influencer=self._name(name)))

    def account_taken(self) -> FormattedText:
        return FormattedText(self._("This Telegram account already belongs to another influencer."))

    def link_spent(self) -> FormattedText:
        return FormattedText(
            self._("This invitation has been used or has run out. Ask whoever sent it for a new one.")
        )

    def panel(self) -> FormattedText:
        return FormattedText(self._("Here is your way in. It works once, for ten minutes."))

    def panel_button(self) -> str:
        return self._("Open the panel")

    def panel_is_for_influencers(self) -> FormattedText:
        return FormattedText(
            self._(
                "The panel is for influencers. If you are one, ask the coupon platform for an invitation; "
                "your own chats are in /chats."
            )
        )

    def commands(self) -> list[dict[str, str]]:
        """Describe the bot's menu."""
        return [
            {"command": "chats", "description": self._("My chats")},
            {"command": "help", "description": self._("How this works")},
        ]

    def influencer_commands(self) -> list[dict[str, str]]:
        """Describe the bot's menu as an influencer sees it."""
        return [{"command": "panel", "description": self._("Answer your consumers")}, *self.commands()]

    # Pieces

    def _header(self, chat: Chat) -> FormattedText:
        details = [self._("with {influencer}").format(influencer=self._name(chat.influencer.name))]
        if validity := self._validity(chat.coupon):
            details.append(validity)
        return self.switched(chat).add("\n").italic(" · ".join(details))

    def _validity(self, coupon: Coupon) -> str:
        first, last = self._day(coupons.first_day(coupon)), self._day(coupons.last_day(coupon))
        match coupons.state(coupon):
            case CouponState.WITHDRAWN:
                return self._("withdrawn")
            case CouponState.UPCOMING:
                return self._("valid from {date}").format(date=first)
            case CouponState.EXPIRED:
                return self._("expired on {date}").format(date=last)
            case _:
                return self._("valid until {date}").format(date=last) if last else ""

    def _remind(self, words: FormattedText, held_count: int) -> FormattedText:
        if held_count == 0:
            return words
        text = self._language.ngettext(
            "One message of yours waits: say above which coupon it is about.",
            "{count} messages of yours wait: say above which coupons they are about.",
            held_count,
        )
        return words.add("\n\n" + text.format(count=held_count))

    def _day(self, day: Day | None) -> str:
        if day is None:
            return ""
        date = format_date(day.moment, format="long", locale=self._language.locale)
        if day.is_whole:
            return date
        time = format_time(day.moment, format="short", locale=self._language.locale)
        return self._("{date}, {time} UTC").format(date=date, time=time)

    def _re(self, title: str) -> str:
        return self._("Re: {title}").format(title=shortened(title, TITLE_LIMIT))

    def _name(self, name: str) -> str:
        return self._("the influencer") if is_blank(name) else shortened(name, NAME_LIMIT)

    def _kind(self, kind: str) -> str:
        return {
            "photo": self._("photo"),
            "video": self._("video"),
            "animation": self._("animation"),
            "voice": self._("voice message"),
            "video_note": self._("video message"),
            "audio": self._("audio"),
            "document": self._("document"),
            "sticker": self._("sticker"),
            "location": self._("location"),
            "venue": self._("location"),
            "contact": self._("contact"),
            "poll": self._("poll"),
            "story": self._("story"),
            "dice": self._("dice"),
            "game": self._("game"),
            "checklist": self._("checklist"),
            "giveaway": self._("giveaway"),
            "giveaway_winners": self._("giveaway"),
            "invoice": self._("invoice"),
            "paid_media": self._("paid media"),
            "live_photo": self._("photo"),
            "rich_message": self._("formatted message"),
            "unreadable": self._("message that can’t be read yet"),
        }.get(kind, self._("unsupported message"))
