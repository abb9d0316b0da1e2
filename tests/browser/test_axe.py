"""What axe-core, the accessibility checker that others use, finds on our pages: nothing."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from tests.browser import panel, phone
from tests.browser.chromium import WIDE

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"
OTHER = "✨ Two for One on Glow Serum 🌿"
EVERYTHING = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"]}
NARROW = {"width": 320, "height": 640}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["desk", "narrow"])
async def test_axe_finds_nothing_in_the_panel(windows, world, consumers, viewport, scheme):
    lina = await consumers("Lina Berg")
    context = await windows.open(viewport=viewport, color_scheme=scheme)
    maya = await panel.signed_in(context, await world.way_in("inf-maya"))
    await _is_accessible(maya.page)
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items? See https://shop.example")
    await expect(maya.row(lina.name)).to_be_visible()
    await maya.page.get_by_label("Account").click()
    await _is_accessible(maya.page)
    await maya.page.keyboard.press("Escape")
    await maya.opens(lina.name)
    await maya.replies("It does!")
    await expect(maya.messages.last).to_contain_text("Sent")
    await lina.blocks()
    await maya.replies("Hello?")
    await expect(maya.messages.last).to_contain_text("Not delivered")
    await expect(maya.page.locator("#blocked")).to_be_visible()
    await _is_accessible(maya.page)
    await maya.field.press("Enter")
    await expect(maya.page.get_by_text("Write something first.")).to_be_visible()
    await maya.field.press("Escape")
    await maya.page.keyboard.press("?")
    await expect(maya.page.get_by_role("dialog")).to_be_visible()
    await _is_accessible(maya.page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["desk", "narrow"])
async def test_axe_finds_nothing_while_something_is_done_to_a_message(windows, world, consumers, viewport, scheme):
    lina = await consumers("Lina Berg")
    for title in (OTHER, SUMMER):
        await lina.contacts(title)
        await lina.says("Does it work on sale items?")
    context = await windows.open(viewport=viewport, color_scheme=scheme)
    maya = await panel.signed_in(context, await world.way_in("inf-maya"))
    await maya.opens(SUMMER)
    await maya.replies("It dose!")
    await expect(maya.messages.last).to_contain_text("Sent")
    await maya.field.press("ArrowUp")
    await expect(maya.field).to_have_value("It dose!")
    await maya.field.fill("It does!")
    await maya.field.select_text()
    await maya.field.press("Control+b")
    await _is_accessible(maya.page)  # what is edited, the styles, and the preview
    await maya.field.press("Enter")
    await maya.messages.last.get_by_role("button", name="edited").click()
    await expect(maya.page.get_by_role("heading", name="Before it was edited")).to_be_visible()
    await _is_accessible(maya.page)
    await maya.page.keyboard.press("Escape")
    await _opens_menu(maya, maya.messages.last)
    await maya.messages.last.get_by_text("Delete…").click()
    await _is_accessible(maya.page)
    await maya.page.get_by_role("button", name="Delete", exact=True).click()
    await expect(maya.messages.last).to_contain_text("You deleted this message")
    await _opens_menu(maya, maya.messages.first)
    await maya.page.get_by_role("link", name="Reply", exact=True).click()
    await _is_accessible(maya.page)
    await _opens_menu(maya, maya.messages.first)
    await maya.page.get_by_role("link", name="Move to another coupon").click()
    await _is_accessible(maya.page)
    await maya.page.get_by_role("button", name="Move", exact=True).click()
    await expect(maya.page.get_by_role("button", name="Undo")).to_be_visible()
    await _is_accessible(maya.page)
    await maya.page.get_by_role("link", name="Open the chat").click()
    await expect(maya.page.get_by_text("Moved here from")).to_be_visible()
    await _is_accessible(maya.page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["desk", "narrow"])
async def test_axe_finds_nothing_while_a_chat_is_on_its_way(windows, world, consumers, viewport, scheme):
    lina = await consumers("Lina Berg")
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    context = await windows.open(viewport=viewport, color_scheme=scheme)
    maya = await panel.signed_in(context, await world.way_in("inf-maya"))
    await expect(maya.row(lina.name)).to_be_visible()
    await maya.is_awake()
    windows.expect_complaint("503")
    await maya.page.route("**/chats/*", lambda route: route.fulfill(status=503), times=1)
    await maya.row(lina.name).get_by_role("link").click()
    await expect(maya.page.get_by_role("button", name="Try again")).to_be_visible()
    await _is_accessible(maya.page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["desk", "narrow"])
async def test_axe_finds_nothing_outside_of_it(windows, world, viewport, scheme):
    page = await (await windows.open(viewport=viewport, color_scheme=scheme)).new_page()
    windows.expect_complaint("404")
    windows.expect_complaint("410")
    for address in (
        "/signin",
        (await world.way_in("inf-maya")).removeprefix(world.panel),
        "/signin/none",
        "/nowhere",
    ):
        await page.goto(f"{world.panel}{address}")
        await _is_accessible(page)


@pytest.mark.parametrize("has_topics", [True])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["desk", "narrow"])
async def test_axe_finds_nothing_in_the_shop_and_on_the_phone(windows, world, viewport, scheme):
    context = await windows.open(viewport=viewport, color_scheme=scheme)
    lina = await phone.opened(context, world.shop, "Lina Berg")
    await _is_accessible(lina.page)
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    mine = lina.log.get_by_role("article", name="You").last
    await mine.click(button="right")
    await lina.page.get_by_role("menuitemcheckbox", name="🔥").click()
    await expect(mine.get_by_role("button", name="🔥, take back")).to_be_visible()
    await mine.click(button="right")
    await _is_accessible(lina.page)
    await lina.page.get_by_role("menuitem", name="Reply").click()
    await expect(lina.page.get_by_text("Reply to yourself")).to_be_visible()
    await lina.field.fill("It does, doesn’t it?")
    await _is_accessible(lina.page)


async def _opens_menu(maya: panel.Panel, message: Locator) -> None:
    await message.hover()
    await message.get_by_role("button", name="What to do with this message").click()


async def _is_accessible(page: Page) -> None:
    found = await Axe().run(page, options=EVERYTHING)
    assert found.violations_count == 0, found.generate_snapshot()
