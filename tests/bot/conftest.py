"""The bot's door: Telegram's own JSON through the real Application, and its answers on a phone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

import pytest
import structlog

import bot.app
import bot.intake.worker
import bot.outbox.loop
import bot.outbox.pace
from bot.app import Bot
from bot.context import Panel
from bot.intake.handling import Handler
from bot.intake.inbox import Inbox
from bot.outbox.loop import Outbox
from bot.outbox.pace import Pace
from bot.reading.envelope import ALLOWED_UPDATES, Envelope, envelope_of
from models import Chat, Coupon, Delivery, Message, Update, UpdateState, User
from services.chats import history
from services.outgoing import replies
from services.outgoing.sending import PENDING
from services.people.keyring import Keyring
from simulator import Person, Telegram
from tests import cast
from tests.seam import SimulatedRequest

JSON = dict[str, Any]
T = TypeVar("T")

PATIENCE = 10  # seconds


class Phone:
    """A consumer's phone; what is done on it has been handled when the call returns."""

    def __init__(self, person: Person, door: "Door") -> None:
        self.person = person
        self._door = door

    async def starts(self, parameter: str | None = None) -> JSON:
        return await self._door.after(self.person.starts(parameter))

    async def opens(self, coupon: Coupon) -> JSON:
        """Tap Contact Influencer under a coupon, and see its chat."""
        started = await self.starts(f"c_{coupon.id}")
        return await self.hears("\nwith ", after=started["message_id"])

    async def says(self, text: str, reply_to: int | None = None) -> JSON:
        return await self._door.after(self.person.says(text, reply_to))

    async def sends(self, kind: str, caption: str | None = None, **details: Any) -> JSON:
        return await self._door.after(self.person.sends(kind, caption, **details))

    async def tells(self, **content: Any) -> JSON:
        """Send a message that is exactly as its JSON says."""
        message = self.writes(**content)
        await self._door.receives("message", message)
        return message

    def writes(self, **content: Any) -> JSON:
        """Write the JSON of a message, and send nothing yet."""
        self.person.chat.is_started = True
        return self.person.chat.add("person", {"from": self.person.user.facts(), **content})

    async def edits(self, message_id: int, text: str) -> JSON:
        return await self._door.after(self.person.edits(message_id, text))

    async def reacts(self, message: JSON, emoji: str | None) -> None:
        """React to a message, or take that back."""
        await self._door.after(self.person.reacts(message["message_id"], emoji))

    async def taps(self, message: JSON, button: str) -> str:
        return await self._door.after(self.person.taps(message["message_id"], button))

    async def forges(self, message: JSON, data: str) -> None:
        """Tap a button that was never there."""
        query_id = self.person.bot.asks(self.person.chat, message["message_id"], data)
        query = {"id": query_id, "from": self.person.user.facts(), "message": message, "chat_instance": "1"}
        await self._door.receives("callback_query", {**query, "data": data})

    async def hears(self, words: str, after: int = 0) -> JSON:
        return await self.person.hears(words, after=after)

    async def heard(self) -> list[str]:
        """Give everything that the bot has said, once nothing is owed any more."""
        await self._door.delivered()
        return [message["text"] for message in self._said()]

    async def last(self) -> JSON:
        """Give the last thing that the bot has said, once nothing is owed any more."""
        await self._door.delivered()
        return self._said()[-1]

    def _said(self) -> list[JSON]:
        return [message for message in self.person.messages if message["who"] == "bot" and "text" in message]


class Door:
    """The bot with its inbox and a running outbox, on a Telegram of its own."""

    def __init__(self, telegram: Telegram, bot_: Bot) -> None:
        self.telegram = telegram
        self.bot = bot_
        self.inbox = Inbox(bot_)
        self._offset = 0

    def phone(self, first_name: str = "Ada", last_name: str | None = "Lovelace", **facts: Any) -> Phone:
        return Phone(self.telegram.user(first_name, last_name, **facts), self)

    async def after(self, done: Any) -> Any:
        await self.handle_updates()
        return done

    async def pending_updates(self) -> list[JSON]:
        """Fetch what Telegram has for us, as raw JSON."""
        asked = {"offset": self._offset, "timeout": 0, "allowed_updates": ALLOWED_UPDATES}
        answer = await self.telegram.call(cast.BOT_TOKEN, "getUpdates", asked)
        raws: list[JSON] = answer["result"]
        if raws:
            self._offset = raws[-1]["update_id"] + 1
        return raws

    async def handle_updates(self) -> None:
        for raw in await self.pending_updates():
            await self.take(raw)

    async def receives_updates(self) -> None:
        """Take in what Telegram has for us, and don't wait until it is handled."""
        await self.inbox.receive([in_envelope(raw) for raw in await self.pending_updates()])

    async def take(self, raw: JSON, arrived_at: datetime | None = None) -> None:
        """Take in an update as it is told in JSON, and wait until it is handled."""
        await self.inbox.receive([in_envelope(raw)], arrived_at)
        await until_handled()

    async def retry(self, kept: Update) -> None:
        """Handle an update from quarantine."""
        await Handler(self.bot).retry(kept)

    async def receives(self, kind: str, content: JSON) -> None:
        """Take in an update that is exactly as its JSON says."""
        updates = self.telegram.bot.updates
        updates.next_id += 1
        await self.take({"update_id": updates.next_id - 1, kind: content})

    async def answers(self, coupon: Coupon, text: str) -> Message:
        """Let the influencer answer in the panel."""
        chat = await Chat.get(coupon_id=coupon.id).select_related("influencer")
        return await replies.reply(chat, chat.influencer, text)

    async def said(self, coupon: Coupon) -> list[str]:
        """Read the chat about a coupon."""
        chat = await Chat.get(coupon_id=coupon.id)
        return [message.text for message in await history.latest(chat)]

    async def delivered(self) -> None:
        """Wait until nothing is owed any more."""
        await eventually(lambda: _none_is_pending())

    def calls(self, method: str) -> list[JSON]:
        """List what Telegram was asked by this method."""
        return [parameters for name, parameters, _ in self.telegram.calls if name == method]


def in_envelope(raw: JSON) -> Envelope:
    """Read what stands outside on an update."""
    envelope = envelope_of(raw)
    assert envelope is not None
    return envelope


@contextlib.asynccontextmanager
async def handling(inbox: Inbox) -> AsyncIterator[Inbox]:
    """Let an inbox handle what waits in it, for a while, as a process of its own would."""
    running = asyncio.create_task(inbox.run())
    try:
        yield inbox
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until_handled() -> None:
    """Wait until nothing waits to be handled."""
    await eventually(_nothing_waits)


async def eventually(found: Callable[[], Awaitable[T]]) -> T:
    """Ask the database until it says so."""
    async with asyncio.timeout(PATIENCE):
        while not (answer := await found()):
            pass
    return answer


async def _nothing_waits() -> bool:
    return not await Update.exists(state=UpdateState.RECEIVED)


async def _none_is_pending() -> bool:
    return not await Delivery.exists(state__in=PENDING)


def create(telegram: Telegram, token: str = cast.BOT_TOKEN) -> Bot:
    """Build a bot whose Telegram is the simulator."""
    panel = Panel("https://panel.example", Keyring(b"secret"))
    return bot.app.create(token, "https://telegram.invalid", panel, SimulatedRequest(telegram))


@contextlib.asynccontextmanager
async def opened(telegram: Telegram) -> AsyncIterator[Door]:
    """Open the bot's door, with nobody who delivers."""
    bot_ = create(telegram)
    async with bot.app.opened(bot_):
        door = Door(telegram, bot_)
        async with handling(door.inbox):
            yield door


@contextlib.asynccontextmanager
async def delivering(bot_: Bot, pace: Pace | None = None) -> AsyncIterator[None]:
    """Let an outbox run for a while."""
    running = asyncio.create_task(Outbox(bot_, pace).run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture(scope="session", autouse=True)
def plain_log() -> None:
    """Log failures in plain words; drawing them takes longer than having them."""
    structlog.configure(
        processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be paced, and try again at once."""
    monkeypatch.setattr(bot.outbox.pace, "CHAT_BURST", 1000)
    monkeypatch.setattr(bot.outbox.pace, "BOT_BURST", 1000)
    monkeypatch.setattr(bot.outbox.loop, "FIRST_BACKOFF", 0.001)
    monkeypatch.setattr(bot.outbox.loop, "LONGEST_BACKOFF", 0.001)
    monkeypatch.setattr(bot.intake.worker, "FIRST_BACKOFF", 0.001)


@pytest.fixture
async def sleeping(db: str, telegram: Telegram) -> AsyncIterator[Door]:
    async with opened(telegram) as door:
        yield door
    assert telegram.complaints == []


@pytest.fixture
async def door(sleeping: Door) -> AsyncIterator[Door]:
    async with delivering(sleeping.bot):
        yield sleeping


@pytest.fixture
async def phone(door: Door) -> Phone:
    return door.phone()


@pytest.fixture
async def shoes(maya: User) -> Coupon:
    return await cast.coupon(maya, "Shoes")


@pytest.fixture
async def hats(maya: User) -> Coupon:
    return await cast.coupon(maya, "Hats")
