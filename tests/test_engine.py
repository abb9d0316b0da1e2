"""The seam: what counts as the database being away, what doesn't, and what becomes of the connection."""

import asyncio
import contextlib

import asyncpg
import asyncpg.transaction
import pytest
from tortoise.exceptions import BaseORMException, IntegrityError, OperationalError

from database import pool
from database.connection import connect
from database.errors import DatabaseAway, is_contended, is_fault, is_passing, is_retryable
from database.transactions import fetch, savepoint, transaction
from models import User
from tests import databases

AWAY = [
    OSError("no route to host"),
    ConnectionResetError("reset by peer"),
    TimeoutError(),
    asyncpg.InterfaceError("cannot perform operation: another operation is in progress"),
    asyncpg.InterfaceError("connection is closed"),
    asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
    asyncpg.ProtocolError("unexpected message"),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    asyncpg.ProtocolViolationError("server conn crashed?"),
    asyncpg.AdminShutdownError("terminating connection due to administrator command"),
    asyncpg.CrashShutdownError("terminating connection because of crash of another server process"),
    asyncpg.CannotConnectNowError("the database system is starting up"),
    asyncpg.IdleInTransactionSessionTimeoutError("terminating connection"),
    asyncpg.IdleSessionTimeoutError("terminating connection"),
    asyncpg.TooManyConnectionsError("sorry, too many clients already"),
    asyncpg.ReadOnlySQLTransactionError("cannot execute INSERT in a read-only transaction"),
]

# What it says itself: may the same be begun anew, do others hold what is needed, may it well work later?
SAID = [
    (asyncpg.DeadlockDetectedError("deadlock detected"), True, True, True),
    (asyncpg.SerializationError("could not serialize access"), True, True, True),
    (asyncpg.LockNotAvailableError("canceling statement due to lock timeout"), True, True, True),
    (asyncpg.QueryCanceledError("canceling statement due to statement timeout"), True, False, True),
    (asyncpg.InvalidCachedStatementError("cached statement plan is invalid"), True, False, True),
    (asyncpg.DiskFullError("could not extend file"), False, False, True),
    (asyncpg.OutOfMemoryError("out of memory"), False, False, True),
    (asyncpg.InsufficientPrivilegeError("permission denied"), False, False, False),
    (asyncpg.PostgresIOError("could not read block 7"), False, False, False),
    (asyncpg.InternalServerError("cache lookup failed"), False, False, False),
    (asyncpg.InFailedSQLTransactionError("current transaction is aborted"), False, False, False),
]


def named(thing):
    return type(thing).__name__ if isinstance(thing, Exception) else ""


@pytest.fixture
def failing(monkeypatch):
    """Let the next statement end like that."""

    @contextlib.contextmanager
    def fail(error, method="fetch"):
        async def end(*_, **__):
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(asyncpg.Connection, method, end)
            yield

    return fail


@pytest.mark.parametrize("error", AWAY, ids=named)
async def test_a_broken_connection_means_that_the_database_is_away(db, failing, error):
    before = await _pid()
    with failing(error), pytest.raises(DatabaseAway) as raised:
        await fetch("SELECT 1")
    assert raised.value.seen is error
    assert is_passing(raised.value)
    assert not is_retryable(raised.value)
    assert await _pid() != before


@pytest.mark.parametrize("error", AWAY, ids=named)
async def test_also_for_who_asks_by_the_models(db, failing, error):
    with failing(error), pytest.raises(DatabaseAway):
        await User.all()


@pytest.mark.parametrize(("error", "retryable", "contended", "passing"), SAID, ids=named)
async def test_what_the_database_says_itself_is_told_as_it_is(db, failing, error, retryable, contended, passing):
    before = await _pid()
    with failing(error), pytest.raises((asyncpg.PostgresError, BaseORMException)) as raised:
        await fetch("SELECT 1")
    told = raised.value
    assert (is_retryable(told), is_contended(told), is_passing(told)) == (retryable, contended, passing)
    assert is_fault(told)
    assert await _pid() == before


@pytest.mark.parametrize("error", [OSError("disk full"), OverflowError(), TimeoutError(), KeyError()], ids=named)
async def test_what_fails_beside_the_database_says_nothing_of_it(db, error):
    async def work():
        await User.create(id="ada", name="Ada")
        raise error

    before = await _pid()
    with pytest.raises(type(error)):
        await _in_transaction(work)
    assert not is_passing(error)
    assert not is_fault(error)
    assert await _pid() == before
    assert not await User.exists()


async def test_values_and_statements_that_are_wrong_are_our_own_mistake(db):
    before = await _pid()
    with pytest.raises(OperationalError):
        await fetch("SELECT $1::bigint", 2**63)
    with pytest.raises(OperationalError):
        await fetch("SELECT nonsense")
    await User.create(id="ada", name="Ada")
    with pytest.raises(IntegrityError):
        await User.create(id="ada", name="Ada again")
    assert await _pid() == before


async def test_a_connection_that_was_cut_off_while_idle_is_replaced(db):
    before = await _pid()
    await _cut_off(db, before)
    async with asyncio.timeout(5):
        while (after := await _tried(_pid)) is None:
            pass
    assert after != before


async def test_one_that_is_cut_off_within_a_transaction_takes_everything_back(db):
    async def work():
        await User.create(id="ada", name="Ada")
        await _cut_off(db, await _pid())
        await User.create(id="bob", name="Bob")

    with pytest.raises(DatabaseAway):
        await _in_transaction(work)
    assert not await User.exists()
    assert pool.usage().used_count == 0


async def test_one_that_is_cut_off_before_the_commit_is_told_of(db):
    async def work():
        await User.create(id="ada", name="Ada")
        await _cut_off(db, await _pid())

    with pytest.raises(DatabaseAway):
        await _in_transaction(work)
    assert not await User.exists()


async def test_one_that_is_cut_off_is_not_taken_for_the_failure_of_a_part(db):
    async def work():
        with contextlib.suppress(KeyError):
            async with savepoint():
                await _cut_off(db, await _pid())
                raise KeyError

    with pytest.raises(DatabaseAway):
        await _in_transaction(work)


async def test_a_part_that_fails_alone_is_taken_back_alone(db):
    async with transaction():
        await User.create(id="ada", name="Ada")
        with contextlib.suppress(IntegrityError):
            async with savepoint():
                await User.create(id="bob", name="Bob")
                await User.create(id="ada", name="Ada again")
    assert await User.all().values_list("id", flat=True) == ["ada"]


async def test_who_is_called_off_keeps_no_connection_and_changes_nothing(db):
    async def sleep():
        async with transaction():
            await User.create(id="ada", name="Ada")
            sleeping.set()
            await fetch("SELECT pg_sleep(60)")

    sleeping = asyncio.Event()
    task = asyncio.create_task(sleep())
    await sleeping.wait()
    task.cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(task, return_exceptions=True)
    assert pool.usage().used_count == 0
    assert not await User.exists()


async def test_where_every_connection_is_cut_off_at_random_the_same_is_done_once(db):
    """Each tries until it has surely succeeded, as the intake does, though a commit's outcome may be unknown."""

    async def enter(number):
        while True:
            with contextlib.suppress(DatabaseAway, IntegrityError):
                async with transaction():
                    if not await User.exists(id=f"user-{number}"):
                        await User.create(id=f"user-{number}", name="somebody")
                return

    cutting = asyncio.create_task(_keep_cutting_off(db))
    await asyncio.gather(*(enter(number) for number in range(100)))
    cutting.cancel()
    await asyncio.gather(cutting, return_exceptions=True)
    while (count := await _tried(User.all().count)) is None:  # the last cut may come late
        pass
    assert count == 100
    assert pool.usage().used_count == 0


async def test_a_connection_of_ones_own_says_the_same(db):
    own = await connect(db)
    await _cut_off(db, own.get_server_pid())
    with pytest.raises(DatabaseAway):
        await own.execute("SELECT 1")
    with pytest.raises(DatabaseAway):
        await own.fetchval("SELECT 1")
    assert own.is_closed()


@pytest.mark.parametrize("url", ["postgres://u@127.0.0.1:1/name", "postgres://u@nowhere.invalid/name"])
async def test_who_can_t_be_reached_is_away(url):
    with pytest.raises(DatabaseAway):
        await connect(url)


async def test_who_serves_waits_for_nothing_long_whatever_was_set_meanwhile(postgres_url):
    question = "SELECT name FROM pg_settings WHERE name LIKE '%\\_timeout' AND setting <> '0'"
    limits = {"lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"}
    async with pool.connected(postgres_url, is_serving=True):
        async with transaction():
            await fetch("SET LOCAL lock_timeout = 0")
        for _ in range(2):
            assert {row["name"] for row in await fetch(question)} >= limits
    async with pool.connected(postgres_url):
        assert not {row["name"] for row in await fetch(question)} & limits


async def test_a_lock_that_others_keep_is_told_apart_from_silence(postgres_url):
    async def look():
        await fetch("SET LOCAL lock_timeout = 20")
        await fetch("SELECT * FROM things")

    async with databases.empty(postgres_url) as url, pool.connected(url, is_serving=True):
        await fetch("CREATE TABLE things (id integer)")
        other = await connect(url)
        async with other.transaction():
            await other.execute("LOCK TABLE things")
            with pytest.raises(asyncpg.LockNotAvailableError):
                await _in_transaction(look)
        await other.close()


async def _in_transaction(work):
    async with transaction():
        await work()


async def _pid():
    return (await fetch("SELECT pg_backend_pid() AS pid"))[0]["pid"]


async def _tried(question):
    try:
        return await question()
    except DatabaseAway:
        return None


async def _cut_off(url, pid):
    connection = await asyncpg.connect(url)
    try:
        # Until it is gone: the next statement finds it so.
        assert await connection.fetchval("SELECT pg_terminate_backend($1, 5000)", pid)
    finally:
        await connection.close()


async def _keep_cutting_off(url):
    connection = await asyncpg.connect(url)
    try:
        while True:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND pid <> pg_backend_pid() AND random() < 0.2"
            )
    finally:
        connection.terminate()
