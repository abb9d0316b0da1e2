"""The database at the start: one that is about to be there is waited for."""

import asyncio

import asyncpg
import asyncpg.transaction
import pytest

from database import connection, pool, pubsub
from database.errors import DatabaseAway, StartupError
from database.transactions import fetch, transaction
from tests import databases


class Starting:
    """A PostgreSQL that says a few times that it is starting."""

    def __init__(self, times: int) -> None:
        self.times_left = times

    async def connect(self, url):
        if self.times_left:
            self.times_left -= 1
            raise DatabaseAway from asyncpg.CannotConnectNowError("the database system is starting up")
        return await connection.connect(url)


async def test_a_database_that_is_starting_is_waited_for(postgres_url, monkeypatch):
    starting = Starting(3)
    monkeypatch.setattr(pubsub, "connect", starting.connect)
    monkeypatch.setattr(pool, "START_POLL_INTERVAL", 0.01)
    async with databases.empty(postgres_url) as url, pool.connected(url):
        assert await fetch("SELECT 1 AS one") == [{"one": 1}]
    assert starting.times_left == 0


async def test_one_that_never_ends_starting_ends_our_start(postgres_url, monkeypatch):
    monkeypatch.setattr(pubsub, "connect", Starting(10**9).connect)
    monkeypatch.setattr(pool, "START_POLL_INTERVAL", 0.01)
    monkeypatch.setattr(pool, "START_TIMEOUT", 0.05)
    with pytest.raises(StartupError, match="can't be used: it doesn't answer"):
        async with pool.connected(postgres_url):
            pass


async def test_a_task_whose_transaction_could_not_begin_can_begin_another(db, monkeypatch):
    async def dies(begun):
        begun._connection.terminate()
        raise ConnectionResetError

    with monkeypatch.context() as dying:
        dying.setattr(asyncpg.transaction.Transaction, "start", dies)
        with pytest.raises(DatabaseAway):
            async with transaction():
                pass
    async with transaction():
        assert await fetch("SELECT 1 AS one") == [{"one": 1}]


async def test_transactions_that_are_called_off_as_they_begin_keep_no_connection(db, monkeypatch):
    async def is_called_off(_begun):
        raise asyncio.CancelledError

    async def begin():
        async with transaction():
            pass

    monkeypatch.setattr(asyncpg.transaction.Transaction, "start", is_called_off)
    await asyncio.gather(*(begin() for _ in range(pool.POOL_SIZE)), return_exceptions=True)
    assert pool.usage().used_count == 0


async def test_connecting_that_is_called_off_leaves_no_connection_open(postgres_url, monkeypatch):
    opened = []

    async def is_called_off(begun, *_):
        opened.append(begun)
        raise asyncio.CancelledError

    monkeypatch.setattr(connection.Connection, "execute", is_called_off)
    with pytest.raises(asyncio.CancelledError):
        await connection.connect(postgres_url)
    assert [begun.is_closed() for begun in opened] == [True]
