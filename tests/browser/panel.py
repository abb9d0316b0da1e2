"""An influencer's tab: the panel."""

from playwright.async_api import BrowserContext, Locator, Page, expect


class Panel:
    """What an influencer does and reads."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.history = page.get_by_role("region", name="Messages")
        self.messages = self.history.locator(".message")
        self.field = page.get_by_role("textbox", name="Reply")
        self.titles = page.locator(".row-about")
        self.names = page.locator(".row-who")

    def row(self, words: str) -> Locator:
        """Find the chat in whose row these words stand."""
        return self.page.get_by_role("navigation", name="Chats").locator(".row").filter(has_text=words)

    def message(self, words: str) -> Locator:
        """Find the message that says this in the open chat."""
        return self.messages.filter(has_text=words)

    async def opens(self, words: str) -> None:
        """Choose a chat; it is open once its own pane is there instead of another's."""
        row = self.row(words)
        chat_id = await row.get_attribute("data-id")
        await row.get_by_role("link").click()
        await expect(self.page.locator(f"#chat[data-chat='{chat_id}']:not([aria-busy])")).to_be_visible()

    async def is_awake(self) -> None:
        """Wait for the script: before it runs, keys do what they do in any form."""
        await expect(self.page.locator("html.has-script")).to_be_attached()

    async def replies(self, text: str) -> None:
        """Write, and press Enter; the bubble is there at once."""
        await self.is_awake()
        await self.field.fill(text)
        await self.field.press("Enter")
        await expect(self.messages.last).to_contain_text(text)

    async def taps_send(self, text: str) -> None:
        """Write, and tap *Send*; the bubble is there at once."""
        await self.is_awake()
        await self.field.fill(text)
        await self.page.get_by_role("button", name="Send", exact=True).click()
        await expect(self.messages.last).to_contain_text(text)

    async def has_unread(self, count: int) -> None:
        """Wait until the tab's title and the list's head count so many waiting chats."""
        total = self.page.locator("#total")
        if count:
            await expect(self.page).to_have_title(f"({count}) {await self._name()}")
            await expect(total).to_have_text(f"{count} unread")
        else:
            await expect(self.page).to_have_title(await self._name())
            await expect(total).to_be_hidden()

    async def _name(self) -> str:
        title = await self.page.title()
        return title.partition(") ")[2] if title.startswith("(") else title


async def signed_in(context: BrowserContext, way_in: str) -> Panel:
    """Open a tab, and go in by a sign-in link."""
    page = await context.new_page()
    await page.goto(way_in)
    await page.get_by_role("button", name="Sign in as").click()
    await expect(page.get_by_role("heading", name="Chats", exact=True)).to_be_visible()
    return Panel(page)
