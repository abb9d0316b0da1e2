"""Which of Telegram's updates were taken in, and those that could not be handled, kept raw."""

import json
from datetime import datetime, timedelta
from typing import Any

import structlog

from database import clock
from database.transactions import fetch
from models import Update, UpdateState
from services.errors import NotFound, SeveralBots

KNOWN_FOR = timedelta(days=30)  # Telegram keeps updates for a day

# The quarantine: what one update may be, what all of them may be together, and how long they wait.
MAX_SIZE = 1024 * 1024  # bytes as we write it; none of Telegram's own is as long
MAX_COUNT, MAX_TOTAL_SIZE = 10_000, 256 * 1024 * 1024
KEPT_FOR = timedelta(days=90)

log = structlog.get_logger()


async def take_in(bot_id: int, update_id: int, identity: str) -> bool:
    """Note an update, in the transaction that handles it; say whether it is new.

    Its ``identity`` is what it is about: a number that Telegram gives to something else is no repetition.
    """
    return bool(
        await fetch(
            """INSERT INTO "Updates" ("botId", "updateId", identity, state, "receivedAt")
               VALUES ($1, $2, $3, 'handled', now())
               ON CONFLICT ("botId", "updateId", identity) DO NOTHING RETURNING id""",
            bot_id,
            update_id,
            identity,
        )
    )


async def heard_at(bot_id: int) -> datetime | None:
    """Tell when an update was taken in last."""
    last = await Update.filter(bot_id=bot_id).order_by("-received_at").first()
    return last.received_at if last else None


async def quarantine(
    bot_id: int, update_id: int, identity: str, payload: dict[str, Any], error: str
) -> Update | None:
    """Keep an update that could not be handled, for later; nothing comes back for one that is here already.

    Of one that is too large only that there was one is kept.
    """
    written = _written(payload)
    is_kept = len(written) <= MAX_SIZE
    if not is_kept:
        log.warning("update.too_large", update_id=update_id, bytes=len(written))
    update, is_new = await Update.get_or_create(
        bot_id=bot_id,
        update_id=update_id,
        identity=identity,
        defaults={
            "state": UpdateState.QUARANTINED if is_kept else UpdateState.DROPPED,
            "payload": written if is_kept else None,
            "error": error,
            "received_at": clock.now(),
        },
    )
    return update if is_new else None


async def quarantined(bot_id: int | None = None) -> list[Update]:
    """List what is in quarantine, of all bots or of one, oldest first."""
    kept = Update.filter(state=UpdateState.QUARANTINED).order_by("id")
    return await (kept if bot_id is None else kept.filter(bot_id=bot_id))


async def quarantined_count() -> int:
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


async def leave_quarantine(update: Update) -> bool:
    """Let an update out of quarantine, in the transaction that handles it; say whether it was still there."""
    return bool(
        await Update.filter(id=update.id, state=UpdateState.QUARANTINED).update(
            state=UpdateState.HANDLED, payload=None, error=None
        )
    )


async def drop(update: Update) -> None:
    """Give an update in quarantine up; that it was taken in stays known."""
    await Update.filter(id=update.id, state=UpdateState.QUARANTINED).update(state=UpdateState.DROPPED, payload=None)


async def bound_quarantine() -> None:
    """Give up what has waited too long in quarantine, and the oldest of what is too much; the log tells of it."""
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


def _written(payload: dict[str, Any]) -> str:
    """Write an update down; of one that is nested too deeply for that, its number."""
    try:
        return json.dumps(payload)
    except RecursionError:
        return json.dumps({"update_id": payload["update_id"]})
