"""What a tab shows is true: after an interruption, and beside another tab."""

from playwright.async_api import expect

from tests.browser.panel import Panel

SUMMER = "50% Off Summer Collection"


async def test_back_online_the_panel_catches_up_by_itself(windows, lina, maya):
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await maya.opens(SUMMER)
    await expect(maya.messages).to_have_count(1)
    loaded_at = await maya.page.evaluate("performance.timeOrigin")
    windows.expect_complaint("net::ERR_INTERNET_DISCONNECTED")
    await maya.page.context.set_offline(True)
    await expect(maya.page.locator("#connection")).to_contain_text("Reconnecting")
    await lina.says("The linen shirts, I mean.")
    await maya.field.fill("Yes, all of them.")
    await maya.field.press("Enter")
    await expect(maya.page.get_by_role("alert")).to_have_text(
        "It could not be sent. Check the connection and send it again."
    )
    await expect(maya.field).to_have_value("Yes, all of them.")
    await expect(maya.messages).to_have_count(1)
    await maya.page.context.set_offline(False)
    await expect(maya.messages).to_contain_text(["Does it work on sale items?", "The linen shirts, I mean."])
    await expect(maya.page.locator("#connection")).to_be_hidden()
    await maya.field.press("Enter")
    await lina.hears("Yes, all of them.")
    await expect(maya.messages).to_have_count(3)
    assert await maya.page.evaluate("performance.timeOrigin") == loaded_at


async def test_two_tabs_of_one_influencer_agree_on_what_is_unread(lina, maya):
    other = Panel(await maya.page.context.new_page())
    await other.page.goto(maya.page.url)
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await maya.has_unread(1)
    await other.has_unread(1)
    await other.opens(SUMMER)
    await other.has_unread(0)
    await maya.has_unread(0)
    await expect(maya.row(SUMMER).locator(".row-count")).to_have_count(0)
    await maya.opens(SUMMER)
    await maya.replies("It does!")
    await expect(other.messages).to_contain_text(["Does it work on sale items?", "It does!"])
