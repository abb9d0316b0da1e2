"""A real PostgreSQL for every test, emptied before it; nothing else is shared."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import settings

from database import embedded, pool, schema, transactions
from models import Chat, Peer, User
from simulator import Telegram
from tests import cast, commands
from tests.logbook import logbook as logbook

settings.register_profile("untimed", deadline=None)  # an example that takes long tells of a busy machine
settings.load_profile("untimed")

os.environ["PTB_TIMEDELTA"] = "1"  # python-telegram-bot warns of its own future type otherwise


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Run one embedded PostgreSQL for all the tests of this process."""
    with (
        tempfile.TemporaryDirectory(prefix="couponchat-test-") as folder,
        embedded.running(Path(folder)) as url,
    ):
        yield url


@pytest.fixture(scope="session")
def migrated() -> set[str]:
    """Remember which databases have their tables."""
    return set()


@pytest.fixture
async def db(postgres_url: str, migrated: set[str]) -> AsyncIterator[str]:
    """Open an empty database with all its tables."""
    async with pool.connected(postgres_url):
        if postgres_url not in migrated:
            await transactions.fetch("ALTER SYSTEM SET synchronous_commit = off")
            await transactions.fetch("ALTER SYSTEM SET fsync = off")
            await transactions.fetch("SELECT pg_reload_conf()")
            await schema.upgrade(postgres_url)
            migrated.add(postgres_url)
        else:
            await _empty(postgres_url)
        yield postgres_url


@pytest.fixture
def telegram() -> Telegram:
    return Telegram(cast.BOT_TOKEN)


@pytest.fixture
async def maya(db: str) -> User:
    return await cast.maya()


@pytest.fixture
async def peer(db: str) -> Peer:
    return await cast.peer()


@pytest.fixture
async def chat(maya: User, peer: Peer) -> Chat:
    return await cast.chat(await cast.coupon(maya), peer)


@pytest.fixture
def home() -> Iterator[Path]:
    """Make a folder on a way that is open to the database's user, which pytest's own is not."""
    with tempfile.TemporaryDirectory(prefix="couponchat-test-", ignore_cleanup_errors=True) as folder:
        home = Path(folder).resolve()
        home.chmod(0o711)
        yield home


@pytest.fixture(scope="session")
def nursery() -> Iterator[commands.Nursery]:
    """Keep the process from which commands are forked."""
    with commands.nursery() as nursery:
        yield nursery


async def _empty(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            "SELECT format('%I', tablename) AS name FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'aerich'"
        )
        # Without looking after foreign keys; TRUNCATE would make every table's files anew, each time.
        await connection.execute("SET session_replication_role = replica")
        await connection.execute("; ".join(f"DELETE FROM {row['name']}" for row in tables))
    finally:
        await connection.close()
