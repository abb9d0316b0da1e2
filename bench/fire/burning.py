"""One run: everybody writes, somebody kills, and then the books are compared."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import asyncpg

from bench.fire.books import Books
from bench.fire.consumers import Consumer
from bench.fire.coupons import COUPONS, INFLUENCERS, coupon_file
from bench.fire.database import (
    crash,
    cut,
    has_little_to_read,
    something_waits,
    taken_over,
    until_database_is_back,
)
from bench.fire.influencers import Influencer
from bench.fire.plan import Plan, Report
from bench.fire.rushes import Rushes
from bench.product import SECRET, Product
from bench.stage import Stage, stage
from bench.wire import Stopped, Wire
from database import embedded, transactions
from models import Delivery, HeldMessage, Message, Purpose, Update
from services.outgoing.sending import PENDING
from services.people import access_links, people
from services.people.keyring import Keyring

POISON = """
    CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$;
    CREATE TRIGGER poison BEFORE INSERT ON "Messages" FOR EACH ROW
        WHEN (NEW.text LIKE '%poison%') EXECUTE FUNCTION poison();
    CREATE TRIGGER poison BEFORE INSERT ON "HeldMessages" FOR EACH ROW
        WHEN (NEW.text LIKE '%poison%') EXECUTE FUNCTION poison()
"""
ANTIDOTE = "DROP FUNCTION IF EXISTS poison CASCADE"

CONSUMERS = 10
# Seconds between what each of them does: on average fewer a phone than Telegram takes, with all that the bot says.
WRITING, ANSWERING = (1.0, 8.0), (0.5, 6.0)
LIFE = 0.0, 2.0  # seconds between something that is done to those who serve and the next
RUSHES = 0.6  # of all kills come in the midst of something that many do
SILENCE = 2.0, 12.0  # seconds for which the database is not heard
SETTLING = 120.0  # seconds in which everything must have arrived once the killing ends


class Fire:
    """One run: everybody writes, somebody kills, and then the books are compared."""

    def __init__(
        self, set_: Stage, product: Product, far_end: Wire | Stopped, dice: random.Random, plan: Plan
    ) -> None:
        self._stage = set_
        self._product = product
        self._far_end = far_end
        self._dice = dice
        self._least_replies = plan.least_replies
        self._planned = plan.acts()
        self._dice.shuffle(self._planned)
        self._consumers: list[Consumer] = []
        self._influencers: list[Influencer] = []
        self._rushes = Rushes(set_.telegram, self._consumers, self._influencers, dice)
        self._killed_at: list[datetime] = []
        self._report = Report()

    async def run(self) -> Report:
        """Burn, wait until all has settled, and compare."""
        async with contextlib.AsyncExitStack() as stack:
            await self._gather(stack)
            began = time.monotonic()
            await self._poison()
            await self._burn(stack)
            await self._heal()
            await self._settle()
            self._report.seconds = time.monotonic() - began
            self._report.taken_over = await taken_over(self._killed_at)
            await Books(self._report, self._consumers, self._influencers).compare()
            self._compare_logs()
        return self._report

    async def _gather(self, stack: contextlib.AsyncExitStack) -> None:
        for number in range(CONSUMERS):
            chosen = self._dice.sample(COUPONS, 3)
            self._consumers.append(Consumer(self._stage.telegram.user(f"Consumer{number}"), chosen))
        for number in range(INFLUENCERS):
            session = await stack.enter_async_context(
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10), cookie_jar=aiohttp.CookieJar(unsafe=True))
            )
            influencer = Influencer(f"inf-{number}", self._product, session)
            user = await people.influencer(influencer.user_id)
            await influencer.signs_in(await access_links.make_link(Keyring(SECRET.encode()), user, Purpose.SIGNIN))
            self._influencers.append(influencer)

    async def _poison(self) -> None:
        connection = await asyncpg.connect(self._stage.database_url)
        await connection.execute(POISON)
        await connection.close()

    async def _burn(self, stack: contextlib.AsyncExitStack) -> None:
        busy = [asyncio.create_task(self._keep_writing(consumer)) for consumer in self._consumers]
        busy += [asyncio.create_task(self._keep_answering(influencer)) for influencer in self._influencers]
        for act in self._planned:
            await asyncio.sleep(self._dice.uniform(*LIFE))
            if self._product.has_ended:
                self._report.wrong.append("couponchat has ended by itself")
            await self._do(act, stack)
        await self._until_answered()
        for task in busy:
            task.cancel()
        ends = await asyncio.gather(*busy, return_exceptions=True)
        ends += await self._rushes.end()
        self._report.wrong += [f"somebody gave up: {end!r}" for end in ends if isinstance(end, Exception)]

    async def _until_answered(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLING):
                while sum(len(influencer.replies) for influencer in self._influencers) < self._least_replies:
                    await asyncio.sleep(0.1)

    async def _do(self, act: str, stack: contextlib.AsyncExitStack) -> None:
        if act == "kill":
            await self._kill()
        elif act == "crash":
            await asyncio.to_thread(crash, self._stage.data_dir)
            self._report.database_kills += 1
            if not self._product.is_embedded:
                stack.enter_context(embedded.running(self._stage.data_dir))
        elif act == "cut":
            while not await until_database_is_back(cut):
                await asyncio.sleep(0.05)  # nobody is connected just now
            self._report.cuts += 1
        else:
            self._far_end.fall_silent()
            try:
                await asyncio.sleep(self._dice.uniform(*SILENCE))
            finally:
                self._far_end.speak()
            self._report.silences += 1

    async def _kill(self) -> None:
        if self._dice.random() < RUSHES:
            await self._rushes.rush()
        await self._product.kill()
        self._killed_at.append(datetime.now(UTC))
        self._report.kills += 1
        if not self._product.is_embedded:  # or else the database is down, too
            self._report.interrupted.update(await self._rushes.under_way())
        self._rushes.relax()
        await self._product.start()
        await self._product.until_ready(self._stage.session)

    async def _keep_writing(self, consumer: Consumer) -> None:
        while True:
            if await until_database_is_back(lambda: has_little_to_read(consumer.person.id)):
                consumer.acts(self._dice)
            await asyncio.sleep(self._dice.uniform(*WRITING))
            consumer.taps(self._dice)

    async def _keep_answering(self, influencer: Influencer) -> None:
        while True:
            await asyncio.sleep(self._dice.uniform(*ANSWERING))
            await self._rushes.work(influencer.acts(self._dice))

    async def _heal(self) -> None:
        """Take the poison away, and handle what it has put into quarantine."""
        await until_database_is_back(lambda: transactions.fetch(ANTIDOTE))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLING):
                while await until_database_is_back(something_waits):
                    await asyncio.sleep(0.1)
        self._report.retried = await until_database_is_back(Update.filter(state="quarantined").count)
        await self._product.run("updates", "retry")

    async def _settle(self) -> None:
        """Wait until nothing is on its way any more."""
        deadline = time.monotonic() + SETTLING + len(self._planned)
        while time.monotonic() < deadline:
            for consumer in self._consumers:
                consumer.taps(self._dice)
            if await until_database_is_back(self._is_settled):
                return
            await asyncio.sleep(0.5)
        self._report.wrong.append("it did not settle")

    async def _is_settled(self) -> bool:
        """Say whether nothing is on its way: asked in the order in which one thing leads to the next."""
        if len(self._stage.telegram.bot.updates) > 0 or await something_waits():
            return False
        said = sum(len(consumer.said) for consumer in self._consumers)
        kept = await Message.filter(delivery_state=None).count()
        pending = await Delivery.filter(state__in=PENDING).count()
        return kept >= said and pending == 0 and not await HeldMessage.exists()

    def _compare_logs(self) -> None:
        """What was wrong by itself: in the log, in the panel's answers, and in what Telegram was asked for."""
        mistakes = [event for event in self._product.mistakes() if event != "update.failed"]  # the poison's
        self._report.wrong += [f"in the log: {event}" for event in mistakes]
        self._report.wrong += [broken for influencer in self._influencers for broken in influencer.broken]
        self._report.wrong += self._stage.telegram.complaints


async def burn(
    plan: Plan, updates: str, seed: int, *, is_embedded: bool = False, has_topics: bool = False
) -> Report:
    """Run a fire; an embedded database is got up again by couponchat itself, one that it is told of by us."""
    async with (
        stage(coupon_file(), has_commit_times=True) as set_,
        _far_end(set_, is_embedded=is_embedded) as far_end,
    ):
        set_.telegram.bot.has_topics_enabled = has_topics
        product = set_.product(updates, is_embedded=is_embedded, is_forked=True, database_url=far_end.url)
        async with product.running(set_.session):
            return await Fire(set_, product, far_end, random.Random(seed), plan).run()


@contextlib.asynccontextmanager
async def _far_end(set_: Stage, *, is_embedded: bool) -> AsyncIterator[Wire | Stopped]:
    if is_embedded:
        yield Stopped(set_.database_url)
        return
    async with Wire(set_.database_url).laid() as wire:
        yield wire
