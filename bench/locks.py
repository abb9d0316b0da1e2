"""Rows that somebody else holds: what needs them has to wait."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg


@contextlib.asynccontextmanager
async def held(url: str, query: str, *values: Any) -> AsyncIterator[None]:
    """Hold the rows that a SELECT … FOR UPDATE locks, on a connection of its own, while the block runs."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(query, *values)
            yield
    finally:
        await connection.close()
