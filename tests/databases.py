"""More databases on the server that the tests share."""

import contextlib
import secrets
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest
from aerich.migrate import Migrate

from database import schema


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
