"""The whole demo, with a shop, a phone and the panel open in a real browser."""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from cli import demo
from models import Purpose
from services.people import access_links, people
from services.people.keyring import Keyring
from tests import databases
from tests.browser import chromium, handset, panel, phone
from tests.browser.cable import Cable
from tests.browser.chromium import Windows
from tests.browser.handset import Handset
from tests.browser.panel import Panel
from tests.browser.phone import Phone

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let all these tests run in the one loop that their browser belongs to."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@dataclass(frozen=True)
class World:
    """Where everything is."""

    shop: str
    panel: str
    _keyring: Keyring

    async def way_in(self, influencer_id: str) -> str:
        """Give a link that signs this influencer in."""
        influencer = await people.influencer(influencer_id)
        token = await access_links.make_link(self._keyring, influencer, Purpose.SIGNIN)
        return f"{self.panel}/signin/{token}"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium.launched() as running:
        yield running


@pytest.fixture
def has_topics() -> bool:
    """Most of what there is to see is the same with topics, but not where it is said: flat is quicker told."""
    return False


@pytest_asyncio.fixture(loop_scope="session")
async def world(postgres_url: str, tmp_path: Path, has_topics: bool) -> AsyncIterator[World]:
    """A demo in a database of its own."""
    playing = functools.partial(demo.running, has_topics=has_topics)
    async with databases.empty(postgres_url) as url, playing(tmp_path, url, 0, 0) as links:
        keyring = Keyring(demo.settings(tmp_path, 0).secret())
        yield World(links.shop, links.panel, keyring)


@pytest_asyncio.fixture(loop_scope="session")
async def windows(browser: Browser, world: World) -> AsyncIterator[Windows]:
    """Windows in which nothing may go wrong unnoticed."""
    opened = Windows(browser)
    yield opened
    await opened.close()
    assert opened.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def cable(world: World) -> AsyncIterator[Cable]:
    """A cable to the panel, at an address of its own."""
    between = Cable(world.panel)
    async with between.laid():
        yield between


@pytest_asyncio.fixture(loop_scope="session")
async def consumers(world: World) -> AsyncIterator[Callable[[str], Awaitable[Handset]]]:
    """Consumers with phones, by their names."""
    async with aiohttp.ClientSession(world.shop) as http:
        yield functools.partial(handset.bought, http)


@pytest_asyncio.fixture(loop_scope="session")
async def lina(windows: Windows, world: World) -> Phone:
    """Lina, a consumer, in the shop."""
    return await phone.opened(await windows.open(), world.shop, "Lina Berg")


@pytest_asyncio.fixture(loop_scope="session")
async def maya(windows: Windows, world: World) -> Panel:
    """Maya, whose coupons consumers ask about, in her panel."""
    return await panel.signed_in(await windows.open(), await world.way_in("inf-maya"))
