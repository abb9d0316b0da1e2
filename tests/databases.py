"""More databases on the server that the tests share."""

import contextlib
import secrets
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg


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
