"""How long nobody polls and delivers, when whoever does is killed and another process stands by.

And how long an update waits that the killed one has taken in, and acknowledged, but not handled.

Run it with: .venv/bin/python -m bench.takeover
"""

import argparse
import asyncio
import contextlib
import statistics
import time
from collections.abc import AsyncIterator

from bench import locks
from bench.product import Product
from bench.stage import Stage, stage
from models import Chat, Message
from services.outgoing import replies
from simulator import Person


class Pair:
    """Two processes on one database: one works, the other stands by."""

    def __init__(self, working: Product, standing_by: Product, ada: Person, set_: Stage) -> None:
        self.working = working
        self.standing_by = standing_by
        self.ada = ada
        self._stage = set_

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

    async def leave_over(self, number: int) -> float:
        """Kill who works when a question is taken in; give the seconds until it was handled by the other."""
        async with locks.held(self._stage.database_url, 'SELECT FROM "Users" FOR UPDATE'):
            self.ada.says(f"question {number} left over")
            while self._stage.telegram.bot.updates:
                await asyncio.sleep(0.02)
            await self.working.kill()
        killed_at = time.monotonic()
        while not await Message.exists(text=f"question {number} left over"):
            await asyncio.sleep(0.02)
        return time.monotonic() - killed_at

    async def swap(self) -> None:
        """Get the killed one up again, to stand by."""
        await self.working.start()
        await self.working.until_ready(self._stage.session)
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
            yield Pair(first, second, ada, set_)


async def measure(count: int) -> tuple[list[float], list[float]]:
    """Change over so many times, and as often with something left over; give the seconds of each."""
    answered, handled = [], []
    async with pair() as both:
        for number in range(count):
            answered.append(await both.change_over(number))
            await both.swap()
            handled.append(await both.leave_over(number))
            await both.swap()
    return answered, handled


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10, help="of either kind")
    options = parser.parse_args()
    answered, handled = asyncio.run(measure(options.kills))
    print(f"{options.kills} kills: the other had answered after {_of(answered)}")
    print(f"{options.kills} kills between taking in and handling: the other had handled it after {_of(handled)}")


def _of(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f} s, at most {max(seconds):.1f} s"


if __name__ == "__main__":
    main()
