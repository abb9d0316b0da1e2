"""Migrations: which the database has seen, and how it sees the rest."""

from pathlib import Path

import asyncpg
from aerich import Command
from tortoise.exceptions import OperationalError

import models
from database.connection import connect
from database.errors import StartupError
from database.pool import configuration
from database.transactions import fetch

LOCATION = Path(models.__file__).parent.parent / "migrations"
UPGRADE_LOCK = 0x636F75706F6E  # any number will do, as long as every process asks for the same


async def upgrade(url: str) -> list[str]:
    """Run the migrations that are missing, in an open database, and give their names.

    Two processes that start together take turns: aerich itself takes no lock.

    Raises:
        StartupError: the database refuses them.
    """
    guard = await connect(url, command_timeout=None)
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", UPGRADE_LOCK)
        command = Command(configuration(url), location=str(LOCATION))
        await command.init()
        return await command.upgrade()
    except (asyncpg.PostgresError, OperationalError) as error:
        raise StartupError(f"The database can't be brought up to date: {str(error).splitlines()[0]}") from error
    finally:
        await guard.close()


async def missing() -> list[str]:
    """Name the migrations that the open database has not seen."""
    tables = await fetch("SELECT to_regclass('aerich')::text AS known")
    seen = {row["version"] for row in await fetch("SELECT version FROM aerich")} if tables[0]["known"] else set()
    files = (LOCATION / "models").glob("[0-9]*_*.py")
    return sorted({file.name for file in files} - seen, key=lambda name: int(name.partition("_")[0]))


async def require() -> None:
    """Make sure that the open database is not behind.

    Raises:
        StartupError: it is.
    """
    if behind := await missing():
        raise StartupError(
            f"The database is behind by {len(behind)} migration(s); bring it up to date with: couponchat migrate"
        )
