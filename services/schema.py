"""Bringing the database to the tables that this version knows."""

from pathlib import Path

import asyncpg
from aerich import Command
from tortoise.exceptions import OperationalError

import models
from services.database import configuration
from services.errors import StartupError

LOCATION = Path(models.__file__).parent.parent / "migrations"
UPGRADE_LOCK = 0x636F75706F6E  # any number will do, as long as every process asks for the same


async def upgrade(url: str) -> list[str]:
    """Run the migrations that are missing, in an open database, and give their names.

    Two processes that start together take turns: aerich itself takes no lock.
    """
    guard = await asyncpg.connect(url)
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", UPGRADE_LOCK)
        command = await _command(url)
        return await command.upgrade()
    finally:
        await guard.close()


async def missing(url: str) -> list[str]:
    """Name the migrations that an open database has not seen."""
    command = await _command(url)
    try:
        return await command.heads()
    except OperationalError:  # it has no table of migrations: it has seen none
        from aerich.migrate import Migrate

        return Migrate.get_all_version_files()


async def require(url: str) -> None:
    """Make sure that an open database is not behind.

    Raises:
        StartupError: it is.
    """
    if behind := await missing(url):
        raise StartupError(
            f"The database is behind by {len(behind)} migration(s); bring it up to date with: couponchat migrate"
        )


async def _command(url: str) -> Command:
    command = Command(configuration(url), location=str(LOCATION))
    await command.init()
    return command
