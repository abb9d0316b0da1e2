"""A consumer's tab: the shop, and the phone beside it."""

from urllib.parse import urlencode

from playwright.async_api import BrowserContext, Locator, Page, expect


class Phone:
    """What a consumer does and reads, as one would tell it over the telephone."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.get_by_role("log", name="Messages")
        self.field = page.get_by_role("textbox", name="Message")

    async def contacts(self, title: str) -> None:
        """Tap *Contact Influencer* under a coupon, and read the bot's answer."""
        card = self.page.get_by_role("article", name=title, exact=True)
        await card.get_by_role("button", name="Contact Influencer").click()
        await self.hears(f"Re: {title}")

    async def says(self, text: str) -> None:
        """Write something; it is said once it stands in the log."""
        await self.field.fill(text)
        await self.page.get_by_role("button", name="Send", exact=True).click()
        await expect(self.log.get_by_role("article", name="You").last).to_contain_text(text)

    async def hears(self, text: str) -> Locator:
        """Wait until the bot's last message says this."""
        last = self.log.get_by_role("article", name="Bot").last
        await expect(last).to_contain_text(text)
        return last

    def tab(self, title: str) -> Locator:
        """Find the topic of a coupon."""
        return self.page.get_by_role("tab").filter(has_text=title)

    async def attaches(self, kind: str) -> None:
        await self.chooses("Attach", kind)
        await expect(self.log.get_by_role("img", name=kind).last).to_be_visible()

    async def blocks(self) -> None:
        await self.chooses("More", "Block bot")
        await expect(self.page.get_by_text("blocked", exact=True)).to_be_visible()

    async def unblocks(self) -> None:
        await self.chooses("More", "Unblock bot")
        await expect(self.field).to_be_visible()

    async def chooses(self, menu: str, item: str) -> None:
        """Open a menu, and take something in it."""
        await self.page.get_by_role("button", name=menu, exact=True).click()
        await self.page.get_by_role("menuitem", name=item, exact=True).click()


async def opened(context: BrowserContext, shop: str, name: str) -> Phone:
    """Open a tab in which a consumer of this name stands in the shop."""
    page = await context.new_page()
    await page.goto(f"{shop}/?{urlencode({'as': name})}")
    await expect(page.get_by_role("textbox", name="Your name")).to_have_value(name)
    return Phone(page)
