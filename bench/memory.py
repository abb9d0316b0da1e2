"""How much memory couponchat takes, PostgreSQL left out, and how much after many updates.

Run it with: .venv/bin/python -m bench.memory
"""

import argparse
import asyncio
import contextlib
import tempfile
import time
from pathlib import Path

import aiohttp
import psutil

import simulator
from bench.latency import COUPONS
from bench.product import Product
from models import Message
from services import coupon_import, database, postgres, schema
from simulator import Telegram

CONSUMERS = 200
AT_ONCE = 500  # updates that wait at Telegram at most


async def measure(folder: Path, url: str, count: int) -> None:
    """Send so many messages, and print the memory before and after."""
    telegram = Telegram()
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(database.connected(url))
        await schema.upgrade(url)
        with COUPONS.open("rb") as file:
            await coupon_import.run(file)
        server = await stack.enter_async_context(simulator.running(telegram, []))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        product = Product(folder, url, server.api_url)
        await stack.enter_async_context(product.running(session))
        _tell("at the start", product)
        began = time.monotonic()
        people = [telegram.user(f"Consumer{number}") for number in range(CONSUMERS)]
        for person in people:
            person.starts("c_summer-50")
        for number in range(count):
            people[number % CONSUMERS].says(f"message {number}")
            if number % AT_ONCE == 0:
                await _until_taken_in(number - AT_ONCE)
                if number % (count // 4) == 0 and number:
                    _tell(f"after {number} updates", product)
        await _until_taken_in(count)
        _tell(f"after {count} updates", product)
        print(f"{count / (time.monotonic() - began):.0f} updates/s")


async def _until_taken_in(count: int) -> None:
    while await Message.all().count() < count:
        await asyncio.sleep(0.05)


def _tell(when: str, product: Product) -> None:
    print(f"{when:22} {psutil.Process(product.pid).memory_info().rss / 1024**2:6.1f} MiB")


def main() -> None:
    """Measure in a folder and a database of their own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="couponchat-memory-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with postgres.running(folder) as url:
            asyncio.run(measure(folder, url, options.updates))


if __name__ == "__main__":
    main()
