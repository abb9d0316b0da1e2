"""What the benchmarks play on: a database, a simulated Telegram, and couponchat in processes of its own."""

import contextlib
import io
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import asyncpg

import simulator
from bench.product import Product
from database import embedded, pool, schema
from database.transactions import transaction
from services.coupons import importing
from services.incoming import opening
from services.incoming.placement import AsOf
from services.people import people
from services.people.people import Profile
from services.start_parameters import Kind, StartParameter
from simulator import Person, Telegram

COUPON = "summer-50"
SAMPLES = Path(simulator.__file__).with_name("coupons.csv")


@dataclass
class Stage:
    """Everything that is there before couponchat begins."""

    folder: Path
    database_url: str
    telegram: Telegram
    api_url: str
    session: aiohttp.ClientSession

    @property
    def data_dir(self) -> Path:
        """Where the embedded database is; nothing else may be in there."""
        return self.folder / "data"

    def product(
        self,
        updates: str = "polling",
        command: str = "serve",
        *,
        is_embedded: bool = False,
        is_profiled: bool = False,
        is_forked: bool = False,
        database_url: str | None = None,
    ) -> Product:
        """Make a couponchat that is told of the database, or finds it in its own data folder."""
        database_url = None if is_embedded else database_url or self.database_url
        return Product(
            self.folder,
            self.data_dir,
            database_url,
            self.api_url,
            updates,
            command,
            is_profiled=is_profiled,
            is_forked=is_forked,
        )

    async def consumers(self, how_many: int) -> list[Person]:
        """Make people who have followed a coupon's link already, and of whom nothing is owed."""
        people_ = [self.telegram.user(f"Consumer{number}") for number in range(how_many)]
        for person in people_:
            person.chat.is_started = True
            profile = Profile(person.id, person.user.first_name, None, "en")
            async with transaction():
                peer = await people.meet(person.bot.id, person.id, profile)
                await opening.by_link(StartParameter(Kind.COUPON_ID, COUPON), peer, datetime.now(UTC), AsOf(1))
        return people_


@contextlib.asynccontextmanager
async def stage(coupons: bytes | None = None, *, has_commit_times: bool = False) -> AsyncIterator[Stage]:
    """Set everything up, with these coupons or those of the demo, and take it down again.

    With ``has_commit_times`` PostgreSQL remembers when each transaction was committed (pg_xact_commit_timestamp).
    """
    telegram = Telegram()
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(_folder())
        if has_commit_times:
            await _remember_commit_times(folder / "data")
        url = stack.enter_context(embedded.running(folder / "data"))
        async with (
            pool.connected(url),
            simulator.running(telegram, []) as server,
            aiohttp.ClientSession() as session,
        ):
            await schema.upgrade(url)
            await importing.run(io.BytesIO(coupons or SAMPLES.read_bytes()))
            yield Stage(folder, url, telegram, server.api_url, session)


async def _remember_commit_times(data_dir: Path) -> None:
    """Change what only a start of PostgreSQL changes."""
    with embedded.running(data_dir) as url:
        connection = await asyncpg.connect(url)
        await connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
        await connection.close()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="couponchat-bench-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)  # root's database is served by another user
        yield Path(name)
