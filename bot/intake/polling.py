"""Fetching updates from Telegram, and forgetting none before it is stored."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from telegram.error import Conflict, TelegramError

from bot.app import Bot, keep_trying, retry_after, try_once
from bot.intake.inbox import Inbox
from bot.intake.receiving import Unavailable
from bot.reading.envelope import ALLOWED_UPDATES, Envelope, envelope_of
from database import clock
from database.errors import StartupError

LONG_POLL_TIMEOUT = 50  # seconds; Bot API: getUpdates waits no longer
ANSWER_TIMEOUT = 10  # seconds after that for which we wait for an answer
FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 30.0  # seconds between questions that Telegram doesn't answer
FIRST_STORE_BACKOFF, LONGEST_STORE_BACKOFF = 0.25, 5.0  # seconds between tries while the database is away

log = structlog.get_logger()


class Poller:
    """Polls for ever, and stores what is fetched: only then is it asked from above it, and Telegram forgets it.

    Once Telegram knows, the offset is none again: after a week of silence its count may go on anywhere.
    """

    def __init__(self, bot: Bot, inbox: Inbox) -> None:
        self._bot = bot
        self._inbox = inbox
        self._offset = 0
        self.is_polling = False

    async def run(self) -> None:
        """Poll until cancelled."""
        try:
            await self._without_webhook()
            while True:
                if fetched := await self._fetch():
                    await self._store(fetched, clock.now())
        finally:
            self.is_polling = False

    async def _without_webhook(self) -> None:
        """Take a webhook away, since Telegram allows only one of the two; what is pending stays."""
        take_away = partial(self._bot.call, "deleteWebhook", {"drop_pending_updates": False})
        try:
            await keep_trying(take_away, await try_once(take_away))
        except StartupError:  # a server without webhooks has none to take away
            log.warning("polling.webhook_stays")

    async def _fetch(self) -> list[Envelope]:
        # The first answer comes at once: by it everybody knows that updates are taken in.
        wait = LONG_POLL_TIMEOUT if self.is_polling and not self._offset else 0
        payload = {"offset": self._offset, "timeout": wait, "allowed_updates": ALLOWED_UPDATES}
        fetched = await self._get_updates(payload, read_timeout=wait + ANSWER_TIMEOUT)
        found = _updates_in(fetched)
        if found is None:
            log.warning("polling.nonsense")
            await asyncio.sleep(FIRST_BACKOFF)
            return []
        self.is_polling = True
        self._offset = 0
        return found

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

    async def _store(self, envelopes: list[Envelope], arrived_at: datetime) -> None:
        """Store all that was fetched, however long the database is away; then let Telegram forget it."""
        backoff = FIRST_STORE_BACKOFF
        while True:
            try:
                await self._inbox.receive(envelopes, arrived_at)
                break
            except Unavailable:
                await asyncio.sleep(backoff)
            backoff = min(backoff * 2, LONGEST_STORE_BACKOFF)
        self._offset = max(envelope.update_id for envelope in envelopes) + 1


def _updates_in(fetched: Any) -> list[Envelope] | None:
    """Give the updates in an answer, or nothing at all (None): not everything that answers is Telegram."""
    if not isinstance(fetched, list):
        return None
    found = [envelope for raw in fetched if (envelope := envelope_of(raw)) is not None]
    if len(found) < len(fetched):  # whoever sends such a thing can't be told that it was taken
        log.warning("polling.nonsense", count=len(fetched) - len(found))
    return found or (None if fetched else [])
