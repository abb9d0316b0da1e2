"""What is owed, sent: in order for each peer, side by side between peers."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

import structlog
from structlog.contextvars import bound_contextvars
from telegram.error import BadRequest, TelegramError

from bot.app import CONNECTIONS, UNORDERED_CONNECTIONS, Bot
from bot.outbox import results
from bot.outbox.calls import Call, call_of, message_ids_in
from bot.outbox.classify import Outcome, Verdict, judge, says_topic_is_gone
from bot.outbox.pace import Pace
from database import clock, pubsub
from database.errors import is_passing, reason_of
from services import live, metrics
from services.incoming import topics
from services.outgoing import sending
from services.outgoing.payloads import NoticeEdit
from services.outgoing.sending import Step
from services.people import blocking

POLL_INTERVAL = 5.0  # seconds after which the book is read without being told to
FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 300.0  # seconds between tries
SHUTDOWN_TIMEOUT = 5.0  # seconds in which what has begun may end

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")


class Outbox:
    """Delivers what one bot owes: in order for each peer, side by side between peers."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._pace = Pace()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._unordered: dict[str, asyncio.Task[None]] = {}
        self._calls: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver until cancelled; then finish what has begun."""
        try:
            with pubsub.subscribed(live.outbox(self._bot.id)) as subscription:
                await _until_database_is_back(sending.recover, self._bot.id)
                while True:
                    await _until_database_is_back(self._start_due, subscription)
                    await subscription.wait(await _until_database_is_back(self._seconds_until_due))
        finally:
            for waiting in self._busy.values():
                waiting.cancel()
            if begun := {*self._calls, *self._unordered.values()}:
                await asyncio.wait(begun, timeout=SHUTDOWN_TIMEOUT)

    async def _start_due(self, subscription: pubsub.Subscription) -> None:
        await self._start_unordered(subscription)
        free = CONNECTIONS - len(self._busy)
        if free <= 0:
            return
        for peer_id in await sending.due_peers(self._bot.id, free, list(self._busy)):
            self._busy[peer_id] = asyncio.create_task(self._serve_then_notify(peer_id, subscription))

    async def _start_unordered(self, subscription: pubsub.Subscription) -> None:
        free = UNORDERED_CONNECTIONS - len(self._unordered)
        if free <= 0:
            return
        for step in await sending.unordered_steps(self._bot.id, free, list(self._unordered)):
            self._unordered[step.delivery.id] = asyncio.create_task(self._deliver_then_notify(step, subscription))

    async def _seconds_until_due(self) -> float:
        due_at = await sending.next_due_at(self._bot.id, list(self._busy), list(self._unordered))
        if due_at is None:
            return POLL_INTERVAL
        return min(max((due_at - clock.now()).total_seconds(), 0.01), POLL_INTERVAL)

    async def _serve_then_notify(self, peer_id: str, subscription: pubsub.Subscription) -> None:
        try:
            await self._serve(peer_id)
        finally:
            del self._busy[peer_id]
            subscription.notify()

    async def _deliver_then_notify(self, step: Step, subscription: pubsub.Subscription) -> None:
        try:
            await self._deliver(step)
        finally:
            del self._unordered[step.delivery.id]
            subscription.notify()

    async def _serve(self, peer_id: str) -> None:
        """Deliver what a peer is owed by now, one after another."""
        while step := await _until_database_is_back(sending.next_step, peer_id):
            await self._pace.wait(step.peer.id)
            call = asyncio.create_task(self._deliver(step))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)
            await asyncio.shield(call)  # what has begun is finished, also when we are told to stop

    async def _deliver(self, step: Step) -> None:
        with bound_contextvars(delivery=step.delivery.id, chat=step.delivery.chat_id):
            try:
                if step.is_expired:
                    await _failed(step, "gave_up" if step.attempt else "expired")
                elif begun := await _until_database_is_back(sending.begin, step, sending.lease()):
                    step = begun
                    await self._call(step)
            except Exception:
                log.exception("delivery.broken")
                await _failed(step, "refused")

    async def _call(self, step: Step) -> None:
        call = await _until_database_is_back(call_of, step, self._bot.panel)
        if call is None:
            await _until_database_is_back(sending.dropped, step)
            return
        try:
            result = await self._make(step, call)
        except TelegramError as error:
            await self._apply(judge(error), step)
        else:
            metrics.DELIVERY_SECONDS.observe(step.waited.total_seconds())
            message_ids = message_ids_in(result)
            if message_ids and step.peer.is_blocked:
                await _note_of_person(step, blocking.unblock, step.peer)
            await _sent(step, message_ids)

    async def _make(self, step: Step, call: Call) -> Any:
        """Make a call; what is to be said in a topic that is there no more is said outside of it."""
        try:
            return await self._bot.call(call.method, call.fields)
        except BadRequest as error:
            topic = call.fields.get("message_thread_id")
            if topic is None or not says_topic_is_gone(error):
                raise
        await _until_database_is_back(topics.lose_topic, step.peer, topic)
        outside = {name: value for name, value in call.fields.items() if name != "message_thread_id"}
        return await self._bot.call(call.method, outside)

    async def _apply(self, verdict: Verdict, step: Step) -> None:
        outcome, reason = verdict.outcome, verdict.reason
        log.info("delivery.refused", outcome=outcome.name, reason=reason)
        if reason == "blocked":
            await _note_of_person(step, blocking.mark_blocked, step.peer, True)
        if outcome is Outcome.DONE:
            await _sent(step, _rewritten(step))
        elif outcome is Outcome.PAUSE:
            if not step.is_unordered and await _until_database_is_back(sending.is_current, step):
                await _until_database_is_back(sending.pause, step.peer, verdict.seconds)
            await _until_database_is_back(sending.postponed, step, verdict.seconds, reason)
        elif outcome is Outcome.NEVER:
            await _failed(step, reason)
        elif outcome is Outcome.UNKNOWN:
            await _until_database_is_back(sending.uncertain, step, _pause(step), reason)
        else:
            await _until_database_is_back(sending.postponed, step, _pause(step), reason)


async def _sent(step: Step, telegram_message_ids: list[int]) -> None:
    if await _until_database_is_back(results.sent, step, telegram_message_ids):
        log.info("delivery.sent", attempts=step.attempt)
    else:
        log.info("delivery.late", attempts=step.attempt)


async def _failed(step: Step, reason: str) -> None:
    if parts := await _until_database_is_back(results.failed, step, reason):
        log.info("delivery.failed", reason=reason, attempts=step.attempt, parts=parts)
    else:
        log.info("delivery.late", attempts=step.attempt)


async def _note_of_person(step: Step, note: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> None:
    """Note what an answer says of its person, unless others have had an answer since."""
    if not step.is_unordered and await _until_database_is_back(sending.is_current, step):
        await _until_database_is_back(note, *args, **kwargs)


def _rewritten(step: Step) -> list[int]:
    return [step.payload.telegram_message_id] if isinstance(step.payload, NoticeEdit) else []


def _pause(step: Step) -> float:
    """Wait twice as long each time, and never all at the same moment."""
    pause: float = min(FIRST_BACKOFF * 2 ** min(step.attempt - 1, 16), LONGEST_BACKOFF)
    return pause * random.uniform(0.75, 1.25)  # noqa: S311 - it only spreads


async def _until_database_is_back(work: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do something in the database, however long it is away: what Telegram has been told must be kept."""
    while True:
        try:
            return await work(*args, **kwargs)
        except Exception as error:
            if not is_passing(error):
                raise
            log.warning("outbox.waits", hint="the database is away", error=reason_of(error))
        await asyncio.sleep(FIRST_BACKOFF)
