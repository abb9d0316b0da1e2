"""An influencer moves messages to another of their chats with the same consumer, who is told."""

from collections.abc import Sequence

from database.transactions import fetch, transaction
from models import Chat, Message, Move, User
from services.chats import moving
from services.errors import NobodyThere, NotFound
from services.outgoing import deliveries
from services.outgoing.payloads import Moved


async def targets(chat: Chat) -> list[Chat]:
    """List where an influencer may move messages of a chat: the same two people's other chats, newest first."""
    others = Chat.filter(consumer_id=chat.consumer_id, influencer_id=chat.influencer_id).exclude(id=chat.id)
    return await others.order_by("-updated_at", "-id").select_related("coupon", "consumer", "influencer")


async def find(chat: Chat, move_id: int) -> Move:
    """Get a move into a chat, or out of it.

    Raises:
        NotFound: there is none.
    """
    found = await Move.get_or_none(id=move_id)
    if found is None or chat.id not in (found.from_chat_id, found.to_chat_id):
        raise NotFound
    return found


async def move(chat: Chat, first: Message, to: Chat, by: User, *, all_since: bool) -> Move:
    """Move a message, with its album, or it and all that follows it, to another chat of the same two people.

    Their consumer is told. Asked for twice, it is done once.

    Raises:
        NotFound: the message is in neither of the two chats, or these are not both the influencer's and the same
            consumer's.
    """
    async with transaction():
        await moving.keep_consumer(chat.consumer_id)
        if chat.id == to.id or not await _are_of_one_pair(chat.id, to.id, by):
            raise NotFound
        messages = await _from_on(chat, first) if all_since else await moving.with_album(chat, first)
        if not messages:
            return await _made_already(chat, first, to)
        made = await moving.move(messages, to.id, by)
        await _tell_consumer(to, messages)
    return made


async def undo(move: Move, by: User) -> bool:
    """Put back what a move has moved, but for what was moved again since; say whether that was anything.

    Raises:
        NotFound: its two chats are not both the influencer's.
    """
    if move.from_chat_id is None:
        raise NotFound
    async with transaction():
        back = await Chat.get(id=move.from_chat_id)
        await moving.keep_consumer(back.consumer_id)
        if not await _are_of_one_pair(move.from_chat_id, move.to_chat_id, by):
            raise NotFound
        messages = await moving.put_back(move, back.id, is_news=False)
        if messages:
            await _tell_consumer(back, messages)
    return bool(messages)


async def _are_of_one_pair(one: str, other: str, influencer: User) -> bool:
    """Say whether two chats are an influencer's and the same consumer's."""
    consumers = await Chat.filter(id__in=(one, other), influencer_id=influencer.id).values_list(
        "consumer_id", flat=True
    )
    return len(consumers) == 2 and len(set(consumers)) == 1


async def _from_on(chat: Chat, first: Message) -> list[Message]:
    """Get a message of a chat with all that stands behind it, and with the album of which it is a part."""
    together = await moving.with_album(chat, first)
    if not together:
        return []
    rows = await fetch(
        'SELECT id FROM "Messages" WHERE "chatId" = $1 AND (position, id) >= ($2, $3)',
        chat.id,
        together[0].position,
        together[0].id,
    )
    return await moving.in_order(Message.filter(id__in=[row["id"] for row in rows]))


async def _made_already(chat: Chat, first: Message, to: Chat) -> Move:
    """Get the move that has put a message of a chat into the other one."""
    made = await Move.get_or_none(
        messages__id=first.id, messages__chat_id=to.id, from_chat_id=chat.id, to_chat_id=to.id, undone_at=None
    )
    if made is None:
        raise NotFound
    return made


async def _tell_consumer(chat: Chat, messages: Sequence[Message]) -> None:
    """Queue that messages have been moved into a chat, if there is anybody to be told."""
    try:
        peer, _ = await deliveries.peer_of(chat)
    except NobodyThere:
        return
    own_count = sum(message.sender_id == chat.consumer_id for message in messages)
    await deliveries.queue(peer, Moved(own_count), chat)
