"""How it looks where there is little room, and in the dark."""

import pytest
from playwright.async_api import Page, expect

from models import User
from tests import cast
from tests.browser import panel, phone

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"
NARROW = {"width": 390, "height": 844}
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3: text of ordinary size
DARK = 60  # of 255
IS_WHOLE = "words => words.scrollWidth <= words.clientWidth || getComputedStyle(words).display === 'inline'"

# Every text that is seen, and what it stands on; a canvas mixes the colours as the screen does.
CONTRASTS = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const mixed = (colours) => {
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const grounds = (element) =>
    element ? [...grounds(element.parentElement), getComputedStyle(element).backgroundColor] : [];
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest("[aria-hidden]");
  return [...document.body.querySelectorAll("*")].filter((e) => hasText(e) && isSeen(e)).map((element) => {
    const ground = grounds(element);
    const text = [...ground, getComputedStyle(element).color];
    const [darker, lighter] = [light(mixed(ground)), light(mixed(text))].sort((a, b) => a - b);
    return { text: element.textContent.trim().slice(0, 40), ratio: (lighter + 0.05) / (darker + 0.05) };
  });
}"""


@pytest.fixture
def narrow() -> dict[str, object]:
    """A telephone's browser."""
    return {"viewport": NARROW, "is_mobile": True, "has_touch": True}


async def test_what_tells_two_coupons_apart_is_never_cut_off(windows, world, narrow):
    influencer, ada = await User.get(id="inf-maya"), await cast.peer(7001)
    beginning = "Half off the whole winter collection, and on everything in "
    for number, title in enumerate(["Snow", "Snow", beginning + "Lisbon", beginning + "Porto"]):
        await cast.chat(
            await cast.coupon(influencer, title, id=str(number), expires_at=cast.in_days(number + 2)), ada
        )
    for options in ({}, narrow):
        maya = await panel.signed_in(await windows.open(**options), await world.way_in("inf-maya"))
        seen = await maya.page.locator(".is-told-apart").all()
        assert len({await row.inner_text() for row in seen}) == 4
        assert all([await row.evaluate("row => row.scrollWidth <= row.clientWidth") for row in seen])
        assert all([await row.locator("bdi").last.evaluate(IS_WHOLE) for row in seen])


async def test_on_a_telephone_the_panel_shows_the_list_or_a_chat(windows, world, lina, narrow):
    maya = await panel.signed_in(await windows.open(**narrow), await world.way_in("inf-maya"))
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await expect(maya.row(SUMMER)).to_be_visible()
    await expect(maya.page.locator("#chat")).to_be_hidden()
    await _fits(maya.page)
    await maya.opens(SUMMER)
    await expect(maya.row(SUMMER)).to_be_hidden()
    await maya.taps_send("It does! " + "x" * 200)
    await _fits(maya.page)
    await maya.page.get_by_role("link", name="Back to the chats").click()
    await expect(maya.row(SUMMER)).to_be_visible()
    await expect(maya.field).to_be_hidden()


async def test_on_a_telephone_the_phone_slides_over_the_shop(windows, world, narrow):
    lina = await phone.opened(await windows.open(**narrow), world.shop, "Lina Berg")
    await expect(lina.field).to_be_hidden()
    await _fits(lina.page)
    await lina.contacts(SUMMER)
    await expect(lina.field).to_be_in_viewport()
    await _fits(lina.page)
    await lina.page.get_by_role("button", name="Back to the shop").click()
    await expect(lina.field).to_be_hidden()
    await lina.page.get_by_role("button", name="Open the phone").click()
    await expect(lina.field).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_can_be_read_by_day_and_by_night(windows, world, scheme):
    lina = await phone.opened(await windows.open(color_scheme=scheme), world.shop, "Lina Berg")
    maya = await panel.signed_in(await windows.open(color_scheme=scheme), await world.way_in("inf-maya"))
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await maya.opens(SUMMER)
    await maya.replies("It does!")
    await lina.hears("It does!")
    await expect(maya.messages.last).to_contain_text("Sent")
    await lina.blocks()
    await maya.replies("Hello?")
    await expect(maya.messages.last).to_contain_text("Not delivered")
    for page in (lina.page, maya.page):
        assert (await _ground(page) < DARK) == (scheme == "dark")
        assert await _illegible(page) == []


async def test_everything_can_be_read_when_night_falls_over_open_pages(world, lina, maya):
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await maya.opens(SUMMER)
    for scheme in ("dark", "light", "dark"):
        for page in (lina.page, maya.page):
            await page.emulate_media(color_scheme=scheme)
            assert await _illegible(page) == []


async def _fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(too_wide) == 0


async def _illegible(page: Page) -> list[dict[str, object]]:
    """Find what has too little contrast to be read."""
    return [found for found in await page.evaluate(CONTRASTS) if found["ratio"] < LEAST_CONTRAST]


async def _ground(page: Page) -> int:
    """Give the brightest part of the page's own colour, of 255."""
    colour = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g)")
    return max(map(int, colour[:3]))
