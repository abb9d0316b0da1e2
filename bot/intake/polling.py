"""Fetching updates from Telegram, no faster than they are handled, and forgetting none before it is."""

import asyncio
import contextlib
import time
from collections import deque
from functools import partial
from typing import Any

import structlog
from telegram.error import Conflict, TelegramError

from bot.app import Bot, keep_trying, retry_after, try_once
from bot.intake.updates import Intake, Unavailable
from bot.reading.envelope import ALLOWED_UPDATES, Envelope, envelope_of
from database.errors import StartupError

LONG_POLL_TIMEOUT = 50  # seconds; Bot API: getUpdates waits no longer
ANSWER_TIMEOUT = 10  # seconds after that for which we wait for an answer
FETCH_INTERVAL = 0.2  # seconds after which others are fetched beside whoever is slow
FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 30.0  # seconds between questions that Telegram doesn't answer
LONGEST_TAKE_BACKOFF = 5.0  # seconds between tries to handle an update: a database that is back is noticed soon
SHUTDOWN_TIMEOUT = 5.0  # seconds in which what has begun may end

log = structlog.get_logger()


class Poller:
    """Polls for ever: one person's updates one after another, different people's side by side.

    The offset stands at the oldest update that is not finished, for asking above it lets Telegram forget it. Once
    all is finished and Telegram knows, there is none: after a week of silence its count may go on anywhere.
    """

    def __init__(self, bot: Bot, intake: Intake) -> None:
        self._bot = bot
        self._intake = intake
        self._unfinished: set[int] = set()
        self._finished: set[int] = set()
        self._highest = 0
        self._waiting: dict[int, deque[tuple[Envelope, float]]] = {}  # each with the time of its arrival
        self._workers: set[asyncio.Task[None]] = set()
        self.is_polling = False

    async def run(self) -> None:
        """Poll until cancelled; then finish what has begun."""
        try:
            await self._without_webhook()
            while True:
                for envelope in await self._fetch():
                    self._hand_over(envelope)
                if self._workers:
                    await asyncio.wait(self._workers, timeout=FETCH_INTERVAL)
        finally:
            self.is_polling = False
            if self._workers:
                await asyncio.wait(self._workers, timeout=SHUTDOWN_TIMEOUT)

    async def _without_webhook(self) -> None:
        """Take a webhook away, since Telegram allows only one of the two; what is pending stays."""
        take_away = partial(self._bot.call, "deleteWebhook", {"drop_pending_updates": False})
        try:
            await keep_trying(take_away, await try_once(take_away))
        except StartupError:  # a server without webhooks has none to take away
            log.warning("polling.webhook_stays")

    async def _fetch(self) -> list[Envelope]:
        # The first answer comes at once: by it everybody knows that updates are taken in.
        offset = self._offset()
        wait = LONG_POLL_TIMEOUT if self.is_polling and not offset else 0
        payload = {"offset": offset, "timeout": wait, "allowed_updates": ALLOWED_UPDATES}
        fetched = await self._get_updates(payload, read_timeout=wait + ANSWER_TIMEOUT)
        found = _updates_in(fetched)
        if found is None:
            log.warning("polling.nonsense")
            await asyncio.sleep(FIRST_BACKOFF)
            return []
        self.is_polling = True
        self._forget_below(offset)
        return found

    def _offset(self) -> int:
        """Say from where on we still need to be told; 0 when nothing is left to be forgotten."""
        if self._unfinished:
            return min(self._unfinished)
        return self._highest + 1 if self._highest else 0

    def _forget_below(self, offset: int) -> None:
        """Telegram has forgotten what is below, and so can we."""
        self._finished = {update_id for update_id in self._finished if update_id >= offset}
        if offset > self._highest:
            self._highest = 0

    async def _get_updates(self, payload: dict[str, Any], read_timeout: float) -> Any:
        """Ask until there is an answer, with longer and longer pauses."""
        pause = FIRST_BACKOFF
        while True:
            try:
                return await self._bot.call("getUpdates", payload, read_timeout=read_timeout)
            except Conflict as error:
                log.warning("polling.conflict", hint="another program has set a webhook, or polls with this token")
                if "webhook" in error.message.lower():
                    await self._without_webhook()
            except TelegramError as error:
                self.is_polling = False
                pause = retry_after(error) or pause
                payload = {**payload, "timeout": 0}
                log.warning("polling.failed", method="getUpdates", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_BACKOFF)

    def _hand_over(self, envelope: Envelope) -> None:
        update_id, sender = envelope.update_id, envelope.sender_id
        if update_id in self._unfinished or update_id in self._finished:
            return
        self._highest = max(self._highest, update_id)
        self._unfinished.add(update_id)
        arrived = (envelope, time.monotonic())
        if sender in self._waiting:
            self._waiting[sender].append(arrived)
            return
        self._waiting[sender] = deque([arrived])
        worker = asyncio.create_task(self._work(sender))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work(self, sender: int) -> None:
        """Handle what one person has sent, in its order."""
        queue = self._waiting[sender]
        while queue:
            envelope, arrived_at = queue[0]
            await self._take(envelope, arrived_at)
            queue.popleft()
            self._unfinished.discard(envelope.update_id)
            self._finished.add(envelope.update_id)
        del self._waiting[sender]

    async def _take(self, envelope: Envelope, arrived_at: float) -> None:
        pause = FIRST_BACKOFF
        while True:
            with contextlib.suppress(Unavailable):
                return await self._intake.take(envelope, arrived_at)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_TAKE_BACKOFF)


def _updates_in(fetched: Any) -> list[Envelope] | None:
    """Give the updates in an answer, or nothing at all (None): not everything that answers is Telegram."""
    if not isinstance(fetched, list):
        return None
    found = [envelope for raw in fetched if (envelope := envelope_of(raw)) is not None]
    if len(found) < len(fetched):  # whoever sends such a thing can't be told that it was taken
        log.warning("polling.nonsense", count=len(fetched) - len(found))
    return found or (None if fetched else [])
