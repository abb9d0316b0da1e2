"""One update, one transaction: its id, everything that it changes, and everything that is said because of it."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Literal, ParamSpec
from weakref import WeakValueDictionary

import structlog
from structlog.contextvars import bound_contextvars
from telegram import Chat, Update

from bot import refusals
from bot.app import Bot
from bot.context import Context, Handling, handling, notice_of
from bot.reading import mending, messages, unreadable
from bot.reading.envelope import Envelope
from bot.reading.people import profile_of
from bot.reading.values import clean
from bot.texts import texts_for
from database.errors import DatabaseAway, is_contended, is_passing, is_retryable, reason_of
from database.transactions import savepoint, transaction
from models import Peer
from models import Update as QuarantinedUpdate
from services import metrics
from services.errors import Refusal
from services.incoming import receiving, updates
from services.incoming.placement import AsOf
from services.outgoing import deliveries
from services.people import blocking, people
from services.people.people import Profile

MAX_TRIES = 3  # two updates that get in each other's way can both be handled, one after the other

log = structlog.get_logger()

P = ParamSpec("P")
Outcome = Literal["handled", "duplicate", "quarantined"]


class Unavailable(Exception):
    """Something that we need is away: the update was not taken in, and must come again."""


class Intake:
    """Takes updates in, whichever way they come; one person's one at a time."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def take(self, envelope: Envelope, arrived_at: float | None = None) -> None:
        """Handle an update, or keep it in quarantine; only then may Telegram forget it.

        It has arrived now, or when ``time.monotonic`` said ``arrived_at``.

        Raises:
            Unavailable: neither could be done.
        """
        arrived_at = time.monotonic() if arrived_at is None else arrived_at
        with bound_contextvars(update_id=envelope.update_id, chat=None):
            try:
                outcome = await self._take_in_turn(envelope)
            except Unavailable as why:
                log.warning("update.waits", hint=str(why))
                raise
            _count(envelope, outcome, time.monotonic() - arrived_at)

    async def retry(self, kept: QuarantinedUpdate) -> None:
        """Handle an update from quarantine; if that fails again it stays there, and this raises.

        Raises:
            Refusal: it came to another bot, whose peers and chats of Telegram's are not ours.
        """
        if kept.bot_id != self._bot.id:
            raise Refusal(f"It came to another bot, {kept.bot_id}, whose token is needed for it.")
        update = mending.update_of(json.loads(kept.payload or "{}"), self._bot.bot)
        async with transaction():
            if await updates.leave_quarantine(kept):
                await self._handle(update, kept.received_at)

    async def _take_in_turn(self, envelope: Envelope) -> Outcome:
        if not self._bot.is_identified:
            raise Unavailable("Telegram has not been reached yet")
        turn = self._turns.setdefault(envelope.sender_id, asyncio.Lock())  # forgotten when nobody waits for it
        async with turn:
            return await self._take_or_keep(envelope)

    async def _take_or_keep(self, envelope: Envelope) -> Outcome:
        for tries_left in reversed(range(MAX_TRIES)):
            try:
                return await self._take_in(envelope)
            except DatabaseAway as away:
                if not tries_left:
                    raise Unavailable(f"the database is away: {away.reason}") from away
            except Exception as error:
                if tries_left and is_retryable(error):
                    continue
                if is_contended(error):
                    raise Unavailable(f"others have the database: {reason_of(error)}") from error
                log.exception("update.failed")
                return await self._keep(envelope, error)
        raise AssertionError("the last try returns or raises")

    async def _take_in(self, envelope: Envelope) -> Outcome:
        update = mending.update_of(envelope.raw, self._bot.bot)
        async with transaction():
            if not await updates.take_in(self._bot.id, envelope.update_id, envelope.identity):
                return "duplicate"
            await self._handle(update)
        return "handled"

    async def _handle(self, update: Update, received_at: datetime | None = None) -> None:
        peer = await self._peer_of(update)
        if peer is None:
            return
        topic = messages.topic_of(update.effective_message)
        token = handling.set(Handling(peer, AsOf(update.update_id, received_at), topic))
        try:
            await self._process(update)
        finally:
            handling.reset(token)

    async def _peer_of(self, update: Update) -> Peer | None:
        chat, user = update.effective_chat, update.effective_user
        if chat is None:
            return None
        profile = profile_of(user) if user and chat.type == Chat.PRIVATE else None
        peer = await people.meet(self._bot.id, chat.id, profile)
        await blocking.unblock(peer)
        return peer

    async def _process(self, update: Update) -> None:
        try:
            async with savepoint():
                await self._bot.process_update(update)
        except Refusal as refusal:
            tap = update.callback_query.id if update.callback_query else None
            await refusals.answer(Context.from_update(update, self._bot), refusal, tap)

    async def _keep(self, envelope: Envelope, error: Exception) -> Outcome:
        """Keep what could not be handled, and tell its sender once."""
        try:
            reason = clean(f"{type(error).__name__}: {error}")
            async with transaction():
                kept = await updates.quarantine(
                    self._bot.id,
                    envelope.update_id,
                    envelope.identity,
                    unreadable.without_token(envelope),
                    reason,
                )
                if kept and (sender := unreadable.sender_of(envelope)):
                    await _unless_it_fails(self._tell, envelope, sender, kept)
        except Exception as trouble:
            if not is_passing(trouble):
                log.exception("update.unkept")
            raise Unavailable(f"it can't be kept: {reason_of(trouble)}") from trouble
        return "quarantined"

    async def _tell(self, envelope: Envelope, sender: Profile, kept: QuarantinedUpdate) -> None:
        """Tell the sender, and show the influencer that there is something."""
        peer = await people.meet(self._bot.id, sender.telegram_user_id, sender)
        if incoming := unreadable.incoming_of(envelope, self._bot.bot.username):
            await _unless_it_fails(receiving.keep_unreadable, peer, incoming)
        texts = texts_for(sender.language_code)
        words = texts.failures.broken() if kept.payload else texts.failures.too_large()
        await deliveries.queue(peer, notice_of(words, telegram_topic_id=unreadable.topic_of(envelope)))


async def _unless_it_fails(work: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> None:
    """Do something on which nothing else depends: an update that can't be handled may break anything."""
    try:
        async with savepoint():
            await work(*args, **kwargs)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("update.untold")


def _count(envelope: Envelope, outcome: Outcome, seconds: float) -> None:
    """Let whoever keeps us running know of an update, now that what became of it is committed."""
    metrics.UPDATES.labels(outcome).inc()
    metrics.UPDATE_SECONDS.observe(seconds)
    log.info("update.taken", kind=envelope.kind, outcome=outcome, milliseconds=round(seconds * 1000))
