"""Moving messages into another chat of their consumer: by the influencer, by the consumer, and back again."""

from collections.abc import Sequence

from tortoise.queryset import QuerySet

from database import clock
from database.transactions import fetch, transaction
from models import Chat, Message, Move, Peer, User
from services import access, live
from services.chats import history
from services.errors import NobodyThere, NotFound
from services.media import attachments
from services.outgoing import deliveries
from services.outgoing.payloads import Moved


async def targets(chat: Chat) -> list[Chat]:
    """List where an influencer may move messages of a chat: the same two people's other chats, newest first."""
    others = Chat.filter(consumer_id=chat.consumer_id, influencer_id=chat.influencer_id).exclude(id=chat.id)
    return await others.order_by("-updated_at", "-id").select_related("coupon", "consumer", "influencer")


async def move(chat: Chat, first: Message, to: Chat, by: User, *, all_since: bool) -> Move:
    """Move a message, with its album, or it and all that follows it, to another chat of the same two people.

    Their consumer is told. Asked for twice, it is done once.

    Raises:
        NotFound: the message is in neither of the two chats, or these are not both the influencer's and the same
            consumer's.
    """
    async with transaction():
        await _keep_consumer(chat.consumer_id)
        if chat.id == to.id or not await _are_of_one_pair(chat.id, to.id, by):
            raise NotFound
        messages = await _from_on(chat, first) if all_since else await _with_album(chat, first)
        if not messages:
            return await _made_already(chat, first, to)
        made = await _move(messages, to.id, by)
        await _tell_consumer(to, messages)
    return made


async def undo(move: Move, by: User) -> bool:
    """Put back what a move has moved, but for what was moved again since; say whether that was anything.

    The influencer may who has both chats, and the consumer who made it.

    Raises:
        NotFound: it isn't theirs to undo.
    """
    if move.from_chat_id is None:
        raise NotFound
    async with transaction():
        back = await Chat.get(id=move.from_chat_id)
        await _keep_consumer(back.consumer_id)
        is_influencer = await _are_of_one_pair(move.from_chat_id, move.to_chat_id, by)
        is_own = move.moved_by_id == back.consumer_id == by.id
        if not (is_influencer or is_own):
            raise NotFound
        if not await Move.filter(id=move.id, undone_at=None).update(undone_at=clock.now()):
            return False
        messages = await _ordered(Message.filter(move_id=move.id, chat_id=move.to_chat_id))
        if messages:
            await put(messages, back.id, move, is_news=not is_influencer)
            if is_influencer:
                await _tell_consumer(back, messages)
    return bool(messages)


async def made(chat: Chat, move_id: int) -> Move:
    """Get a move into a chat, or out of it.

    Raises:
        NotFound: there is none.
    """
    found = await Move.get_or_none(id=move_id)
    if found is None or chat.id not in (found.from_chat_id, found.to_chat_id):
        raise NotFound
    return found


async def moved_by(peer: Peer, move_id: int) -> list[Message]:
    """List what a consumer has written and a move has moved, but for what was moved again since, with the files.

    Where a move was undone, that is where it has come from.
    """
    own = Message.filter(move_id=move_id, sender_id=peer.user_id, chat__consumer_id=peer.user_id)
    return await attachments.load(await _ordered(own))


async def written_as(peer: Peer, telegram_message_id: int) -> list[Message]:
    """List what a consumer has written as a message on their phone, or in its album, with the files."""
    first = await Message.get_or_none(
        sender_id=peer.user_id,
        chat__consumer_id=peer.user_id,
        telegram_messages__bot_id=peer.bot_id,
        telegram_messages__telegram_chat_id=peer.telegram_chat_id,
        telegram_messages__telegram_message_id=telegram_message_id,
    ).select_related("chat")
    return await attachments.load(await _with_album(first.chat, first)) if first else []


async def written_last(peer: Peer) -> int | None:
    """Give which message on their phone a consumer has written last, of those that are in a chat."""
    found = await fetch(
        """SELECT t."telegramMessageId" AS id FROM "Chats" c CROSS JOIN LATERAL (
               SELECT m.id, m.position FROM "Messages" m WHERE m."chatId" = c.id AND m."senderId" = $1
               ORDER BY m.position DESC, m.id DESC LIMIT 1) m
           JOIN "TelegramMessages" t ON t."messageId" = m.id AND t."botId" = $2 AND t."telegramChatId" = $3
           WHERE c."consumerId" = $1 ORDER BY m.position DESC, m.id DESC LIMIT 1""",
        peer.user_id,
        peer.bot_id,
        peer.telegram_chat_id,
    )
    return int(found[0]["id"]) if found else None


async def move_of_consumer(peer: Peer, messages: Sequence[Message], to_chat_id: str) -> Move:
    """Move what a consumer has written to another chat of theirs, perhaps with another influencer.

    Raises:
        NotFound: there is nothing, it is in that chat already, or the chat isn't theirs.
    """
    async with transaction():
        await _keep_consumer(peer.user_id or "")
        to = await access.chat_of_consumer(peer.user_id, to_chat_id)
        own = Message.filter(id__in=[message.id for message in messages], sender_id=peer.user_id)
        found = await _ordered(own.filter(chat__consumer_id=peer.user_id).exclude(chat_id=to.id))
        if not found:
            raise NotFound
        return await _move(found, to.id, to.consumer)


async def undo_of_consumer(peer: Peer, move_id: int) -> Chat:
    """Put back what a consumer has moved, and give the chat where it stands again.

    Raises:
        NotFound: it isn't theirs to undo, or there is nothing to be put back any more.
    """
    made = await Move.get_or_none(id=move_id, moved_by_id=peer.user_id).select_related("moved_by")
    if made is None or not await undo(made, made.moved_by):
        raise NotFound
    return await access.chat_of_consumer(peer.user_id, made.from_chat_id or "")


async def put(messages: Sequence[Message], chat_id: str, move: Move | None = None, *, is_news: bool) -> None:
    """Let messages, in their order, that stand in one chat stand in another, at their places in its history.

    There they are known on the phone, and there is said what is still owed of them. What is news to the influencer
    counts as unread. Whoever calls this holds the consumer.
    """
    left, ids = messages[0].chat_id, [message.id for message in messages]
    async with transaction() as tell:
        for touched in sorted((left, chat_id)):
            await history.touch(touched)
        await fetch(_PUTTING, chat_id, ids, move and move.id, is_news)
        await fetch(_PUTTING_ON_PHONE, chat_id, ids, move is not None)
        await fetch(_PUTTING_WHAT_IS_OWED, chat_id, ids, left)
        await history.take_back_last(left)
        await history.move_to_top(chat_id, messages[-1].timestamp, messages[-1])
        for chat in await Chat.filter(id__in=(left, chat_id)):
            tell(live.influencer(chat.influencer_id))


# A form that was sent once in each chat has been sent in both.
_PUTTING = """
    UPDATE "Messages" m SET "chatId" = $1, "movedFromId" = m."chatId", "moveId" = $3, revision = 0,
        "formerChatIds" = COALESCE(m."formerChatIds" - m."chatId", '[]') || to_jsonb(m."chatId"::text),
        "isRead" = m."isRead" AND NOT ($4 AND m."senderId" = c."consumerId"),
        "requestId" = CASE WHEN NOT EXISTS (
            SELECT FROM "Messages" other WHERE other."chatId" = $1 AND other."requestId" = m."requestId")
            THEN m."requestId" END
    FROM "Chats" c WHERE c.id = $1 AND m.id = ANY($2)"""

# Where somebody has put a message it stays, whatever openings are yet to be heard of.
_PUTTING_ON_PHONE = """
    UPDATE "TelegramMessages" SET "chatId" = $1, "activeAsOf" = CASE WHEN NOT $3 THEN "activeAsOf" END
    WHERE "messageId" = ANY($2)"""

_PUTTING_WHAT_IS_OWED = """
    UPDATE "Deliveries" SET "chatId" = $1
    WHERE "chatId" = $3 AND ("messageId" = ANY($2) OR payload ->> 'messageId' = ANY($2))"""


async def _keep_consumer(user_id: str) -> None:
    """Keep a consumer and then their peers until the transaction ends: see database/transactions.

    The peers are written, so that whoever ends a delivery meanwhile sees that something has happened.
    """
    await fetch('SELECT FROM "Users" WHERE id = $1 FOR NO KEY UPDATE', user_id)
    await fetch('UPDATE "Peers" SET "deliveryCount" = "deliveryCount" WHERE "userId" = $1', user_id)


async def _are_of_one_pair(one: str, other: str, influencer: User) -> bool:
    """Say whether two chats are an influencer's and the same consumer's."""
    consumers = await Chat.filter(id__in=(one, other), influencer_id=influencer.id).values_list(
        "consumer_id", flat=True
    )
    return len(consumers) == 2 and len(set(consumers)) == 1


async def _with_album(chat: Chat, first: Message) -> list[Message]:
    """Get a message of a chat, and the album of which it is a part: that is never torn apart."""
    found = Message.filter(chat_id=chat.id)
    if first.album_id:
        if not await found.filter(id=first.id).exists():
            return []
        return await _ordered(found.filter(album_id=first.album_id, sender_id=first.sender_id))
    return await found.filter(id=first.id)


async def _from_on(chat: Chat, first: Message) -> list[Message]:
    """Get a message of a chat with all that stands behind it, and with the album of which it is a part."""
    together = await _with_album(chat, first)
    if not together:
        return []
    rows = await fetch(
        'SELECT id FROM "Messages" WHERE "chatId" = $1 AND (position, id) >= ($2, $3)',
        chat.id,
        together[0].position,
        together[0].id,
    )
    return await _ordered(Message.filter(id__in=[row["id"] for row in rows]))


async def _ordered(found: QuerySet[Message]) -> list[Message]:
    return await found.order_by("position", "id")


async def _made_already(chat: Chat, first: Message, to: Chat) -> Move:
    """Get the move that has put a message of a chat into the other one."""
    made = await Move.get_or_none(
        messages__id=first.id, messages__chat_id=to.id, from_chat_id=chat.id, to_chat_id=to.id, undone_at=None
    )
    if made is None:
        raise NotFound
    return made


async def _move(messages: Sequence[Message], to_chat_id: str, by: User) -> Move:
    """Keep that somebody moves messages of one chat into another, and do it."""
    left = await Chat.get(id=messages[0].chat_id)
    made = await Move.create(from_chat_id=left.id, to_chat_id=to_chat_id, moved_by_id=by.id, moved_at=clock.now())
    await put(messages, to_chat_id, made, is_news=by.id != left.influencer_id)
    return made


async def _tell_consumer(chat: Chat, messages: Sequence[Message]) -> None:
    """Queue that messages have been moved into a chat, if there is anybody to be told."""
    try:
        peer, _ = await deliveries.peer_of(chat)
    except NobodyThere:
        return
    own_count = sum(message.sender_id == chat.consumer_id for message in messages)
    await deliveries.queue(peer, Moved(own_count), chat)
