"""Of all processes one leads; when it can't any more, another does."""

import asyncio
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest

from database import leader
from database.errors import DatabaseAway
from database.leader import LeaderLock

NAME = "a thing that one process does"


class Worker:
    """Somebody who works when it is their turn."""

    def __init__(self, url: str, name: str = NAME) -> None:
        self.leader_lock = LeaderLock(url, name)
        self.is_working = asyncio.Event()
        self.has_stopped = asyncio.Event()
        self.running = asyncio.create_task(self.leader_lock.run(self.work))

    async def work(self) -> None:
        self.is_working.set()
        self.has_stopped.clear()
        try:
            await asyncio.Event().wait()
        finally:
            self.is_working.clear()
            self.has_stopped.set()

    async def leave(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(leader, "CHECK_INTERVAL", 0.02)


@pytest.fixture
async def workers(db) -> AsyncIterator[list[Worker]]:
    workers = [Worker(db), Worker(db)]
    yield workers
    for worker in workers:
        await worker.leave()


async def the_leader(*workers: Worker) -> Worker:
    """Wait until one of them works, and make sure that no other does."""
    waiting = [asyncio.create_task(worker.is_working.wait()) for worker in workers]
    async with asyncio.timeout(5):
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    [working] = [worker for worker in workers if worker.is_working.is_set()]
    return working


async def until(is_so: Callable[[], bool]) -> None:
    """Look again and again until something is so."""
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - an leader_lock tells nobody
            await asyncio.sleep(0.01)


async def test_one_works_and_the_other_stands_by(workers):
    working = await the_leader(*workers)
    [waiting] = set(workers) - {working}
    await until(lambda: waiting.leader_lock.is_held_elsewhere)
    assert not waiting.is_working.is_set()
    assert not working.leader_lock.is_held_elsewhere


async def test_locks_of_other_names_are_nobodys_business(db, workers):
    other = Worker(db, "another thing")
    await the_leader(other)
    await the_leader(*workers)
    await other.leave()


async def test_who_leaves_is_followed_by_who_waits(workers):
    working = await the_leader(*workers)
    [waiting] = set(workers) - {working}
    await working.leave()
    assert working.has_stopped.is_set()
    assert await the_leader(waiting) is waiting


async def test_who_loses_the_connection_stops_and_the_other_takes_over(db, workers):
    working = await the_leader(*workers)
    [waiting] = set(workers) - {working}
    await until(lambda: waiting.leader_lock.is_held_elsewhere)
    await _cut_off_the_leader(db)
    async with asyncio.timeout(5):
        await working.has_stopped.wait()
    await until(lambda: any(worker.is_working.is_set() for worker in workers))
    await the_leader(*workers)


async def test_work_that_fails_because_the_database_is_away_is_taken_up_again(db):
    tries = []

    async def work() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise DatabaseAway
        done.set()
        await asyncio.Event().wait()

    done = asyncio.Event()
    running = asyncio.create_task(LeaderLock(db, NAME).run(work))
    async with asyncio.timeout(5):
        await done.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("error", [KeyError("a bug"), OSError("a disk"), OverflowError("a date")])
async def test_work_that_is_broken_is_told_to_whoever_runs_it(db, error):
    async def work() -> None:
        raise error

    with pytest.raises(type(error)):
        await LeaderLock(db, NAME).run(work)


async def _cut_off_the_leader(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        killed = await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        )
        assert len(killed) == 1
    finally:
        await connection.close()
