"""What an influencer has seen is read, and nothing else."""

import pytest
from playwright.async_api import expect

from models import Chat, Peer
from services.incoming.placement import AsOf
from tests import cast

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"


async def test_of_sixty_unread_those_that_are_not_in_sight_stay_unread_until_they_are(lina, maya):
    await lina.contacts(SUMMER)
    await expect(maya.row(SUMMER)).to_be_visible()
    peer = await Peer.get(user_id=(await Chat.get()).consumer_id)
    for number in range(60):
        await cast.says(peer, f"Message {number}", as_of=AsOf(2**40))  # after all that Telegram has counted
    unread = maya.row(SUMMER).locator(".row-count")
    await expect(unread).to_have_text("60 unread")
    await maya.opens(SUMMER)
    await expect(maya.messages).to_have_count(50)
    await expect(unread).to_have_text("10 unread")
    await maya.messages.first.evaluate("element => element.scrollIntoView()")
    await expect(maya.messages).to_have_count(60)
    await expect(maya.history.locator("[data-unread]")).not_to_have_count(0)
    for number in range(9, -1, -1):
        await maya.message(f"Message {number}").first.evaluate("element => element.scrollIntoView()")
    await expect(unread).to_have_count(0)
    await maya.has_unread(0)
    await expect(maya.history.locator("[data-unread]")).to_have_count(0)
