"""A small Telegram, one person, and a server on this machine."""

from collections.abc import AsyncIterator

import pytest

from simulator import Card, Person, Server, Telegram, running
from simulator.refusals import JSON

CARD = Card(
    coupon_id="summer-50",
    title="50% Off Summer Collection",
    description="Linen, straw hats and everything that dries in the sun.",
    influencer_name="Maya Lindqvist",
    valid_until="31 Aug 2031",
    link="https://t.me/coupon_chat_bot?start=c_summer-50",
)


class Caller:
    """A bot that calls Telegram directly."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram

    async def asks(self, method: str, **parameters: object) -> JSON:
        """Call a method and get the whole answer."""
        return await self.telegram.call(self.telegram.bot.token, method, parameters)

    async def gets(self, method: str, **parameters: object) -> object:
        """Call a method that has to succeed, and get its result."""
        answer = await self.asks(method, **parameters)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **parameters: object) -> str:
        """Call a method that has to fail, and get the words."""
        answer = await self.asks(method, **parameters)
        assert not answer["ok"], answer
        return str(answer["description"])


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
def bot(telegram: Telegram) -> Caller:
    return Caller(telegram)


@pytest.fixture
def lina(telegram: Telegram) -> Person:
    """A person who has pressed START; the bot has taken note."""
    person = telegram.user("Lina", "Berg")
    person.starts()
    telegram.bot.updates.drop()
    return person


@pytest.fixture
async def server(telegram: Telegram) -> AsyncIterator[Server]:
    async with running(telegram, [CARD], webhook_delays=[0]) as running_server:
        yield running_server
