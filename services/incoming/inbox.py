"""The inbox: updates that were taken in, and wait to be handled by whichever process comes to them first.

One sender's are handled one at a time and in Telegram's order, whatever process handles them: whoever handles the
first of theirs has its row locked, and nobody goes on to the second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from database.transactions import fetch
from models import Update

KNOWN_FOR = timedelta(days=30)  # Telegram keeps updates for a day
FIRST = -(2**63)  # less than the id of any sender
LOCK_TIMEOUT = "250ms"  # for which the handling of an update waits for a row that somebody else has locked


@dataclass(frozen=True)
class Arrival:
    """An update as it comes in.

    Its ``identity`` is what it is about: a number that Telegram gives to something else is no repetition.
    """

    update_id: int
    identity: str
    telegram_user_id: int  # whom it comes from; 0: nobody
    payload: str  # JSON in ASCII
    arrived_at: datetime


@dataclass(frozen=True)
class Claimed:
    """An update that the running transaction has to itself, and has marked as handled."""

    id: int
    update_id: int
    telegram_user_id: int
    payload: str
    received_at: datetime
    has_more: bool  # whether something else of its sender's waits behind it


@dataclass(frozen=True)
class Claim:
    """The first updates of some senders, and which senders' first is locked by somebody else."""

    updates: list[Claimed]
    locked_senders: list[int]


@dataclass(frozen=True)
class Backlog:
    """How many updates wait to be handled, and for how long the oldest has."""

    count: int
    oldest_seconds: float


async def receive(bot_id: int, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Take updates in, all of them in one statement, and give those that are new; committed, when this returns."""
    # In one order, so that no two that take in the same ones wait for each other.
    ordered = sorted(arrivals, key=lambda arrival: (arrival.update_id, arrival.identity))
    rows = await fetch(
        """INSERT INTO "Updates"
               ("botId", "updateId", identity, "telegramUserId", state, "receivedAt", payload)
           SELECT $1, update_id, identity, telegram_user_id, 'received', arrived_at, payload
           FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::timestamptz[], $6::text[])
               AS arrived (update_id, identity, telegram_user_id, arrived_at, payload)
           ON CONFLICT ("botId", "updateId", identity) DO NOTHING
           RETURNING "updateId" AS update_id, identity""",
        bot_id,
        [arrival.update_id for arrival in ordered],
        [arrival.identity for arrival in ordered],
        [arrival.telegram_user_id for arrival in ordered],
        [arrival.arrived_at for arrival in ordered],
        [arrival.payload for arrival in ordered],
    )
    new = {(row["update_id"], row["identity"]) for row in rows}
    known_by = {(arrival.update_id, arrival.identity): arrival for arrival in ordered}
    return [arrival for key, arrival in known_by.items() if key in new]


async def claim(bot_id: int, senders: Sequence[int]) -> Claim:
    """Claim the first update of each of these senders, for the transaction that handles them.

    It waits for no lock longer than ``LOCK_TIMEOUT``; rolled back, it leaves them as they were.
    """
    rows = await fetch(
        """WITH heads AS MATERIALIZED (
               SELECT sender, head.id FROM unnest($2::bigint[]) AS sender, LATERAL (
                   SELECT id FROM "Updates"
                   WHERE "botId" = $1 AND "telegramUserId" = sender AND state = 'received'
                   ORDER BY "updateId", id LIMIT 1) head),
               claimed AS MATERIALIZED (
                   SELECT u.id, "updateId", payload, "receivedAt" FROM heads JOIN "Updates" u ON u.id = heads.id
                   WHERE state = 'received' ORDER BY sender FOR UPDATE OF u SKIP LOCKED),
               handled AS (
                   UPDATE "Updates" u SET state = 'handled', payload = NULL FROM claimed WHERE u.id = claimed.id)
           SELECT sender, claimed.id, "updateId" AS update_id, payload, "receivedAt" AS received_at, EXISTS (
                      SELECT FROM "Updates" u WHERE "botId" = $1 AND "telegramUserId" = sender
                      AND state = 'received' AND u.id <> heads.id) AS has_more,
                  set_config('lock_timeout', $3, true)
           FROM heads LEFT JOIN claimed ON claimed.id = heads.id ORDER BY sender""",
        bot_id,
        senders,
        LOCK_TIMEOUT,
    )
    updates = [
        Claimed(row["id"], row["update_id"], row["sender"], row["payload"], row["received_at"], row["has_more"])
        for row in rows
        if row["id"] is not None
    ]
    return Claim(updates, [row["sender"] for row in rows if row["id"] is None])


async def claim_again(update: Claimed) -> bool:
    """Claim an update whose transaction was rolled back, for another one; say whether nobody else was quicker."""
    return bool(
        await fetch(
            """UPDATE "Updates" SET state = 'handled', payload = NULL WHERE id = (
                   SELECT id FROM "Updates" WHERE id = $1 AND state = 'received' FOR UPDATE SKIP LOCKED)
               RETURNING set_config('lock_timeout', $2, true)""",
            update.id,
            LOCK_TIMEOUT,
        )
    )


async def waiting_senders(bot_id: int, waited_for: timedelta, after: int, limit: int) -> tuple[list[int], int]:
    """List senders of whom something has waited for so long; give also after whom to go on the next time.

    So many senders at most are looked at, by their ids, and only the first update of each, however many wait.
    """
    rows = await fetch(
        """WITH RECURSIVE heads AS (
               (SELECT "telegramUserId" AS sender, "receivedAt" AS received_at FROM "Updates"
                WHERE "botId" = $1 AND state = 'received' AND "telegramUserId" > $2
                ORDER BY "telegramUserId", "updateId", id LIMIT 1)
               UNION ALL
               SELECT next.* FROM heads, LATERAL (
                   SELECT "telegramUserId", "receivedAt" FROM "Updates"
                   WHERE "botId" = $1 AND state = 'received' AND "telegramUserId" > sender
                   ORDER BY "telegramUserId", "updateId", id LIMIT 1) next)
           SELECT sender, received_at < now() - $3::interval AS has_waited FROM heads LIMIT $4""",
        bot_id,
        after,
        waited_for,
        limit,
    )
    next_after = rows[-1]["sender"] if len(rows) == limit else FIRST
    return [row["sender"] for row in rows if row["has_waited"]], next_after


async def backlog() -> Backlog:
    """Count what waits to be handled, and tell since when."""
    [row] = await fetch(
        """SELECT count(*), COALESCE(extract(epoch FROM now() - min("receivedAt")), 0)::float AS oldest
           FROM "Updates" WHERE state = 'received'"""
    )
    return Backlog(row["count"], max(0.0, row["oldest"]))


async def heard_at(bot_id: int) -> datetime | None:
    """Tell when an update was taken in last."""
    last = await Update.filter(bot_id=bot_id).order_by("-received_at").first()
    return last.received_at if last else None
