"""What becomes of a delivery that has begun: it is sent, has failed, or is to be tried again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial

from tortoise.queryset import QuerySet

from database import clock, pubsub, rows
from database.transactions import Tell, after_commit, fetch, transaction
from models import Chat, Delivery, DeliveryKind, DeliveryState, Message, Peer
from services import live, metrics
from services.outgoing import parts, payloads, statements
from services.outgoing.payloads import Part, PartEdit, Payload, Question

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
    is_begun: bool = True
    telegram_topic_id: int | None = None  # where its chat is talked about on the phone
    # What the consumer has written on this phone right before the message, which is yet to be answered.
    unanswered: int | None = None
    is_displaced: bool = False  # it was meant for a topic, which takes nothing

    @property
    def waited(self) -> timedelta:
        """How long it has been in the queue."""
        return clock.now() - self.delivery.queued_at

    @property
    def is_unordered(self) -> bool:
        """Whether it has no place in the peer's order."""
        return self.delivery.expires_at is not None

    @property
    def is_in_chat(self) -> bool:
        """Whether Telegram counts it for the peer's chat: where it says to wait, everything there waits."""
        return not self.is_unordered or self.delivery.kind is DeliveryKind.REACTION

    @property
    def is_expired(self) -> bool:
        """Whether it is too late for it: it is worthless by now, or nobody expects it any more."""
        expires_at = self.delivery.expires_at or self.delivery.queued_at + EXPIRES_AFTER
        return expires_at <= clock.now()

    @property
    def is_abandoned(self) -> bool:
        """Whether whoever has begun it never said how that ended."""
        return not self.is_begun and self.delivery.state is DeliveryState.SENDING

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

    @cached_property
    def payload(self) -> Payload:
        """What its call is written from."""
        return payloads.read(self.delivery.kind, self.delivery.payload)

    @property
    def part_count(self) -> int:
        """Of how many parts its message is."""
        return self.payload.count if isinstance(self.payload, Part) else 1

    @property
    def part_number(self) -> int | None:
        """Which part of a message it says or changes, from 1."""
        return self.payload.number if isinstance(self.payload, Part | PartEdit) else None

    @property
    def part_of(self) -> str | None:
        """Of which message that is a part."""
        return self.payload.message_id if isinstance(self.payload, PartEdit) else self.delivery.message_id

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


def lease() -> datetime:
    """Say until when a delivery that begins now is being sent: a moment, to the microsecond, of one's own."""
    return clock.now() + LEASE


async def is_current(step: Step) -> bool:
    """Say whether nobody else has gone on with this delivery, or ended it, since this attempt began."""
    return await _judged(step).exists()


@dataclass(frozen=True)
class Arrival:
    """What Telegram has answered: as which messages something is on the phone now, and how it looks there."""

    telegram_message_ids: Sequence[int] = ()
    telegram_topic_id: int | None = None  # none: it is outside of every topic
    has_label: bool = False  # it says *Re: <title>* above the text
    is_change: bool = False  # of what has been there before
    taken_back: int | None = None  # what is there no more
    missed_topic_id: int | None = None  # for which it was meant, though it has landed elsewhere


@dataclass(frozen=True)
class Sent:
    """What follows from a delivery that has arrived."""

    peer: Peer  # as it is now, and kept, unless nothing more is to be done with it
    is_news: bool  # it was still to be known
    is_replied_to: bool  # something that is held replies to it
    next_due_at: datetime | None  # when the peer's next delivery is due


async def sent_at_once(step: Step, arrival: Arrival) -> Sent | None:
    """Keep in one statement that Telegram has it, as nearly always; nothing comes back if more is to be seen to.

    That is so where somebody has changed the peer since the statement began, which then knows only what was before;
    where a message has other parts; and where something that is held replies to it.
    """
    if step.part_count > 1:
        return None
    [found] = await fetch(statements.arrived_at_once(), *_facts(step, arrival))
    if not found["is_kept"]:
        return None
    if found["is_news"]:
        metrics.DELIVERIES_ENDED.labels("sent").inc()
        if step.chat and step.message:
            pubsub.publish([live.influencer(step.chat.influencer_id)])
    return Sent(step.peer, found["is_news"], False, found["next_due_at"])


async def sent(step: Step, arrival: Arrival) -> Sent:
    """Keep that Telegram has it, and as which messages on the phone.

    Which messages they are stays true however late it is heard. What has no place in the order leaves no trace on
    its peer.
    """
    if step.is_unordered:
        is_news = await _judged(step).update(state=DeliveryState.SENT, error=None)
        return Sent(step.peer, bool(is_news), False, None)
    async with transaction() as tell:
        peer = await keep(step)
        [found] = await fetch(statements.arrived(), *_facts(step, arrival))
        if found["is_news"]:
            _tell_influencer(step, tell)
            after_commit(metrics.DELIVERIES_ENDED.labels("sent").inc)
    return Sent(peer, found["is_news"], found["is_replied_to"], found["next_due_at"])


async def keep(step: Step) -> Peer:
    """Keep the peer, and then the message's chat, until the transaction ends.

    What waits there is ours to change: of two parts of a message that end at once, one sees what became of the
    other. It is read by a statement of its own, for this one may have waited, and then knows only what was before.
    What has no place in the order needs none of that.
    """
    if step.is_unordered:
        return step.peer
    found = await fetch(statements.keeping(), step.peer.id, step.message.chat_id if step.message else None)
    return rows.made(Peer, found[0], "p")


async def failed(step: Step, reason: str) -> int:
    """Give a delivery up for good, with the parts behind it of the same message; say how many that were.

    The next message goes. What has no place in the order is forgotten: nobody misses it.
    """
    if step.is_unordered:
        return await _judged(step).delete()
    async with transaction() as tell:
        await keep(step)
        count = await _judged(step).update(state=DeliveryState.FAILED, error=reason)
        if not count:
            return 0
        if step.message:
            behind = Delivery.filter(message_id=step.message.id, state__in=PENDING)
            count += await behind.update(state=DeliveryState.FAILED, error=reason)
            await _mark_failed(step.message, reason)
            _tell_influencer(step, tell)
        await _put_due(step)
        after_commit(partial(metrics.DELIVERIES_ENDED.labels(reason).inc, count))
    return count


async def dropped(step: Step) -> bool:
    """Forget a delivery with which nothing is to be said any more; its message is as far as its other parts."""
    async with transaction() as tell:
        await keep(step)
        is_forgotten = await _judged(step).delete()
        if is_forgotten and step.message:
            await fetch(statements.message_state("true"), step.delivery.id, step.message.id)
            _tell_influencer(step, tell)
        await _put_due(step)
    return bool(is_forgotten)


async def postponed(step: Step, seconds: float, reason: str) -> None:
    """Try again later; it was surely not sent."""
    async with transaction():
        await keep(step)
        await _later(step, DeliveryState.QUEUED, seconds, reason)


async def uncertain(step: Step, seconds: float, reason: str) -> None:
    """Try again later, though it may have arrived: twice is better than never."""
    async with transaction() as tell:
        await keep(step)
        if await _later(step, DeliveryState.UNCERTAIN, seconds, reason):
            await _mark_doubled(step, tell)


async def pause(peer: Peer, seconds: float) -> None:
    """Leave a peer alone for as long as Telegram says."""
    async with transaction():
        await Peer.filter(id=peer.id).update(paused_until=clock.now() + timedelta(seconds=seconds))
        await put_due([peer.id])


async def recover(bot_id: int) -> int:
    """Find what was being sent when its process died: it may have arrived, it is sent again, and marked.

    If its process lives after all, what it has to say of that attempt counts until the next one begins.
    """
    broken = Delivery.filter(bot_id=bot_id, state=DeliveryState.SENDING).select_related("peer", "chat", "message")
    steps = [Step(d, d.peer, d.chat, d.message, d.attempts, is_begun=False) for d in await broken]
    return sum([await recovered(step) for step in steps])


async def recovered(step: Step) -> bool:
    """Let what somebody has begun, and nobody has ended, be sent again, and mark it; say whether that was so."""
    async with transaction() as tell:
        await keep(step)
        found = _judged(step, DeliveryState.SENDING)
        is_broken = await found.update(state=DeliveryState.UNCERTAIN, due_at=clock.now())
        if is_broken:
            await _put_due(step)
            await _mark_doubled(step, tell)
    return bool(is_broken)


async def put_due(peer_ids: Collection[str]) -> None:
    """Let peers, which are kept, be due when the first of what waits for them is, and after their pause."""
    await fetch(
        f"""UPDATE "Peers" p SET "nextDueAt" = ({statements.next_due()}) WHERE p.id = ANY($1)""",  # noqa: S608 - a constant
        list(peer_ids),
    )


def _facts(step: Step, arrival: Arrival) -> tuple[object, ...]:
    """List what the statements that end a delivery need to know of its arrival."""
    delivery = step.delivery
    return (
        delivery.id,
        step.attempt,
        step.peer.id,
        list(arrival.telegram_message_ids),
        delivery.chat_id,
        delivery.message_id,
        step.part_of,
        step.part_number,
        arrival.has_label if step.part_number else None,
        arrival.telegram_topic_id,
        arrival.is_change,
    )


def _judged(step: Step, *states: DeliveryState) -> QuerySet[Delivery]:
    """Find the delivery if this attempt is its last so far, and not over."""
    return Delivery.filter(id=step.delivery.id, attempts=step.attempt, state__in=states or PENDING)


async def _later(step: Step, state: DeliveryState, seconds: float, reason: str) -> bool:
    due_at = clock.now() + timedelta(seconds=seconds)
    is_later = await _judged(step).update(state=state, due_at=due_at, error=reason)
    if is_later:
        await _put_due(step)
    return bool(is_later)


async def _put_due(step: Step) -> None:
    if not step.is_unordered:
        await put_due([step.peer.id])


async def _mark_doubled(step: Step, tell: Tell) -> None:
    """Mark a message of which a part may be there twice; a change, which may be made twice, leaves no mark."""
    if isinstance(step.payload, PartEdit) and step.chat:
        if await parts.mark_added_as_doubled(step.peer, step.payload):
            tell(live.influencer(step.chat.influencer_id))
    elif step.message:
        await Message.filter(id=step.message.id).update(may_be_doubled=True)
        _tell_influencer(step, tell)


async def _mark_failed(message: Message, reason: str) -> None:
    await Message.filter(id=message.id).update(delivery_state=DeliveryState.FAILED, delivery_error=reason)


def _tell_influencer(step: Step, tell: Tell) -> None:
    if step.chat and step.message:
        tell(live.influencer(step.chat.influencer_id))
