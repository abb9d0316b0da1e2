"""How long nobody polls and delivers, when whoever does is killed and another process stands by.

Run it with: .venv/bin/python -m bench.takeover
"""

import argparse
import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator

import aiohttp

from bench.product import Product
from bench.stage import stage
from models import Chat, Message
from services.outgoing import replies
from simulator import Person


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
        await replies.reply(chat, chat.influencer, f"answer {number}")
        await self.ada.hears(f"answer {number}", timeout=30)
        return time.monotonic() - killed_at

    async def swap(self) -> None:
        """Get the killed one up again, to stand by."""
        await self.working.start()
        await self.working.until_ready(self._session)
        self.working, self.standing_by = self.standing_by, self.working


@contextlib.asynccontextmanager
async def pair() -> AsyncIterator[Pair]:
    """Run two processes on one database, with a consumer who has a chat."""
    async with stage() as set_:
        first, second = set_.product(), set_.product()
        async with first.running(set_.session), second.running(set_.session):
            ada = set_.telegram.user("Ada")
            ada.starts("c_summer-50")
            await ada.hears("Write your question", timeout=30)
            yield Pair(first, second, ada, set_.session)


async def measure(count: int) -> list[float]:
    """Change over so many times, and give the seconds of each."""
    seconds = []
    async with pair() as both:
        for number in range(count):
            seconds.append(await both.change_over(number))
            await both.swap()
    return seconds


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    options = parser.parse_args()
    seconds = asyncio.run(measure(options.kills))
    median, worst = statistics.median(seconds), max(seconds)
    print(f"{options.kills} kills: the other had answered after {median:.1f} s, at most {worst:.1f} s")


if __name__ == "__main__":
    main()
