"""Tortoise's engine for PostgreSQL, on connections that are thrown away once they are broken.

Everything that the models and plain SQL do goes through here; ``DatabaseAway`` is what comes out if it can't.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import asyncpg
from tortoise import connections
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper

from database.connection import (
    ANSWER_TIMEOUT,
    FAILURES,
    PooledConnection,
    begin_serving,
    discard,
    reached,
    watched,
)
from database.errors import DatabaseAway

ACQUIRE_TIMEOUT = 10.0  # for a free connection
RELEASE_TIMEOUT = 5.0  # in which a transaction that was left open on one is rolled back
CLOSE_TIMEOUT = 2.0  # for goodbyes


class _Watched(AsyncpgDBClient):
    async def _translate_exceptions(self, func: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:
        with watched(self._connection):
            return await super()._translate_exceptions(func, *args, **kwargs)

    async def execute_query_dict(self, query: str, values: Sequence[Any] | None = None) -> list[dict[str, Any]]:
        """Run a statement and give its rows, on a shorter way than the ORM's: plain SQL is what is hot."""
        async with self.acquire_connection() as connection:
            try:
                found = await connection.fetch(query, *values or ())
            except asyncpg.PostgresError as error:
                await self._translate_exceptions(_raise, error)
                raise
        return [dict(row) for row in found]


class Client(_Watched):
    """Borrows a connection for each statement, and one for each transaction."""

    connection_class: Any = PooledConnection

    async def create_pool(self, **kwargs: Any) -> Any:
        """Open the pool; its connections throw themselves away."""
        with reached():
            return await asyncpg.create_pool(None, **kwargs)

    def acquire_connection(self) -> Any:
        """Lend a connection for as long as the block runs."""
        return self._borrowed()

    async def _close(self) -> None:
        pool, self._pool = self._pool, None
        if pool:
            with contextlib.suppress(TimeoutError, DatabaseAway):  # it ends them all by itself then
                await asyncio.wait_for(pool.close(), CLOSE_TIMEOUT)

    @contextlib.asynccontextmanager
    async def _borrowed(self) -> AsyncIterator[Any]:
        await self._opened()
        pool: Any = self._pool
        with reached():
            connection = await pool.acquire(timeout=ACQUIRE_TIMEOUT)
        try:
            yield connection
        except BaseException as error:
            if _is_lost(error):
                discard(connection)
            if isinstance(error, DatabaseAway) and isinstance(error.seen, TimeoutError):
                # Where one has fallen silent, the others have too.
                await pool.expire_connections()
            raise
        finally:
            await _give_back(pool, connection)

    def _in_transaction(self) -> Any:
        return self._transaction()

    @contextlib.asynccontextmanager
    async def _transaction(self) -> AsyncIterator["Transaction"]:
        async with self._borrowed() as connection:
            transaction = Transaction(self)
            transaction._connection = connection
            token = connections.set(self.connection_name, transaction)
            try:
                async with transaction.run():
                    yield transaction
            finally:
                connections.reset(token)

    async def _opened(self) -> None:
        async with self._pool_init_lock:
            if not self._pool:
                await self.create_connection(with_db=True)


class Transaction(_Watched, TransactionWrapper):
    """A transaction on a borrowed connection, or a part of one that may fail alone."""

    @contextlib.asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Begin; then commit, or take everything back."""
        await self.begin()
        try:
            yield
        except BaseException as error:
            if not _is_lost(error):
                with watched(self._connection):
                    await self.rollback()
            raise
        with watched(self._connection):
            await self.commit()

    def _in_transaction(self) -> Any:
        return self._transaction()

    @contextlib.asynccontextmanager
    async def _transaction(self) -> AsyncIterator["Transaction"]:
        savepoint = Transaction(self)
        async with savepoint.run():
            yield savepoint


async def _raise(_client: _Watched, error: Exception) -> None:
    raise error


async def _give_back(pool: Any, connection: Any) -> None:
    """Return a connection, which the pool itself shields from being cancelled.

    Where what was left open on it can't be ended the pool ends it, and nobody misses it.
    """
    with contextlib.suppress(DatabaseAway, *FAILURES):
        await pool.release(connection, timeout=RELEASE_TIMEOUT)


def _is_lost(error: BaseException) -> bool:
    """Say whether a connection can't be used after this, or nobody may wait for it any more."""
    return isinstance(error, DatabaseAway) or not isinstance(error, Exception)


def serving(is_serving: bool) -> dict[str, Any]:
    """Choose what the pool's connections are like."""
    if not is_serving:
        return {}
    return {"init": begin_serving, "command_timeout": ANSWER_TIMEOUT}


client_class = Client
