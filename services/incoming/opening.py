"""A consumer opens a chat: by a link, by choosing it, or by saying that a message belongs there."""

from dataclasses import dataclass
from datetime import datetime

from structlog.contextvars import bind_contextvars

from database import clock
from database.ids import new_id
from database.transactions import fetch, transaction
from models import Chat, Coupon, CouponState, HeldMessage, Peer
from services import access, live
from services.chats import history
from services.coupons import start_links
from services.errors import CouponNotOpen, OwnCoupon
from services.incoming import refiling, routing
from services.incoming.placement import AsOf
from services.start_parameters import StartParameter


@dataclass(frozen=True)
class Opened:
    """A chat that a consumer has opened."""

    chat: Chat
    is_new: bool
    unread_count: int  # of what the influencer has said, which counts as read from then on
    filed: list[HeldMessage]  # what was held until now: see refiling


async def by_link(parameter: StartParameter, peer: Peer, at: datetime, as_of: AsOf) -> Opened:
    """Open the consumer's chat about the coupon that a deep link names; begin it if there is none.

    Raises:
        CouponUnknown: the parameter names none.
        CouponNotOpen: there is no chat yet, and none can be begun now.
        OwnCoupon: the consumer is its influencer.
    """
    coupon = await start_links.named_by(parameter)
    async with transaction() as tell:
        chat = await _existing(coupon, peer)
        is_new = chat is None and await _begin(coupon, peer, at)
        chat = chat or await _existing(coupon, peer)
        assert chat is not None  # noqa: S101 - the unique constraint: one of the two has made it
        opened = await _open(peer, chat, as_of, is_new=is_new)
        tell(live.influencer(chat.influencer_id))
    return opened


async def by_choice(chat_id: str, peer: Peer, as_of: AsOf) -> Opened:
    """Open a chat that the consumer has chosen among theirs.

    Raises:
        NotFound: it isn't theirs.
    """
    async with transaction():
        return await _open(peer, await access.chat_of_consumer(peer.user_id, chat_id), as_of, is_new=False)


async def activate(peer: Peer, chat: Chat, as_of: AsOf) -> list[HeldMessage]:
    """Let the consumer's plain messages from then on go to this chat, and count what it says as read.

    What was held, and whose place is certain by that, comes back.
    """
    await routing.activate(peer, chat, as_of)
    filed = await refiling.put_right(peer, as_of)
    bind_contextvars(chat=chat.id)  # the log's next lines are about it
    await history.read_by_consumer(chat)
    return filed


async def _open(peer: Peer, chat: Chat, as_of: AsOf, *, is_new: bool) -> Opened:
    unread_count = 0 if is_new else await history.unread_count(chat)
    return Opened(chat, is_new, unread_count, filed=await activate(peer, chat, as_of))


async def _existing(coupon: Coupon, peer: Peer) -> Chat | None:
    chat = await Chat.get_or_none(coupon_id=coupon.id, consumer_id=peer.user_id).select_related(
        "coupon", "influencer", "consumer"
    )
    if chat is None and coupon.influencer_id == peer.user_id:
        raise OwnCoupon(coupon)
    return chat


async def _begin(coupon: Coupon, peer: Peer, at: datetime) -> bool:
    """Make the chat, unless somebody else was quicker."""
    state = coupon.state_at(clock.now())
    if state is not CouponState.VALID:
        raise CouponNotOpen(coupon, state)
    made = await fetch(
        """INSERT INTO "Chats"
               (id, "couponId", "consumerId", "influencerId", "createdAt", "updatedAt", "couponExpiresAt", revision)
           VALUES ($1, $2, $3, $4, $5, $5, $6, 0)
           ON CONFLICT ("couponId", "consumerId") DO NOTHING RETURNING id""",
        new_id(),
        coupon.id,
        peer.user_id,
        coupon.influencer_id,
        at,
        coupon.expires_at,
    )
    for chat in made:
        await history.move_to_top(chat["id"], at)
    return bool(made)
