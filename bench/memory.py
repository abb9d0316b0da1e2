"""How much memory couponchat takes, PostgreSQL left out, and how much after many updates.

Run it with: .venv/bin/python -m bench.memory
"""

import argparse
import asyncio
import time

import psutil

from bench.product import Product
from bench.stage import stage
from models import Message

CONSUMERS = 200
AT_ONCE = 500  # updates that wait at Telegram at most


async def measure(count: int) -> None:
    """Send so many messages, and print the memory before and after."""
    async with stage() as set_, set_.product().running(set_.session) as product:
        _tell("at the start", product)
        began = time.monotonic()
        people = [set_.telegram.user(f"Consumer{number}") for number in range(CONSUMERS)]
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
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=20_000)
    options = parser.parse_args()
    asyncio.run(measure(options.updates))


if __name__ == "__main__":
    main()
