"""What is published in one process is heard in all."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import asyncpg
import pytest

from database import connection, pool, pubsub
from database.connection import connect
from database.errors import StartupError
from database.pubsub import Broadcaster
from database.transactions import savepoint, transaction
from services import live
from tests import databases

TOPIC = live.influencer("inf-maya")
OTHER = live.influencer("inf-ivan")
SOON = 5.0
NOW = 0.0
POOLED = "^DATABASE_URL leads through a connection pooler .*: let it pool sessions, not transactions"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(pubsub, "RECONNECT_INTERVAL", 0.02)


@contextlib.asynccontextmanager
async def switched_on(url: str) -> AsyncIterator[Broadcaster]:
    """Run a broadcaster as another process has one, and wait until it listens."""
    broadcaster = Broadcaster()
    running = asyncio.create_task(broadcaster.run(url))
    with broadcaster.subscribed("me") as subscription:
        assert await subscription.wait(SOON)
    yield broadcaster
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_is_told_in_one_process_rings_in_another(db):
    async with switched_on(db) as here, switched_on(db) as there:
        with (
            there.subscribed(TOPIC) as subscription,
            there.subscribed(OTHER) as other,
            here.subscribed(TOPIC) as own,
        ):
            here.publish([TOPIC])
            assert await own.wait(NOW)
            assert await subscription.wait(SOON)
            assert not await other.wait(NOW)


async def test_what_a_topic_is_about_is_told_in_another_process(db):
    async with switched_on(db) as here, switched_on(db) as there:
        with there.subscribed("typing:1") as subscription:
            here.publish(["typing:1#a", "typing:2#b"])
            assert await subscription.wait(SOON)
            assert subscription.take_subjects() == {"a"}
            assert subscription.take_subjects() == set()


async def test_a_subscription_is_notified_once_for_all_that_was_told_before_anybody_looked(db):
    async with switched_on(db) as here:
        with here.subscribed(TOPIC) as subscription:
            here.publish([TOPIC, TOPIC])
            here.publish([TOPIC])
            assert await subscription.wait(NOW)
            assert not await subscription.wait(NOW)


async def test_who_has_left_is_not_notified(db):
    async with switched_on(db) as here:
        with here.subscribed(TOPIC) as subscription:
            pass
        here.publish([TOPIC])
        assert not await subscription.wait(NOW)
        assert here._subscriptions == {}


async def test_a_transaction_tells_after_its_commit(db):
    async with switched_on(db) as there:
        await _settled(there)
        with there.subscribed(TOPIC) as far, pubsub.subscribed(TOPIC) as near:
            async with transaction() as tell:
                tell(TOPIC)
                assert not await near.wait(NOW)
            assert await near.wait(NOW)
            assert await far.wait(SOON)


async def test_a_transaction_that_is_rolled_back_tells_nothing(db):
    async with switched_on(db) as there:
        await _settled(there)
        with pubsub.subscribed(TOPIC) as subscription, pubsub.subscribed(OTHER) as other:
            with contextlib.suppress(ZeroDivisionError):
                async with transaction() as tell:
                    tell(TOPIC)
                    raise ZeroDivisionError
            assert not await subscription.wait(NOW)
            async with transaction() as tell:
                with contextlib.suppress(ZeroDivisionError):
                    async with savepoint(), transaction() as tell_inside:
                        tell_inside(TOPIC)
                        raise ZeroDivisionError
                tell(OTHER)
            assert await other.wait(NOW)
            assert not await subscription.wait(NOW)


async def test_a_lost_connection_heals_and_everybody_is_notified(db):
    async with switched_on(db) as here, switched_on(db) as there:
        with there.subscribed(TOPIC) as subscription:
            await _cut_off_listeners(db)
            assert await subscription.wait(SOON), "nobody was notified after the reconnection"
            here.publish([TOPIC])
            assert await subscription.wait(SOON)


async def test_what_was_told_while_the_database_was_away_is_passed_on_later(db):
    async with switched_on(db) as there:
        here = Broadcaster()
        here.publish([TOPIC])
        with there.subscribed(TOPIC) as subscription:
            running = asyncio.create_task(here.run(db))
            assert await subscription.wait(SOON)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_could_not_be_passed_on_is_kept(db):
    class Broken:
        async def fetchval(self, *_: object) -> None:
            raise ConnectionResetError

    here = Broadcaster()
    here.publish([TOPIC])
    with pytest.raises(ConnectionResetError):
        await here._send(Broken())
    assert here._unsent == {TOPIC}


async def test_a_connection_that_says_nothing_is_looked_at(db, monkeypatch):
    monkeypatch.setattr(pubsub, "HEARTBEAT_INTERVAL", 0.01)
    looks = asyncio.Semaphore(0)

    class Counting(Broadcaster):
        async def _send(self, connection) -> None:
            await super()._send(connection)
            looks.release()

    running = asyncio.create_task(Counting().run(db))
    async with asyncio.timeout(SOON):
        for _ in range(3):
            await looks.acquire()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_databases_on_one_server_do_not_hear_each_other(db, postgres_url):
    async with (
        databases.empty(postgres_url) as url,
        switched_on(url) as far,
        switched_on(db) as here,
        switched_on(db) as near,
    ):
        with near.subscribed(TOPIC) as heard, far.subscribed(TOPIC) as unheard:
            here.publish([TOPIC])
            assert await heard.wait(SOON)
            assert not await unheard.wait(NOW)


def test_nobody_subscribes_before_the_database_is_open():
    with pytest.raises(RuntimeError, match="the database is not open"), pubsub.subscribed(TOPIC):
        pass


async def test_a_pooler_that_lets_notifications_go_astray_ends_the_start_in_a_peer(db, postgres_url, monkeypatch):
    """It seems to take them: who listens and who speaks are only not in the same place, as here."""
    monkeypatch.setattr(pubsub, "TRIAL_TIMEOUT", 0.2)
    async with databases.empty(postgres_url) as elsewhere:
        ways = iter([db, elsewhere])
        monkeypatch.setattr(pubsub, "connect", lambda _: connect(next(ways)))
        with pytest.raises(StartupError, match=POOLED):
            await pubsub.require(db)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.ProtocolViolationError("server conn crashed?"),
        asyncpg.InvalidSQLStatementNameError('prepared statement "__asyncpg_stmt_1__" does not exist'),
        asyncpg.DuplicatePreparedStatementError('prepared statement "__asyncpg_stmt_1__" already exists'),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_pooler_that_mixes_statements_up_ends_the_start_in_a_peer(db, monkeypatch, error):
    async def fail(*_):
        raise error

    monkeypatch.setattr(asyncpg.Connection, "add_listener", fail)
    with pytest.raises(StartupError, match=POOLED):
        await pubsub.require(db)


async def test_a_database_that_keeps_silent_is_not_taken_for_a_pooler(monkeypatch):
    monkeypatch.setattr(connection, "CONNECT_TIMEOUT", 0.1)
    monkeypatch.setattr(pubsub, "TRIAL_TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(StartupError, match=f"^The database name at 127.0.0.1:{port} .*: it doesn't answer$"):
            async with pool.connected(f"postgres://u@127.0.0.1:{port}/name?sslmode=disable"):
                pass


async def _settled(there: Broadcaster) -> None:
    """Wait until this process listens, too: on connecting it notifies everybody once."""
    with pubsub.subscribed("settled") as subscription:
        while not await subscription.wait(0.02):
            there.publish(["settled"])


async def _cut_off_listeners(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        killed = await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_notify%'"
            " AND pid <> pg_backend_pid()"
        )
        assert len(killed) >= 2
    finally:
        await connection.close()
