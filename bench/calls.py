"""What a call of the Bot API costs us: through PTB's own HTTPXRequest, and through ours, taking turns in one run.

Run it with: .venv/bin/python -m bench.calls
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat

from telegram.request import BaseRequest, HTTPXRequest

from bench import bot_api
from bot import app
from bot.api import AiohttpRequest
from bot.context import Panel
from cli import process
from services.people.keyring import Keyring

AT_ONCE = (1, 100)
POOL_TIMEOUT = 60.0  # seconds
FIELDS = {
    "chat_id": 5,
    "text": "Re: 50% Off Summer Collection\nIt does work on sale items, as long as they are in stock!",
    "reply_markup": {"inline_keyboard": [[{"text": "My chats", "callback_data": "chats:0"}]]},
}

REQUESTS: dict[str, Callable[[str], BaseRequest]] = {
    "PTB's HTTPXRequest": lambda _api_url: HTTPXRequest(connection_pool_size=100),
    "our AiohttpRequest": lambda api_url: AiohttpRequest(api_url, 100),
}


@dataclass(frozen=True)
class Cost:
    """What some calls took."""

    calls_per_second: float
    cpu_ms: float  # of one call, on our side alone


class Meter:
    """Runs from when it is made."""

    def __init__(self) -> None:
        self._began, self._cpu = time.perf_counter(), time.process_time()

    def cost(self, count: int) -> Cost:
        """Tell what so many calls have taken by now."""
        seconds, cpu = time.perf_counter() - self._began, time.process_time() - self._cpu
        return Cost(count / seconds, cpu / count * 1000)


async def measure(count: int, rounds: int) -> dict[tuple[str, int], list[Cost]]:
    """Let both make so many calls in each round, one after another and many at once."""
    costs: dict[tuple[str, int], list[Cost]] = {}
    async with bot_api.running() as api_url:
        for _ in range(rounds):
            for at_once in AT_ONCE:
                for name, create in REQUESTS.items():
                    cost = await _cost(api_url, create(api_url), count, at_once)
                    costs.setdefault((name, at_once), []).append(cost)
    return costs


async def _cost(api_url: str, request: BaseRequest, count: int, at_once: int) -> Cost:
    bot = app.create(bot_api.TOKEN, api_url, Panel(api_url, Keyring(b"-" * 32)), request)
    async with request:
        await _call(bot, at_once, at_once)  # which opens the connections
        meter = Meter()
        await _call(bot, count, at_once)
        return meter.cost(count)


async def _call(bot: app.Bot, count: int, at_once: int) -> None:
    calls = iter(list(repeat(FIELDS, count)))

    async def one_after_another() -> None:
        for fields in calls:
            await bot.call("sendMessage", fields, pool_timeout=POOL_TIMEOUT)

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))


def _tell(costs: dict[tuple[str, int], list[Cost]]) -> None:
    print(f"{'':24}{'at once':>8}{'calls/s':>9}{'ms of CPU each':>16}")
    for (name, at_once), each in sorted(costs.items(), key=lambda item: item[0][1]):
        rate = statistics.median(cost.calls_per_second for cost in each)
        cpu_ms = statistics.median(cost.cpu_ms for cost in each)
        print(f"{name:24}{at_once:8}{rate:9.0f}{cpu_ms:16.2f}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1500, help="of calls in each round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    _tell(process.run(measure(options.count, options.rounds)))


if __name__ == "__main__":
    main()
