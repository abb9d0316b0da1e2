"""What one has said is said otherwise, or taken back."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from models import Message
from tests.browser import panel
from tests.browser.panel import Panel

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"
MORE = "What to do with this message"


@pytest_asyncio.fixture(loop_scope="session")
async def lina(consumers):
    consumer = await consumers("Lina Berg")
    await consumer.contacts(SUMMER)
    await consumer.says("Which size?")
    return consumer


@pytest_asyncio.fixture(loop_scope="session")
async def maya(windows, world, lina) -> Panel:
    maya = await panel.signed_in(await windows.open(), await world.way_in("inf-maya"))
    await maya.opens(lina.name)
    await maya.replies("Fourty-four")
    await expect(maya.message("Fourty-four")).to_contain_text("Sent")
    return maya


async def test_the_last_message_is_changed_by_the_arrow_and_what_it_said_is_kept(maya):
    await maya.field.press("ArrowUp")
    await expect(maya.page.locator("#composing")).to_contain_text("Editing Fourty-four")
    await expect(maya.field).to_have_value("Fourty-four")
    await maya.field.fill("Forty-four")
    await maya.field.press("Enter")
    await expect(maya.messages.last.locator(".bubble > .text")).to_have_text("Forty-four")
    await expect(maya.page.locator("#composing")).to_be_hidden()
    await expect(maya.field).to_have_value("")
    await maya.messages.last.get_by_role("button", name="edited").click()
    await expect(maya.page.locator(".versions li")).to_contain_text("Fourty-four")


async def test_escape_gives_back_what_was_being_written(maya):
    await maya.field.fill("And the colour")
    await _chooses(maya, "Edit")
    await expect(maya.field).to_have_value("Fourty-four")
    await maya.field.press("Escape")
    await expect(maya.field).to_have_value("And the colour")
    await expect(maya.field).to_be_focused()
    await expect(maya.message("Fourty-four")).to_be_visible()


async def test_a_change_that_cannot_be_sent_stands_in_the_field_with_the_reason(windows, maya):
    windows.expect_complaint("Failed to load resource")
    await maya.page.route("**/edits", lambda route: route.abort())
    await _chooses(maya, "Edit")
    await maya.field.fill("Forty-four")
    await maya.field.press("Enter")
    await expect(maya.page.locator("#refusal")).to_contain_text("could not be sent")
    await expect(maya.field).to_have_value("Forty-four")
    await expect(maya.page.locator("#composing")).to_contain_text("Editing")
    await maya.page.unroute("**/edits")
    await maya.field.press("Enter")
    await expect(maya.messages.last.locator(".bubble > .text")).to_have_text("Forty-four")


async def test_a_message_is_taken_back_after_a_second_look(maya):
    message = maya.message("Fourty-four")
    await message.hover()
    await message.get_by_role("button", name=MORE).click()
    await message.get_by_text("Delete…").click()
    await maya.page.get_by_role("button", name="Delete", exact=True).click()
    await expect(maya.messages.last).to_contain_text("You deleted this message")
    await expect(maya.row("Lina Berg")).to_contain_text("You: deleted message")


async def _chooses(maya: Panel, entry: str) -> None:
    await maya.messages.last.hover()
    await maya.messages.last.get_by_role("button", name=MORE).click()
    await maya.page.get_by_role("link", name=entry, exact=True).click()


async def test_what_is_selected_is_made_bold_by_a_key_and_stays_so_as_one_types_before_it(maya, lina):
    await maya.field.fill("It is really so")
    await _selects(maya, "really")
    await expect(maya.page.get_by_role("toolbar", name="Formatting")).to_be_visible()
    await maya.field.press("Control+b")
    await expect(maya.page.locator("#preview b")).to_have_text("really")
    await maya.field.press("Home")
    await maya.field.press_sequentially("Yes! 😀 ")
    await expect(maya.page.locator("#preview b")).to_have_text("really")
    await maya.field.press("End")
    await maya.field.press_sequentially(" *today*")
    await expect(maya.page.locator("#preview p")).to_have_text("Yes! 😀 It is really so *today*")
    await maya.field.press("Enter")
    await lina.hears("Yes! 😀 It is really so *today*")
    said = await Message.filter(text__startswith="Yes!").first()
    assert said
    assert [(span["style"], span["start"], span["length"]) for span in said.formatting] == [("bold", 14, 6)]


async def test_what_was_bold_is_so_while_it_is_changed_and_no_more_when_that_is_taken_back(maya):
    await maya.field.fill("It is really so")
    await _selects(maya, "really")
    await maya.page.get_by_role("button", name="Bold").click()
    await expect(maya.field).to_be_focused()
    await maya.field.press("Enter")
    await expect(maya.message("really")).to_contain_text("Sent")
    await maya.field.press("ArrowUp")
    await expect(maya.page.locator("#preview b")).to_have_text("really")
    await _selects(maya, "really")
    await expect(maya.page.get_by_role("button", name="Bold")).to_have_attribute("aria-pressed", "true")
    await maya.field.press("Control+b")
    await expect(maya.page.locator("#preview")).to_be_hidden()
    await maya.field.press("Enter")
    await expect(maya.message("really")).to_contain_text("edited")
    said = await Message.filter(text__startswith="It is").first()
    assert said
    assert not said.formatting


async def _selects(maya: Panel, words: str) -> None:
    start = (await maya.field.input_value()).index(words)
    await maya.field.evaluate("(field, [a, b]) => field.setSelectionRange(a, b)", [start, start + len(words)])
