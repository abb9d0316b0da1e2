"""The database of a command: the given one, or an embedded one that runs meanwhile."""

import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import partial
from typing import Any

import settings as environment
from cli.process import T, all_running, run
from cli.terminal import say
from database import embedded, pool, schema
from services.chats import revisions
from settings import Settings


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[str]:
    """Give the database's address: the given one, or an embedded PostgreSQL that runs meanwhile."""
    if settings.database_url:
        yield settings.database_url.get_secret_value()
    else:
        with embedded.running(settings.data_dir) as url:
            yield url


@contextlib.asynccontextmanager
async def kept_running(settings: Settings) -> AsyncIterator[None]:
    """Restart an embedded database whenever it falls, while the block runs."""
    if settings.database_url:
        yield
        return
    async with all_running([partial(embedded.keep_running, settings.data_dir)]):
        yield


@contextlib.asynccontextmanager
async def opened(settings: Settings, url: str, *, is_serving: bool = False) -> AsyncIterator[None]:
    """Open the database with all its tables; an embedded one is brought up to date by itself.

    Who serves waits for nothing long: see ``pool.connected``.

    Raises:
        StartupError: it can't be reached, or is behind.
    """
    if not settings.database_url:
        async with pool.connected(url):
            await schema.upgrade(url)
    async with pool.connected(url, is_serving=is_serving):
        await schema.require()
        if is_serving and await revisions.are_ahead():
            await revisions.put_right()
        yield


def migrate() -> None:
    """Bring the database up to date."""

    async def work(url: str) -> list[str]:
        async with pool.connected(url):
            return await schema.upgrade(url)

    with running(environment.read()) as url:
        done = run(work(url))
    say(f"{len(done)} migration(s) run." if done else "The database is up to date.")


def with_database(work: Callable[[Settings], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine with the database open."""
    settings = environment.read()

    async def in_it(url: str) -> T:
        async with opened(settings, url):
            return await work(settings)

    with running(settings) as url:
        return run(in_it(url))
