"""The fault table: whatever Telegram does, at every step, and what both sides see in the end.

A row is a fault; its steps go side by side, each with a consumer of its own, so that none may disturb another.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

import bot.api
import bot.outbox.loop
import bot.outbox.pace
from bot.intake import polling
from database import pubsub
from database.transactions import fetch
from models import Chat, Delivery, DeliveryKind, DeliveryState, Message
from services import live
from services.outgoing.sending import PENDING
from simulator import Telegram, running
from simulator.people import words
from tests import cast
from tests.journeys.conftest import PATIENCE, House, Panel, until

SUMMER, BAGS = "50-off-summer-collection", "beach-bags"
HOUR, HOURS_ASKED_FOR = 3600, 3

# What is said, by words that nothing else has in it.
OPENED, QUESTION, FILED = "Write your question here", "Which coupon is this about?", "Passed on to Maya Okafor."
WELCOME, REPLY, NEXT, ASKED = "Welcome!", "It does!", "And one more thing.", "Does it fit?"
PART_1, PART_2 = "Once upon a time", "The end."
LONG = f"{PART_1} there was a long story. {'It was told in short sentences. ' * 150}{PART_2}"
BUSY = "under it a button that is still busy"

# What the panel says of a reply.
SENT, READ, DOUBLED, WAITING = "Sent", "Read", "Sent, may have arrived twice", "Sending…"
BLOCKED = "Not delivered. They have blocked the bot."
DEACTIVATED = "Not delivered. Their Telegram account no longer exists."
NEVER_STARTED = "Not delivered. They have never started the bot."
NOT_FOUND = "Not delivered. Telegram can’t find them any more."
REFUSED = "Not delivered. Telegram refused this message."


def error(code: int, description: str, **parameters: int) -> dict[str, Any]:
    return {"error_code": code, "description": description, **({"parameters": parameters} if parameters else {})}


def wait(seconds: int) -> dict[str, Any]:
    return error(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


MIGRATED = error(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001)


@dataclass(frozen=True)
class Fault:
    """What Telegram does to a call, how often what it says arrives in the end, and what the panel says of that."""

    name: str
    answer: dict[str, Any] | str
    arrives: int
    panel: str
    times: int = 1


FAULTS = [
    Fault("wait a second", wait(1), 1, SENT),
    Fault("wait, who knows how long", error(429, "Too Many Requests"), 1, SENT, times=2),
    Fault("token not valid for a while", error(401, "Unauthorized"), 1, SENT, times=3),
    Fault("nothing there for a while", error(404, "Not Found"), 1, SENT, times=3),
    Fault("blocked", error(403, "Forbidden: bot was blocked by the user"), 0, BLOCKED),
    Fault("deactivated", error(403, "Forbidden: user is deactivated"), 0, DEACTIVATED),
    Fault("not begun", error(403, "Forbidden: bot can't initiate conversation with a user"), 0, NEVER_STARTED),
    Fault("chat not found", error(400, "Bad Request: chat not found"), 0, NOT_FOUND),
    Fault("migrated", MIGRATED, 0, NOT_FOUND),
    Fault("refused", error(400, "Bad Request: can't parse entities"), 0, REFUSED),
    Fault("too large", error(413, "Request Entity Too Large"), 0, REFUSED),
    Fault("500", error(500, "Internal Server Error"), 1, DOUBLED, times=3),
    Fault("502", error(502, "Bad Gateway"), 1, DOUBLED),
    Fault("HTML", "html", 1, DOUBLED, times=2),
    Fault("a firewall's page", "firewall", 1, DOUBLED, times=2),
    Fault("broken JSON", "broken_json", 2, DOUBLED),
    Fault("JSON that is no answer", "nonsense", 2, DOUBLED),
    Fault("dropped before", "drop_before", 1, DOUBLED),
    Fault("dropped after", "drop", 2, DOUBLED),
    Fault("no answer", "timeout_after_sending", 2, DOUBLED),
]
HOURS = Fault("wait for hours", wait(HOURS_ASKED_FOR * HOUR), 1, SENT)
GONE = Fault("gone for a while", error(401, "Unauthorized"), 1, SENT, times=1000)


class Story:
    """A consumer who writes to Maya, and what both see of it."""

    def __init__(self, step: "Step", telegram: Telegram, panel: Panel) -> None:
        self.step = step
        self.telegram = telegram
        self.panel = panel
        self.person = telegram.user(step.name)

    async def begins(self) -> None:
        for act in self.step.before:
            await act(self)

    async def meets(self, fault: Fault) -> None:
        """Do what goes wrong, and let Maya say something more."""
        struck = {"chat_id": self.person.id, "words": self.step.words}
        self.telegram.fail_next(self.step.method, fault.answer, fault.times, **struck)
        await self.step.act(self)
        if not fault.arrives:
            await until(lambda: _none_is_owed(self.person.id))
            is_over = self.step.method == "answerCallbackQuery"  # it tells nothing of whoever has tapped
            is_block = fault.panel == BLOCKED and not is_over
            assert await self.panel.says_blocked(await self.chat()) == is_block
        await self.replies(NEXT)

    async def ends(self) -> None:
        """Wait until nothing is owed any more."""
        await self.hears(NEXT)
        await until(lambda: _none_is_owed(self.person.id))
        assert not await self.panel.says_blocked(await self.chat())

    async def starts(self) -> None:
        self.person.starts(f"c_{SUMMER}")
        await until(lambda: Chat.exists(consumer__telegram_user_id=self.person.id))

    async def opens(self) -> None:
        await self.starts()
        await self.hears(OPENED)

    async def opens_another(self) -> None:
        """What is written without saying where, after Maya has spoken here, may be meant for either."""
        started = self.person.starts(f"c_{BAGS}")
        await self.hears(OPENED, after=started["message_id"])
        await self.replies(WELCOME)
        await self.hears(WELCOME)

    async def asks(self) -> None:
        self.person.says(ASKED)
        await self._until_owed(kind=DeliveryKind.QUESTION)

    async def taps(self) -> None:
        question = await self.hears(QUESTION)
        buttons = [button for row in question["reply_markup"]["inline_keyboard"] for button in row]
        [data] = [button["callback_data"] for button in buttons if "Summer" in button["text"]]
        self.person.taps(question["message_id"], data)
        await self._until_owed(kind=DeliveryKind.NOTICE_EDIT)

    async def replies(self, text: str) -> None:
        await self.panel.replies(await self.chat(), text)

    async def hears(self, said: str, after: int = 0) -> dict[str, Any]:
        return await self.person.hears(said, PATIENCE, after)

    async def chat(self) -> Chat:
        return await Chat.get(coupon_id=SUMMER, consumer__telegram_user_id=self.person.id)

    def on_the_phone(self) -> list[str]:
        """Give what the bot has said, as the phone shows it now."""
        busy = {tap.message_id for tap in self.person.chat.taps.values()}
        shown = []
        for message in self.person.messages:
            if message["who"] == "bot":
                shown.append(_gist(words(message)))
                shown += [BUSY] if message["message_id"] in busy else []
        return shown

    async def in_the_panel(self) -> list[tuple[str, str]]:
        return await self.panel.shows(await self.chat())

    async def _until_owed(self, **what: Any) -> None:
        await until(lambda: Delivery.exists(peer__telegram_chat_id=self.person.id, **what))


Act = Callable[[Story], Awaitable[None]]


@dataclass(frozen=True)
class Step:
    """Something that the bot does at Telegram, and what is seen of it when that arrives so many times."""

    name: str
    before: list[Act]
    act: Act
    method: str
    words: str
    phone: Callable[[int], list[str]]
    panel: Callable[[str], list[tuple[str, str]]]


async def reply(story: Story) -> None:
    await story.replies(REPLY)


async def reply_at_length(story: Story) -> None:
    await story.replies(LONG)


def no_reply(status: str) -> list[tuple[str, str]]:
    return []


def of_the_long_reply(status: str) -> list[tuple[str, str]]:
    return [(LONG, status)]


def of_a_filed_message(status: str) -> list[tuple[str, str]]:
    return [(WELCOME, READ), (ASKED, "")]


TORN = [Story.opens, Story.opens_another]

STEPS = [
    Step(
        "the bot's words at /start",
        before=[],
        act=Story.starts,
        method="sendMessage",
        words=OPENED,
        phone=lambda times: [OPENED] * times,
        panel=no_reply,
    ),
    Step(
        "a reply",
        before=[Story.opens],
        act=reply,
        method="sendMessage",
        words=REPLY,
        phone=lambda times: [OPENED] + [REPLY] * times,
        panel=lambda status: [(REPLY, status)],
    ),
    Step(
        "part 1 of 2",
        before=[Story.opens],
        act=reply_at_length,
        method="sendMessage",
        words=PART_1,
        phone=lambda times: [OPENED] + [PART_1] * times + [PART_2] * (times > 0),
        panel=of_the_long_reply,
    ),
    Step(
        "part 2 of 2",
        before=[Story.opens],
        act=reply_at_length,
        method="sendMessage",
        words=PART_2,
        phone=lambda times: [OPENED, PART_1] + [PART_2] * times,
        panel=of_the_long_reply,
    ),
    Step(
        "the question about a held message",
        before=TORN,
        act=Story.asks,
        method="sendMessage",
        words=QUESTION,
        phone=lambda times: [OPENED, OPENED, WELCOME] + [QUESTION] * times,
        panel=lambda status: [(WELCOME, SENT)],
    ),
    Step(
        "the question turning into its answer",
        before=[*TORN, Story.asks],
        act=Story.taps,
        method="editMessageText",
        words=FILED,
        phone=lambda times: [OPENED, OPENED, WELCOME, FILED if times else QUESTION],
        panel=of_a_filed_message,
    ),
    Step(
        "the tapped button coming to rest",
        before=[*TORN, Story.asks],
        act=Story.taps,
        method="answerCallbackQuery",
        words="",
        phone=lambda times: [OPENED, OPENED, WELCOME, FILED] + [BUSY] * (not times),
        panel=of_a_filed_message,
    ),
]


class Exchange:
    """Telegram's end of the wire, which may be gone for a while."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._port = 0

    async def comes(self) -> None:
        self._running = running(self._telegram, [], self._port)
        self.api_url = (await self._running.__aenter__()).api_url
        self._port = int(self.api_url.rpartition(":")[2])

    async def goes(self) -> None:
        await self._running.__aexit__(None, None, None)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Let nothing be paced, and try again at once."""
    monkeypatch.setattr(bot.outbox.pace, "CHAT_BURST", 1000)
    monkeypatch.setattr(bot.outbox.pace, "BOT_BURST", 1000)
    monkeypatch.setattr(bot.outbox.loop, "FIRST_BACKOFF", 0.001)
    monkeypatch.setattr(polling, "FIRST_BACKOFF", 0.001)
    monkeypatch.setattr(polling, "LONGEST_BACKOFF", 0.02)
    monkeypatch.setattr(polling, "LONG_POLL_TIMEOUT", 1)
    monkeypatch.setattr(polling, "ANSWER_TIMEOUT", 1)
    monkeypatch.setattr(bot.api, "READ_TIMEOUT", 3.0)


@pytest.fixture
async def exchange(telegram):
    exchange = Exchange(telegram)
    await exchange.comes()
    yield exchange
    await exchange.goes()
    assert telegram.complaints == []


@pytest.fixture
async def house(db, tmp_path, exchange, maya):
    await cast.coupon(maya, "Beach Bags")
    house = House(db, tmp_path, exchange)
    async with house.open():
        yield house


@pytest.fixture
async def panel(house, maya):
    async with house.panel(maya) as panel:
        yield panel


@pytest.fixture
async def stories(telegram, panel):
    """Begin a story for each step."""
    stories = [Story(step, telegram, panel) for step in STEPS]
    await _together(story.begins() for story in stories)
    return stories


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_both_sides_see_what_became_of_it(stories, fault):
    await _together(story.meets(fault) for story in stories)
    await _together(story.ends() for story in stories)
    assert await _seen(stories) == _expected(fault)


async def test_what_is_to_wait_for_hours_is_neither_lost_nor_hurried(stories, telegram):
    await _together(story.meets(HOURS) for story in stories)
    await until(lambda: _wait_for("flood", stories))
    for story in stories:
        if _expires(story.step):  # nothing waits with it
            await story.hears(NEXT)
            await until(lambda story=story: _is_sent(story.person.id, NEXT))
    shown = [story.on_the_phone() for story in stories]
    for _ in range(HOURS_ASKED_FOR - 1):
        await _time_passes(telegram, hours=1)
        await _is_served(telegram.user())
    assert [story.on_the_phone() for story in stories] == shown
    for story in stories:
        status = SENT if _expires(story.step) else WAITING
        assert await story.in_the_panel() == [*story.step.panel(status), (NEXT, status)]
    await _time_passes(telegram, hours=1)
    await _together(story.ends() for story in stories)
    assert await _seen(stories) == _expected(HOURS, is_late=True)


async def test_while_telegram_is_gone_everything_waits(stories, telegram, exchange, monkeypatch):
    for pause in ("FIRST_BACKOFF", "LONGEST_BACKOFF"):  # in which it goes without cutting anybody short
        monkeypatch.setattr(bot.outbox.loop, pause, 1.0)
    await _together(story.meets(GONE) for story in stories)
    await until(lambda: _wait_for("token", stories))
    await Delivery.filter(expires_at__not_isnull=True).update(expires_at=cast.in_days(0))
    await exchange.goes()
    telegram.faults.clear()
    await until(lambda: _wait_for("unreachable", stories))
    await exchange.comes()
    await _together(story.ends() for story in stories)
    assert await _seen(stories) == _expected(GONE, is_late=True)


async def test_nothing_is_lost_or_doubled_on_the_way_in(panel, telegram):
    ada, said = telegram.user("Ada"), []
    ada.starts(f"c_{SUMMER}")
    for fault in FAULTS:
        telegram.fail_next("getUpdates", fault.answer, fault.times)
        for text in (f"{fault.name}: what comes before it", f"{fault.name}: what is in it, or comes after it"):
            ada.says(text)
            said.append(text)
            await until(lambda text=text: Message.exists(text=text))
    assert await panel.shows(await Chat.get()) == [(text, "") for text in said]


async def test_who_is_to_wait_for_hours_with_asking_for_updates_is_not_ready(house, telegram):
    telegram.fail_next("getUpdates", HOURS.answer)
    telegram.user("Ada").starts(f"c_{SUMMER}")
    await house.until_unready()


async def test_what_is_written_while_telegram_is_gone_comes_in_later(house, panel, telegram, exchange):
    ada = telegram.user("Ada")
    ada.starts(f"c_{SUMMER}")
    await until(lambda: Chat.exists())
    await exchange.goes()
    ada.says(ASKED)
    await house.until_unready()
    await exchange.comes()
    await house.until_ready()
    await until(lambda: Message.exists())
    assert await panel.shows(await Chat.get()) == [(ASKED, "")]


async def _seen(stories):
    return {story.step.name: (story.on_the_phone(), await story.in_the_panel()) for story in stories}


def _expected(fault, *, is_late=False):
    return {
        step.name: (
            [*step.phone(0 if is_late and _expires(step) else fault.arrives), NEXT],
            [*step.panel(fault.panel), (NEXT, SENT)],
        )
        for step in STEPS
    }


def _expires(step):
    return step.method == "answerCallbackQuery"


async def _together(work):
    await asyncio.gather(*work)


async def _none_is_owed(telegram_user_id):
    return not await Delivery.exists(peer__telegram_chat_id=telegram_user_id, state__in=PENDING)


async def _is_sent(telegram_chat_id, text):
    said = Message.filter(chat__consumer__telegram_user_id=telegram_chat_id, text=text)
    return await said.filter(delivery_state=DeliveryState.SENT).exists()


async def _wait_for(reason, stories):
    """See all of them wait but for what is worthless when it comes late."""
    waiting = Delivery.filter(error=reason, state=DeliveryState.QUEUED, expires_at=None)
    return await waiting.count() == len([story for story in stories if not _expires(story.step)])


async def _time_passes(telegram, hours):
    """Let the clocks of both sides go on, and the outbox look."""
    telegram.skip(hours * HOUR)
    await fetch(
        """UPDATE "Peers" SET "pausedUntil" = "pausedUntil" - $1::interval,
                              "nextDueAt" = "nextDueAt" - $1::interval""",
        timedelta(hours=hours),
    )
    await fetch(
        """UPDATE "Deliveries" SET "dueAt" = "dueAt" - $1::interval, "expiresAt" = "expiresAt" - $1::interval""",
        timedelta(hours=hours),
    )
    pubsub.publish([live.outbox(cast.BOT_ID)])


async def _is_served(person):
    """Somebody else hears from the bot: the outbox has looked, and others don't wait."""
    person.starts(f"c_{SUMMER}")
    await person.hears(OPENED)


def _gist(text: str) -> str:
    known = (OPENED, QUESTION, FILED, WELCOME, REPLY, NEXT, PART_1, PART_2)
    return next((gist for gist in known if gist in text), text)
