"""Messages that wait for their consumer to say which coupon they are about."""

from dataclasses import dataclass
from datetime import timedelta

from database import clock
from database.transactions import transaction
from models import Chat, HeldMessage, Message, Move, Peer
from services import access
from services.errors import NotFound, TooManyHeld
from services.incoming import filing, opening, topics
from services.incoming.placement import AsOf, Incoming, Placement

MAX_HELD = 100  # messages that one person can keep waiting
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Answered:
    """What the answer to a question has done."""

    chat: Chat
    move: Move
    filed: list[HeldMessage]  # also what has become certain by it


async def keep(peer: Peer, incoming: Incoming, placement: Placement) -> HeldMessage:
    """Keep a message until its consumer says which coupon it is about.

    Raises:
        TooManyHeld: as many wait already as one person can keep waiting.
    """
    if await HeldMessage.filter(peer_id=peer.id).count() >= MAX_HELD:
        raise TooManyHeld(MAX_HELD)
    return await filing.hold(peer, incoming, placement)


async def file_replies(peer: Peer, chat: Chat, telegram_message_id: int) -> list[HeldMessage]:
    """File what replies to a message and was here before that; give what was held."""
    if chat.consumer_id != peer.user_id:
        return []  # they began it before they were invited
    return await filing.file_held_replies(peer, telegram_message_id, chat)


async def file(peer: Peer, about: int, chat_id: str, as_of: AsOf) -> Answered:
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
            await topics.bind(peer, message.telegram_topic_id, chat)
        messages = [await filing.file_held(peer, message, Placement(chat)) for message in waiting]
        move = await Move.create(to_chat_id=chat.id, moved_by_id=peer.user_id, moved_at=clock.now())
        await Message.filter(id__in=[message.id for message in messages]).update(move_id=move.id)
        certain = await opening.activate(peer, chat, as_of)
    return Answered(chat, move, [*waiting, *certain])


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
