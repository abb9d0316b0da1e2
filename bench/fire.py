"""The relay under fire: people write while the processes that serve them are killed, cut off and left in silence.

Run it with: .venv/bin/python -m bench.fire --kills 500 --cuts 500 --silences 5 --updates polling
"""

import argparse
import asyncio
import contextlib
import random
import signal
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import aiohttp
import asyncpg
import psutil

from bench.product import SECRET, Product
from bench.stage import Stage, stage
from bench.wire import Stopped, Wire
from database import embedded, errors, transactions
from models import Chat, Delivery, HeldMessage, Message, Purpose, TelegramTopic, Update
from services.outgoing.sending import PENDING
from services.people import access_links, people
from services.people.keyring import Keyring
from simulator import Person
from simulator.people import words

T = TypeVar("T")

POISON = """
    CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison'; END $$;
    CREATE TRIGGER poison BEFORE INSERT ON "Messages" FOR EACH ROW
        WHEN (NEW.text LIKE '%poison%') EXECUTE FUNCTION poison();
    CREATE TRIGGER poison BEFORE INSERT ON "HeldMessages" FOR EACH ROW
        WHEN (NEW.text LIKE '%poison%') EXECUTE FUNCTION poison()
"""
ANTIDOTE = "DROP FUNCTION IF EXISTS poison CASCADE"

CONSUMERS = 10
INFLUENCERS = 3
COUPONS = [f"c{number}" for number in range(6)]
# Seconds between what each of them says: on average fewer a phone than Telegram takes, with all that the bot says.
WRITING, ANSWERING = (1.0, 8.0), (0.5, 6.0)
LIFE = 0.0, 2.0  # seconds between something that is done to those who serve and the next
RUSHES = 0.3  # of all kills come when everybody has just written: between taking updates in and handling them
HASTE = 0.0, 0.05  # seconds from when the first of that is taken in until the kill
POISONED = 0.05  # of all messages, which can't be handled as long as there is the poison
NO_MORE = "I can't keep more"  # is said to whom too much waits of: then what is missing was refused, not lost
MOST_UNREAD = 10  # of what the bot says: whoever leaves more questions unanswered is told that no more is kept
SILENCE = 2.0, 12.0  # seconds for which the database is not heard
SETTLING = 120.0  # seconds in which everything must have arrived once the killing ends


@dataclass
class Report:
    """What a run has shown."""

    kills: int = 0
    database_kills: int = 0
    cuts: int = 0
    silences: int = 0
    retried: int = 0  # from quarantine, in which the poison has put them
    taken_over: int = 0  # updates that were taken in by one life of couponchat and handled by another
    seconds: float = 0.0
    consumer_messages: int = 0
    replies: int = 0
    doubled: int = 0
    marked: int = 0
    topics: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills of couponchat and {self.database_kills} of PostgreSQL, "
            f"{self.cuts} connections cut, {self.silences} silences in {self.seconds:.0f} s: "
            f"{self.consumer_messages} messages in, {self.retried} of them by way of the quarantine, "
            f"{self.taken_over} updates taken in by one life and handled by another, "
            f"{self.replies} replies out, {self.doubled} of them twice, {self.marked} marked so; "
            f"{self.topics} topics; "
            f"{len(self.wrong)} wrong"
        )


class Consumer:
    """Opens chats, writes into them, and says where a message belongs when asked."""

    def __init__(self, person: Person, coupons: list[str]) -> None:
        self.person = person
        self._coupons = coupons
        self._answered: set[int] = set()
        self.said: defaultdict[str, list[str]] = defaultdict(list)
        self._meant: dict[int, str] = {}
        self._count = 0

    def writes(self, dice: random.Random) -> None:
        """Open a chat by its link, or reply to its header; into the first of them write plainly, after the link.

        One question is asked about all that was written plainly, so all of that is meant for one chat.
        """
        coupon = dice.choice(self._coupons)
        header = self._header_of(coupon)
        is_poisoned = dice.random() < POISONED
        is_opened = header is None or dice.random() < 0.2
        if is_opened:
            self.person.starts(f"c_{coupon}")
        if is_opened and coupon == self._coupons[0]:
            self._say(coupon, None, is_poisoned)
        elif header is not None:
            self._say(coupon, header, is_poisoned)

    def answers_questions(self) -> None:
        """Tap the right chat under each question that is still open."""
        for message in self.person.messages:
            keyboard = (message.get("reply_markup") or {}).get("inline_keyboard")
            asked = (message.get("reply_to_message") or {}).get("message_id")
            if not keyboard or asked not in self._meant or message["message_id"] in self._answered:
                continue
            title = title_of(self._meant[asked])
            if any(title in button["text"] for row in keyboard for button in row):
                data = next(b["callback_data"] for row in keyboard for b in row if title in b["text"])
                self.person.taps(message["message_id"], data)
                self._answered.add(message["message_id"])

    def _say(self, coupon: str, reply_to: int | None, is_poisoned: bool) -> None:
        self._count += 1
        text = f"{self.person.user.first_name} #{self._count} about {coupon}" + " with poison" * is_poisoned
        message = self.person.says(text, reply_to)
        self._meant[message["message_id"]] = coupon
        self.said[coupon].append(text)

    def _header_of(self, coupon: str) -> int | None:
        for message in self.person.messages:
            if message["who"] == "bot" and message.get("text", "").startswith(f"Re: {title_of(coupon)}\nwith"):
                return int(message["message_id"])
        return None


class Influencer:
    """Looks and answers in the panel, and insists until the answer is kept."""

    def __init__(self, user_id: str, product: Product, session: aiohttp.ClientSession) -> None:
        self.user_id = user_id
        self._product = product
        self._session = session
        self.replied: list[tuple[str, str]] = []
        self.broken: list[str] = []
        self._count = 0

    async def signs_in(self, token: str) -> None:
        answer = await self._insists("POST", f"/signin/{token}", {})
        assert answer == 303, answer

    async def answers(self, chat_id: str) -> None:
        self._count += 1
        await self._insists("GET", f"/chats/{chat_id}")
        text = f"{self.user_id} answers #{self._count}."
        form = {"text": text, "request_id": f"{self.user_id}-{self._count}"}
        await self._insists("POST", f"/chats/{chat_id}/messages", form)
        self.replied.append((chat_id, text))

    async def _insists(self, method: str, path: str, form: dict[str, str] | None = None) -> int:
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self._session.request(
                    method, self._product.url + path, data=form, allow_redirects=False
                ) as answer:
                    if answer.status < 400:
                        return answer.status
                    if answer.status != 503:  # which says to come again
                        self.broken.append(f"{answer.status} for {method} {path}")
            await asyncio.sleep(0.1)


def title_of(coupon: str) -> str:
    """Name a coupon as people see it."""
    return f"Coupon number {coupon}"


@dataclass(frozen=True)
class Plan:
    """How often what is done to those who serve."""

    kills: int = 0
    database_kills: int = 0
    cuts: int = 0
    silences: int = 0
    least_replies: int = 0  # it burns on until there are so many, on a machine that is slow

    def acts(self) -> list[str]:
        """List everything, in no order."""
        return [
            *["kill"] * self.kills,
            *["crash"] * self.database_kills,
            *["cut"] * self.cuts,
            *["silence"] * self.silences,
        ]


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
            await self._compare()
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
        writing = [asyncio.create_task(self._keep_writing(consumer)) for consumer in self._consumers]
        writing += [asyncio.create_task(self._keep_answering(influencer)) for influencer in self._influencers]
        for act in self._planned:
            await asyncio.sleep(self._dice.uniform(*LIFE))
            if self._product.has_ended:
                self._report.wrong.append("couponchat has ended by itself")
            await self._do(act, stack)
        await self._until_answered()
        for task in writing:
            task.cancel()
        ends = await asyncio.gather(*writing, return_exceptions=True)
        self._report.wrong += [f"somebody gave up: {end!r}" for end in ends if isinstance(end, Exception)]

    async def _until_answered(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLING):
                while sum(len(influencer.replied) for influencer in self._influencers) < self._least_replies:
                    await asyncio.sleep(0.1)

    async def _do(self, act: str, stack: contextlib.AsyncExitStack) -> None:
        if act == "kill":
            if self._dice.random() < RUSHES:
                await self._rush()
            await self._product.kill()
            self._killed_at.append(datetime.now(UTC))
            self._report.kills += 1
            await self._product.start()
            await self._product.until_ready(self._stage.session)
        elif act == "crash":
            await asyncio.to_thread(_crash, self._stage.data_dir)
            self._report.database_kills += 1
            if not self._product.is_embedded:
                stack.enter_context(embedded.running(self._stage.data_dir))
        elif act == "cut":
            while not await _until_database_is_back(_cut):
                await asyncio.sleep(0.05)  # nobody is connected just now
            self._report.cuts += 1
        else:
            self._far_end.fall_silent()
            try:
                await asyncio.sleep(self._dice.uniform(*SILENCE))
            finally:
                self._far_end.speak()
            self._report.silences += 1

    async def _rush(self) -> None:
        """Let everybody write at once, and wait until something is taken in that is not handled."""
        for consumer in self._consumers:
            await self._let_write(consumer)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                while not await _until_database_is_back(_something_waits):
                    pass
        await asyncio.sleep(self._dice.uniform(*HASTE))

    async def _keep_writing(self, consumer: Consumer) -> None:
        while True:
            await self._let_write(consumer)
            await asyncio.sleep(self._dice.uniform(*WRITING))
            consumer.answers_questions()

    async def _let_write(self, consumer: Consumer) -> None:
        """Let somebody write, unless much that was said to them has yet to arrive: nobody can keep all waiting."""
        unread = Delivery.filter(state__in=PENDING, peer__telegram_chat_id=consumer.person.id)
        if await _until_database_is_back(unread.count) < MOST_UNREAD:
            consumer.writes(self._dice)

    async def _keep_answering(self, influencer: Influencer) -> None:
        while True:
            await asyncio.sleep(self._dice.uniform(*ANSWERING))
            if chats := await _until_database_is_back(partial(_chats_of, influencer)):
                await asyncio.shield(influencer.answers(self._dice.choice(chats).id))

    async def _heal(self) -> None:
        """Take the poison away, and handle what it has put into quarantine."""
        await _until_database_is_back(lambda: transactions.fetch(ANTIDOTE))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLING):
                while await _until_database_is_back(_something_waits):
                    await asyncio.sleep(0.1)
        self._report.retried = await _until_database_is_back(Update.filter(state="quarantined").count)
        await self._product.run("updates", "retry")

    async def _settle(self) -> None:
        """Wait until nothing is on its way any more."""
        deadline = time.monotonic() + SETTLING + len(self._planned)
        while time.monotonic() < deadline:
            for consumer in self._consumers:
                consumer.answers_questions()
            if await _until_database_is_back(self._is_settled):
                return
            await asyncio.sleep(0.5)
        self._report.wrong.append("it did not settle")

    async def _is_settled(self) -> bool:
        said = sum(len(texts) for consumer in self._consumers for texts in consumer.said.values())
        kept = await Message.filter(delivery_state=None).count()
        pending = await Delivery.filter(state__in=PENDING).count()
        waiting = await HeldMessage.exists() or await Update.exists(state="received")
        return kept >= said and pending == 0 and not waiting

    async def _compare(self) -> None:
        self._report.taken_over = await _taken_over(self._killed_at)
        self._report.wrong += [f"in quarantine: {kept.error}" for kept in await Update.filter(state="quarantined")]
        mistakes = [
            event for event in self._product.mistakes() if event != "update.failed"
        ]  # which is the poison's
        self._report.wrong += [f"in the log: {event}" for event in mistakes]
        self._report.wrong += [broken for influencer in self._influencers for broken in influencer.broken]
        for consumer in self._consumers:
            if refused := sum(NO_MORE in words(message) for message in consumer.person.messages):
                self._report.wrong.append(f"{consumer.person.user.first_name} was told {refused} times: {NO_MORE}")
            await self._compare_messages(consumer)
            await self._compare_replies(consumer)
            await self._compare_topics(consumer)

    async def _compare_messages(self, consumer: Consumer) -> None:
        """Each message is in its chat, once, in order."""
        for coupon, said in consumer.said.items():
            chat = await Chat.get(coupon_id=coupon, consumer__telegram_user_id=consumer.person.id)
            kept = await Message.filter(chat_id=chat.id, sender_id=chat.consumer_id).order_by("position", "id")
            self._report.consumer_messages += len(kept)
            if [message.text for message in kept] != said:
                missing = [text for text in said if text not in {message.text for message in kept}]
                self._report.wrong.append(f"{coupon}: {len(kept)} kept of {len(said)}, missing {missing[:3]}")

    async def _compare_replies(self, consumer: Consumer) -> None:
        """Each reply is on the phone, in order; more than once only where it is marked."""
        replies = await Message.filter(
            chat__consumer__telegram_user_id=consumer.person.id, delivery_state__isnull=False
        ).order_by("timestamp", "id")
        said = [words(m) for m in consumer.person.messages if m["who"] == "bot"]
        heard = [text.rpartition("\n")[2] for text in said if "\nwith " not in text]
        first = []
        for reply in replies:
            times = heard.count(reply.text)
            self._report.replies += 1
            self._report.doubled += times > 1
            self._report.marked += reply.may_be_doubled
            if times == 0:
                self._report.wrong.append(f"never heard: {reply.text} ({reply.delivery_state})")
            elif times > 1 and not reply.may_be_doubled:
                self._report.wrong.append(f"heard {times} times without a mark: {reply.text}")
            else:
                first.append(heard.index(reply.text))
        deliveries = await Delivery.filter(message_id__in=[reply.id for reply in replies]).order_by("sequence")
        order = [next(r.text for r in replies if r.id == d.message_id) for d in deliveries]
        positions = [heard.index(text) for text in order if text in heard]
        if positions != sorted(positions):
            self._report.wrong.append(f"out of order: {consumer.person.user.first_name}")

    async def _compare_topics(self, consumer: Consumer) -> None:
        """Each chat has one topic at most, however often it was asked for, and we know which."""
        known = await TelegramTopic.filter(peer__telegram_chat_id=consumer.person.id, state="open")
        ids = {topic.telegram_topic_id for topic in known}
        there = {topic["message_thread_id"] for topic in consumer.person.topics}
        names = [topic["name"] for topic in consumer.person.topics]
        self._report.topics += len(names)
        if len(names) > len(set(names)) or ids != there:
            self._report.wrong.append(f"topics {sorted(names)}, known {ids}, on the phone {there}")


async def _chats_of(influencer: Influencer) -> list[Chat]:
    return await Chat.filter(influencer_id=influencer.user_id)


async def _something_waits() -> bool:
    return bool(await transactions.fetch("""SELECT id FROM "Updates" WHERE state = 'received' LIMIT 1"""))


async def _taken_over(killed_at: list[datetime]) -> int:
    """Count what was taken in before a kill, and handled after it by a commit that wasn't on its way already."""
    rows = await transactions.fetch(
        """SELECT count(DISTINCT id) AS count FROM "Updates" AS taken, unnest($1::timestamptz[]) AS killed_at
           WHERE taken."receivedAt" < killed_at
             AND pg_xact_commit_timestamp(taken.xmin) > killed_at + interval '0.1 s'""",
        killed_at,
    )
    return int(rows[0]["count"])


async def _cut() -> bool:
    """Cut somebody's connection, whatever is going on there; say whether there was one."""
    cut = await transactions.fetch(
        """SELECT pg_terminate_backend(pid) FROM (
               SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
               ORDER BY random() LIMIT 1) AS somebody"""
    )
    return bool(cut)


async def _until_database_is_back(question: Callable[[], Awaitable[T]]) -> T:
    """Ask the database, however often it is killed meanwhile."""
    while True:
        try:
            return await question()
        except Exception as error:
            if not errors.is_passing(error):
                raise
        await asyncio.sleep(0.1)


def _coupon_file() -> bytes:
    lines = ["coupon_id,title,influencer_id"]
    lines += [f"{coupon},{title_of(coupon)},inf-{number % INFLUENCERS}" for number, coupon in enumerate(COUPONS)]
    return "\n".join(lines).encode()


def _crash(data_dir: Path) -> None:
    """Let PostgreSQL fall without a goodbye, if it is not down already."""
    file = data_dir / "postgresql" / "postmaster.pid"
    with contextlib.suppress(psutil.Error, FileNotFoundError):
        server = psutil.Process(int(file.read_text().split()[0]))
        server.send_signal(signal.SIGQUIT)
        while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)


async def burn(
    plan: Plan, updates: str, seed: int, *, is_embedded: bool = False, has_topics: bool = False
) -> Report:
    """Run a fire; an embedded database is got up again by couponchat itself, one that it is told of by us."""
    async with (
        stage(_coupon_file(), has_commit_times=True) as set_,
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


def main() -> None:
    """Burn, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--database-kills", type=int, default=0)
    parser.add_argument("--cuts", type=int, default=0, help="connections to PostgreSQL, by pg_terminate_backend")
    parser.add_argument("--silences", type=int, default=0, help="of PostgreSQL, for some seconds each")
    parser.add_argument("--updates", choices=["polling", "webhook"], default="polling")
    parser.add_argument("--embedded", action="store_true", help="couponchat runs PostgreSQL itself")
    parser.add_argument("--topics", action="store_true", help="each chat has a topic of its own")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    plan = Plan(options.kills, options.database_kills, options.cuts, options.silences)
    how = {"is_embedded": options.embedded, "has_topics": options.topics}
    report = asyncio.run(burn(plan, options.updates, options.seed, **how))
    print(f"seed {options.seed}, {options.updates}{', embedded' * options.embedded}: {report}")
    for wrong in report.wrong:
        print("  wrong:", wrong)
    sys.exit(bool(report.wrong))


if __name__ == "__main__":
    main()
