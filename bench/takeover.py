"""How long nobody polls and delivers, when whoever does is killed and another process stands by.

Run it with: .venv/bin/python -m bench.takeover
"""

import argparse
import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp

import simulator
from bench.latency import COUPONS
from bench.product import Product
from models import Chat, Message
from services import coupon_import, database, messages, postgres, schema
from simulator import Person, Telegram


class Pair:
    """Two processes on one database: one works, the other stands by."""

    def __init__(self, working: Product, standing_by: Product, ada: Person, session: aiohttp.ClientSession) -> None:
        self.working = working
        self.standing_by = standing_by
        self.ada = ada
        self._session = session

    async def change_over(self, number: int) -> float:
        """Kill who works; give the seconds until a question was answered by the other."""
        await self.working.kill()
        killed_at = time.monotonic()
        self.ada.says(f"question {number}")
        while not await Message.exists(text=f"question {number}"):
            await asyncio.sleep(0.02)
        chat = await Chat.get().select_related("influencer")
        await messages.reply(chat, chat.influencer, f"answer {number}")
        await self.ada.hears(f"answer {number}", timeout=30)
        return time.monotonic() - killed_at

    async def swap(self) -> None:
        """Get the killed one up again, to stand by."""
        await self.working.start()
        await self.working.until_ready(self._session)
        self.working, self.standing_by = self.standing_by, self.working


@contextlib.asynccontextmanager
async def pair(folder: Path, url: str) -> AsyncIterator[Pair]:
    """Run two processes on one database, with a consumer who has a chat."""
    telegram = Telegram()
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(database.connected(url))
        await schema.upgrade(url)
        with COUPONS.open("rb") as file:
            await coupon_import.run(file)
        server = await stack.enter_async_context(simulator.running(telegram, []))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        products = [Product(folder, url, server.api_url) for _ in range(2)]
        for product in products:
            await stack.enter_async_context(product.running(session))
        ada = telegram.user("Ada")
        ada.starts("c_summer-50")
        await ada.hears("Write your question", timeout=30)
        yield Pair(*products, ada, session)


async def measure(folder: Path, url: str, count: int) -> list[float]:
    """Change over so many times, and give the seconds of each."""
    seconds = []
    async with pair(folder, url) as both:
        for number in range(count):
            seconds.append(await both.change_over(number))
            await both.swap()
    return seconds


def main() -> None:
    """Measure in a folder and a database of their own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="couponchat-takeover-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with postgres.running(folder) as url:
            seconds = asyncio.run(measure(folder, url, options.kills))
    median, worst = statistics.median(seconds), max(seconds)
    print(f"{options.kills} kills: the other had answered after {median:.1f} s, at most {worst:.1f} s")


if __name__ == "__main__":
    main()
