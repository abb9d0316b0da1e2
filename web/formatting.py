"""How the panel says things: names, times, kinds of messages, reasons."""

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models import Chat, Coupon, CouponState, DeliveryState, Message, MessageKind, Move, User
from services.chats.dashboard import Row
from services.chats.labels import Label, Named, by_id
from services.coupons import coupons
from services.coupons.coupons import Day
from services.errors import NobodyThere
from services.media.contents import details_of, quote_of
from services.media.details import Contact, Location, Story, Venue
from services.media.summaries import Summary, coordinates, summary, summary_of
from services.outgoing import edits
from services.text.characters import is_blank
from services.text.shortening import shortened

# UTF-16 code units, where titles look the same: of what is shown of one, and of all that tells it apart
ROW_LIMIT = 32
LABEL_LIMIT = 72

NOBODY = "Someone"
ANOTHER = "another influencer"
DELETED = "deleted message"
OWN_TRIAL = NobodyThere.sentence

# Of the reactions that Telegram knows (services/outgoing/reactions.py) those that are used most, and their names.
REACTIONS = {
    "👍": "Like",
    "❤": "Love",
    "🔥": "Fire",
    "🎉": "Celebrate",
    "😁": "Laugh",
    "👏": "Applaud",
    "🙏": "Thank",
    "🤔": "Wonder",
}
UNDO_SHOWN_FOR = timedelta(hours=1)

_HUES = 10  # as many as static/css/avatar.css knows

_KINDS = {
    MessageKind.PHOTO: "photo",
    MessageKind.VOICE: "voice message",
    MessageKind.VIDEO: "video",
    MessageKind.VIDEO_NOTE: "video message",
    MessageKind.AUDIO: "audio",
    MessageKind.DOCUMENT: "document",
    MessageKind.STICKER: "sticker",
    MessageKind.LOCATION: "location",
    MessageKind.VENUE: "location",
    MessageKind.CONTACT: "contact",
    MessageKind.ANIMATION: "animation",
    MessageKind.POLL: "poll",
    MessageKind.STORY: "story",
    MessageKind.DICE: "dice",
    MessageKind.GAME: "game",
    MessageKind.CHECKLIST: "checklist",
    MessageKind.GIVEAWAY: "giveaway",
    MessageKind.GIVEAWAY_WINNERS: "giveaway",
    MessageKind.INVOICE: "invoice",
    MessageKind.PAID_MEDIA: "paid media",
    MessageKind.LIVE_PHOTO: "photo",
    MessageKind.RICH_MESSAGE: "formatted message",
    MessageKind.UNREADABLE: "message that can’t be read yet",
}

_REASONS = {
    "blocked": "They have blocked the bot.",
    "deactivated": "Their Telegram account no longer exists.",
    "not_found": "Telegram can’t find them any more.",
    "never_started": "They have never started the bot.",
    "refused": "Telegram refused this message.",
    "gave_up": "Telegram could not be reached for too long.",
    "expired": "It waited too long to be sent.",
    "message_gone": "The message is not on their phone any more.",
    "not_editable": "Telegram lets nobody change it any more.",
    "not_deletable": "Telegram lets nobody delete it any more.",
}

_COUPON_STATES = {
    CouponState.VALID: "Valid",
    CouponState.UPCOMING: "Upcoming",
    CouponState.EXPIRED: "Expired",
    CouponState.WITHDRAWN: "Withdrawn",
}

_ON_ITS_WAY = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNCERTAIN)


def name_of(consumer: User | Row) -> str:
    """Name a consumer, by their @username if need be."""
    name, username = (
        (consumer.consumer_name, consumer.consumer_username)
        if isinstance(consumer, Row)
        else (consumer.name, consumer.username)
    )
    return called(name, f"@{username}" if username else NOBODY)


def called(name: str, otherwise: str) -> str:
    """Call somebody by their name, if there is anything of it to see."""
    return otherwise if is_blank(name) else name.strip()


def initials(name: str) -> str:
    """Shorten a name to what fits into its avatar."""
    seen = "".join(each for each in name if each.isspace() or not is_blank(each))
    words = [letters for word in seen.split() if (letters := "".join(filter(str.isalnum, word)))]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or seen.strip()[:1] or "?"


def hue(id_: str) -> int:
    """Choose an avatar's colour, always the same for the same person."""
    return zlib.crc32(id_.encode()) % _HUES


def label(summary: Summary) -> str:
    """Say what a message holds besides its text: ``[photo]``, ``[voice message 0:12]``, ``[forwarded]``."""
    return summary.said(_forwarded, lambda kind: _KINDS.get(kind, "unsupported message"))


def message_label(message: Message) -> str:
    """Say what a message holds besides its text."""
    return label(summary_of(message))


@dataclass(frozen=True)
class Link:
    """What a message's content leads to."""

    url: str
    text: str


def link(message: Message) -> Link | None:
    """Lead to the place on a map, to the telephone, or to the story."""
    match details_of(message):
        case (Location() | Venue()) as place if where := coordinates(place):
            latitude, longitude = (f"{degrees:.6f}" for degrees in where)
            query = f"?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}"
            return Link(f"https://www.openstreetmap.org/{query}", "Show on a map")
        case Contact(phone_number=number) if re.search(r"[0-9]", number):
            return Link("tel:" + re.sub(r"[^0-9+]", "", number), "Call")
        case Story(username=name, story_id=int(story_id)) if re.fullmatch(r"[A-Za-z0-9_]{1,32}", name):
            return Link(f"https://t.me/{name}/s/{story_id}", "Open in Telegram")
    return None


@dataclass(frozen=True)
class Quote:
    """What a message quotes: whose words, if that is known, and what they were."""

    who: str
    text: str


def quote(message: Message, answered: Message | None, chat: Chat) -> Quote | None:
    """Give what a message quotes: the part that was chosen, or something from elsewhere, or all that it answers.

    What it answers was perhaps said between others: not a word of that is shown.
    """
    if message.reply_to_id and answered is None:
        return None
    quoted = quote_of(message)
    who = quoted.source if quoted else ""
    if answered and not who:
        who = "You" if answered.sender_id == chat.influencer_id else name_of(chat.consumer)
    if quoted:
        return Quote(who, _line(label(summary(quoted.content)), quoted.text))
    return Quote(who, gist(answered)) if answered else None


def answering(answered: Message, chat: Chat) -> str:
    """Say whom a reply answers; static/js/composer.js says it the same way."""
    is_own = answered.sender_id == chat.influencer_id
    return "Reply to yourself" if is_own else f"Reply to {name_of(chat.consumer)}"


def preview(row: Row) -> str:
    """Give the beginning of a chat's last message."""
    said = label(row.last_summary) if row.last_summary else ""
    return " ".join(_line(said, row.last_text or "").split())


def gist(message: Message) -> str:
    """Give the beginning of a message that is quoted."""
    return DELETED if message.deleted_at else _line(message_label(message), message.text)


def is_changeable(message: Message, now: datetime) -> bool:
    """Say whether Telegram still lets a message be changed and taken back."""
    return now - message.timestamp <= edits.CHANGEABLE_FOR


def is_fresh(move: Move, now: datetime) -> bool:
    """Say whether a move has just been made, and may have been a mistake."""
    return now - move.moved_at <= UNDO_SHOWN_FOR


def delivery_status(message: Message) -> str:
    """Name how far a reply has come; the name is also its class in the style sheet."""
    if message.delivery_state in _ON_ITS_WAY:
        return "unsure" if message.may_be_doubled else "waiting"
    if message.delivery_state is DeliveryState.FAILED:
        return "failed"
    return "doubled" if message.may_be_doubled else "sent"


def delivery_word(message: Message) -> str:
    """Say how far a reply has come, if that is as it should be; nothing is said of one that was taken back."""
    if message.deleted_at:
        return ""
    sent = "Read" if message.is_read else "Sent"
    return {"waiting": "Sending…", "sent": sent}.get(delivery_status(message), "")


def reason(code: str | None) -> str:
    """Say in plain words why a reply did not arrive."""
    return _REASONS.get(code or "", "Telegram did not take it.")


def coupon_state(state: CouponState) -> str:
    return _COUPON_STATES[state]


def validity(coupon: Coupon, state: CouponState) -> str:
    """Say from when, or until when, a coupon can be used."""
    first, last = coupons.first_day(coupon), coupons.last_day(coupon)
    if state is CouponState.UPCOMING and first:
        return f"from {_day(first)}"
    if last is None:
        return "no end date" if state is CouponState.VALID else ""
    return f"{'on' if state is CouponState.EXPIRED else 'until'} {_day(last)}"


def owner_of(coupon: Coupon) -> str:
    """Name the influencer whose coupon it is now."""
    return called(coupon.influencer.name, ANOTHER)


def labels(alike: Sequence[Coupon]) -> dict[str, Label]:
    """Tell coupons apart that look the same in a list; the others need nothing but their titles."""
    named = {coupon.id: Named(coupon.title, (_state_and_validity(coupon), coupon.id)) for coupon in alike}
    found = by_id(named, ROW_LIMIT, LABEL_LIMIT)
    return {id_: label for id_, label in found.items() if label != Label(shortened(named[id_].title, ROW_LIMIT))}


def _state_and_validity(coupon: Coupon) -> str:
    state = coupons.state(coupon)
    return f"{coupon_state(state)} {validity(coupon, state)}".strip()


def relative(moment: datetime, now: datetime) -> str:
    """Say how long ago something was; static/js/times.js says it the same way."""
    age = now - moment
    days = (now.astimezone(UTC).date() - moment.astimezone(UTC).date()).days
    if age < timedelta(minutes=1):
        return "now"
    if age < timedelta(hours=1):
        return f"{age // timedelta(minutes=1)} min"
    if days <= 0:
        return f"{age // timedelta(hours=1)} h"
    if days == 1:
        return "Yesterday"
    return f"{moment:%a}" if days < 7 else _short_date(moment, now)


def day(moment: datetime, now: datetime) -> str:
    """Name a day, as it stands above its messages."""
    days = (now.astimezone(UTC).date() - moment.astimezone(UTC).date()).days
    return {0: "Today", 1: "Yesterday"}.get(days) or date(moment)


def date(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def exact(moment: datetime) -> str:
    return f"{date(moment)}, {clock(moment)} UTC"


def _day(day: Day) -> str:
    return date(day.moment) if day.is_whole else exact(day.moment)


def _short_date(moment: datetime, now: datetime) -> str:
    return f"{moment.day} {moment:%b}" + ("" if moment.year == now.year else f" {moment.year}")


def _forwarded(source: str) -> str:
    return f"forwarded from {source}" if source else "forwarded"


def _line(label: str, text: str) -> str:
    return f"{label[:200]} {text[:200]}".strip()[:200]
