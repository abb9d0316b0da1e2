"""Messages that wait for their consumer to say which coupon they are about, and the questions that ask it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from models import Chat, HeldMessage, Peer
from services.errors import TooManyHeld
from services.incoming import filing
from services.incoming.placement import Incoming, Placement
from services.outgoing import deliveries, payloads

MAX_HELD = 100  # messages that one person can keep waiting
KEPT_FOR = timedelta(days=30)


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


async def ask(peer: Peer, message: HeldMessage) -> bool:
    """See to it that a question covers a message that is held; say whether there was a chat to ask about.

    One question is for all that is written while it is the last thing that was said; a doubt about a reply alone is
    a question about that one.
    """
    if message.asked_with is None:
        if not await Chat.exists(consumer_id=peer.user_id):
            return False
        unasked = await _unasked_like(message)
        await _cover(peer, unasked, await _open_question(peer, message) or unasked[0].telegram_message_id)
    elif message.album_id is None:  # one more than the question says
        await _put(peer, message, message.asked_with)
    return True


async def ask_unasked(peer: Peer) -> None:
    """Ask what could not be asked before there was a chat to choose, or did not arrive when it was asked."""
    if not await Chat.exists(consumer_id=peer.user_id):
        return
    together: dict[object, list[HeldMessage]] = defaultdict(list)
    for message in await HeldMessage.filter(peer_id=peer.id, asked_with=None).order_by("telegram_message_id"):
        alone = message.album_id or message.id
        together[message.telegram_topic_id if _is_plain(message) else alone].append(message)
    for messages in together.values():
        await _cover(peer, messages, messages[0].telegram_message_id)


async def question(peer: Peer, about: int) -> Question | None:
    """Get a question as it is to be asked now; none if nothing waits for its answer any more."""
    covered = await HeldMessage.filter(peer_id=peer.id, asked_with=about).order_by("telegram_message_id")
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


async def _cover(peer: Peer, messages: list[HeldMessage], about: int) -> None:
    await HeldMessage.filter(id__in=[message.id for message in messages]).update(asked_with=about)
    await _put(peer, messages[0], about)


async def _put(peer: Peer, message: HeldMessage, about: int) -> None:
    await deliveries.queue_question(peer, payloads.Question(about), _key(about) if _is_plain(message) else None)


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
