"""The open database: a pool of connections for the ORM and plain SQL, and a listener for notifications."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
from tortoise import connections
from tortoise.context import TortoiseContext

from database import clock, engine, pubsub
from database.connection import address
from database.errors import DatabaseAway, StartupError
from database.transactions import fetch

POOL_SIZE = 10
START_TIMEOUT = 60.0  # seconds in which a database may start, or recover
START_POLL_INTERVAL = 0.2  # seconds


@contextlib.asynccontextmanager
async def connected(url: str, pool_size: int = POOL_SIZE, *, is_serving: bool = False) -> AsyncIterator[None]:
    """Open the pool, and listen for notifications of other processes.

    Who serves waits neither for a statement nor for a lock longer than a few seconds; an import or a migration may.

    Raises:
        StartupError: it can't be reached, or refuses us.
    """
    await _reach(url)
    context = TortoiseContext()
    with context:
        await context.init(
            config=configuration(url, pool_size, is_serving=is_serving), _enable_global_fallback=True
        )
        try:
            await set_clock()
            async with pubsub.listening(url):
                yield
        finally:
            await context.close_connections()


def configuration(url: str, pool_size: int = POOL_SIZE, *, is_serving: bool = False) -> dict[str, Any]:
    """Describe the database to Tortoise ORM and aerich."""
    credentials = {**address(url), "min_size": 0, "max_size": pool_size, **engine.serving(is_serving)}
    return {
        "connections": {"default": {"engine": engine.__name__, "credentials": credentials}},
        "apps": {"models": {"models": ["models", "aerich.models"], "default_connection": "default"}},
        "use_tz": True,
    }


@dataclass(frozen=True)
class Usage:
    """How many of the pool's connections are used and idle, and how many there may be."""

    used_count: int
    idle_count: int
    limit: int


def usage() -> Usage:
    """Count the pool's connections."""
    found: asyncpg.Pool[Any] | None = getattr(connections.get("default"), "_pool", None)  # there is no other way
    if found is None:
        return Usage(0, 0, 0)
    idle_count = found.get_idle_size()
    return Usage(found.get_size() - idle_count, idle_count, found.get_max_size())


async def set_clock() -> None:
    """Set our clock by the database's."""
    asked_at = time.monotonic()
    rows = await fetch("SELECT clock_timestamp() AS now")
    clock.follow(rows[0]["now"], time.monotonic() - asked_at)


async def _reach(url: str) -> None:
    """Make sure that the database can be used; wait for one that is starting."""
    try:
        async with asyncio.timeout(START_TIMEOUT):
            await _until_up(url)
    except (TimeoutError, DatabaseAway, asyncpg.PostgresError) as error:
        where, cause = address(url), error.seen if isinstance(error, DatabaseAway) else error
        said = getattr(cause, "strerror", None) or str(cause)
        reason = said.splitlines()[0] if said else "it doesn't answer"
        raise StartupError(
            f"The database {where['database']} at {where['host']}:{where['port']} can't be used: {reason}"
        ) from error


async def _until_up(url: str) -> None:
    while True:
        try:
            return await pubsub.require(url)
        except DatabaseAway as away:
            if not isinstance(away.seen, asyncpg.CannotConnectNowError):
                raise
        await asyncio.sleep(START_POLL_INTERVAL)
