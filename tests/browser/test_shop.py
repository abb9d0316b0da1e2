"""The shop of the demo: its coupons, and what leads from it to both sides."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser import phone

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"
COFFEE = "خصم 15٪ على قهوة الصباح"
SMALL = {"width": 320, "height": 568}


async def test_every_coupon_has_an_influencer_whose_panel_the_shop_leads_to(windows, world):
    lina = await phone.opened(await windows.open(), world.shop, "Lina Berg")
    cards = lina.page.get_by_role("article").filter(has=lina.page.get_by_role("button", name="Contact Influencer"))
    await expect(cards).to_have_count(8)
    influencers = set(await cards.locator(".card-byline strong").all_text_contents())
    panels = lina.page.get_by_role("navigation", name="The other side: answer as").get_by_role("link")
    assert set(await panels.locator("[dir]").all_text_contents()) == influencers
    for panel in await panels.all():
        await expect(panel).to_be_in_viewport()


async def test_an_influencer_comes_in_from_the_shop_as_often_as_they_like(windows, world):
    window = await windows.open()
    lina = await phone.opened(window, world.shop, "Lina Berg")
    await lina.contacts(COFFEE)
    await lina.says("Is it roasted here?")
    for _ in range(2):
        sami = await _answers_as(window, lina.page, "Sami Haddad")
        await expect(sami.locator(".row")).to_contain_text("Is it roasted here?")
        await sami.locator("summary[aria-label]").click()
        await sami.get_by_role("button", name="Sign out").click()
        await expect(sami.locator(".row")).to_have_count(0)
        await sami.close()
    maya = await _answers_as(window, lina.page, "Maya Lindqvist")
    await expect(maya.locator(".row")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 375])
async def test_on_a_small_screen_nothing_lies_over_a_button(windows, world, width):
    small = {"viewport": SMALL | {"width": width}, "is_mobile": True, "has_touch": True}
    lina = await phone.opened(await windows.open(**small), world.shop, "Lina Berg")
    buttons = lina.page.get_by_role("button", name="Contact Influencer")
    bar = await lina.page.get_by_role("button", name="Open the phone").bounding_box()
    for number in range(await buttons.count()):
        button = buttons.nth(number)
        for edge in ("end", "start"):
            await button.evaluate("(button, block) => button.scrollIntoView({ block })", edge)
            box = await button.bounding_box()
            assert box["y"] + box["height"] <= bar["y"]
            assert await button.evaluate(TOUCHED)
    await lina.contacts(SUMMER)


# Whether a finger at any corner of a button, and in its middle, touches it and nothing else.
TOUCHED = """(button) => {
  const { left, right, top, bottom } = button.getBoundingClientRect();
  const points = [[left + 8, top + 8], [right - 8, top + 8], [left + 8, bottom - 8], [right - 8, bottom - 8]];
  points.push([(left + right) / 2, (top + bottom) / 2]);
  return points.every(([x, y]) => button.contains(document.elementFromPoint(x, y)));
}"""


async def _answers_as(window: BrowserContext, shop: Page, name: str) -> Page:
    """Follow the shop's link into an influencer's panel, and sign in there."""
    async with window.expect_page() as opening:
        await shop.get_by_role("link", name=name).click()
    panel = await opening.value
    await panel.get_by_role("button", name=f"Sign in as {name}").click()
    await expect(panel.get_by_role("heading", name="Chats", exact=True)).to_be_visible()
    return panel
