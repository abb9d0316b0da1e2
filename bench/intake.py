"""How fast updates are taken in and handled, beside the least that it can cost, in the same run.

The floor (``bench.floor``) is a bare handler that parses an update and commits its id, one message and the chat's
time. It and couponchat take turns on one PostgreSQL: first as fast as they can, then at a quarter and at half of
the floor's rate, whatever they answer; what is printed are medians over the rounds. A message counts as handled at
the commit time that PostgreSQL keeps of its row (``track_commit_timestamp``): exact, by the clock by which it was
posted, and the same work for both.

Run it with: .venv/bin/python -m bench.intake --updates webhook
"""

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bench import commit_times, floor, load
from bench.load import Load, Post, Posted
from bench.product import SECRET, Product
from bench.stage import Stage, stage
from bot.intake import registration
from services.people.keyring import Keyring
from simulator import Person
from simulator.bots import Bot
from simulator.updates import Updates

SHARES = {"a quarter": 0.25, "half": 0.5}  # of the floor's rate, at which updates are posted


@dataclass(frozen=True)
class Plan:
    """How much is posted, and how."""

    updates: str = "webhook"
    count: int = 4000
    consumers: int = 200
    rounds: int = 3
    connections: int = 32
    web_processes: int = 0  # none: one process that serves everything


@dataclass(frozen=True)
class Contestant:
    """One of the two, its door and its table of messages."""

    name: str
    urls: list[str]
    secret: str
    messages: str
    bot: Bot


@dataclass(frozen=True)
class Run:
    """What one contestant made of some updates: rates a second, times in seconds from posting, in no order."""

    acknowledged: float
    handled: float
    to_200: list[float]
    to_commit: list[float]


@dataclass
class Report:
    """All runs of both, by what was asked of them."""

    runs: dict[tuple[str, str], list[Run]] = field(default_factory=dict)

    def add(self, task: str, contestant: Contestant, run: Run) -> None:
        self.runs.setdefault((task, contestant.name), []).append(run)

    def rate(self, name: str, what: str) -> float:
        """Give the median of a contestant's rates at full speed."""
        rates: list[float] = [getattr(run, what) for run in self.runs["full speed", name]]
        return statistics.median(rates)

    def percentile(self, task: str, name: str, what: str, percent: int) -> float:
        """Give the median over all rounds of a percentile, in milliseconds."""
        rounds = [getattr(run, what) for run in self.runs[task, name]]
        return statistics.median(_percentile(seconds, percent) for seconds in rounds if seconds) * 1000


class Writers:
    """People who have a chat open, and write in turn."""

    def __init__(self, people_: list[Person]) -> None:
        self._people = people_
        self._numbers = count(1)

    def write(self, how_many: int) -> list[dict[str, Any]]:
        """Write so many plain messages, each with a text of its own, as updates."""
        return [self._update(next(self._numbers)) for _ in range(how_many)]

    def _update(self, number: int) -> dict[str, Any]:
        user = self._people[number % len(self._people)].user
        message = {
            "message_id": 1000 + number,
            "from": user.facts(),
            "chat": user.chat_facts(),
            "date": int(time.time()),
            "text": f"message {number}: does it work on sale items, too?",
        }
        return {"update_id": 1000 + number, "message": message}


class Contest:
    """Both, side by side, and those who write to them."""

    def __init__(self, plan: Plan, floor_: Contestant, couponchat: Contestant, writers: Writers) -> None:
        self.plan = plan
        self.floor = floor_
        self.couponchat = couponchat
        self._writers = writers
        self._generator = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    def close(self) -> None:
        self._generator.shutdown()

    async def play(self) -> Report:
        """Let them take turns."""
        report = Report()
        for _ in range(self.plan.rounds):
            for contestant in (self.floor, self.couponchat):
                report.add("full speed", contestant, await self.run(contestant, self.plan.count))
        pace = report.rate("floor", "handled")
        for _ in range(self.plan.rounds):
            for task, share in SHARES.items():
                for contestant in (self.floor, self.couponchat):
                    run = await self.run(contestant, self.plan.count // 2, pace * share)
                    report.add(task, contestant, run)
        return report

    async def run(self, contestant: Contestant, how_many: int, rate: float | None = None) -> Run:
        """Give a contestant so many updates, and wait until it has handled them all."""
        updates = self._writers.write(how_many)
        names = [update["message"]["text"] for update in updates]
        if self.plan.updates == "webhook":
            posted = await self._post(contestant, updates, rate)
        else:
            posted = await _offer(contestant.bot.updates, updates, rate)
        committed_at = await commit_times.of(names, contestant.messages)
        began_at = min(posted.posted_at.values())
        return Run(
            acknowledged=how_many / (max(posted.acknowledged_at.values()) - began_at),
            handled=how_many / (max(committed_at.values()) - began_at),
            to_200=[posted.acknowledged_at[name] - posted.posted_at[name] for name in names],
            to_commit=[committed_at[name] - posted.posted_at[name] for name in names],
        )

    async def _post(self, contestant: Contestant, updates: list[dict[str, Any]], rate: float | None) -> Posted:
        posts = [
            Post(update["message"]["from"]["id"], update["message"]["text"], json.dumps(update).encode())
            for update in updates
        ]
        load_ = Load(contestant.urls, contestant.secret, posts, self.plan.connections, rate)
        return await asyncio.get_running_loop().run_in_executor(self._generator, load.post, load_)


async def _offer(waiting: Updates, updates: list[dict[str, Any]], rate: float | None) -> Posted:
    """Let updates wait at Telegram until they are fetched; what isn't asked for again is acknowledged."""
    posted = Posted()
    began_at = time.time()
    for number, update in enumerate(updates):
        if rate and (delay := began_at + number / rate - time.time()) > 0:
            await asyncio.sleep(delay)
        posted.posted_at[update["message"]["text"]] = time.time()
        waiting.put("message", update["message"])
    while len(waiting):
        await asyncio.sleep(0.002)
    return Posted(posted.posted_at, dict.fromkeys(posted.posted_at, time.time()))


@contextlib.asynccontextmanager
async def contest(plan: Plan) -> AsyncIterator[Contest]:
    """Get both ready, and everybody's chats open."""
    async with contextlib.AsyncExitStack() as stack:
        set_ = await stack.enter_async_context(stage(has_commit_times=True))
        people_ = await set_.consumers(plan.consumers)
        await floor.create_tables(set_.database_url, [person.id for person in people_])
        floor_ = await stack.enter_async_context(_floor(set_, plan))
        couponchat = await stack.enter_async_context(_couponchat(set_, plan))
        contest_ = Contest(plan, floor_, couponchat, Writers(people_))
        stack.callback(contest_.close)
        yield contest_


@contextlib.asynccontextmanager
async def _floor(set_: Stage, plan: Plan) -> AsyncIterator[Contestant]:
    bot = set_.telegram.add_bot(floor.TOKEN, "floor_bot", "The Floor")
    api_url = set_.api_url if plan.updates == "polling" else None
    async with floor.running(set_.database_url, api_url) as url:
        yield Contestant("floor", [url], "", 'floor."Messages"', bot)


@contextlib.asynccontextmanager
async def _couponchat(set_: Stage, plan: Plan) -> AsyncIterator[Contestant]:
    commands = ["web"] * plan.web_processes + ["bot"] if plan.web_processes else ["serve"]
    async with contextlib.AsyncExitStack() as stack:
        products = [set_.product(plan.updates, command) for command in commands]
        for product in products:
            await stack.enter_async_context(product.running(set_.session))
        yield _contestant(set_, products[: plan.web_processes or 1])


def _contestant(set_: Stage, products: list[Product]) -> Contestant:
    bot = set_.telegram.bot
    secret = registration.secret(Keyring(SECRET.encode()), bot.id)
    return Contestant(
        "couponchat", [product.url + registration.PATH for product in products], secret, '"Messages"', bot
    )


def _percentile(seconds: Sequence[float], percent: int) -> float:
    return sorted(seconds)[min(len(seconds) - 1, len(seconds) * percent // 100)]


def _tell(plan: Plan, report: Report) -> None:
    processes = f"{plan.web_processes} web and 1 bot" if plan.web_processes else "1 process"
    print(f"By {plan.updates}, {processes}: {plan.count} updates of {plan.consumers} people, {plan.rounds} rounds")
    print(f"{'':42}{'floor':>9}{'couponchat':>12}{'ratio':>8}")
    for what in ("acknowledged", "handled"):
        ours, least = report.rate("couponchat", what), report.rate("floor", what)
        print(f"{what + ' a second, at full speed':42}{least:9.0f}{ours:12.0f}{ours / least:8.2f}")
    for task, share in SHARES.items():
        print(f"at {task} of the floor's rate, {report.rate('floor', 'handled') * share:.0f} a second:")
        for what, said in _latencies(plan).items():
            for percent in (50, 99):
                least = report.percentile(task, "floor", what, percent)
                ours = report.percentile(task, "couponchat", what, percent)
                print(f"{f'  to its {said}, p{percent}, in ms':42}{least:9.1f}{ours:12.1f}{ours / least:8.1f}")


def _latencies(plan: Plan) -> dict[str, str]:
    by_webhook = {"to_200": "200"} if plan.updates == "webhook" else {}
    return by_webhook | {"to_commit": "commit"}


async def measure(plan: Plan) -> None:
    """Let them take turns, and print what came of it."""
    async with contest(plan) as contest_:
        _tell(plan, await contest_.play())


async def profile(plan: Plan) -> None:
    """Give couponchat alone its updates, and print where its time went."""
    async with stage(has_commit_times=True) as set_:
        people_ = await set_.consumers(plan.consumers)
        product = set_.product(plan.updates, is_profiled=True)
        async with product.running(set_.session):
            couponchat = _contestant(set_, [product])
            contest_ = Contest(plan, couponchat, couponchat, Writers(people_))
            run = await contest_.run(couponchat, plan.count)
            contest_.close()
            print(f"{run.handled:.0f} handled a second, while being looked at")
            print("\n".join(line for line in await product.stop() if line[:1] != "{"))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--updates", choices=["webhook", "polling"], default="webhook")
    parser.add_argument("--count", type=int, default=4000, help="of updates at full speed; half as many at a pace")
    parser.add_argument("--consumers", type=int, default=200, help="who write in turn")
    parser.add_argument("--rounds", type=int, default=3, help="in which both take turns")
    parser.add_argument("--connections", type=int, default=32, help="kept alive, over which updates are posted")
    parser.add_argument("--web-processes", type=int, default=0, help="of couponchat web, beside a couponchat bot")
    parser.add_argument("--profile", action="store_true", help="show what couponchat is busy with, instead")
    options = vars(parser.parse_args())
    do = profile if options.pop("profile") else measure
    asyncio.run(do(Plan(**options)))


if __name__ == "__main__":
    main()
