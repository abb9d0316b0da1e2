"""Leader election: of many processes, the one that holds PostgreSQL's advisory lock does the work."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from database.connection import Connection, connect
from database.errors import DatabaseAway, is_fault

CHECK_INTERVAL = 1.0  # seconds between tries to take over, and between looks whether we still lead
ANSWER_TIMEOUT = 5.0  # seconds without an answer after which the connection counts as lost
FREED_AFTER = "12s"  # of our silence, by PostgreSQL: later than we notice it, and sooner than its network would

log = structlog.get_logger()

Work = Callable[[], Awaitable[None]]


class LeaderLock:
    """An advisory lock that one process holds at a time; PostgreSQL frees it when the holder's connection ends."""

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._name = name
        self.is_held_elsewhere = False

    async def run(self, work: Work) -> None:
        """Work while this process holds the lock, and wait for the lock while another process does."""
        while True:
            try:
                await self._hold(work)
            except DatabaseAway as away:
                log.warning("leader_lock.lost", lock=self._name, error=away.reason)
            except Exception as error:
                if not is_fault(error):
                    raise
                log.exception("leader_lock.broke", lock=self._name)
            await asyncio.sleep(CHECK_INTERVAL)

    async def _hold(self, work: Work) -> None:
        connection = await connect(self._url, command_timeout=ANSWER_TIMEOUT, idle_session_timeout=FREED_AFTER)
        try:
            await self._take(connection)
            log.info("leader_lock.taken", lock=self._name)
            await self._work(connection, work)
        finally:
            self.is_held_elsewhere = False
            connection.terminate()

    async def _take(self, connection: Connection) -> None:
        question = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"
        while not await connection.fetchval(question, self._name):
            self.is_held_elsewhere = True
            await asyncio.sleep(CHECK_INTERVAL)
        self.is_held_elsewhere = False

    async def _work(self, connection: Connection, work: Work) -> None:
        working = asyncio.ensure_future(work())
        try:
            while not working.done():
                await asyncio.wait([working], timeout=CHECK_INTERVAL)
                await connection.execute("SELECT 1")
            await working
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
