"""Moving messages into another chat of their consumer, whoever does that, and back again."""

from collections.abc import Sequence

from tortoise.queryset import QuerySet

from database import clock
from database.transactions import fetch, transaction
from models import Chat, Message, Move, User
from services import live
from services.chats import history


async def move(messages: Sequence[Message], to_chat_id: str, by: User) -> Move:
    """Move messages of one chat into another; whoever calls this holds their consumer."""
    left = await Chat.get(id=messages[0].chat_id)
    made = await Move.create(from_chat_id=left.id, to_chat_id=to_chat_id, moved_by_id=by.id, moved_at=clock.now())
    await put(messages, to_chat_id, made, is_news=by.id != left.influencer_id)
    return made


async def put_back(move: Move, to_chat_id: str, *, is_news: bool) -> list[Message]:
    """Put back into its chat what a move has moved, but for what was moved again since; give the messages.

    Nothing comes back where that was done before. Whoever calls this holds the consumer.
    """
    if not await Move.filter(id=move.id, undone_at=None).update(undone_at=clock.now()):
        return []
    messages = await in_order(Message.filter(move_id=move.id, chat_id=move.to_chat_id))
    if messages:
        await put(messages, to_chat_id, move, is_news=is_news)
    return messages


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


async def keep_consumer(user_id: str) -> None:
    """Keep a consumer and then their peers until the transaction ends: see database/transactions.

    The peers are written, so that whoever ends a delivery meanwhile sees that something has happened.
    """
    await fetch('SELECT FROM "Users" WHERE id = $1 FOR NO KEY UPDATE', user_id)
    await fetch('UPDATE "Peers" SET "deliveryCount" = "deliveryCount" WHERE "userId" = $1', user_id)


async def with_album(chat: Chat, first: Message) -> list[Message]:
    """Get a message of a chat, and the album of which it is a part: that is never torn apart."""
    found = Message.filter(chat_id=chat.id)
    if first.album_id:
        if not await found.filter(id=first.id).exists():
            return []
        return await in_order(found.filter(album_id=first.album_id, sender_id=first.sender_id))
    return await found.filter(id=first.id)


async def in_order(found: QuerySet[Message]) -> list[Message]:
    """Get messages in the order of their history."""
    return await found.order_by("position", "id")
