"""Eight chats in a row each get their one answer, whatever happens meanwhile: the consumers' phones tell."""

import itertools
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser import panel
from tests.browser.handset import Handset
from tests.browser.panel import Panel

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"
SNEAKERS = "20% Off the Cloudstep Sneaker Drop"
NAMES = ["Ada", "Ben", "Cem", "Dora", "Edda", "Finn", "Gül", "Hugo"]
SLOW = 0.15  # seconds, each way


@pytest_asyncio.fixture(loop_scope="session")
async def others(consumers) -> Iterator[Handset]:
    """Those who keep the list moving, in turn, for ever."""
    found = [await consumers(name) for name in ("Ines", "Jon", "Kai")]
    for other in found:
        await other.contacts(SNEAKERS)
    return itertools.cycle(found)


@pytest_asyncio.fixture(loop_scope="session")
async def eight(consumers, others) -> list[Handset]:
    """Those who wait for an answer."""
    found = [await consumers(name) for name in NAMES]
    for consumer in found:
        await consumer.contacts(SUMMER)
        await consumer.says(f"{consumer.name} asks")
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def maya(world, cable, windows, eight) -> AsyncIterator[Panel]:
    maya = await panel.signed_in(
        await windows.open(), (await world.way_in("inf-maya")).replace(world.panel, cable.url)
    )
    for consumer in eight:
        await expect(maya.row(consumer.name)).to_contain_text(f"{consumer.name} asks")
    await maya.is_awake()
    yield maya
    await maya.page.close()  # before the cable is taken away


@pytest.mark.parametrize("only", ["All", "Unread"])
@pytest.mark.parametrize("delay", [0.0, SLOW])
async def test_by_keyboard(maya, cable, others, eight, only, delay):
    await _narrow(maya, only)
    press, write = maya.page.keyboard.press, maya.page.keyboard.type
    cable.delay = delay
    for name in await maya.names.all_inner_texts():
        if name in NAMES:
            await press("j")
            await next(others).says("Hello?")
            await press("Enter")
            await expect(maya.page.locator("#chat")).to_contain_text(name)
            await write(f"An answer for {name}")
            await press("Enter")
            await next(others).says("Hello??")
            await press("Escape")
    await _each_has_their_one_answer(eight)


@pytest.mark.parametrize("only", ["All", "Unread"])
@pytest.mark.parametrize("delay", [0.0, SLOW])
async def test_by_mouse(maya, cable, others, eight, only, delay):
    await _narrow(maya, only)
    await maya.page.evaluate("presses = 0; addEventListener('pointerdown', () => { presses += 1 }, true)")
    cable.delay = delay
    for consumer in eight:
        await next(others).says("Hello?")
        await _click(maya.page, maya.row(f"{consumer.name} asks").get_by_role("link"))
        await next(others).says("Hello??")
        await maya.page.keyboard.type(f"An answer for {consumer.name}")
        await maya.page.keyboard.press("Enter")
    await _each_has_their_one_answer(eight)


async def _click(page: Page, link: Locator) -> None:
    """Click, and once more if the page was told of no click: to Playwright that is one that was done."""
    heard = await page.evaluate("presses")
    while await page.evaluate("presses") == heard:
        await link.click(no_wait_after=True)


async def _narrow(maya: Panel, only: str) -> None:
    await maya.page.get_by_role("link", name=only, exact=True).click()
    await expect(maya.page.get_by_role("link", name=only, exact=True)).to_have_attribute("aria-current", "true")
    await expect(maya.row("Hello?")).to_have_count(0)
    await expect(maya.row(" asks")).to_have_count(len(NAMES))
    await maya.is_awake()


async def _each_has_their_one_answer(eight: list[Handset]) -> None:
    for consumer in eight:
        await consumer.hears(f"An answer for {consumer.name}")
    heard = {consumer.name: await consumer.heard("An answer") for consumer in eight}
    assert heard == {name: [f"An answer for {name}"] for name in NAMES}
