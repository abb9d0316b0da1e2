"""How many replies leave a second: without limits, beside PTB's bare loop, and with Telegram's limits.

Without limits couponchat's outbox takes turns with a loop that only calls ``bot.send_message``, on PTB's own
HTTPXRequest, and keeps nothing of what it does. With them a backlog must leave no faster and no slower than the
limit, and whoever is answered now must not wait until it has gone. What a look at what is due costs must not depend
on how much waits.

Run it with: .venv/bin/python -m bench.outbox
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import telegram
from telegram.request import HTTPXRequest

import simulator
from bench import backlog, bot_api
from bench.calls import Cost, Meter
from bench.stage import stage
from bot import app
from bot.app import CONNECTIONS
from bot.context import Panel
from bot.outbox.loop import Outbox
from bot.outbox.pace import BOT_RATE, UNLIMITED, Pace
from cli import logs, process
from database.transactions import fetch, transaction
from models import Chat, Delivery, DeliveryState
from services.outgoing import due, replies, sending
from services.outgoing.due import Busy, Room
from services.people.keyring import Keyring
from simulator import Telegram

AT_ONCE = 30  # calls, in the second of PTB's loops
POLL_INTERVAL = 0.02  # seconds
WARM_UP = 2.0  # seconds, in which what may come at once has gone
LONGEST_RUN = 300.0  # seconds
LOOKS = 100


@dataclass(frozen=True)
class Plan:
    """How much waits, and how long it is watched."""

    count: int = 1_000  # replies without limits, in each round
    chats: int = 100
    rounds: int = 3
    waiting: int = 1_000  # replies at the limits
    waiting_chats: int = 200
    seconds: float = 15.0
    fresh: int = 5  # answers that come meanwhile
    looked_at: int = 30_000  # replies that wait while it is looked for what is due


@dataclass(frozen=True)
class Limits:
    """What left while a backlog waited."""

    rate: float
    waits: list[float]  # seconds that fresh answers have waited
    left: int  # replies that still waited at the end
    refused_count: int


@dataclass
class Race:
    """What each contestant needed for its replies, round by round."""

    couponchat: list[Cost] = field(default_factory=list)
    one_by_one: list[Cost] = field(default_factory=list)
    many_at_once: list[Cost] = field(default_factory=list)


async def race(plan: Plan) -> Race:
    """Let couponchat's outbox and PTB's loop take turns, without limits, against the same server."""
    race_ = Race()
    async with stage() as set_, bot_api.running() as api_url:
        chats = await backlog.open_chats(set_, plan.chats)
        for _ in range(plan.rounds):
            race_.one_by_one.append(await _bare_loop(api_url, plan.count, at_once=1))
            race_.many_at_once.append(await _bare_loop(api_url, plan.count, AT_ONCE))
            await backlog.answer(chats, plan.count // plan.chats)
            race_.couponchat.append(await _outbox(api_url, plan.count))
    return race_


async def _bare_loop(api_url: str, count: int, at_once: int) -> Cost:
    numbers = iter(range(count))
    request = HTTPXRequest(connection_pool_size=AT_ONCE)
    async with telegram.Bot(simulator.TOKEN, f"{api_url}/bot", request=request) as bot:

        async def send() -> None:
            for number in numbers:
                await bot.send_message(number + 1, backlog.ANSWER)

        meter = Meter()
        await asyncio.gather(*(send() for _ in range(at_once)))
        return meter.cost(count)


async def _outbox(api_url: str, count: int) -> Cost:
    async with _delivering(api_url, Pace(UNLIMITED, UNLIMITED)):
        meter = Meter()
        while await _waiting_count():
            await asyncio.sleep(POLL_INTERVAL)
        cost = meter.cost(count)
    assert not await Delivery.exclude(state=DeliveryState.SENT).exists()
    return cost


async def at_limits(plan: Plan) -> Limits:
    """Let a backlog leave at Telegram's limits, and influencers answer in other chats meanwhile."""
    async with stage() as set_:
        chats = await backlog.open_chats(set_, plan.waiting_chats + plan.fresh)
        fresh, busy = chats[: plan.fresh], chats[plan.fresh :]
        await backlog.answer(busy, plan.waiting // plan.waiting_chats)
        async with _delivering(set_.api_url, Pace()):
            await asyncio.sleep(WARM_UP)
            began = time.monotonic()
            waits = []
            for chat in fresh:
                await asyncio.sleep(plan.seconds / (plan.fresh + 1))
                waits.append(await _answered(set_.telegram, chat))
            await asyncio.sleep(max(0.0, began + plan.seconds - time.monotonic()))
            seconds = time.monotonic() - began
            sent = [at for method, _, at in set_.telegram.calls if method == "sendMessage" and at >= began]
            left = await _waiting_count()
        refused_count = sum(status == 429 for _, _, status in set_.telegram.answers)
    return Limits(len(sent) / seconds, waits, left, refused_count)


async def _answered(telegram_: Telegram, chat: Chat) -> float:
    """Answer in a chat in which nothing waits; give the seconds until Telegram was told."""
    text = f"An answer in {chat.id}"
    began = time.monotonic()
    await replies.reply(chat, chat.influencer, text)
    async with asyncio.timeout(LONGEST_RUN):
        while True:
            for _, parameters, at in reversed(telegram_.calls):
                if at < began:
                    break
                if str(parameters.get("text", "")).endswith(text):
                    return at - began
            await asyncio.sleep(POLL_INTERVAL)


async def looks(plan: Plan) -> dict[int, float]:
    """Look for what is due, while little and while much waits in the same chats; give the seconds that takes."""
    seconds = {}
    async with stage() as set_:
        chats = await backlog.open_chats(set_, plan.chats)
        for per_chat in (1, plan.looked_at // plan.chats - 1):
            await backlog.answer(chats, per_chat)
            await fetch("ANALYZE")
            seconds[await _waiting_count()] = statistics.median([await _look() for _ in range(LOOKS)])
    return seconds


async def _look() -> float:
    """Begin what is due, as the outbox does with all its connections free, and take it back."""
    bot_id = int(simulator.TOKEN.partition(":")[0])
    room = Room(CONNECTIONS, CONNECTIONS, CONNECTIONS)
    with contextlib.suppress(_TakenBack):
        async with transaction():
            began = time.perf_counter()
            found = await due.begin(bot_id, room, Busy(), sending.lease())
            seconds = time.perf_counter() - began
            assert found.steps
            raise _TakenBack
    return seconds


class _TakenBack(Exception):
    """Rolls a look back."""


@contextlib.asynccontextmanager
async def _delivering(api_url: str, pace: Pace) -> AsyncIterator[None]:
    bot = app.create(simulator.TOKEN, api_url, Panel("http://127.0.0.1", Keyring(b"-" * 32)))
    async with app.identified(bot), asyncio.timeout(LONGEST_RUN), process.all_running([Outbox(bot, pace).run]):
        yield


async def _waiting_count() -> int:
    return await Delivery.filter(state__in=sending.PENDING).count()


async def measure(plan: Plan) -> None:
    """Do all three, and print what came of it."""
    _tell_race(plan, await race(plan))
    _tell_limits(plan, await at_limits(plan))
    for waiting, seconds in (await looks(plan)).items():
        print(f"a look for what is due while {waiting} replies wait: {seconds * 1000:.1f} ms")


def _tell_race(plan: Plan, race_: Race) -> None:
    print(f"Without limits, {plan.count} replies in {plan.chats} chats, {plan.rounds} rounds:")
    print(f"{'':28}{'replies/s':>10}{'ms of CPU each':>16}{'couponchat is':>16}")
    ours = _median(race_.couponchat)
    loops = {"one by one": race_.one_by_one, f"{AT_ONCE} at once": race_.many_at_once}
    print(f"{'  couponchat':28}{ours.calls_per_second:10.0f}{ours.cpu_ms:16.2f}")
    for name, costs in loops.items():
        theirs = _median(costs)
        ratio = ours.calls_per_second / theirs.calls_per_second
        print(f"{'  PTB, ' + name:28}{theirs.calls_per_second:10.0f}{theirs.cpu_ms:16.2f}{ratio:10.2f} times")


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.calls_per_second for cost in costs), statistics.median(cost.cpu_ms for cost in costs)
    )


def _tell_limits(plan: Plan, limits: Limits) -> None:
    off = (limits.rate / BOT_RATE - 1) * 100
    print(f"With limits, {plan.waiting} replies waiting in {plan.waiting_chats} chats, {plan.seconds:.0f} s:")
    print(
        f"  {limits.rate:.2f}/s left ({off:+.1f} % of {BOT_RATE:.0f}/s), {limits.refused_count} refused by Telegram"
    )
    waits = f"{statistics.median(limits.waits) * 1000:.0f} ms, at most {max(limits.waits) * 1000:.0f} ms"
    print(f"  {plan.fresh} answers in other chats waited {waits}; {limits.left} still waited at the end")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=Plan.count, help="of replies without limits, in each round")
    parser.add_argument("--chats", type=int, default=Plan.chats, help="in which those wait, and those looked at")
    parser.add_argument("--rounds", type=int, default=Plan.rounds, help="in which all take turns")
    parser.add_argument("--waiting", type=int, default=Plan.waiting, help="replies at Telegram's limits")
    parser.add_argument("--waiting-chats", type=int, default=Plan.waiting_chats, help="in which those wait")
    parser.add_argument("--seconds", type=float, default=Plan.seconds, help="in which they are watched")
    parser.add_argument("--fresh", type=int, default=Plan.fresh, help="answers in other chats meanwhile")
    parser.add_argument("--looked-at", type=int, default=Plan.looked_at, help="replies that wait during a look")
    plan = Plan(**vars(parser.parse_args()))
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stderr(nowhere):
        logs.set_up()  # each delivery is logged, as it is where couponchat serves
        process.run(measure(plan))


if __name__ == "__main__":
    main()
