"""When a message was committed, as PostgreSQL itself remembers it."""

import asyncio
from collections.abc import Sequence

from database.transactions import fetch

POLL_INTERVAL = 0.1  # seconds; only says when all are there: the times are the commits' own
LONGEST_WAIT = 300.0  # seconds


async def of(texts: Sequence[str], table: str = '"Messages"') -> dict[str, float]:
    """Wait until there is a message with each of these texts; tell when it was committed, as ``time.time`` would.

    The stage must have commit times.
    """
    query = f"""SELECT text, pg_xact_commit_timestamp(xmin) AS at FROM {table}
                WHERE text = ANY($1)"""  # noqa: S608 - the table's name is ours
    async with asyncio.timeout(LONGEST_WAIT):
        while len(rows := await fetch(query, list(texts))) < len(texts):
            await asyncio.sleep(POLL_INTERVAL)
    return {row["text"]: row["at"].timestamp() for row in rows}
