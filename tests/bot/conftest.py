"""The bot's door: Telegram's own JSON through the real Application, and its answers on a phone."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

import bot.app
from bot.app import Bot
from bot.context import Panel
from bot.intake.updates import Intake
from bot.outbox import Outbox
from services.signin import Keyring
from simulator import Person, Telegram
from tests import cast
from tests.seam import SimulatedRequest


class Phone:
    """A consumer's phone; what is done on it has been handled when the call returns."""

    def __init__(self, person: Person, door: "Door") -> None:
        self.person = person
        self._door = door

    async def starts(self, parameter: str | None = None) -> dict[str, Any]:
        return await self._door.after(self.person.starts(parameter))

    async def says(self, text: str, reply_to: int | None = None) -> dict[str, Any]:
        return await self._door.after(self.person.says(text, reply_to))

    async def sends(self, kind: str, caption: str | None = None, **details: Any) -> dict[str, Any]:
        return await self._door.after(self.person.sends(kind, caption, **details))

    async def edits(self, message_id: int, text: str) -> dict[str, Any]:
        return await self._door.after(self.person.edits(message_id, text))

    async def taps(self, message: dict[str, Any], button: str) -> str:
        return await self._door.after(self.person.taps(message["message_id"], button))

    async def hears(self, words: str, after: int = 0) -> dict[str, Any]:
        return await self.person.hears(words, after=after)


class Door:
    """The bot with its intake and a running outbox, on a Telegram of its own."""

    def __init__(self, telegram: Telegram, bot_: Bot) -> None:
        self.telegram = telegram
        self.bot = bot_
        self.intake = Intake(bot_)
        self._offset = 0

    def phone(self, first_name: str = "Ada", last_name: str | None = "Lovelace", **facts: Any) -> Phone:
        return Phone(self.telegram.user(first_name, last_name, **facts), self)

    async def after(self, done: Any) -> Any:
        await self.handle_updates()
        return done

    async def pending_updates(self) -> list[dict[str, Any]]:
        """Fetch what Telegram has for us, as raw JSON."""
        answer = await self.telegram.call(cast.BOT_TOKEN, "getUpdates", {"offset": self._offset, "timeout": 0})
        raws: list[dict[str, Any]] = answer["result"]
        if raws:
            self._offset = raws[-1]["update_id"] + 1
        return raws

    async def handle_updates(self) -> None:
        for raw in await self.pending_updates():
            await self.intake.take(raw)


@pytest.fixture
def telegram() -> Telegram:
    return Telegram(cast.BOT_TOKEN)


@pytest.fixture
async def door(db: str, telegram: Telegram) -> AsyncIterator[Door]:
    panel = Panel("https://panel.example", Keyring(b"secret"))
    bot_ = bot.app.create(cast.BOT_TOKEN, "https://telegram.invalid", panel, SimulatedRequest(telegram))
    async with bot.app.opened(bot_):
        delivering = asyncio.create_task(Outbox(bot_).run())
        yield Door(telegram, bot_)
        delivering.cancel()
        await asyncio.gather(delivering, return_exceptions=True)
    assert telegram.complaints == []


@pytest.fixture
async def phone(door: Door) -> Phone:
    return door.phone()
