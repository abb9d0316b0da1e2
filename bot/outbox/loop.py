"""What is owed, sent: in order for each peer, side by side between peers."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import ParamSpec, TypeVar

import structlog
from structlog.contextvars import bound_contextvars
from telegram.error import BadRequest, TelegramError

from bot.app import CONNECTIONS, UNORDERED_CONNECTIONS, Bot
from bot.outbox import results, typing
from bot.outbox.agenda import Agenda
from bot.outbox.calls import arrival_of, call_of, call_outside, is_header
from bot.outbox.classify import (
    Outcome,
    Verdict,
    judge,
    says_button_is_refused,
    says_no_more,
    says_reply_is_refused,
    says_topic_is_gone,
)
from bot.outbox.methods import KEYBOARD, REPLY, TOPIC, Call
from bot.outbox.pace import Pace
from bot.outbox.parts import without_refused_reply
from bot.outbox.topic_changes import TopicChanger
from database import clock, pubsub
from database.errors import is_passing, reason_of
from services import live, metrics
from services.outgoing import due, sending, topics
from services.outgoing.due import Busy, Look, Room
from services.outgoing.payloads import TopicChange
from services.outgoing.sending import Arrival, Step
from services.people import blocking

FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 300.0  # seconds between tries
SHUTDOWN_TIMEOUT = 5.0  # seconds in which what has begun may end

CREATION = Call("createForumTopic", {})  # of which nothing is to be read from an answer

log = structlog.get_logger()

P = ParamSpec("P")
T = TypeVar("T")


class Outbox:
    """Delivers what one bot owes: in order for each peer, side by side between peers.

    What has to wait, for its peer's pace, the bot's limit or Telegram, has not begun, and holds up nothing else.
    """

    def __init__(self, bot: Bot, pace: Pace | None = None) -> None:
        self._bot = bot
        self._agenda = Agenda(pace or Pace())
        self._topics = TopicChanger(bot, _until_database_is_back)
        self._looking: asyncio.Task[None] | None = None
        self._ordered: dict[str, asyncio.Task[None]] = {}  # by peer
        self._unordered: dict[str, asyncio.Task[None]] = {}  # by delivery

    async def run(self) -> None:
        """Deliver until cancelled; then finish what has begun."""
        try:
            async with typing.shown(self._bot):
                await self._run()
        finally:
            await self._finish()

    async def _run(self) -> None:
        with pubsub.subscribed(live.outbox(self._bot.id)) as subscription:
            await _until_database_is_back(sending.recover, self._bot.id)
            await _until_database_is_back(due.put_right, self._bot.id)
            while True:
                self._looking = asyncio.create_task(self._look(subscription))
                await asyncio.shield(self._looking)
                await self._until_next_look(subscription)

    async def _finish(self) -> None:
        """Finish what has begun, and what a look that is under way begins; whatever still looks then is ended."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SHUTDOWN_TIMEOUT):
                if self._looking:
                    await asyncio.wait([self._looking])
                if begun := [*self._ordered.values(), *self._unordered.values()]:
                    await asyncio.wait(begun)
        if self._looking:
            self._looking.cancel()

    async def _until_next_look(self, subscription: pubsub.Subscription) -> None:
        while (seconds := self._agenda.seconds_until_look(self._slots, subscription.count)) > 0:
            await subscription.wait(seconds)

    async def _look(self, subscription: pubsub.Subscription) -> None:
        """Begin what is due, as far as there is room for it."""
        if self._agenda.is_to_be_put_right():
            await _until_database_is_back(due.put_right, self._bot.id)
        room = self._agenda.room(self._slots, UNORDERED_CONNECTIONS - len(self._unordered), subscription.count)
        found = await self._begin(room)
        self._agenda.note(found)
        for step in found.steps:
            if step.is_unordered:
                self._unordered[step.delivery.id] = asyncio.create_task(self._serve_unordered(step, subscription))
            else:
                self._ordered[step.peer.id] = asyncio.create_task(self._serve(step, subscription))

    async def _begin(self, room: Room) -> Look:
        """Begin what is due; of what may have begun though nobody has heard of it, it is found out."""
        until = sending.lease()
        busy = Busy(list(self._ordered), self._agenda.paced(), list(self._unordered))
        try:
            return await due.begin(self._bot.id, room, busy, until)
        except Exception as error:
            if not is_passing(error):
                raise
            await _wait_for_database(error)
        return await _until_database_is_back(due.begun, self._bot.id, until)

    @property
    def _slots(self) -> int:
        return CONNECTIONS - len(self._ordered)

    async def _serve(self, step: Step, subscription: pubsub.Subscription) -> None:
        due_at: datetime | None = clock.now()  # looked at again, whatever happens
        try:
            due_at = await self._deliver(step)
        finally:
            del self._ordered[step.peer.id]
            self._agenda.note_end(step.peer.id, due_at)
            subscription.wake()

    async def _serve_unordered(self, step: Step, subscription: pubsub.Subscription) -> None:
        try:
            await self._deliver(step)
        finally:
            del self._unordered[step.delivery.id]
            subscription.notify()

    async def _deliver(self, step: Step) -> datetime | None:
        """Make a delivery's call, and keep what becomes of it; give when its peer's next one is due."""
        with bound_contextvars(delivery=step.delivery.id, chat=step.delivery.chat_id):
            try:
                if step.is_begun:
                    return await self._call(step)
                if step.is_expired:
                    await _failed(step, "gave_up" if step.attempt else "expired")
                else:
                    await _until_database_is_back(sending.recovered, step)
            except Exception:
                log.exception("delivery.broken")
                await _failed(step, "refused")
        return clock.now()

    async def _call(self, step: Step) -> datetime | None:
        if isinstance(step.payload, TopicChange):
            return await self._change_topic(step, step.payload)
        try:
            step = await self._placed(step)
        except TelegramError as error:
            await self._apply(judge(error), step, CREATION)
            return clock.now()
        call = await _until_database_is_back(call_of, step, self._bot.panel)
        if call and not self._bot.has_topics:
            call = call.without(TOPIC)
        if call is None:
            await _until_database_is_back(sending.dropped, step)
            return clock.now()
        try:
            arrival = await self._make(step, call)
        except TelegramError as error:
            await self._apply(judge(error), step, call)
            return clock.now()
        metrics.DELIVERY_SECONDS.observe(step.waited.total_seconds())
        if arrival.telegram_message_ids and step.peer.is_blocked:
            await _note_of_person(step, blocking.unblock, step.peer)
        return await self._sent(step, arrival)

    async def _change_topic(self, step: Step, change: TopicChange) -> datetime | None:
        try:
            opened = await self._topics.change(step, change)
        except TelegramError as error:
            await self._apply(judge(error), step, CREATION)
            return clock.now()
        if opened:
            await _until_database_is_back(results.topic_opened, step, opened)
        else:
            await _until_database_is_back(sending.dropped, step)
        return clock.now()

    async def _sent(self, step: Step, arrival: Arrival) -> datetime | None:
        look_count = self._agenda.look_count
        arrived = await _until_database_is_back(results.sent, step, arrival)
        log.info("delivery.sent" if arrived.is_news else "delivery.late", attempts=step.attempt)
        # A look that has passed this peer over meanwhile may have been for what could not be seen here yet.
        is_certain = arrived.is_news and look_count == self._agenda.look_count
        return arrived.next_due_at if is_certain else clock.now()

    async def _make(self, step: Step, call: Call) -> Arrival:
        """Make a call; what Telegram does not take as it is, is said in another way, if there is one."""
        while True:
            try:
                return arrival_of(call, await self._bot.call(call.method, call.fields))
            except BadRequest as error:
                other = await self._instead(step, call, error)
                if other is None:
                    raise
                call = other

    async def _instead(self, step: Step, call: Call, error: BadRequest) -> Call | None:
        """Write down what is said outside of a topic that is gone, without buttons, or without what it answers."""
        topic = call.fields.get(TOPIC)
        if topic is not None and says_topic_is_gone(error):
            if await self._lose(step, topic) and is_header(step) and (other := await self._topic_again(step)):
                return replace(call, fields={**call.fields, TOPIC: other})
            return await _until_database_is_back(call_outside, step, call, self._bot.panel)
        if KEYBOARD in call.fields and says_button_is_refused(error):
            log.warning("delivery.without_buttons")
            return call.without_buttons(error.message)
        if REPLY in call.fields and says_reply_is_refused(error):
            return without_refused_reply(call)
        return await self._doubting(step, call, topic) if topic is not None and says_no_more(error) else None

    async def _doubting(self, step: Step, call: Call, topic: int) -> Call | None:
        """Write down what is said outside of a topic that may be why it was refused: taken there, that was so."""
        outside = await _until_database_is_back(call_outside, step, call, self._bot.panel)
        return replace(outside, refused_topic_id=topic) if outside else None

    async def _lose(self, step: Step, telegram_topic_id: int) -> bool:
        """Give up a topic that takes nothing, unless the bot has none just now: it may be back later."""
        with contextlib.suppress(TelegramError):
            await self._bot.look_for_topics()
        if self._bot.has_topics:
            await _until_database_is_back(topics.lose, step.peer, telegram_topic_id)
        return self._bot.has_topics

    async def _placed(self, step: Step) -> Step:
        """Say in which topic something is to be said, if the bot has topics.

        When a header was sent before, its topic may have been about to be made anew: nobody else looks for that.

        Raises:
            TelegramError: see ``_topic_again``.
        """
        if not self._bot.has_topics:
            return replace(step, telegram_topic_id=None)
        if step.attempt == 1 or step.telegram_topic_id is not None or not is_header(step):
            return step
        is_begun = await _until_database_is_back(topics.is_begun, step.peer, step.about)
        return replace(step, telegram_topic_id=await self._topic_again(step)) if is_begun else step

    async def _topic_again(self, step: Step) -> int | None:
        """Make a topic anew that has been deleted, for a chat that has just been opened.

        Raises:
            TelegramError: it may be there; or the header is to be tried again anyway.
        """
        opened = await self._topics.change(step, TopicChange())
        if opened is None:
            return None
        await _until_database_is_back(topics.opened, step.peer, *opened)
        return opened.telegram_topic_id

    async def _apply(self, verdict: Verdict, step: Step, call: Call) -> None:
        outcome, reason = verdict.outcome, verdict.reason
        log.info("delivery.refused", outcome=outcome.name, reason=reason)
        if reason == "blocked":
            await _note_of_person(step, blocking.mark_blocked, step.peer, True)
        if outcome is Outcome.DONE:
            await self._sent(step, arrival_of(call, None))
        elif outcome is Outcome.PAUSE:
            if step.is_in_chat and await _until_database_is_back(sending.is_current, step):
                await _until_database_is_back(sending.pause, step.peer, verdict.seconds)
            await _until_database_is_back(sending.postponed, step, verdict.seconds, reason)
        elif outcome is Outcome.NEVER:
            await _failed(step, reason)
        elif outcome is Outcome.UNKNOWN:
            await _until_database_is_back(sending.uncertain, step, _pause(step), reason)
        else:
            await _until_database_is_back(sending.postponed, step, _pause(step), reason)


async def _failed(step: Step, reason: str) -> None:
    if parts := await _until_database_is_back(results.failed, step, reason):
        log.info("delivery.failed", reason=reason, attempts=step.attempt, parts=parts)
    else:
        log.info("delivery.late", attempts=step.attempt)


async def _note_of_person(step: Step, note: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> None:
    """Note what an answer says of its person, unless others have had an answer since."""
    if not step.is_unordered and await _until_database_is_back(sending.is_current, step):
        await _until_database_is_back(note, *args, **kwargs)


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
            await _wait_for_database(error)


async def _wait_for_database(error: Exception) -> None:
    log.warning("outbox.waits", hint="the database is away", error=reason_of(error))
    await asyncio.sleep(FIRST_BACKOFF)
