"""The quarantine: updates that could not be handled, kept raw until they can be."""

from datetime import timedelta

import structlog

from database import clock
from database.transactions import fetch
from models import Update, UpdateState
from services.errors import NotFound, SeveralBots
from services.incoming.inbox import LOCK_TIMEOUT, Claimed

# What one update may be, what all of them may be together, and how long they wait.
MAX_SIZE = 1024 * 1024  # bytes as we write it; none of Telegram's own is as long
MAX_COUNT, MAX_TOTAL_SIZE = 10_000, 256 * 1024 * 1024
KEPT_FOR = timedelta(days=90)

log = structlog.get_logger()


async def keep(update: Claimed, payload: str, error: str) -> UpdateState | None:
    """Keep an update that could not be handled, for later; give its state, or None where somebody else has it.

    Of one that is too large only that there was one is kept: it is dropped.
    """
    is_kept = len(payload) <= MAX_SIZE
    if not is_kept:
        log.warning("update.too_large", update_id=update.update_id, bytes=len(payload))
    state = UpdateState.QUARANTINED if is_kept else UpdateState.DROPPED
    kept = await fetch(
        """UPDATE "Updates" SET state = $2, payload = $3, error = $4 WHERE id = (
               SELECT id FROM "Updates" WHERE id = $1 AND state = 'received' FOR UPDATE SKIP LOCKED)
           RETURNING set_config('lock_timeout', $5, true)""",
        update.id,
        state.value,
        payload if is_kept else None,
        error,
        LOCK_TIMEOUT,
    )
    return state if kept else None


async def updates(bot_id: int | None = None) -> list[Update]:
    """List what is in quarantine, of all bots or of one, oldest first."""
    kept = Update.filter(state=UpdateState.QUARANTINED).order_by("id")
    return await (kept if bot_id is None else kept.filter(bot_id=bot_id))


async def count() -> int:
    """Count what is in quarantine."""
    return await Update.filter(state=UpdateState.QUARANTINED).count()


async def get(update_id: int, bot_id: int | None = None, own_bot_id: int | None = None) -> Update:
    """Get an update from quarantine by Telegram's id, which each bot counts for itself: the newest of its bot.

    Of several bots it is ``bot_id``'s, or else ``own_bot_id``'s.

    Raises:
        NotFound: it is not there.
        SeveralBots: several bots have one of that number, and none of them was named.
    """
    is_possible = 0 <= update_id < 2**63
    kept = Update.filter(update_id=update_id, state=UpdateState.QUARANTINED).order_by("id")
    newest = {update.bot_id: update for update in await kept} if is_possible else {}
    if bot_id is not None and bot_id not in newest:
        raise NotFound(f"There is no update {update_id} of bot {bot_id} in quarantine.")
    if not newest:
        raise NotFound(f"There is no update {update_id} in quarantine.")
    if len(newest) == 1:
        return next(iter(newest.values()))
    chosen = newest.get(own_bot_id if bot_id is None else bot_id)
    if chosen is None:
        raise SeveralBots(update_id, sorted(newest))
    return chosen


async def leave(update: Update) -> bool:
    """Let an update out, in the transaction that handles it; say whether it was still there."""
    return bool(
        await Update.filter(id=update.id, state=UpdateState.QUARANTINED).update(
            state=UpdateState.HANDLED, payload=None, error=None
        )
    )


async def drop(update: Update) -> None:
    """Give an update up; that it was taken in stays known."""
    await Update.filter(id=update.id, state=UpdateState.QUARANTINED).update(state=UpdateState.DROPPED, payload=None)


async def bound() -> None:
    """Give up what has waited too long, and the oldest of what is too much; the log tells of it."""
    old = await Update.filter(state=UpdateState.QUARANTINED, received_at__lt=clock.now() - KEPT_FOR).update(
        state=UpdateState.DROPPED, payload=None
    )
    beyond = await fetch(
        """UPDATE "Updates" SET state = 'dropped', payload = NULL WHERE id IN (
               SELECT id FROM (
                   SELECT id, row_number() OVER newer AS place, sum(octet_length(payload)) OVER newer AS size
                   FROM "Updates" WHERE state = 'quarantined' WINDOW newer AS (ORDER BY id DESC)) kept
               WHERE place > $1 OR size > $2) RETURNING id""",
        MAX_COUNT,
        MAX_TOTAL_SIZE,
    )
    if old or beyond:
        log.warning("quarantine.gave_up", old=old, beyond=len(beyond))
