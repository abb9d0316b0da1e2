"""Updates as they come in, by whichever way: stored, so that Telegram may forget them."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog

from bot.intake import outcomes
from bot.intake.schedule import Schedule
from bot.reading import nesting
from bot.reading.envelope import Envelope, kind_of
from database import clock
from database.errors import is_passing, reason_of
from services import metrics
from services.incoming import inbox
from services.incoming.inbox import Arrival

RUSH = 4  # updates that come in during one statement: more than that are taken in first, and handled then

log = structlog.get_logger()


class Unavailable(Exception):
    """Something that we need is away: the update was not taken in, and must come again."""


class _Group:
    """What has come in while something else was being stored: it is stored together."""

    def __init__(self) -> None:
        self.arrived: list[tuple[Envelope, datetime]] = []
        self.storing: asyncio.Task[Exception | None] | None = None  # which gives what it has failed with


class Receiver:
    """Stores what comes in: one statement at a time, each with all that has come in during the one before it."""

    def __init__(self, bot_id: int, schedule: Schedule) -> None:
        self._bot_id = bot_id
        self._schedule = schedule
        self._lock = asyncio.Lock()
        self._next = _Group()

    async def receive(self, envelopes: Sequence[Envelope], arrived_at: datetime | None = None) -> None:
        """Store updates, which have arrived now or earlier, and let them be handled; then Telegram may forget them.

        Raises:
            Unavailable: they could not be stored.
        """
        arrived_at = arrived_at or clock.now()
        group = self._next
        group.arrived.extend((envelope, arrived_at) for envelope in envelopes)
        if group.storing is None:
            group.storing = asyncio.create_task(self._store_in_turn(group))
        error = await asyncio.shield(group.storing)  # whoever stops waiting for it takes nobody else's along
        if error:
            raise Unavailable(reason_of(error)) from error

    async def _store_in_turn(self, group: _Group) -> Exception | None:
        async with self._lock:
            self._next = _Group()
            try:
                return await self._store(group)
            finally:
                self._schedule.throttle(len(self._next.arrived) >= RUSH)

    async def _store(self, group: _Group) -> Exception | None:
        arrivals = [_arrival(envelope, arrived_at) for envelope, arrived_at in group.arrived]
        try:
            new = await inbox.receive(self._bot_id, arrivals)
        except Exception as error:
            for arrival in arrivals:
                log.warning("update.waits", update_id=arrival.update_id, hint=reason_of(error))
            if not is_passing(error):
                log.exception("update.unkept")
            return error
        metrics.UPDATES_RECEIVED.inc(len(new))
        for arrival in new:
            self._schedule.line_up(arrival.telegram_user_id)
        if len(new) < len(arrivals):
            _tell_of_duplicates(group, new)
        return None


def _arrival(envelope: Envelope, arrived_at: datetime) -> Arrival:
    payload = nesting.written(envelope.raw)
    return Arrival(envelope.update_id, envelope.identity, envelope.sender_id, payload, arrived_at)


def _tell_of_duplicates(group: _Group, new: list[Arrival]) -> None:
    missing = {(arrival.update_id, arrival.identity) for arrival in new}
    for envelope, arrived_at in group.arrived:
        key = (envelope.update_id, envelope.identity)
        if key in missing:
            missing.discard(key)
        else:
            outcomes.tell("duplicate", arrived_at, envelope.update_id, kind_of(envelope.raw))
