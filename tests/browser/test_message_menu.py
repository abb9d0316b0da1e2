"""What can be done with a message: a quiet menu beside it, and where a quote leads."""

import pytest
import pytest_asyncio
from playwright.async_api import Locator, expect

from tests.browser import panel
from tests.browser.panel import Panel
from web import formatting

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"
OTHER = "✨ Two for One on Glow Serum 🌿"
MORE = "What to do with this message"
SELECT = """(message, words) => {
  const [text] = message.querySelector(".text").childNodes;
  const start = text.data.indexOf(words);
  getSelection().setBaseAndExtent(text, start, text, start + words.length);
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def lina(consumers):
    consumer = await consumers("Lina Berg")
    await consumer.contacts(SUMMER)
    await consumer.says("Which size? And which colour?")
    return consumer


@pytest_asyncio.fixture(loop_scope="session")
async def maya(windows, world, lina) -> Panel:
    maya = await panel.signed_in(await windows.open(), await world.way_in("inf-maya"))
    await maya.opens(lina.name)
    await maya.is_awake()
    return maya


async def test_a_reply_shows_what_it_answers_which_leads_to_it(maya, lina):
    await _chooses(maya, maya.message("Which size?"), "Reply")
    await expect(maya.page.locator("#composing")).to_contain_text("Reply to Lina Berg Which size?")
    await expect(maya.field).to_be_focused()
    await maya.replies("44")
    await expect(maya.page.locator("#composing")).to_be_hidden()


async def test_what_is_selected_is_what_is_quoted(maya, lina):
    message = maya.message("Which size?")
    await message.evaluate(SELECT, "which colour")
    await _chooses(maya, message, "Reply")
    await expect(maya.page.locator("#composing")).to_contain_text("Reply to Lina Berg which colour")
    await expect(maya.page.locator("[name=quote]")).to_have_value("which colour")


async def test_escape_takes_away_what_would_be_answered_and_then_leaves_the_field(maya, lina):
    await maya.field.fill("Half an answer")
    await _chooses(maya, maya.message("Which size?"), "Reply")
    await maya.field.press("Escape")
    await expect(maya.page.locator("#composing")).to_be_hidden()
    await expect(maya.field).to_be_focused()
    await expect(maya.field).to_have_value("Half an answer")
    await maya.field.press("Escape")
    await expect(maya.field).not_to_be_focused()


async def test_what_is_answered_survives_a_look_into_another_page(maya, lina):
    await _chooses(maya, maya.message("Which size?"), "Reply")
    await maya.field.press_sequentially("44")
    await maya.page.reload()
    await maya.is_awake()
    await expect(maya.page.locator("#composing")).to_contain_text("Reply to Lina Berg Which size?")
    await expect(maya.field).to_have_value("44")
    await maya.page.get_by_role("link", name="Cancel").click()
    await expect(maya.page.locator("#composing")).to_be_hidden()
    await expect(maya.field).to_have_value("44")


async def test_with_the_keyboard_alone_the_menu_is_opened_used_and_left(maya, lina):
    more = maya.message("Which size?").get_by_role("button", name=MORE)
    await more.focus()
    await expect(more).to_be_visible()
    await maya.page.keyboard.press("Enter")
    entry = maya.page.get_by_role("link", name="Reply", exact=True)
    await expect(entry).to_be_visible()
    await maya.page.keyboard.press("Escape")
    await expect(entry).to_be_hidden()
    await expect(more).to_be_focused()
    await maya.page.keyboard.press("Enter")
    await maya.page.keyboard.press("Tab")
    await expect(maya.page.get_by_role("button", name="Like")).to_be_focused()
    for _reaction in formatting.REACTIONS:
        await maya.page.keyboard.press("Tab")
    await expect(entry).to_be_focused()
    await maya.page.keyboard.press("Enter")
    await expect(maya.field).to_be_focused()


async def test_a_message_that_changes_keeps_its_menu_open_and_the_focus_in_it(maya, lina):
    await maya.replies("44")
    message = maya.message("44")
    await expect(message).to_contain_text("Sent")
    await message.get_by_role("button", name=MORE).focus()
    await maya.page.keyboard.press("Enter")
    await maya.page.keyboard.press("Tab")
    await lina.says("Thanks!")
    await expect(message).to_contain_text("Read")
    await expect(message.get_by_role("link", name="Reply", exact=True)).to_be_focused()


async def test_on_glass_the_button_is_always_there(windows, world, lina):
    narrow = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
    maya = await panel.signed_in(await windows.open(**narrow), await world.way_in("inf-maya"))
    await maya.opens(lina.name)
    more = maya.message("Which size?").get_by_role("button", name=MORE)
    await expect(more).to_have_css("opacity", "1")
    await more.tap()
    await maya.page.get_by_role("link", name="Reply", exact=True).tap()
    await expect(maya.page.locator("#composing")).to_contain_text("Which size?")


async def test_without_a_script_the_menu_opens_and_leads_to_the_reply(windows, world, lina):
    maya = await panel.signed_in(await windows.open(java_script_enabled=False), await world.way_in("inf-maya"))
    await maya.opens(lina.name)
    await _chooses(maya, maya.message("Which size?"), "Reply")
    await expect(maya.page.locator("#composing")).to_contain_text("Reply to Lina Berg Which size?")
    await maya.field.fill("44")
    await maya.page.get_by_role("button", name="Send", exact=True).click()
    await expect(maya.message("44")).to_be_visible()


async def _chooses(maya: Panel, message: Locator, entry: str) -> None:
    await message.hover()
    await message.get_by_role("button", name=MORE).click()
    await maya.page.get_by_role("link", name=entry, exact=True).click()


async def test_a_reaction_stands_under_the_message_and_is_taken_back_by_the_same_button(maya):
    message = maya.message("Which size?")
    for reactions in (["You: ❤"], []):
        await message.hover()
        await message.get_by_role("button", name=MORE).click()
        await maya.page.get_by_role("button", name="Love").click()
        await expect(message.locator(".reactions li")).to_have_text(reactions)
        await expect(message.get_by_role("button", name=MORE)).to_be_focused()


async def test_that_one_types_is_told_now_and_then_and_not_of_what_is_changed(maya):
    told: list[str] = []
    maya.page.on("request", lambda request: told.append(request.url) if request.url.endswith("/typing") else None)
    await maya.field.press_sequentially("Forty-four")
    await maya.field.press("Enter")
    await expect(maya.messages.last).to_contain_text("Sent")
    assert len(told) == 1
    await maya.page.evaluate("Date.now = () => performance.timeOrigin + performance.now() + 60_000")
    await maya.field.press("ArrowUp")
    await maya.field.press_sequentially("!")
    await maya.field.press("Escape")
    assert len(told) == 1
    await maya.field.press_sequentially("And the colour?")
    assert len(told) == 2


async def test_what_was_moved_can_be_taken_back_at_once(maya, consumers, lina):
    await lina.contacts(OTHER)
    await lina.says("And the serum?")
    await expect(maya.row(OTHER)).to_be_visible()
    await maya.page.reload()
    await maya.is_awake()
    await _chooses(maya, maya.message("Which size?"), "Move to another coupon…")
    await maya.page.get_by_role("button", name="Move", exact=True).click()
    await expect(maya.message("Which size?")).to_have_count(0)
    await maya.page.get_by_role("button", name="Undo").click()
    await expect(maya.message("Which size?")).to_be_visible()
    await _chooses(maya, maya.message("Which size?"), "Move to another coupon…")
    await maya.page.get_by_role("button", name="Move", exact=True).click()
    await maya.page.get_by_role("link", name="Open the chat").click()
    await expect(maya.page.get_by_text("Moved here from Re: 50% Off Summer Collection")).to_be_visible()
    await expect(maya.page.locator("#notice")).to_be_hidden()
    await maya.message("Which size?").get_by_role("button", name="Undo").click()
    await expect(maya.message("Which size?")).to_have_count(0)


async def test_the_read_receipt_is_switched_without_leaving_the_page(maya):
    switch = maya.page.get_by_role("switch", name="Consumers see 👀")
    await maya.page.get_by_label("Account").click()
    for state in ("false", "true"):
        await switch.click()
        await expect(switch).to_have_attribute("aria-checked", state)
