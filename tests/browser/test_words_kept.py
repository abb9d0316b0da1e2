"""Nothing that an influencer has written is gone because it could not be sent."""

import re

import pytest
from playwright.async_api import Route, expect

from models import Session
from tests.browser import panel

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"


@pytest.mark.parametrize("has_script", [True, False], ids=["with a script", "without one"])
async def test_words_come_back_after_signing_in_again(windows, world, lina, has_script):
    windows.expect_complaint("401")
    context = await windows.open(java_script_enabled=has_script)
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    maya = await panel.signed_in(context, await world.way_in("inf-maya"))
    await _opens_and_listens(maya, has_script)
    await Session.all().delete()  # and nobody has told the page
    await maya.field.fill("It does, on all of them!")
    await maya.page.get_by_role("button", name="Send", exact=True).click()
    if has_script:
        await expect(maya.page.get_by_role("alert")).to_have_text(re.compile("signed out"))
        await expect(maya.field).to_have_value("It does, on all of them!")
    else:
        await expect(maya.page.get_by_role("heading", name="Sign in")).to_be_visible()

    await _come_in(maya, await world.way_in("inf-maya"))
    await expect(maya.field).to_have_value("It does, on all of them!")
    await expect(maya.message("It does, on all of them!")).to_have_count(0)
    await maya.page.get_by_role("button", name="Send", exact=True).click()
    await lina.hears("It does, on all of them!")
    await maya.page.reload()
    await expect(maya.field).to_have_value("")


async def test_words_under_an_id_that_is_taken_are_sent_under_another(windows, lina, maya):
    windows.expect_complaint("409")
    await lina.contacts(SUMMER)
    await maya.opens(SUMMER)
    await maya.replies("Hello!")
    await lina.hears("Hello!")
    taken = await maya.message("Hello!").get_attribute("data-request")

    ids: list[str] = []

    async def take(route: Route) -> None:
        """Let the first id be the one that is taken, as often as it comes."""
        text = route.request.post_data or ""
        ids.extend(re.findall("request_id=([0-9a-f]+)", text))
        await route.continue_(post_data=text.replace(ids[0], str(taken)))

    await maya.page.route("**/messages", take)
    await maya.field.fill("Can I help you?")
    await maya.field.press("Enter")
    await expect(maya.page.get_by_role("alert")).to_have_text(re.compile("Here are your words again"))
    await expect(maya.field).to_have_value("Can I help you?")
    await maya.field.press("Enter")
    await lina.hears("Can I help you?")


async def _opens_and_listens(maya: panel.Panel, has_script: bool) -> None:
    """Open the chat, and, with a script, wait until its stream has begun: a session must not end before that."""
    if not has_script:
        await maya.opens(SUMMER)
        return
    async with maya.page.expect_response(lambda answer: "/live" in answer.url and "chat=" in answer.url):
        await maya.opens(SUMMER)


async def _come_in(maya: panel.Panel, way_in: str) -> None:
    await maya.page.goto(way_in)
    await maya.page.get_by_role("button", name="Sign in as").click()
