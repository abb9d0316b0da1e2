"""Questions which coupon held messages are about: what is to be asked, asked anew, or taken back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tortoise.queryset import QuerySet

from models import Chat, HeldMessage, Peer
from services import telegram_messages
from services.incoming import held

# Why a question can't be changed where it stands, but can be asked anew.
_NOT_TO_BE_CHANGED = ("refused", "message_gone", "not_editable")


@dataclass(frozen=True)
class ToAsk:
    """A question that is to be put now, or to be changed where it stands on the phone."""

    about: int  # by which it is named: the first of the messages for which it was asked, by Telegram's id
    once: str | None  # by this name it is the last thing that was said
    is_anew: bool = False  # at the bottom, also if it waits further up


@dataclass(frozen=True)
class ToTakeBack:
    """A question on the phone that is asked no more, or somewhere else."""

    telegram_message_id: int


@dataclass(frozen=True)
class ToKeep:
    """A message about which nothing can be asked yet, and whose consumer is to be told how long it is kept."""

    telegram_message_id: int
    days: int


Decided = ToAsk | ToTakeBack


@dataclass(frozen=True)
class Question:
    """*Which coupon is this about?*, as it is to be asked now, of all that waits with its first message."""

    first: int  # of the messages that wait, by Telegram's id
    count: int
    telegram_topic_id: int | None
    telegram_message_id: int | None  # where it stands on the phone, if it has been asked already


async def current(peer: Peer, about: int) -> Question | None:
    """Get a question as it is to be asked now; none if nothing waits for its answer any more."""
    covered = await _covered(peer, about).order_by("telegram_message_id")
    if not covered:
        return None
    first = covered[0]
    count = len(held.entries(covered))
    return Question(first.telegram_message_id, count, first.telegram_topic_id, _standing(covered))


async def to_ask(peer: Peer, message: HeldMessage) -> Sequence[Decided | ToKeep]:
    """Decide what its consumer is to be asked, or told, of a message that is held from now on.

    One question is for all that was written without saying where; a doubt about a reply alone is a question about
    that one.
    """
    if message.asked_with is None and not await Chat.exists(consumer_id=peer.user_id):
        return [ToKeep(message.telegram_message_id, held.KEPT_FOR.days)]
    if message.album_id and message.asked_with:
        return []  # an album counts once
    if _is_plain(message):
        return await _ask_of_plain(peer, message.telegram_topic_id)
    return [await _ask_alone(peer, [message])]


async def to_ask_of_unasked(peer: Peer) -> list[Decided]:
    """Decide what is to be asked that could not be before there was a chat to choose, or that did not arrive."""
    unasked = await HeldMessage.filter(peer_id=peer.id, asked_with=None).order_by("telegram_message_id")
    if not unasked or not await Chat.exists(consumer_id=peer.user_id):
        return []
    decided: list[Decided] = []
    for topic in dict.fromkeys(message.telegram_topic_id for message in unasked if _is_plain(message)):
        decided += await _ask_of_plain(peer, topic)
    alone: dict[str, list[HeldMessage]] = defaultdict(list)
    for message in unasked:
        if not _is_plain(message):
            alone[message.album_id or message.id].append(message)
    return decided + [await _ask_alone(peer, messages) for messages in alone.values()]


async def to_put_right(peer: Peer, filed: Iterable[HeldMessage]) -> list[Decided]:
    """Decide what becomes of the questions about messages that have been filed, by whatever has made it sure."""
    by_question: dict[int, list[HeldMessage]] = defaultdict(list)
    for message in filed:
        if message.asked_with:
            by_question[message.asked_with].append(message)
    decided: list[Decided] = []
    for about, gone in by_question.items():
        decided += await _without(peer, about, gone)
    return decided


async def arrived(peer: Peer, about: int, telegram_message_id: int, *, is_asked_anew: bool) -> list[Decided]:
    """Keep where a question stands on the phone, unless it has no place there by now.

    Nothing may wait for its answer any more, it may have been asked anew while it was on its way, and what was
    being sent when its process died may arrive twice.
    """
    covered = await _covered(peer, about).order_by("telegram_message_id")
    if not covered:  # where it has been answered, it says so
        is_answered = await telegram_messages.find(peer, telegram_message_id)
        return [] if is_answered else [ToTakeBack(telegram_message_id)]
    standing = _standing(covered)
    if is_asked_anew:
        return await _anew(peer, covered, about, telegram_message_id)
    if standing is None or standing < telegram_message_id:
        await _covered(peer, about).update(telegram_question_id=telegram_message_id)
    if standing in (None, telegram_message_id):
        return []
    return [ToTakeBack(min(standing, telegram_message_id))]


async def failed(peer: Peer, about: int, reason: str) -> list[Decided]:
    """Ask again in place of a question that is on the phone no more; one that can't arrive is yet to be asked."""
    covered = await _covered(peer, about).order_by("telegram_message_id")
    if _standing(covered) and reason in _NOT_TO_BE_CHANGED:
        return await _anew(peer, covered, about)
    await _covered(peer, about).update(asked_with=None, telegram_question_id=None)
    return []


async def _ask_of_plain(peer: Peer, telegram_topic_id: int | None) -> list[Decided]:
    """Ask one question of all that was written in a topic without saying where.

    It is rewritten where it stands while it is the last thing that was said, and replies to the first of them.
    """
    plain = await HeldMessage.filter(
        peer_id=peer.id, telegram_topic_id=telegram_topic_id, active_as_of__not_isnull=True
    ).order_by("telegram_message_id")
    questions = {message.asked_with for message in plain if message.asked_with}
    about = plain[0].asked_with
    if about and questions == {about} and peer.last_said == _name(about):
        await HeldMessage.filter(id__in=[message.id for message in plain]).update(asked_with=about)
        return [ToAsk(about, _name(about))]
    return await _anew(peer, plain, about or min(questions, default=plain[0].telegram_message_id))


async def _ask_alone(peer: Peer, messages: list[HeldMessage]) -> ToAsk:
    """Ask of a reply, or of an album of one, or say in the question about what it replies to that it waits too."""
    about = messages[0].asked_with
    if about:
        return ToAsk(about, peer.last_said)
    about = messages[0].telegram_message_id
    await HeldMessage.filter(id__in=[message.id for message in messages]).update(asked_with=about)
    return ToAsk(about, None)


async def _without(peer: Peer, about: int, gone: list[HeldMessage]) -> list[Decided]:
    """Ask of what is left of a question's messages, in reply to the first of them; or ask no more."""
    left = await _covered(peer, about).order_by("telegram_message_id")
    standing = _standing([*gone, *left])
    if not left:
        return [ToTakeBack(standing)] if standing else []
    if left[0].telegram_message_id < min(message.telegram_message_id for message in gone):
        return [ToAsk(about, peer.last_said)]
    return await _anew(peer, left, about)


async def _anew(peer: Peer, messages: list[HeldMessage], about: int, *arrived_as: int) -> list[Decided]:
    """Let a question about these messages be the last thing that is said, and stand nowhere else."""
    standing = {message.telegram_question_id for message in messages if message.telegram_question_id}
    await HeldMessage.filter(id__in=[message.id for message in messages]).update(
        asked_with=about, telegram_question_id=None
    )
    once = _name(about) if _is_plain(messages[0]) else None
    taken_back: list[Decided] = [ToTakeBack(place) for place in sorted({*standing, *arrived_as})]
    return [*taken_back, ToAsk(about, once, is_anew=True)]


def _covered(peer: Peer, about: int) -> QuerySet[HeldMessage]:
    return HeldMessage.filter(peer_id=peer.id, asked_with=about)


def _standing(covered: Iterable[HeldMessage]) -> int | None:
    """Find where the question about messages stands on the phone."""
    return next((message.telegram_question_id for message in covered if message.telegram_question_id), None)


def _is_plain(message: HeldMessage) -> bool:
    """Say whether it was written without saying where; what replies to something unknown may be about anything."""
    return message.active_as_of is not None


def _name(about: int) -> str:
    return f"question:{about}"
