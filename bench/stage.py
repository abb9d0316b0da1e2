"""What the benchmarks play on: a database, a simulated Telegram, and couponchat in processes of its own."""

import contextlib
import io
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp

import simulator
from bench.product import Product
from database import embedded, pool, schema
from services.coupons import importing
from simulator import Telegram

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
        self, updates: str = "polling", *, is_embedded: bool = False, database_url: str | None = None
    ) -> Product:
        """Make a couponchat that is told of the database, or finds it in its own data folder."""
        database_url = None if is_embedded else database_url or self.database_url
        return Product(self.folder, self.data_dir, database_url, self.api_url, updates)


@contextlib.asynccontextmanager
async def stage(coupons: bytes | None = None) -> AsyncIterator[Stage]:
    """Set everything up, with these coupons or those of the demo, and take it down again."""
    telegram = Telegram()
    with _folder() as folder, embedded.running(folder / "data") as url:
        async with (
            pool.connected(url),
            simulator.running(telegram, []) as server,
            aiohttp.ClientSession() as session,
        ):
            await schema.upgrade(url)
            await importing.run(io.BytesIO(coupons or SAMPLES.read_bytes()))
            yield Stage(folder, url, telegram, server.api_url, session)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="couponchat-bench-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)  # root's database is served by another user
        yield Path(name)
