"""What must not happen: a stranger who sees something, words that act, a link that is used up unseen."""

import pytest
from playwright.async_api import expect

from tests.browser import panel

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"
COFFEE = "خصم 15٪ على قهوة الصباح"

NASTY_NAME = "<img src=x onerror=ran=1> \u202egnp.exe"
NASTY_TEXTS = [
    "<img src=x onerror=\"ran=1;alert('ran')\"><script>ran = 1</script>",
    '</textarea><svg onload=alert(1)> {{ 7 * 7 }} ${7 * 7} javascript:alert(1) https://x.example/"onmouseover=alert(1)',
    "\u202eright to left\u202c and مرحبا and back",
    "😀" * 2048,  # as much as Telegram takes: 4,096 UTF-16 code units
]


async def test_another_influencer_sees_nothing_of_it(windows, world, lina, maya):
    sami = await panel.signed_in(await windows.open(), await world.way_in("inf-sami"))
    await lina.contacts(SUMMER)
    await lina.says("For Maya alone")
    await maya.opens(SUMMER)
    chat = maya.page.url
    await lina.contacts(COFFEE)
    await lina.says("For Sami alone")
    await expect(sami.row(COFFEE)).to_contain_text("For Sami alone")
    await expect(sami.titles).to_have_text([f"Re: {COFFEE}"])
    await expect(maya.titles).to_have_text([f"Re: {SUMMER}"])
    await expect(sami.page.locator("body")).not_to_contain_text("For Maya alone")
    windows.expect_complaint("404")
    await sami.page.goto(chat)
    await expect(sami.page.get_by_role("heading", name="Nothing here")).to_be_visible()


async def test_nasty_names_and_texts_are_shown_and_do_nothing(lina, maya):
    name = lina.page.get_by_role("textbox", name="Your name")
    await name.fill(NASTY_NAME)
    await name.press("Enter")
    await lina.contacts(SUMMER)
    for text in NASTY_TEXTS:
        await lina.says(text)
    await maya.opens(SUMMER)
    await expect(maya.messages).to_contain_text(NASTY_TEXTS)
    await expect(maya.row(SUMMER)).to_contain_text("<img src=x onerror=ran=1>")
    for text in NASTY_TEXTS:
        await maya.replies(text)
        await lina.hears(text[-500:])
    for page in (lina.page, maya.page):
        assert await page.evaluate("typeof ran") == "undefined"
        await expect(page.locator("[src=x], [onload], [onerror], [onmouseover]")).to_have_count(0)


async def test_a_preview_of_the_sign_in_link_does_not_use_it_up_and_a_second_use_is_explained(windows, world):
    way_in = await world.way_in("inf-maya")
    messenger, thief = await windows.open(), await windows.open()
    for _ in range(2):
        assert "Sign in as" in await (await messenger.request.get(way_in)).text()
    page = await thief.new_page()
    await page.goto(way_in)
    await panel.signed_in(await windows.open(), way_in)
    windows.expect_complaint("410")
    await page.get_by_role("button", name="Sign in as Maya Lindqvist").click()
    await expect(page.get_by_role("heading", name="This link has been used")).to_be_visible()
    await expect(page.get_by_role("main")).to_contain_text("It answers with a link that signs you in.")
