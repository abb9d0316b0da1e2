"""Importing coupons and their influencers: all of a file or nothing, and twice the same file is once.

The rows count as if they were written one after another: a later one wins where it speaks. They are copied into a
temporary table as they are read, so that neither the file nor its coupons are ever held in memory, and written from
there in two statements. What a table can see better than a line can (an id with two owners) is found there too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from database import transactions
from database.transactions import transaction
from services.coupons.file import CouponFile, Row
from services.coupons.records import BadRow
from services.errors import Refusal
from services.outgoing import topics

BATCH = 2000  # rows in memory at a time
MAX_KEPT = 100  # bad rows that are told one by one
IMPORT_LOCK = 0x696D706F7274  # any number will do, as long as every import asks for the same

STAGED = """
    CREATE TEMPORARY TABLE spared (coupon_id text COLLATE "C");
    CREATE TEMPORARY TABLE imported (
        line bigint, coupon_id text COLLATE "C", title text, influencer_id text COLLATE "C", influencer_name text,
        influencer_email text, description text, image_url text, starts_at text, expires_at text, is_active boolean,
        code text, url text
    )"""

# An id's first good row says whose coupon it is
REMOVE_STRANGERS = """
    WITH owned AS (
        SELECT line, coupon_id, influencer_id, first_value(line) OVER earlier AS owner_line,
               first_value(influencer_id) OVER earlier AS owner_id
        FROM imported WINDOW earlier AS (PARTITION BY coupon_id ORDER BY line)
    ), removed AS (
        DELETE FROM imported USING owned WHERE imported.line = owned.line AND owned.influencer_id <> owner_id
        RETURNING owned.*
    )
    SELECT *, count(*) OVER () AS removed_count FROM removed ORDER BY line LIMIT $1"""

# NULL is what a row does not speak of: there an earlier row counts, then what is known, then the default.
# "" clears; only a date that a row has just set can contradict one that was known. What was missing is back.
MERGED = """
    ANALYZE imported;
    CREATE TEMPORARY TABLE merged AS
    WITH latest AS (
        SELECT coupon_id, max(line) AS line, (array_agg(title ORDER BY line DESC))[1] AS title,
               min(influencer_id) AS influencer_id,
               (array_agg(description ORDER BY line DESC) FILTER (WHERE description IS NOT NULL))[1] AS description,
               (array_agg(image_url ORDER BY line DESC) FILTER (WHERE image_url IS NOT NULL))[1] AS image_url,
               (array_agg(starts_at ORDER BY line DESC) FILTER (WHERE starts_at IS NOT NULL))[1] AS starts_at,
               (array_agg(expires_at ORDER BY line DESC) FILTER (WHERE expires_at IS NOT NULL))[1] AS expires_at,
               (array_agg(is_active ORDER BY line DESC) FILTER (WHERE is_active IS NOT NULL))[1] AS is_active,
               (array_agg(code ORDER BY line DESC) FILTER (WHERE code IS NOT NULL))[1] AS code,
               (array_agg(url ORDER BY line DESC) FILTER (WHERE url IS NOT NULL))[1] AS url
        FROM imported GROUP BY coupon_id
    )
    SELECT latest.coupon_id AS id, latest.line, latest.title, latest.influencer_id,
           coalesce(latest.description, known.description, '') AS description,
           nullif(coalesce(latest.image_url, known."imageUrl"), '') AS image_url,
           nullif(coalesce(latest.code, known.code), '') AS code,
           nullif(coalesce(latest.url, known.url), '') AS url,
           CASE WHEN latest.starts_at IS NULL THEN known."startsAt"
                ELSE nullif(latest.starts_at, '')::timestamptz END AS starts_at,
           CASE WHEN latest.expires_at IS NULL THEN known."expiresAt"
                ELSE nullif(latest.expires_at, '')::timestamptz END AS expires_at,
           coalesce(latest.is_active, known."isActive" OR known."missingSince" IS NOT NULL, true) AS is_active,
           latest.starts_at IS NOT NULL OR latest.expires_at IS NOT NULL AS is_dated
    FROM latest LEFT JOIN "Coupons" known ON known.id = latest.coupon_id;
    ANALYZE merged"""

REMOVE_IMPOSSIBLE = """
    WITH removed AS (DELETE FROM merged WHERE is_dated AND expires_at <= starts_at RETURNING *)
    SELECT *, count(*) OVER () AS removed_count FROM removed ORDER BY line LIMIT $1"""

WRITE_INFLUENCERS = """
    WITH given AS (
        SELECT influencer_id AS id,
               (array_agg(influencer_name ORDER BY line DESC) FILTER (WHERE influencer_name <> ''))[1] AS name,
               (array_agg(influencer_email ORDER BY line DESC)
                FILTER (WHERE influencer_email IS NOT NULL))[1] AS email
        FROM imported WHERE coupon_id IN (SELECT id FROM merged) GROUP BY influencer_id
    ), people AS (
        SELECT given.id, coalesce(given.name, known.name, '') AS name,
               nullif(coalesce(given.email, known.email), '') AS email
        FROM given LEFT JOIN "Users" known ON known.id = given.id
    ), written AS (
        INSERT INTO "Users" (id, name, email, "isInfluencer", "createdAt")
        SELECT id, name, email, true, now() FROM people
        WHERE NOT EXISTS (SELECT FROM "Users" known WHERE known.id = people.id AND known."isInfluencer"
                          AND (known.name, known.email) IS NOT DISTINCT FROM (people.name, people.email))
        ORDER BY id
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, "isInfluencer" = true
    )
    SELECT count(*) FROM people"""

# What is already as it should be is not written again; xmax is 0 in a row that is new
WRITE_COUPONS = """
    WITH written AS (
        INSERT INTO "Coupons" (id, title, "influencerId", description, "imageUrl", "startsAt", "expiresAt",
                               "isActive", code, url, "createdAt")
        SELECT id, title, influencer_id, description, image_url, starts_at, expires_at, is_active, code, url, now()
        FROM merged
        WHERE NOT EXISTS (
            SELECT FROM "Coupons" known WHERE known.id = merged.id AND "missingSince" IS NULL
            AND (title, "influencerId", known.description, "imageUrl", "startsAt", "expiresAt", "isActive",
                 known.code, known.url)
                IS NOT DISTINCT FROM
                (merged.title, influencer_id, merged.description, image_url, starts_at, expires_at, is_active,
                 merged.code, merged.url))
        ORDER BY id
        ON CONFLICT (id) DO UPDATE SET
            title = excluded.title, "influencerId" = excluded."influencerId", description = excluded.description,
            "imageUrl" = excluded."imageUrl", "startsAt" = excluded."startsAt", "expiresAt" = excluded."expiresAt",
            "isActive" = excluded."isActive", code = excluded.code, url = excluded.url, "missingSince" = NULL
        RETURNING xmax = 0 AS is_new
    )
    SELECT (SELECT count(*) FROM merged) AS coupon_count, count(*) FILTER (WHERE is_new) AS created_count,
           count(*) FILTER (WHERE NOT is_new) AS updated_count
    FROM written"""

# A coupon is missing that no row names, not even a bad one
MISSING = """
    CREATE TEMPORARY TABLE missing AS
    SELECT known.id, "influencerId" AS influencer_id FROM "Coupons" known WHERE "isActive"
    AND NOT EXISTS (SELECT FROM imported WHERE coupon_id = known.id)
    AND NOT EXISTS (SELECT FROM spared WHERE coupon_id = known.id)"""

COUNT_MISSING = """
    SELECT (SELECT count(*) FROM "Coupons" WHERE "isActive") AS active_count, count(*) AS missing_count,
           count(*) FILTER (WHERE influencer_id IN (SELECT influencer_id FROM merged)) AS missing_of_these_count
    FROM missing"""

WITHDRAW = """
    UPDATE "Coupons" SET "isActive" = false, "missingSince" = now()
    WHERE "isActive" AND id IN (SELECT id FROM missing)"""


@dataclass
class BadRows:
    """What could not be used: the first of it by line, how much it is, and the first about no certain coupon."""

    kept: list[BadRow] = field(default_factory=list)
    count: int = 0
    uncertain: BadRow | None = None

    def add(self, rows: list[BadRow], count: int | None = None) -> None:
        """Add rows, or the first of ``count`` rows."""
        self.count += len(rows) if count is None else count
        self.kept = sorted([*self.kept, *rows], key=lambda row: row.line)[:MAX_KEPT]


@dataclass(frozen=True)
class Missing:
    """How many active coupons there were, how many of them the file does not name, and of its influencers alone."""

    active_count: int
    missing_count: int
    missing_of_these_count: int


@dataclass(frozen=True)
class Report:
    """What an import has done."""

    coupon_count: int
    created_count: int
    updated_count: int
    influencer_count: int
    withdrawn_count: int
    missing: Missing
    bad: list[BadRow]
    bad_count: int

    @property
    def unchanged_count(self) -> int:
        """Count the coupons that were already as the file tells them."""
        return self.coupon_count - self.created_count - self.updated_count


class BadFile(Refusal):
    """A file of which nothing was imported; ``bad`` are the first of its ``bad_count`` bad rows, by line."""

    def __init__(self, bad: list[BadRow], bad_count: int, decisive: BadRow) -> None:
        others = f" There are {bad_count} bad rows." if bad_count > 1 else ""
        super().__init__(f"Nothing was imported. Line {decisive.line}: {decisive.reason}.{others}")
        self.bad = bad
        self.bad_count = bad_count


class NotComplete(Refusal):
    """A file that can't be everything there is."""


class WouldWithdraw(Refusal):
    """A complete file that would withdraw more coupons than was agreed to."""

    def __init__(self, missing: Missing) -> None:
        what = f"{missing.missing_count} of {missing.active_count} active coupons"
        if missing.missing_count == missing.active_count:
            what = f"All {missing.active_count} active coupons"
        super().__init__(f"{what} are missing from the file, and would be withdrawn.")
        self.missing_count = missing.missing_count


async def run(
    source: BinaryIO,
    *,
    skip_bad: bool = False,
    is_complete: bool = False,
    may_withdraw: int | None = 0,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Create and update the coupons and influencers of a file; nothing is deleted, and no chat is touched.

    Args:
        source: CSV, JSON Lines or a JSON array in UTF-8, read once and never rewound.
        skip_bad: write the good rows though there are bad ones.
        is_complete: withdraw every coupon that the file does not name, whosever it is; one that a later file names
            is back.
        may_withdraw: how many coupons at most; ``None`` is any number.
        progress: is told how many bytes of the file were read so far, after every batch.

    Raises:
        BadFile: there is a bad row and ``skip_bad`` is not set, or the file can't be read to its end.
        NotComplete: it is to be complete, and names no coupon, or has a row that is about no certain one.
        WouldWithdraw: it is complete, and more is missing than may be withdrawn.
    """
    file, bad = CouponFile(source), BadRows()
    async with transaction(), transactions.connection() as connection:
        await _stage(connection, file, bad, progress or (lambda byte_count: None))
        await connection.execute(f"SELECT pg_advisory_xact_lock({IMPORT_LOCK})")
        await _merge(connection, bad)
        if bad.count and not skip_bad:
            raise BadFile(bad.kept, bad.count, bad.kept[0])
        missing = await _missing(connection)
        if is_complete:
            await _withdraw(connection, bad, missing, may_withdraw)
        influencer_count = await connection.fetchval(WRITE_INFLUENCERS)
        counts = dict(await connection.fetchrow(WRITE_COUPONS) or {})
        await connection.execute("DROP TABLE imported, spared, merged, missing")
    await topics.queue_renamings()
    return Report(
        **counts,
        influencer_count=influencer_count,
        withdrawn_count=missing.missing_count if is_complete else 0,
        missing=missing,
        bad=bad.kept,
        bad_count=bad.count,
    )


async def _stage(connection: Any, file: CouponFile, bad: BadRows, progress: Callable[[int], None]) -> None:
    """Copy the good rows to where the database can compare them."""
    await connection.execute(STAGED)
    rows = file.rows()
    while batch := list(islice(rows, BATCH)):
        good = [row for row in batch if isinstance(row, Row)]
        await connection.copy_records_to_table("imported", records=good, columns=Row._fields)
        await _spare(connection, bad, [row for row in batch if isinstance(row, BadRow)])
        progress(file.byte_count)
    if file.unreadable:
        raise BadFile([*bad.kept[: MAX_KEPT - 1], file.unreadable], bad.count + 1, file.unreadable)


async def _spare(connection: Any, bad: BadRows, rows: list[BadRow]) -> None:
    """Note what is bad; a coupon is not missing because its row is."""
    bad.add(rows)
    bad.uncertain = bad.uncertain or next((row for row in rows if row.coupon_id is None), None)
    if spared := [(row.coupon_id,) for row in rows if row.coupon_id]:
        await connection.copy_records_to_table("spared", records=spared)


async def _merge(connection: Any, bad: BadRows) -> None:
    """Make one row of what the file and the database say of a coupon, where they don't contradict each other."""
    strangers = await connection.fetch(REMOVE_STRANGERS, MAX_KEPT)
    bad.add([BadRow(row["line"], _has_owner(row)) for row in strangers], _removed_count(strangers))
    await connection.execute(MERGED)
    impossible = await connection.fetch(REMOVE_IMPOSSIBLE, MAX_KEPT)
    bad.add([BadRow(row["line"], _expires_early(row)) for row in impossible], _removed_count(impossible))


async def _missing(connection: Any) -> Missing:
    await connection.execute(MISSING)
    return Missing(**await connection.fetchrow(COUNT_MISSING))


async def _withdraw(connection: Any, bad: BadRows, missing: Missing, may_withdraw: int | None) -> None:
    """Withdraw what is missing, where that is certain, and no more than was agreed to."""
    if bad.uncertain:
        raise NotComplete(
            f"Nothing was imported. Line {bad.uncertain.line} does not say for certain which coupon it is about, "
            f"so nobody knows what is missing: {bad.uncertain.reason}."
        )
    if not await connection.fetchval("SELECT EXISTS (SELECT FROM merged)"):
        raise NotComplete(
            "Nothing was imported. The file names no coupon, and if it were complete, "
            f"all {missing.active_count} active ones would be withdrawn."
        )
    if may_withdraw is not None and missing.missing_count > may_withdraw:
        raise WouldWithdraw(missing)
    await connection.execute(WITHDRAW)


def _has_owner(row: Any) -> str:
    return (
        f"coupon_id {row['coupon_id']!r} belongs to influencer_id {row['owner_id']!r} in line {row['owner_line']}"
    )


def _expires_early(row: Any) -> str:
    starts_at, expires_at = (row[name].isoformat() for name in ("starts_at", "expires_at"))
    return f"expires_at is not after starts_at, with what was known before: {starts_at} to {expires_at}"


def _removed_count(rows: list[Any]) -> int:
    return int(rows[0]["removed_count"]) if rows else 0
