"""The inbox: whatever Telegram sends is stored and acknowledged, and then handled, by this process or another."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.app import Bot
from bot.intake.receiving import Receiver
from bot.intake.schedule import Schedule
from bot.intake.worker import Worker
from bot.reading.envelope import Envelope
from database.errors import is_fault, reason_of
from services.incoming import inbox

WORKERS = 6  # transactions in which updates are handled at once; the pool has some more connections
LOOK_INTERVAL = 1.0  # seconds between looks for what no process handles
LEFT_AFTER = timedelta(seconds=1)  # what has waited for so long may be left over from a process that has died
LOOK_LIMIT = 500  # senders
SHUTDOWN_TIMEOUT = 5.0  # seconds in which what has begun may end

log = structlog.get_logger()


class Inbox:
    """Stores updates, whichever way they come, and handles them: one person's one at a time, and all in turn."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._schedule = Schedule(WORKERS)
        self._receiver = Receiver(bot.id, self._schedule)

    async def receive(self, envelopes: Sequence[Envelope], arrived_at: datetime | None = None) -> None:
        """Store updates, which have arrived now or earlier, and let them be handled; then Telegram may forget them.

        Raises:
            Unavailable: they could not be stored.
        """
        await self._receiver.receive(envelopes, arrived_at)

    async def run(self) -> None:
        """Handle what waits until cancelled; then finish what has begun. The rest waits for whoever comes next."""
        workers = [asyncio.create_task(Worker(self._bot, self._schedule).run()) for _ in range(WORKERS)]
        looking = asyncio.create_task(self._keep_looking())
        try:
            ended, _ = await asyncio.wait([looking, *workers], return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            self._schedule.close()
            looking.cancel()
            await asyncio.wait(workers, timeout=SHUTDOWN_TIMEOUT)
            for worker in workers:
                worker.cancel()
            await asyncio.gather(looking, *workers, return_exceptions=True)

    async def _keep_looking(self) -> None:
        """Line up whoever has waited: the process that took something of theirs in may have died."""
        after = inbox.FIRST
        while True:
            try:
                senders, after = await inbox.waiting_senders(self._bot.id, LEFT_AFTER, after, LOOK_LIMIT)
                for sender in senders:
                    self._schedule.line_up(sender)
            except Exception as error:
                if not is_fault(error):
                    raise
                log.warning("inbox.unseen", error=reason_of(error))
            await asyncio.sleep(LOOK_INTERVAL)
