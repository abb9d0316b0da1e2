"""The chat that was chosen is the chat that is written to, however slow the line is."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.browser import panel
from tests.browser.panel import Panel

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"
CHAT = "**/chats/*"


@pytest_asyncio.fixture(loop_scope="session")
async def lina(consumers):
    return await _asking(consumers, "Lina Berg")


@pytest_asyncio.fixture(loop_scope="session")
async def omar(consumers):
    return await _asking(consumers, "Omar Haddad")


@pytest_asyncio.fixture(loop_scope="session")
async def maya(windows, world, cable, lina, omar) -> AsyncIterator[Panel]:
    """Maya at the end of a cable, with Lina's chat open and Omar's in the list."""
    way_in = (await world.way_in("inf-maya")).replace(world.panel, cable.url)
    maya = await panel.signed_in(await windows.open(), way_in)
    for consumer in (lina, omar):
        await expect(maya.row(consumer.name)).to_contain_text(f"{consumer.name} asks")
    await maya.is_awake()
    await maya.opens(lina.name)
    await expect(maya.field).to_be_focused()
    yield maya
    await maya.page.close()  # before the cable is taken away


async def test_from_the_click_on_what_is_sent_goes_to_the_chat_that_was_clicked(maya, cable, lina, omar):
    cable.hold()
    await _click(maya.row(omar.name))
    await expect(maya.row(omar.name).get_by_role("link")).to_have_attribute("aria-current", "page")
    await expect(maya.page.locator("#chat")).to_contain_text("Omar Haddad")
    await expect(maya.page.locator("#chat")).not_to_contain_text("Lina Berg")
    await maya.page.keyboard.type("An answer for Omar")
    await maya.page.keyboard.press("Enter")
    await maya.page.keyboard.type("Half an answer")
    cable.release()
    await omar.hears("An answer for Omar")
    await expect(maya.messages).to_contain_text(["Omar Haddad asks", "An answer for Omar"])
    await expect(maya.field).to_have_value("Half an answer")
    await expect(maya.field).to_be_focused()
    await maya.opens(lina.name)
    await expect(maya.field).to_have_value("")
    await maya.replies("An answer for Lina")
    await lina.hears("An answer for Lina")
    assert await lina.heard("An answer") == ["An answer for Lina"]
    assert await omar.heard("An answer") == ["An answer for Omar"]


async def test_a_click_counts_though_its_row_changes_while_it_is_pressed(maya, consumers, lina, omar):
    chloe = await _asking(consumers, "Chloé Martin")
    await expect(maya.row(chloe.name)).to_contain_text("Chloé Martin asks")
    await maya.row(omar.name).hover()
    await maya.page.mouse.down()
    await omar.says("And on shoes?")
    dora = await _asking(consumers, "Dora Lang")
    await maya.has_unread(3)
    await maya.page.mouse.up()
    await maya.page.keyboard.type("An answer for Omar")
    await maya.page.keyboard.press("Enter")
    await omar.hears("An answer for Omar")
    await expect(maya.names).to_have_text([omar.name, dora.name, chloe.name, lina.name])
    assert [await other.heard("An answer") for other in (lina, chloe, dora)] == [[], [], []]


async def test_of_two_quick_clicks_the_second_counts(maya, cable, consumers, lina, omar):
    chloe = await _asking(consumers, "Chloé Martin")
    await expect(maya.row(chloe.name)).to_contain_text("Chloé Martin asks")
    cable.hold()
    await _click(maya.row(omar.name))
    await maya.page.keyboard.type("For Omar")
    await _click(maya.row(chloe.name))
    await maya.page.keyboard.type("For Chloé")
    cable.release()
    await expect(maya.messages).to_contain_text(["Chloé Martin asks"])
    await expect(maya.field).to_have_value("For Chloé")
    await expect(maya.row(omar.name).locator(".row-count")).to_have_text("1 unread")  # nobody has seen it
    await maya.page.go_back()
    await expect(maya.messages).to_contain_text(["Lina Berg asks"])
    await expect(maya.field).to_have_value("")
    await maya.opens(omar.name)
    await expect(maya.field).to_have_value("For Omar")
    await expect(maya.row(omar.name).locator(".row-count")).to_have_count(0)


async def test_back_and_forward_change_the_chat_at_once(maya, cable, lina, omar):
    await maya.opens(omar.name)
    cable.hold()
    await maya.page.go_back()
    await expect(maya.page.locator("#chat")).to_contain_text("Lina Berg")
    await maya.page.keyboard.type("For Lina")
    await maya.page.go_forward()
    await expect(maya.page.locator("#chat")).to_contain_text("Omar Haddad")
    await maya.page.keyboard.type("An answer for Omar")
    await maya.page.keyboard.press("Enter")
    await maya.page.go_back()
    await expect(maya.page.locator("#chat")).to_contain_text("Lina Berg")
    cable.release()
    await omar.hears("An answer for Omar")
    await expect(maya.messages).to_contain_text(["Lina Berg asks"])
    await expect(maya.field).to_have_value("For Lina")
    assert await lina.heard("An answer") == []


async def test_a_chat_that_cannot_be_opened_says_so_and_is_tried_again(windows, maya, cable, omar):
    windows.expect_complaint("net::ERR_")
    cable.pull()
    await _click(maya.row(omar.name))
    await expect(maya.page.get_by_role("alert")).to_contain_text("This chat could not be opened.")
    await maya.page.keyboard.type("An answer for Omar")
    cable.plug()
    await maya.page.get_by_role("button", name="Try again").click()
    await expect(maya.messages).to_contain_text(["Omar Haddad asks"])
    await expect(maya.field).to_have_value("An answer for Omar")
    await maya.field.press("Enter")
    await omar.hears("An answer for Omar")
    assert await omar.heard("An answer") == ["An answer for Omar"]


async def test_a_chat_that_is_answered_with_an_error_is_tried_again_by_another_click(windows, maya, omar):
    windows.expect_complaint("503")
    await maya.page.route(CHAT, lambda route: route.fulfill(status=503), times=1)
    await _click(maya.row(omar.name))
    await expect(maya.page.get_by_role("alert")).to_contain_text("This chat could not be opened.")
    await _click(maya.row(omar.name))
    await expect(maya.messages).to_contain_text(["Omar Haddad asks"])


async def test_whoever_is_not_signed_in_any_more_is_led_to_the_way_in_and_keeps_the_words(maya, cable, omar):
    await maya.has_unread(1)
    cookies = await maya.page.context.cookies()
    await maya.page.context.clear_cookies()
    cable.hold()
    await _click(maya.row(omar.name))
    await maya.page.keyboard.type("For Omar")
    address = maya.page.url
    cable.release()
    await expect(maya.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await maya.page.context.add_cookies(cookies)
    await maya.page.goto(address)
    await expect(maya.page.locator("#chat")).to_contain_text("Omar Haddad")
    await expect(maya.field).to_have_value("For Omar")


async def test_what_is_on_its_way_ends_in_the_chat_in_which_it_was_written(maya, cable, lina, omar):
    cable.hold()
    await maya.replies("An answer for Lina")
    await _click(maya.row(omar.name))
    await maya.page.keyboard.type("An answer for Omar")
    await maya.page.keyboard.press("Enter")
    await _click(maya.row(lina.name))
    await expect(maya.page.locator("#chat")).to_contain_text("Lina Berg")
    cable.release()
    for consumer in (lina, omar):
        await consumer.hears(f"An answer for {consumer.name.split()[0]}")
    await expect(maya.messages).to_contain_text(["Lina Berg asks", "An answer for Lina"])
    await expect(maya.messages).to_have_count(2)
    assert await lina.heard("An answer") == ["An answer for Lina"]
    assert await omar.heard("An answer") == ["An answer for Omar"]


async def test_what_could_not_be_sent_waits_in_its_chat_and_another_says_so(windows, maya, cable, lina, omar):
    windows.expect_complaint("net::ERR_")
    cable.hold()
    await maya.replies("An answer for Lina")
    await _click(maya.row(omar.name))
    await maya.page.keyboard.type("For Omar")
    cable.pull()
    notice = maya.page.get_by_role("alert").filter(has_text="Your reply to Lina Berg could not be sent.")
    await expect(notice).to_be_visible()
    await expect(maya.field).to_have_value("For Omar")
    cable.plug()
    cable.release()
    await notice.get_by_role("link", name="Open the chat").click()
    await expect(maya.messages).to_contain_text(["Lina Berg asks"])
    await expect(notice).to_be_hidden()
    await expect(maya.field).to_have_value("An answer for Lina")
    await expect(maya.page.get_by_role("alert")).to_contain_text("It could not be sent.")
    await maya.field.press("Enter")
    await lina.hears("An answer for Lina")
    assert await lina.heard("An answer") == ["An answer for Lina"]
    assert await omar.heard("An answer") == []


async def _asking(consumers, name: str):
    consumer = await consumers(name)
    await consumer.contacts(SUMMER)
    await consumer.says(f"{name} asks")
    return consumer


async def _click(row: Locator) -> None:
    """Click without waiting for anything that may follow."""
    await row.get_by_role("link").click(no_wait_after=True)
