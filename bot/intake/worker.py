"""Handling what waits, one transaction after another, and going on after whatever fails."""

import asyncio

import structlog
from structlog.contextvars import bound_contextvars

from bot.app import Bot
from bot.intake import failures
from bot.intake.handling import Handled, Handler, TookTooLong
from bot.intake.schedule import LONGEST_BACKOFF, Schedule
from database.errors import DatabaseAway, is_contended, is_passing, is_retryable, reason_of
from database.transactions import transaction
from services.errors import Refusal
from services.incoming import inbox
from services.incoming.inbox import Claim, Claimed

BATCH_TIMEOUT = 2.0  # seconds for what is handled in one transaction; alone, each has more
MAX_TRIES = 3  # of what takes too long: it may have been the database that did
FIRST_BACKOFF = 0.25  # seconds before another try, while the database is away or others hold what is needed
LOCKED_BACKOFF = 0.02  # seconds in which another process is likely to be done with what it handles of this sender

log = structlog.get_logger()


class Worker:
    """Handles what the schedule gives it: the next update of a sender, or of several in one transaction."""

    def __init__(self, bot: Bot, schedule: Schedule) -> None:
        self._bot = bot
        self._handler = Handler(bot)
        self._schedule = schedule

    async def run(self) -> None:
        """Work until the schedule is closed."""
        backoff = FIRST_BACKOFF
        while senders := await self._schedule.next():
            try:
                await self._handle(senders)
                backoff = FIRST_BACKOFF
            except DatabaseAway as away:
                log.warning("update.waits", hint=f"the database is away: {away.reason}")
                await self._schedule.pause(backoff)
                backoff = min(backoff * 2, LONGEST_BACKOFF)

    async def _handle(self, senders: list[int]) -> None:
        """Handle the first update of each of these senders, as far as that is possible now.

        Raises:
            DatabaseAway: nothing is, just now.
        """
        if len(senders) == 1:
            await self._handle_alone(senders[0])
        else:
            await self._handle_together(senders)

    async def _handle_together(self, senders: list[int]) -> None:
        try:
            async with transaction(), asyncio.timeout(BATCH_TIMEOUT):
                claim = await inbox.claim(self._bot.id, senders)
                handled = await self._handler.handle(claim.updates)
        except Exception as error:  # whosever it is: it is tried again, and seen then
            self._schedule.split(senders)
            if isinstance(error, DatabaseAway):
                raise
        else:
            self._settle(senders, claim, handled)

    async def _handle_alone(self, sender: int) -> None:
        claim = None
        try:
            async with transaction():
                claim = await inbox.claim(self._bot.id, [sender])
                handled = await self._handler.handle(claim.updates)
        except Exception as error:
            if claim and claim.updates:
                await self._recover(claim.updates[0], error)
            else:
                self._wait(sender, error)
        else:
            self._settle([sender], claim, handled)

    def _settle(self, senders: list[int], claim: Claim, handled: list[Handled]) -> None:
        """Go on, now that the transaction is committed."""
        with_more = {claimed.telegram_user_id for claimed in claim.updates if claimed.has_more}
        for sender in senders:
            if sender in claim.locked_senders:
                self._schedule.rest(sender, LOCKED_BACKOFF)
            else:
                self._schedule.done(sender, sender in with_more)
        for update in handled:
            update.tell()

    async def _recover(self, claimed: Claimed, error: Exception) -> None:
        """Go on after an update could not be handled, and everything that it has changed was taken back."""
        with bound_contextvars(update_id=claimed.update_id):
            if isinstance(error, Refusal):
                await self._refuse(claimed, error)
            elif self._is_to_wait(claimed, error):
                self._wait(claimed.telegram_user_id, error)
            else:
                log.error("update.failed", exc_info=error)
                await self._keep(claimed, error)

    def _is_to_wait(self, claimed: Claimed, error: Exception) -> bool:
        """Say whether the failure is not the update's own, as far as can be seen."""
        if isinstance(error, DatabaseAway) or is_contended(error):
            return True
        if is_retryable(error) or isinstance(error, TookTooLong):
            return self._schedule.failed(claimed.telegram_user_id) < MAX_TRIES
        return False

    async def _refuse(self, claimed: Claimed, refusal: Refusal) -> None:
        """Say what is declined, in a transaction of its own."""
        try:
            async with transaction():
                is_ours = await inbox.claim_again(claimed)
                handled = await self._handler.handle([claimed], refusal) if is_ours else []
        except Exception as error:
            await self._recover(claimed, error)
        else:
            self._settle([claimed.telegram_user_id], Claim([claimed], []), handled)

    async def _keep(self, claimed: Claimed, error: Exception) -> None:
        """Keep what can't be handled in quarantine; where not even that can be done, it waits."""
        try:
            await failures.keep(self._bot, claimed, error)
        except Exception as trouble:
            if not is_passing(trouble):
                log.exception("update.unkept")
            self._wait(claimed.telegram_user_id, trouble)
        else:
            self._settle([claimed.telegram_user_id], Claim([claimed], []), [])

    def _wait(self, sender: int, error: Exception) -> None:
        """Leave what a sender has sent where it is, for a while; nothing is held meanwhile.

        Raises:
            DatabaseAway: everybody has to wait.
        """
        self._schedule.rest(sender, FIRST_BACKOFF)
        if isinstance(error, DatabaseAway):
            raise error
        log.warning("update.waits", hint=reason_of(error), exc_info=None if is_passing(error) else error)
