"""What becomes of what Telegram is owed: due, begun, and sent, failed, or to be tried again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from database import clock
from database.transactions import Tell, after_commit, fetch, transaction
from models import Chat, Delivery, DeliveryKind, DeliveryState, Message, Peer
from services import live, metrics, telegram_messages
from services.chats import history
from services.outgoing import payloads
from services.outgoing.payloads import Payload, Question

PENDING = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
EXPIRES_AFTER = timedelta(days=1)  # after which nothing is said any more without asking whoever said it
LEASE = timedelta(minutes=1)  # in which whoever sends a delivery says how that ended; no call takes as long


@dataclass(frozen=True)
class Step:
    """The next call that a peer is owed."""

    delivery: Delivery
    peer: Peer
    chat: Chat | None
    message: Message | None
    attempt: int  # what becomes of it is said of this one alone: a fence against whoever comes too late

    @property
    def waited(self) -> timedelta:
        """How long it has been in the queue."""
        return clock.now() - self.delivery.queued_at

    @property
    def is_unordered(self) -> bool:
        """Whether it has no place in the peer's order."""
        return self.delivery.expires_at is not None

    @property
    def is_expired(self) -> bool:
        """Whether it is too late for it: it is worthless by now, or nobody expects it any more."""
        expires_at = self.delivery.expires_at or self.delivery.queued_at + EXPIRES_AFTER
        return expires_at <= clock.now()

    @property
    def about(self) -> Chat:
        """The chat about which something is said."""
        assert self.chat is not None  # noqa: S101 - whoever queued that has named one
        return self.chat

    @property
    def said(self) -> Message:
        """The message of which a part is said."""
        assert self.message is not None  # noqa: S101 - whoever queued that has named one
        return self.message

    @property
    def payload(self) -> Payload:
        """What its call is written from."""
        return payloads.read(self.delivery.kind, self.delivery.payload)

    @property
    def is_question(self) -> bool:
        """Whether it asks which coupon something is about."""
        return self.delivery.kind is DeliveryKind.QUESTION

    @property
    def asked_about(self) -> int:
        """Which held message a question is about, with those that wait with it."""
        payload = self.payload
        assert isinstance(payload, Question)  # noqa: S101 - asked of questions only
        return payload.about


async def due_peers(bot_id: int, limit: int, except_peers: list[str]) -> list[str]:
    """List the peers whose next delivery is due now, the longest due first."""
    rows = await fetch(
        """SELECT head."peerId" AS id FROM (
               SELECT DISTINCT ON ("peerId") "peerId", "dueAt" FROM "Deliveries"
               WHERE "botId" = $1 AND state IN ('queued', 'sending', 'uncertain') AND "peerId" <> ALL($2)
               AND "expiresAt" IS NULL
               ORDER BY "peerId", sequence) head
           JOIN "Peers" p ON p.id = head."peerId"
           WHERE head."dueAt" <= $4 AND (p."pausedUntil" IS NULL OR p."pausedUntil" <= $4)
           ORDER BY head."dueAt" LIMIT $3""",
        bot_id,
        except_peers,
        limit,
        clock.now(),
    )
    return [row["id"] for row in rows]


async def next_due_at(bot_id: int, except_peers: list[str], except_unordered: list[str]) -> datetime | None:
    """Tell when the next delivery that still has to wait is due."""
    rows = await fetch(
        """SELECT LEAST((
               SELECT min(GREATEST(head."dueAt", p."pausedUntil")) FROM (
                   SELECT DISTINCT ON ("peerId") "peerId", "dueAt" FROM "Deliveries"
                   WHERE "botId" = $1 AND state IN ('queued', 'sending', 'uncertain') AND "peerId" <> ALL($2)
                   AND "expiresAt" IS NULL
                   ORDER BY "peerId", sequence) head
               JOIN "Peers" p ON p.id = head."peerId"), (
               SELECT min(LEAST("dueAt", "expiresAt")) FROM "Deliveries"
               WHERE "botId" = $1 AND state IN ('queued', 'sending', 'uncertain') AND "expiresAt" IS NOT NULL
               AND id <> ALL($3))) AS due_at""",
        bot_id,
        except_peers,
        except_unordered,
    )
    due_at: datetime | None = rows[0]["due_at"]
    return due_at


async def next_step(peer_id: str) -> Step | None:
    """Get the peer's next delivery, if it is due."""
    peer = await Peer.get(id=peer_id).select_related("user")
    waiting = Delivery.filter(bot_id=peer.bot_id, peer_id=peer_id, state__in=PENDING, expires_at=None)
    delivery = await waiting.order_by("sequence").first()
    moment = clock.now()
    if delivery is None or delivery.due_at > moment or (peer.paused_until and peer.paused_until > moment):
        return None
    return await _step(peer, delivery)


async def unordered_steps(bot_id: int, limit: int, except_unordered: list[str]) -> list[Step]:
    """List what overtakes all else and is due now, or worthless now, the longest due first."""
    waiting = Delivery.filter(
        bot_id=bot_id, state__in=PENDING, expires_at__not_isnull=True, id__not_in=except_unordered
    )
    moment = clock.now()
    due = waiting.filter(Q(due_at__lte=moment) | Q(expires_at__lte=moment)).order_by("due_at").limit(limit)
    return [await _step(delivery.peer, delivery) for delivery in await due.select_related("peer__user")]


def lease() -> datetime:
    """Say until when a delivery that begins now is being sent: a moment, to the microsecond, of one's own."""
    return clock.now() + LEASE


async def begin(step: Step, until: datetime | None = None) -> Step | None:
    """Write down that a delivery is being sent, before it is; nothing comes back if another has gone on with it.

    Whoever can't know whether that was written down does it again with the same ``lease``.
    """
    until = until or lease()
    if step.delivery.state is DeliveryState.SENDING:  # and whoever began it has not said how that ended
        await _recover(step)
    begun = replace(step, attempt=step.attempt + 1)
    if await _judged(step).update(state=DeliveryState.SENDING, attempts=begun.attempt, due_at=until):
        return begun
    return begun if await _judged(begun, DeliveryState.SENDING).filter(due_at=until).exists() else None


async def is_current(step: Step) -> bool:
    """Say whether nobody else has gone on with this delivery, or ended it, since this attempt began."""
    return await _judged(step).exists()


async def keep_peer(step: Step) -> Peer:
    """Keep the peer until the transaction ends: nothing of its person's is handled while we change what waits."""
    return await Peer.select_for_update(no_key=True).get(id=step.peer.id)


async def sent(step: Step, telegram_message_ids: Sequence[int]) -> bool:
    """Keep that Telegram has it, and as which messages on the phone; say whether that was still to be known.

    Which messages they are stays true however late it is heard.
    """
    async with transaction() as tell:
        await _keep_chat(step)
        is_news = await _judged(step).update(state=DeliveryState.SENT, error=None)
        for found in telegram_message_ids if step.chat else []:
            await telegram_messages.remember(step.peer, found, step.about.id, step.delivery.message_id)
        if is_news:
            await _mark_message(step, tell)
            after_commit(metrics.DELIVERIES_ENDED.labels("sent").inc)
    return bool(is_news)


async def failed(step: Step, reason: str) -> int:
    """Give a delivery up for good, with the parts behind it of the same message; say how many that were.

    The next message goes. What has no place in the order is forgotten: nobody misses it.
    """
    if step.is_unordered:
        return await _judged(step).delete()
    async with transaction() as tell:
        await _keep_chat(step)
        count = await _judged(step).update(state=DeliveryState.FAILED, error=reason)
        if not count:
            return 0
        if step.message:
            behind = Delivery.filter(message_id=step.message.id, state__in=PENDING)
            count += await behind.update(state=DeliveryState.FAILED, error=reason)
        await _mark_message(step, tell)
        after_commit(partial(metrics.DELIVERIES_ENDED.labels(reason).inc, count))
    return count


async def dropped(step: Step) -> bool:
    """Forget a delivery with which nothing is to be said any more."""
    return bool(await _judged(step).delete())


async def postponed(step: Step, seconds: float, reason: str) -> None:
    """Try again later; it was surely not sent."""
    await _later(step, DeliveryState.QUEUED, seconds, reason)


async def uncertain(step: Step, seconds: float, reason: str) -> None:
    """Try again later, though it may have arrived: twice is better than never."""
    async with transaction() as tell:
        await _keep_chat(step)
        if await _later(step, DeliveryState.UNCERTAIN, seconds, reason):
            await _mark_doubled(step, tell)


async def pause(peer: Peer, seconds: float) -> None:
    """Leave a peer alone for as long as Telegram says."""
    await Peer.filter(id=peer.id).update(paused_until=clock.now() + timedelta(seconds=seconds))


async def recover(bot_id: int) -> int:
    """Find what was being sent when its process died: it may have arrived, it is sent again, and marked.

    If its process lives after all, what it has to say of that attempt counts until the next one begins.
    """
    broken = await Delivery.filter(bot_id=bot_id, state=DeliveryState.SENDING).select_related("peer__user")
    return sum([await _recover(await _step(delivery.peer, delivery)) for delivery in broken])


async def _chat_of(delivery: Delivery) -> Chat | None:
    if delivery.chat_id is None:
        return None
    return await Chat.get(id=delivery.chat_id).select_related("coupon", "consumer", "influencer")


async def _step(peer: Peer, delivery: Delivery) -> Step:
    message = await Message.get(id=delivery.message_id) if delivery.message_id else None
    return Step(delivery, peer, await _chat_of(delivery), message, delivery.attempts)


async def _recover(step: Step) -> bool:
    async with transaction() as tell:
        await _keep_chat(step)
        found = _judged(step, DeliveryState.SENDING)
        is_broken = await found.update(state=DeliveryState.UNCERTAIN, due_at=clock.now())
        if is_broken:
            await _mark_doubled(step, tell)
    return bool(is_broken)


def _judged(step: Step, *states: DeliveryState) -> QuerySet[Delivery]:
    """Find the delivery if this attempt is its last so far, and not over."""
    return Delivery.filter(id=step.delivery.id, attempts=step.attempt, state__in=states or PENDING)


async def _keep_chat(step: Step) -> None:
    """Keep the message's chat to ourselves: of two parts that end at once, one sees what became of the other."""
    if step.message:
        await history.touch(step.message.chat_id)


async def _later(step: Step, state: DeliveryState, seconds: float, reason: str) -> bool:
    due_at = clock.now() + timedelta(seconds=seconds)
    return bool(await _judged(step).update(state=state, due_at=due_at, error=reason))


async def _mark_doubled(step: Step, tell: Tell) -> None:
    if step.message:
        await Message.filter(id=step.message.id).update(may_be_doubled=True)
        _tell_influencer(step, tell)


async def _mark_message(step: Step, tell: Tell) -> None:
    """A message has failed if a part of it has, and is sent when all of them are."""
    if step.message is None:
        return
    parts = await Delivery.filter(message_id=step.message.id)
    error = next((part.error for part in parts if part.state is DeliveryState.FAILED), None)
    if any(part.state in PENDING for part in parts):
        state = DeliveryState.QUEUED
    else:
        state = DeliveryState.FAILED if error else DeliveryState.SENT
    await Message.filter(id=step.message.id).update(delivery_state=state, delivery_error=error)
    _tell_influencer(step, tell)


def _tell_influencer(step: Step, tell: Tell) -> None:
    if step.chat:
        tell(live.influencer(step.chat.influencer_id))
