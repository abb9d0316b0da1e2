"""A consumer's chats."""

from dataclasses import dataclass

from database.transactions import fetch
from models import Chat
from services.text.folding import folded


@dataclass(frozen=True)
class ConsumerChat:
    """A line of *My chats*."""

    id: str
    title: str
    unread_count: int


async def all_of_consumer(user_id: str) -> list[Chat]:
    """Get all of a consumer's chats with what they are about, always in the same order."""
    return await Chat.filter(consumer_id=user_id).order_by("id").select_related("coupon", "influencer")


async def with_words(user_id: str, typed: str, limit: int) -> list[ConsumerChat]:
    """List a consumer's chats with all of these words in the coupon's title or the influencer's name, newest first.

    Neither case nor accents nor the order of the words make a difference, and a part of a word is enough.
    """
    words = folded(typed).split()
    if not words:
        return []
    named = {
        chat.id: folded(f"{chat.coupon.title} {chat.influencer.name}") for chat in await all_of_consumer(user_id)
    }
    found = [id_ for id_, name in named.items() if all(word in name for word in words)]
    return await of_consumer(user_id, limit, among=found)


async def of_consumer(
    user_id: str, limit: int, offset: int = 0, but: str | None = None, among: list[str] | None = None
) -> list[ConsumerChat]:
    """List a consumer's chats, the one with the newest message first, perhaps all but one, or some of them."""
    rows = await fetch(
        """SELECT c.id, p.title, (SELECT count(*) FROM "Messages" m WHERE m."chatId" = c.id
                   AND m."senderId" = c."influencerId" AND NOT m."isRead") AS unread_count
           FROM "Chats" c JOIN "Coupons" p ON p.id = c."couponId" WHERE c."consumerId" = $1
           AND c.id IS DISTINCT FROM $4 AND ($5::text[] IS NULL OR c.id = ANY($5))
           ORDER BY c."updatedAt" DESC, c.id DESC LIMIT $2 OFFSET $3""",
        user_id,
        limit,
        offset,
        but,
        among,
    )
    return [ConsumerChat(**row) for row in rows]
