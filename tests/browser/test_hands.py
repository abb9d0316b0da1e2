"""The panel for whoever has no script, no mouse, no screen, or an older browser."""

import pytest
from playwright.async_api import Route, expect

from tests.browser import panel
from tests.browser.panel import Panel

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"
NO_FIELD_SIZING = """
  const knows = CSS.supports;
  CSS.supports = (name, ...value) => name !== "field-sizing" && knows(name, ...value);
"""


async def test_without_a_script_everything_works_by_links_and_forms(windows, world, lina, maya):
    plain = await panel.signed_in(await windows.open(java_script_enabled=False), await world.way_in("inf-maya"))
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await maya.has_unread(1)  # it has arrived: a page without a script has to be asked
    await plain.page.get_by_role("link", name="Unread", exact=True).click()
    await plain.opens(SUMMER)
    await expect(plain.messages).to_contain_text(["Does it work on sale items?"])
    await plain.field.fill("It does!")
    await plain.page.get_by_role("button", name="Send", exact=True).click()
    await expect(plain.messages).to_contain_text(["Does it work on sale items?", "It does!"])
    await lina.hears("It does!")
    await plain.page.get_by_role("link", name="Unread", exact=True).click()
    await expect(plain.page.get_by_role("heading", name="All answered")).to_be_visible()
    await plain.page.get_by_role("link", name="All", exact=True).click()
    await expect(plain.row(SUMMER)).to_contain_text("You: It does!")
    await plain.page.get_by_label("Account").click()
    await plain.page.get_by_role("button", name="Sign out").click()
    await expect(plain.page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_with_the_keyboard_alone_a_chat_is_reached_and_answered(windows, world, lina):
    page = await (await windows.open()).new_page()
    maya, press = panel.Panel(page), page.keyboard.press
    await page.goto(await world.way_in("inf-maya"))
    await press("Tab")
    await press("Tab")
    await expect(page.get_by_role("button", name="Sign in as")).to_be_focused()
    await press("Enter")
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await expect(maya.row(SUMMER)).to_be_visible()
    await maya.is_awake()
    await press("j")
    await expect(maya.row(SUMMER).get_by_role("link")).to_be_focused()
    await press("Enter")
    await expect(maya.field).to_be_focused()
    await page.keyboard.type("It does!")
    await press("Shift+Enter")
    await page.keyboard.type("Until Sunday.")
    await press("Enter")
    await lina.hears("It does!\nUntil Sunday.")
    await press("Escape")
    await expect(maya.row(SUMMER).get_by_role("link")).to_be_focused()
    await press("r")
    await expect(maya.field).to_be_focused()


async def test_that_a_reply_was_not_delivered_is_said_to_those_who_listen(windows, world, consumers):
    lina, omar = [await consumers(name) for name in ("Lina Berg", "Omar Haddad")]
    maya = await panel.signed_in(await windows.open(), await world.way_in("inf-maya"))
    elsewhere = panel.Panel(await maya.page.context.new_page())
    await elsewhere.page.goto(maya.page.url)
    for consumer in (lina, omar):
        await consumer.contacts(SUMMER)
        await consumer.says("Does it work on sale items?")
        await expect(maya.row(consumer.name)).to_be_visible()
        await consumer.blocks()
    announced = maya.page.locator("#announcer")
    await maya.opens(lina.name)
    await maya.replies("It does!")
    await expect(announced).to_contain_text("Not delivered. They have blocked the bot. It does!")
    await elsewhere.opens(omar.name)
    await elsewhere.replies("Until Sunday.")
    await expect(announced).to_contain_text("Not delivered: Omar Haddad")
    await expect(announced.get_by_text("Not delivered")).to_have_count(2)


async def test_in_an_older_browser_the_field_grows_with_what_is_written(windows, world, lina):
    maya = await _in_an_older_browser(windows, world, lina)
    await maya.is_awake()
    empty = await _height(maya)
    await maya.field.fill("One\nTwo\nThree\nFour")
    assert await _height(maya) >= empty + 3 * 20
    await maya.field.fill("")
    assert await _height(maya) == empty


async def test_in_an_older_browser_without_a_script_the_field_has_room_for_some_lines(windows, world, lina):
    maya = await _in_an_older_browser(windows, world, lina, java_script_enabled=False)
    assert await _height(maya) >= 4 * 20


async def _in_an_older_browser(windows, world, lina, **options) -> Panel:
    """Open a chat where a field's height doesn't follow its content by itself."""
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    context = await windows.open(**options)
    await context.route("**/css/composer.css", _without_field_sizing)
    await context.add_init_script(NO_FIELD_SIZING)
    maya = await panel.signed_in(context, await world.way_in("inf-maya"))
    await expect(maya.row(SUMMER)).to_contain_text("Does it work on sale items?")
    await maya.opens(SUMMER)
    return maya


async def _without_field_sizing(route: Route) -> None:
    answer = await route.fetch()
    css = (await answer.text()).replace("field-sizing", "unknown-property")
    await route.fulfill(response=answer, body=css)


async def _height(maya: Panel) -> float:
    box = await maya.field.bounding_box()
    assert box
    return box["height"]
