"""A key is a command or a text, never both; and Enter sends only what is finished."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser import panel
from tests.browser.panel import Panel

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"

# As Safari tells of the Enter that ends a composition, after its end: by the number alone.
ENTER_OF_SAFARI = """(field) => field.dispatchEvent(
  new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 229, bubbles: true, cancelable: true }))"""


@pytest_asyncio.fixture(loop_scope="session")
async def lina(consumers):
    return await _asking(consumers, "Lina Berg")


@pytest_asyncio.fixture(loop_scope="session")
async def maya(windows, world, lina) -> Panel:
    return await _ready(windows, world)


async def test_escape_leaves_the_field_though_its_row_is_gone(maya, consumers, lina):
    press = maya.page.keyboard.press
    await maya.opens(lina.name)
    await maya.has_unread(0)
    told = await lina.heard("")
    omar = await _asking(consumers, "Omar Haddad")
    await maya.page.goto(f"{maya.page.url}?unread=1")
    await maya.is_awake()
    await expect(maya.names).to_have_text([omar.name])
    await maya.field.press("a")
    await press("Escape")
    await expect(maya.field).not_to_be_focused()
    await press("j")
    await expect(maya.row(omar.name).get_by_role("link")).to_be_focused()
    await press("Enter")
    await expect(maya.messages).to_contain_text(["Omar Haddad asks"])
    await maya.replies("An answer for Omar")
    await omar.hears("An answer for Omar")
    assert await lina.heard("") == told


async def test_on_a_narrow_screen_escape_leaves_first_the_field_and_then_the_chat(maya, lina):
    await maya.page.set_viewport_size({"width": 390, "height": 844})
    await maya.opens(lina.name)
    await maya.field.press("Escape")
    await expect(maya.field).not_to_be_focused()
    await expect(maya.messages).to_contain_text(["Lina Berg asks"])
    await maya.page.keyboard.press("Escape")
    await expect(maya.row(lina.name)).to_be_visible()


async def test_down_and_up_go_on_from_where_the_answered_row_was(maya, consumers, lina):
    press = maya.page.keyboard.press
    for name in ("Omar Haddad", "Tim Sommer"):
        await _asking(consumers, name)
        await expect(maya.names.first).to_have_text(name)
    for _row in range(2):
        await press("j")
    await press("Enter")
    await maya.replies("An answer for Omar")
    await expect(maya.names).to_have_text(["Omar Haddad", "Tim Sommer", lina.name])
    await press("Escape")
    await expect(maya.row("Omar Haddad").get_by_role("link")).to_be_focused()
    await press("k")
    await expect(maya.row("Tim Sommer").get_by_role("link")).to_be_focused()
    await press("j")
    await expect(maya.row(lina.name).get_by_role("link")).to_be_focused()


async def test_a_key_that_opens_the_field_is_not_written_into_it_however_long_it_is_held(maya, lina):
    await maya.opens(lina.name)
    await maya.page.keyboard.press("Escape")
    for _repeat in range(3):
        await maya.page.keyboard.down("r")
    await expect(maya.field).to_be_focused()
    await expect(maya.field).to_have_value("")
    await maya.page.keyboard.up("r")
    await maya.page.keyboard.type("rr")
    await expect(maya.field).to_have_value("rr")


async def test_the_enter_that_opens_a_chat_does_not_send_what_is_half_written_in_it(maya, lina):
    await maya.opens(lina.name)
    await maya.page.keyboard.type("Half an answer")
    await maya.page.goto(maya.page.url.partition("/chats/")[0])
    await maya.is_awake()
    await maya.page.keyboard.press("j")
    for _repeat in range(3):
        await maya.page.keyboard.down("Enter")
    await maya.page.keyboard.up("Enter")
    await expect(maya.messages).to_contain_text(["Lina Berg asks"])
    await expect(maya.field).to_have_value("Half an answer")
    await maya.replies("An answer for Lina")
    await lina.hears("An answer for Lina")
    assert await lina.heard("an answer") == []


async def test_enter_is_the_input_method_s_own_while_it_composes(maya, lina):
    await maya.opens(lina.name)
    typing = await maya.page.context.new_cdp_session(maya.page)
    await typing.send("Input.imeSetComposition", {"text": "こた", "selectionStart": 2, "selectionEnd": 2})
    await maya.page.keyboard.press("Enter")
    await typing.send("Input.insertText", {"text": "こたえ"})
    await maya.field.evaluate(ENTER_OF_SAFARI)
    await expect(maya.field).to_have_value(re.compile("こたえ"))
    await expect(maya.messages).to_have_count(1)
    await maya.replies("An answer, こたえ")
    await lina.hears("こたえ")
    assert await lina.heard("こた") == ["An answer, こたえ"]


async def test_on_glass_enter_breaks_the_line_and_the_hint_says_so(windows, world, lina):
    maya = await _ready(windows, world, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    await maya.opens(lina.name)
    await expect(maya.page.get_by_text("Enter breaks the line, Send sends")).to_be_visible()
    await expect(maya.page.get_by_text("Enter sends")).to_be_hidden()
    await maya.field.fill("An answer")
    await maya.field.press("Enter")
    await maya.field.press_sequentially("in two lines")
    await expect(maya.field).to_have_value("An answer\nin two lines")
    await maya.page.get_by_role("button", name="Send", exact=True).click()
    await lina.hears("An answer\nin two lines")


async def test_on_a_desk_enter_sends_and_the_hint_says_so(maya, lina):
    await maya.opens(lina.name)
    await expect(maya.page.get_by_text("Enter sends, Shift Enter breaks the line")).to_be_visible()
    await expect(maya.page.get_by_text("Send sends")).to_be_hidden()


async def _ready(windows, world, **options) -> Panel:
    maya = await panel.signed_in(await windows.open(**options), await world.way_in("inf-maya"))
    await expect(maya.row("Lina Berg")).to_contain_text("Lina Berg asks")
    await maya.is_awake()
    return maya


async def _asking(consumers, name: str):
    consumer = await consumers(name)
    await consumer.contacts(SUMMER)
    await consumer.says(f"{name} asks")
    return consumer
