"""The connection to PostgreSQL, and what a transaction is."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

import asyncpg
import uuid_utils
from tortoise import connections
from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException
from tortoise.transactions import in_transaction

from services import clock, engine, live
from services.connection import address
from services.errors import DatabaseAway, StartupError

POOL_SIZE = 10
PATIENCE = 60.0  # seconds in which a database may start, or recover
LOOK_AGAIN = 0.2  # seconds
_BITS_BELOW_TIME = 80  # of a UUIDv7, which begins with milliseconds

Tell = Callable[[live.Topic], None]
Act = Callable[[], object]

_afterwards: ContextVar[list[Act] | None] = ContextVar("afterwards", default=None)


@contextlib.asynccontextmanager
async def connected(url: str, pool_size: int = POOL_SIZE, *, is_serving: bool = False) -> AsyncIterator[None]:
    """Open the database, and listen for what other processes tell.

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
            async with live.listening(url):
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


# One order of locks, so that no two transactions ever wait for each other: people ("Users"), their lines, the
# chats, and below a chat its messages and what is owed of them, which nobody changes without holding the chat.
#
# - Whoever changes several chats of one consumer holds that person, as everything does that handles an update
#   (people.meet); then it makes no difference in which order the chats follow. Whoever changes chats of many people
#   waits for none of them, and takes what is free.
# - Of two people the consumer comes before the influencer whom they become (people.tie), and an influencer before
#   their links and sessions.
# - To be spoken of is no lock that anybody waits for: a message's foreign key asks only that its sender stay who
#   they are. Only people.tie changes that, and waits for nothing that whoever speaks of them could hold.
@contextlib.asynccontextmanager
async def transaction() -> AsyncIterator[Tell]:
    """All or nothing; what is told inside reaches others after the commit, or never.

    Inside another transaction it is a part of that one.
    """
    outer = _afterwards.get()
    if outer is not None:
        yield partial(_tell_after, outer)
        return
    acts: list[Act] = []
    token = _afterwards.set(acts)
    try:
        async with in_transaction():
            yield partial(_tell_after, acts)
    finally:
        _afterwards.reset(token)
    for act in acts:
        act()


@contextlib.asynccontextmanager
async def attempt() -> AsyncIterator[None]:
    """A part of a transaction that may fail alone: what it has done and told is taken back."""
    acts = _afterwards.get()
    if acts is None:
        raise RuntimeError("an attempt is a part of a transaction")
    before = len(acts)
    try:
        async with in_transaction():
            yield
    except BaseException:
        del acts[before:]
        raise


def after_commit(act: Act) -> None:
    """Do something in memory once the running transaction is committed, and never if it isn't."""
    acts = _afterwards.get()
    if acts is None:
        raise RuntimeError("what comes after a commit is said in a transaction")
    acts.append(act)


async def fetch(query: str, *values: Any) -> list[dict[str, Any]]:
    """Run plain SQL, in the running transaction if there is one, and give the rows."""
    return list(await connections.get("default").execute_query_dict(query, list(values)))


@dataclass(frozen=True)
class Pool:
    """How many connections there are, and how many there may be."""

    used_count: int
    idle_count: int
    limit: int


def pool() -> Pool:
    """Look at the pool of connections."""
    found: asyncpg.Pool[Any] | None = getattr(connections.get("default"), "_pool", None)  # there is no other way
    if found is None:
        return Pool(0, 0, 0)
    idle_count = found.get_idle_size()
    return Pool(found.get_size() - idle_count, idle_count, found.get_max_size())


def is_contended(error: BaseException) -> bool:
    """Say whether others hold what was needed: that ends when they do, and not with how often it is tried."""
    return isinstance(
        error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError | asyncpg.LockNotAvailableError
    )


def is_retryable(error: BaseException) -> bool:
    """Say whether the same transaction may well succeed when it is begun anew."""
    return is_contended(error) or isinstance(
        error,
        asyncpg.QueryCanceledError  # by somebody, or because it took too long
        | asyncpg.InvalidCachedStatementError,  # a migration was run meanwhile
    )


def is_passing(error: BaseException) -> bool:
    """Say whether nothing is wrong with what was asked: the database is away, is full, or others got in the way."""
    return isinstance(error, DatabaseAway | asyncpg.InsufficientResourcesError) or is_retryable(error)


def reason_of(error: BaseException) -> str:
    """Name what was seen of a failure, for the log."""
    return error.reason if isinstance(error, DatabaseAway) else type(error).__name__


def is_fault(error: BaseException) -> bool:
    """Say whether it comes from the database, whatever it says: no reason to end what is to run for ever."""
    return isinstance(error, DatabaseAway | asyncpg.PostgresError | BaseORMException)


def new_id(after: str = "") -> str:
    """Make an id: a string, ordered by time (UUIDv7), and behind another one, though our clock were behind it."""
    fresh = str(uuid_utils.uuid7())
    if fresh > after:
        return fresh
    with contextlib.suppress(ValueError):  # not one of ours: nothing can be said of its time
        next_millisecond = (uuid.UUID(after).int >> _BITS_BELOW_TIME) + 1
        random = uuid.UUID(fresh).int % 2**_BITS_BELOW_TIME
        return str(uuid.UUID(int=(next_millisecond << _BITS_BELOW_TIME) + random))
    return fresh


async def set_clock() -> None:
    """Ask the database for the time, by which we go from then on."""
    asked_at = clock.own()
    rows = await fetch("SELECT clock_timestamp() AS now")
    clock.follow(rows[0]["now"], asked_at)


def _tell_after(acts: list[Act], topic: live.Topic) -> None:
    acts.append(partial(live.tell, [topic]))


async def _reach(url: str) -> None:
    """Make sure that the database can be used; one that is starting is waited for."""
    try:
        async with asyncio.timeout(PATIENCE):
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
            return await live.require(url)
        except DatabaseAway as away:
            if not isinstance(away.seen, asyncpg.CannotConnectNowError):
                raise
        await asyncio.sleep(LOOK_AGAIN)
