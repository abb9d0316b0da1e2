"""What a tab shows is true: after an interruption, and beside another tab."""

import asyncio

import pytest
from playwright.async_api import expect

import web.feeds
import web.live
from tests.browser import panel, phone
from tests.browser.panel import Panel

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"


async def test_after_an_interruption_the_panel_catches_up_by_itself(windows, world, cable, lina):
    way_in = await world.way_in("inf-maya")
    maya = await panel.signed_in(await windows.open(), way_in.replace(world.panel, cable.url))
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await maya.opens(SUMMER)
    await expect(maya.messages).to_have_count(1)
    loaded_at = await maya.page.evaluate("performance.timeOrigin")
    windows.expect_complaint("net::ERR_")
    cable.pull()
    await expect(maya.page.get_by_text("Reconnecting…")).to_be_visible()
    await lina.says("The linen shirts, I mean.")
    await maya.field.fill("Yes, all of them.")
    await maya.field.press("Enter")
    await expect(maya.page.get_by_role("alert")).to_contain_text("It could not be sent.")
    await expect(maya.field).to_have_value("Yes, all of them.")
    await expect(maya.messages).to_have_count(1)
    cable.plug()
    await expect(maya.messages).to_contain_text(["Does it work on sale items?", "The linen shirts, I mean."])
    await expect(maya.page.get_by_text("Reconnecting…")).to_be_hidden()
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


async def test_a_tab_that_is_told_to_load_anew_again_and_again_does_so_less_and_less_often(maya, monkeypatch):
    async def knows_no_more(_feed, _follower):
        return web.feeds.News(is_poll=False, is_too_much=True)

    monkeypatch.setattr(web.feeds.Feed, "news", knows_no_more)
    await maya.page.reload()
    for calm in (2000, 4000):
        async with maya.page.expect_event("load"):
            pass
        assert await maya.page.evaluate("JSON.parse(sessionStorage.reload).calm") == calm


async def test_of_too_many_tabs_those_are_live_that_were_looked_at_last(lina, maya, monkeypatch):
    monkeypatch.setattr(web.live, "MAX_TABS", 1)
    await maya.is_awake()  # she listens before the other tab does
    rests = asyncio.Event()
    for end in ("requestfinished", "requestfailed"):  # whichever side is the first to close the stream
        maya.page.on(end, lambda request: rests.set() if "/live" in request.url else None)
    other = Panel(await maya.page.context.new_page())
    await other.page.goto(maya.page.url)
    await rests.wait()
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await expect(other.row(SUMMER)).to_contain_text("Does it work on sale items?")
    await expect(maya.row("Does it work on sale items?")).to_have_count(0)
    await maya.page.evaluate("dispatchEvent(new Event('focus'))")
    await expect(maya.row(SUMMER)).to_contain_text("Does it work on sale items?")


async def test_a_late_answer_does_not_undo_what_the_stream_has_told(lina, maya):
    async def answer_late(route):
        answer = await route.fetch()
        await expect(maya.message("It does!")).to_contain_text("Sent")
        await route.fulfill(response=answer)

    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await maya.opens(SUMMER)
    await maya.page.route("**/messages", answer_late, times=1)
    await maya.replies("It does!")
    await maya.replies("Until Sunday.")  # waits for the answer to the first
    await lina.hears("Until Sunday.")
    await expect(maya.message("It does!")).to_contain_text("Sent")


async def test_that_somebody_has_blocked_the_bot_appears_and_vanishes_in_an_open_tab(windows, world, lina, maya):
    tim = await phone.opened(await windows.open(), world.shop, "Tim Sommer")
    for consumer, words in ((lina, "Does it work on sale items?"), (tim, "Until when?")):
        await consumer.contacts(SUMMER)
        await consumer.says(words)
    await maya.opens("Lina Berg")
    blocked = maya.page.get_by_text("Lina Berg has blocked the bot.")
    await expect(blocked).to_be_hidden()
    await lina.blocks()
    await expect(blocked).to_be_visible()
    await maya.opens("Tim Sommer")
    await expect(maya.page.get_by_text("has blocked the bot")).to_be_hidden()
    await tim.says("Or is it over?")
    await expect(maya.messages).to_have_count(2)
    await expect(maya.page.get_by_text("has blocked the bot")).to_be_hidden()
    await maya.opens("Lina Berg")
    await expect(blocked).to_be_visible()
    await lina.unblocks()
    await expect(blocked).to_be_hidden()
