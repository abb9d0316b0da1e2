"""Chats: one for each consumer and coupon, for ever."""

from dataclasses import dataclass
from datetime import UTC, datetime

from models import Chat, Coupon, CouponState, Line, Message
from services import coupons, live, routing
from services.database import fetch, new_id, transaction
from services.errors import CouponNotOpen, OwnCoupon
from services.routing import Moment


@dataclass(frozen=True)
class Opened:
    """A chat that a consumer has opened."""

    chat: Chat
    is_new: bool


async def open_by(parameter: str, line: Line, at: datetime, moment: Moment) -> Opened:
    """Open the consumer's chat about the coupon that a deep link names; begin it if there is none.

    Raises:
        CouponUnknown: the parameter names none.
        CouponNotOpen: there is no chat yet, and none can be begun now.
        OwnCoupon: the consumer is its influencer.
    """
    coupon = await coupons.named_by(parameter)
    async with transaction() as tell:
        chat = await _existing(coupon, line)
        is_new = chat is None and await _begin(coupon, line, at)
        chat = chat or await _existing(coupon, line)
        assert chat is not None  # noqa: S101 - the unique constraint: one of the two has made it
        await activate(line, chat, moment)
        tell(live.influencer(chat.influencer_id))
    return Opened(chat, is_new)


async def activate(line: Line, chat: Chat, moment: Moment) -> None:
    """Let the consumer's next plain messages go to this chat, and count what it says as read."""
    await routing.activate(line, chat, moment)
    await read_by_consumer(chat)


async def read_by_consumer(chat: Chat) -> None:
    """Count what the influencer has said in this chat as read."""
    if await Message.filter(chat_id=chat.id, sender_id=chat.influencer_id, is_read=False).exists():
        await touch(chat.id)
        await Message.filter(chat_id=chat.id, sender_id=chat.influencer_id, is_read=False).update(is_read=True)


async def touch(chat_id: str) -> None:
    """Mark a chat as changed, and keep it to ourselves until the transaction ends.

    Everything that changes a message does this first: so two who change one chat never wait for each other.
    """
    await fetch('UPDATE "Chats" SET revision = 0 WHERE id = $1', chat_id)  # a trigger sets the real one


@dataclass(frozen=True)
class ConsumerChat:
    """A line of *My chats*."""

    id: str
    title: str
    influencer_name: str
    unread_count: int


async def of_consumer(user_id: str, limit: int, offset: int = 0) -> list[ConsumerChat]:
    """List a consumer's chats, the one with the newest message first."""
    rows = await fetch(
        """SELECT c.id, p.title, i.name AS influencer_name,
                  (SELECT count(*) FROM "Messages" m WHERE m."chatId" = c.id
                   AND m."senderId" = c."influencerId" AND NOT m."isRead") AS unread_count
           FROM "Chats" c JOIN "Coupons" p ON p.id = c."couponId" JOIN "Users" i ON i.id = c."influencerId"
           WHERE c."consumerId" = $1 ORDER BY c."updatedAt" DESC, c.id DESC LIMIT $2 OFFSET $3""",
        user_id,
        limit,
        offset,
    )
    return [ConsumerChat(**row) for row in rows]


async def _existing(coupon: Coupon, line: Line) -> Chat | None:
    if coupon.influencer_id == line.user_id:
        raise OwnCoupon(coupon)
    return await Chat.get_or_none(coupon_id=coupon.id, consumer_id=line.user_id).select_related(
        "coupon", "influencer", "consumer"
    )


async def _begin(coupon: Coupon, line: Line, at: datetime) -> bool:
    """Make the chat, unless somebody else was quicker."""
    state = coupon.state_at(datetime.now(UTC))
    if state is not CouponState.VALID:
        raise CouponNotOpen(coupon, state)
    made = await fetch(
        """INSERT INTO "Chats" (id, "couponId", "consumerId", "influencerId", "createdAt", "updatedAt", revision)
           VALUES ($1, $2, $3, $4, $5, $5, 0)
           ON CONFLICT ("couponId", "consumerId") DO NOTHING RETURNING id""",
        new_id(),
        coupon.id,
        line.user_id,
        coupon.influencer_id,
        at,
    )
    return bool(made)
