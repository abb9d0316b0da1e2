"""The outbox's book: what Telegram is owed, line by line, in order, and what became of it."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from typing import Any

from tortoise.expressions import F

from models import Chat, Delivery, DeliveryState, HeldMessage, Line, Message
from services import chats, live, metrics, routing, splitting
from services.database import Tell, after_commit, fetch, new_id, transaction
from services.errors import NotFound

MAX_PART = 3800  # UTF-16 code units: what fits into a message of Telegram's (4096) under its Re: line
PENDING = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNCERTAIN)


async def line_of(chat: Chat) -> Line:
    """Get the line on which a chat's consumer was last heard, and keep it until the transaction ends.

    Raises:
        NotFound: they were never heard.
    """
    lines = Line.filter(user_id=chat.consumer_id).order_by("-seen_at").limit(1).select_for_update()
    line = await lines.first()
    if line is None:
        raise NotFound("This person can't be reached on Telegram.")
    return line


async def queue(line: Line, method: str, payload: dict[str, Any], chat: Chat | None = None) -> None:
    """Queue something that the bot itself says or does; said about a chat, it shows that chat's title."""
    if chat:
        await _show(line, chat.id)
    await _append(line, method=method, payload=payload, chat_id=chat.id if chat else None)


async def queue_message(line: Line, message: Message) -> None:
    """Queue an influencer's message, each part of it as a step of its own."""
    await _show(line, message.chat_id)
    for part in parts_of(message.text):
        await _append(line, payload=asdict(part), chat_id=message.chat_id, message_id=message.id)


async def queue_again(line: Line, message: Message) -> None:
    """Queue what has failed of a message, behind everything else; a part that has arrived is not said twice."""
    await _show(line, message.chat_id)
    for delivery in await Delivery.filter(message_id=message.id, state=DeliveryState.FAILED).order_by("sequence"):
        async with transaction() as tell:
            await Delivery.filter(id=delivery.id).update(**await _place(line), attempts=0, error=None)
            tell(live.outbox(line.bot_id))


@dataclass(frozen=True)
class Part:
    """A part of a message's text, between two characters of it: one of so many."""

    start: int
    end: int
    number: int
    count: int


def parts_of(text: str) -> list[Part]:
    """Cut a text into what Telegram takes at a time."""
    cut = splitting.parts(text, MAX_PART)
    ends = list(accumulate(len(part) for part in cut))
    return [Part(end - len(cut[index]), end, index + 1, len(cut)) for index, end in enumerate(ends)]


@dataclass(frozen=True)
class Step:
    """The next call that a line is owed."""

    delivery: Delivery
    line: Line
    chat: Chat | None
    message: Message | None

    @property
    def waited(self) -> timedelta:
        """How long it has been in the queue."""
        return datetime.now(UTC) - self.delivery.queued_at

    @property
    def part(self) -> Part:
        """Which part of its message it delivers."""
        return Part(**self.delivery.payload)


async def due_lines(bot_id: int, limit: int, except_lines: list[str]) -> list[str]:
    """List the lines whose next delivery is due now, the longest due first."""
    rows = await fetch(
        """SELECT head."lineId" AS id FROM (
               SELECT DISTINCT ON ("lineId") "lineId", "dueAt" FROM "Deliveries"
               WHERE "botId" = $1 AND state IN ('queued', 'sending', 'uncertain') AND "lineId" <> ALL($2)
               ORDER BY "lineId", sequence) head
           JOIN "Lines" l ON l.id = head."lineId"
           WHERE head."dueAt" <= $4 AND (l."pausedUntil" IS NULL OR l."pausedUntil" <= $4)
           ORDER BY head."dueAt" LIMIT $3""",
        bot_id,
        except_lines,
        limit,
        datetime.now(UTC),
    )
    return [row["id"] for row in rows]


async def next_due_at(bot_id: int, except_lines: list[str]) -> datetime | None:
    """Tell when the next delivery that still has to wait is due."""
    rows = await fetch(
        """SELECT min(GREATEST(head."dueAt", l."pausedUntil")) AS due_at FROM (
               SELECT DISTINCT ON ("lineId") "lineId", "dueAt" FROM "Deliveries"
               WHERE "botId" = $1 AND state IN ('queued', 'sending', 'uncertain') AND "lineId" <> ALL($2)
               ORDER BY "lineId", sequence) head
           JOIN "Lines" l ON l.id = head."lineId" """,
        bot_id,
        except_lines,
    )
    due_at: datetime | None = rows[0]["due_at"]
    return due_at


async def next_step(line_id: str) -> Step | None:
    """Get the line's next delivery, if it is due."""
    line = await Line.get(id=line_id)
    delivery = await Delivery.filter(line_id=line_id, state__in=PENDING).order_by("sequence").first()
    moment = datetime.now(UTC)
    if delivery is None or delivery.due_at > moment or (line.paused_until and line.paused_until > moment):
        return None
    message = await Message.get(id=delivery.message_id) if delivery.message_id else None
    return Step(delivery, line, await _chat_of(delivery), message)


async def begin(step: Step) -> None:
    """Write down that a delivery is being sent, before it is."""
    if step.delivery.state is DeliveryState.SENDING:  # it was begun before, and nobody knows how that ended
        await _mark_doubled(step)
    await Delivery.filter(id=step.delivery.id).update(state=DeliveryState.SENDING, attempts=F("attempts") + 1)


async def sent(step: Step, telegram_message_id: int | None) -> None:
    """Keep that Telegram has it, and as which message on the phone."""
    async with transaction() as tell:
        await Delivery.filter(id=step.delivery.id).update(state=DeliveryState.SENT, error=None)
        if step.chat and telegram_message_id:
            await routing.remember(step.line, telegram_message_id, step.chat.id, step.delivery.message_id)
        await _mark_message(step, tell)
        after_commit(metrics.DELIVERIES_ENDED.labels("sent").inc)


async def failed(step: Step, reason: str) -> int:
    """Give a delivery up for good, with the parts behind it of the same message; say how many that were.

    The next message goes.
    """
    async with transaction() as tell:
        given_up = Delivery.filter(id=step.delivery.id)
        if step.message:
            given_up = Delivery.filter(message_id=step.message.id, state__in=PENDING)
        count = await given_up.update(state=DeliveryState.FAILED, error=reason)
        await _mark_unasked(step)
        await _mark_message(step, tell)
        after_commit(partial(metrics.DELIVERIES_ENDED.labels(reason).inc, count))
    return count


async def postponed(step: Step, seconds: float, reason: str) -> None:
    """Try again later; it was surely not sent."""
    await _later(step, DeliveryState.QUEUED, seconds, reason)


async def uncertain(step: Step, seconds: float, reason: str) -> None:
    """Try again later, though it may have arrived: twice is better than never."""
    async with transaction():
        await _mark_doubled(step)
        await _later(step, DeliveryState.UNCERTAIN, seconds, reason)


async def pause(line: Line, seconds: float) -> None:
    """Leave a line alone for as long as Telegram says."""
    await Line.filter(id=line.id).update(paused_until=datetime.now(UTC) + timedelta(seconds=seconds))


async def recover(bot_id: int) -> int:
    """Find what was being sent when its process died: it may have arrived, it is sent again, and marked."""
    async with transaction() as tell:
        broken = await Delivery.filter(bot_id=bot_id, state=DeliveryState.SENDING).select_related("chat")
        await Delivery.filter(id__in=[delivery.id for delivery in broken]).update(state=DeliveryState.UNCERTAIN)
        for delivery in broken:
            if delivery.message_id and delivery.chat:
                await chats.touch(delivery.chat.id)
                await Message.filter(id=delivery.message_id).update(may_be_doubled=True)
                tell(live.influencer(delivery.chat.influencer_id))
    return len(broken)


async def _append(line: Line, **what: Any) -> None:
    async with transaction() as tell:
        await Delivery.create(id=new_id(), line_id=line.id, bot_id=line.bot_id, **await _place(line), **what)
        tell(live.outbox(line.bot_id))


async def _place(line: Line) -> dict[str, Any]:
    """Take the last place of a line's queue, and the line for ourselves until the transaction ends."""
    rows = await fetch(
        'UPDATE "Lines" SET "deliveryCount" = "deliveryCount" + 1 WHERE id = $1 RETURNING "deliveryCount"', line.id
    )
    moment = datetime.now(UTC)
    sequence = rows[0]["deliveryCount"]
    return {"sequence": sequence, "state": DeliveryState.QUEUED, "queued_at": moment, "due_at": moment}


async def _show(line: Line, chat_id: str) -> None:
    if line.shown_chat_id != chat_id:
        await Line.filter(id=line.id).update(shown_chat_id=chat_id)
        line.shown_chat_id = chat_id


async def _chat_of(delivery: Delivery) -> Chat | None:
    if delivery.chat_id is None:
        return None
    return await Chat.get(id=delivery.chat_id).select_related("coupon", "consumer", "influencer")


async def _later(step: Step, state: DeliveryState, seconds: float, reason: str) -> None:
    due_at = datetime.now(UTC) + timedelta(seconds=seconds)
    await Delivery.filter(id=step.delivery.id).update(state=state, due_at=due_at, error=reason)


async def _mark_doubled(step: Step) -> None:
    if step.message:
        async with transaction() as tell:
            await chats.touch(step.message.chat_id)
            await Message.filter(id=step.message.id).update(may_be_doubled=True)
            _tell_influencer(step, tell)


async def _mark_unasked(step: Step) -> None:
    """What a question was about that never arrived has yet to be asked about."""
    if asked_about := step.delivery.payload.get("reply_parameters"):
        held = HeldMessage.filter(line_id=step.line.id, telegram_message_id=asked_about["message_id"])
        await held.update(is_asked=False)


async def _mark_message(step: Step, tell: Tell) -> None:
    """A message has failed if a part of it has, and is sent when all of them are."""
    if step.message is None:
        return
    await chats.touch(step.message.chat_id)
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
