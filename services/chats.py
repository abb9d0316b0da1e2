"""Chats: one for each consumer and coupon, for ever."""

from dataclasses import dataclass
from datetime import datetime

from database.transactions import fetch
from models import Chat, Message


async def read_by_consumer(chat: Chat) -> None:
    """Count what the influencer has said in this chat as read."""
    if await Message.filter(chat_id=chat.id, sender_id=chat.influencer_id, is_read=False).exists():
        await touch(chat.id)
        await Message.filter(chat_id=chat.id, sender_id=chat.influencer_id, is_read=False).update(is_read=True)


async def touch(chat_id: str) -> None:
    """Mark a chat as changed, and keep it to ourselves until the transaction ends.

    Everything that changes a message does this first: see the order of locks in database/transactions.
    """
    await fetch('UPDATE "Chats" SET revision = 0 WHERE id = $1', chat_id)  # a trigger sets the real one


async def lead(chat_id: str, at: datetime, message_id: str | None = None) -> None:
    """Let a chat be the first in its lists, since it has just begun, or a message has come and is its last one.

    No clock of ours decides that: ``updatedAt`` is that time, but later than that of the influencer's other chats
    and of the consumer's, and never earlier than it was. A message that came late stands in the history where it
    was written, and leaves the chat where it is.
    """
    await fetch(
        """UPDATE "Chats" c SET "lastMessageId" = last.id, "updatedAt" = CASE
               WHEN last.id IS DISTINCT FROM $3 THEN c."updatedAt"
               ELSE GREATEST(c."updatedAt", $2, interval '1 microsecond' + GREATEST(
                   (SELECT max("updatedAt") FROM "Chats" WHERE "influencerId" = c."influencerId" AND id <> c.id),
                   (SELECT max("updatedAt") FROM "Chats" WHERE "consumerId" = c."consumerId" AND id <> c.id))) END
           FROM (SELECT (
               SELECT id FROM "Messages" WHERE "chatId" = $1 ORDER BY position DESC, id DESC LIMIT 1) AS id) last
           WHERE c.id = $1""",
        chat_id,
        at,
        message_id,
    )


async def settle(chat_id: str) -> None:
    """Let a chat that has lost a message, which was meant for another, be as old as what is left."""
    await fetch(
        """UPDATE "Chats" SET
               "updatedAt" = GREATEST("createdAt", (SELECT max(timestamp) FROM "Messages" WHERE "chatId" = $1)),
               "lastMessageId" = (
                   SELECT id FROM "Messages" WHERE "chatId" = $1 ORDER BY position DESC, id DESC LIMIT 1)
           WHERE id = $1""",
        chat_id,
    )


@dataclass(frozen=True)
class ConsumerChat:
    """A line of *My chats*."""

    id: str
    title: str
    unread_count: int


async def all_of_consumer(user_id: str) -> list[Chat]:
    """Get all of a consumer's chats with what they are about, always in the same order."""
    return await Chat.filter(consumer_id=user_id).order_by("id").select_related("coupon", "influencer")


async def of_consumer(user_id: str, limit: int, offset: int = 0) -> list[ConsumerChat]:
    """List a consumer's chats, the one with the newest message first."""
    rows = await fetch(
        """SELECT c.id, p.title, (SELECT count(*) FROM "Messages" m WHERE m."chatId" = c.id
                   AND m."senderId" = c."influencerId" AND NOT m."isRead") AS unread_count
           FROM "Chats" c JOIN "Coupons" p ON p.id = c."couponId" WHERE c."consumerId" = $1
           ORDER BY c."updatedAt" DESC, c.id DESC LIMIT $2 OFFSET $3""",
        user_id,
        limit,
        offset,
    )
    return [ConsumerChat(**row) for row in rows]
