"""Messages that wait for their consumer to say which coupon they are about, and the questions that ask it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from tortoise.queryset import QuerySet

from database.transactions import transaction
from models import Chat, HeldMessage, Peer
from services import access
from services.errors import NotFound, TooManyHeld
from services.incoming import filing, opening, topics
from services.incoming.placement import AsOf, Incoming, Placement

MAX_HELD = 100  # messages that one person can keep waiting
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class ToAsk:
    """A question that is to be put now, or to be changed where it stands on the phone."""

    about: int  # the first of the messages that wait for its answer, by Telegram's id
    once: str | None  # by this name it is the last thing that was said, and open to what is written next


@dataclass(frozen=True)
class ToKeep:
    """A message about which nothing can be asked yet, and whose consumer is to be told how long it is kept."""

    telegram_message_id: int
    days: int


@dataclass(frozen=True)
class Question:
    """*Which coupon is this about?*, as it is to be asked now, of all that waits with its first message."""

    about: int  # the first of them, by Telegram's id
    count: int
    telegram_topic_id: int | None
    telegram_message_id: int | None  # where it stands on the phone, if it has been asked already


async def keep(peer: Peer, incoming: Incoming, placement: Placement) -> HeldMessage:
    """Keep a message until its consumer says which coupon it is about.

    Raises:
        TooManyHeld: as many wait already as one person can keep waiting.
    """
    if await HeldMessage.filter(peer_id=peer.id).count() >= MAX_HELD:
        raise TooManyHeld(MAX_HELD)
    return await filing.hold(peer, incoming, placement)


async def to_ask(peer: Peer, message: HeldMessage) -> list[ToAsk | ToKeep]:
    """Decide what its consumer is to be asked, or told, of a message that is held from now on.

    One question is for all that is written while it is the last thing that was said; a doubt about a reply alone is
    a question about that one.
    """
    if message.asked_with is None:
        if not await Chat.exists(consumer_id=peer.user_id):
            return [ToKeep(message.telegram_message_id, KEPT_FOR.days)]
        unasked = await _unasked_like(message)
        about = await _open_question(peer, message) or unasked[0].telegram_message_id
        return [await _cover(unasked, about)]
    if message.album_id is None:  # one more than the question says
        return [_to_ask(message, message.asked_with)]
    return []


async def to_ask_of_unasked(peer: Peer) -> list[ToAsk]:
    """Decide what is to be asked that could not be before there was a chat to choose, or that did not arrive."""
    unasked = await HeldMessage.filter(peer_id=peer.id, asked_with=None).order_by("telegram_message_id")
    if not unasked or not await Chat.exists(consumer_id=peer.user_id):
        return []
    together: dict[object, list[HeldMessage]] = defaultdict(list)
    for message in unasked:
        alone = message.album_id or message.id
        together[message.telegram_topic_id if _is_plain(message) else alone].append(message)
    return [await _cover(messages, messages[0].telegram_message_id) for messages in together.values()]


async def question_arrived(peer: Peer, about: int, telegram_message_id: int) -> None:
    """Keep where a question stands on the phone."""
    await _covered(peer, about).update(telegram_question_id=telegram_message_id)


async def question_failed(peer: Peer, about: int, reason: str) -> list[ToAsk]:
    """Ask again in place of a question that is on the phone no more; one that can't arrive is yet to be asked."""
    on_the_phone = _covered(peer, about).filter(telegram_question_id__not_isnull=True)
    if await on_the_phone.update(telegram_question_id=None) and reason == "refused":
        return [ToAsk(about, peer.last_said)]
    await _covered(peer, about).update(asked_with=None)
    return []


async def file_replies(peer: Peer, chat: Chat, telegram_message_id: int) -> bool:
    """File what replies to a message and was here before that; say whether their consumer is to be told where."""
    if chat.consumer_id != peer.user_id:
        return False  # they began it before they were invited
    is_filed = await filing.file_held_replies(peer, telegram_message_id, chat)
    return is_filed and peer.shown_chat_id != chat.id


async def file(peer: Peer, about: int, chat_id: str, as_of: AsOf) -> Chat:
    """Put what a question is about into the chat that the consumer has named; that is the active one now.

    Raises:
        NotFound: none of it is held any longer, or the chat isn't theirs.
    """
    async with transaction():
        chat = await access.chat_of_consumer(peer.user_id, chat_id)
        waiting = await answered_by(peer, about)
        if not waiting:
            raise NotFound
        for message in waiting:
            await topics.bind_topic(peer, message.telegram_topic_id, chat)
            await filing.file_held(peer, message, Placement(chat))
        await opening.activate(peer, chat, as_of)
    return chat


async def question(peer: Peer, about: int) -> Question | None:
    """Get a question as it is to be asked now; none if nothing waits for its answer any more."""
    covered = await _covered(peer, about).order_by("telegram_message_id")
    if not covered:
        return None
    stands = next((message.telegram_question_id for message in covered if message.telegram_question_id), None)
    return Question(about, len(entries(covered)), covered[0].telegram_topic_id, stands)


async def answered_by(peer: Peer, about: int) -> list[HeldMessage]:
    """List what an answer to a question is about, albums whole, in the order of writing."""
    covered = HeldMessage.filter(peer_id=peer.id)
    found = await covered.filter(asked_with=about) + await covered.filter(telegram_message_id=about)
    albums = {message.album_id for message in found if message.album_id}
    if albums:
        found += await covered.filter(album_id__in=albums)
    return sorted({message.id: message for message in found}.values(), key=lambda held: held.telegram_message_id)


async def on(peer: Peer) -> list[HeldMessage]:
    """List what waits for the consumer to say which coupon it is about, one entry an album, oldest first."""
    return entries(await HeldMessage.filter(peer_id=peer.id).order_by("telegram_message_id"))


def entries(messages: list[HeldMessage]) -> list[HeldMessage]:
    """Count an album once."""
    albums: dict[str, HeldMessage] = {}
    for message in messages:
        albums.setdefault(message.album_id or message.id, message)
    return list(albums.values())


async def _unasked_like(message: HeldMessage) -> list[HeldMessage]:
    """Find what has yet to be asked about and can be asked about together with a message."""
    if not _is_plain(message):
        return [message]
    unasked = HeldMessage.filter(peer_id=message.peer_id, asked_with=None, active_as_of__not_isnull=True)
    return await unasked.filter(telegram_topic_id=message.telegram_topic_id).order_by("telegram_message_id")


async def _cover(messages: list[HeldMessage], about: int) -> ToAsk:
    await HeldMessage.filter(id__in=[message.id for message in messages]).update(asked_with=about)
    return _to_ask(messages[0], about)


def _covered(peer: Peer, about: int) -> QuerySet[HeldMessage]:
    return HeldMessage.filter(peer_id=peer.id, asked_with=about)


def _to_ask(message: HeldMessage, about: int) -> ToAsk:
    return ToAsk(about, _key(about) if _is_plain(message) else None)


async def _open_question(peer: Peer, message: HeldMessage) -> int | None:
    """Find the question that was the last thing said, in the same topic, if it is about plain messages."""
    if not _is_plain(message):
        return None
    for other in await HeldMessage.filter(peer_id=peer.id, telegram_topic_id=message.telegram_topic_id):
        if other.asked_with and peer.last_said == _key(other.asked_with):
            return int(other.asked_with)
    return None


def _is_plain(message: HeldMessage) -> bool:
    """Say whether it was written without saying where; what replies to something unknown may be about anything."""
    return message.active_as_of is not None


def _key(about: int) -> str:
    return f"question:{about}"
