"""A consumer asks in Telegram, an influencer answers in the panel: both sides, live."""

import re

import pytest
from playwright.async_api import expect

from tests.browser import phone

pytestmark = pytest.mark.xdist_group("browser")

SUMMER = "50% Off Summer Collection"
SNEAKERS = "20% Off the Cloudstep Sneaker Drop"
HISTORY = re.compile(r"You · .+\s+Does it work on sale items\?\s+Maya Lindqvist · .+\s+It does!")
QUESTION = "Which coupon is this about?"


async def test_a_question_reaches_the_panel_and_its_answer_the_phone(lina, maya):
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    row = maya.row(f"Re: {SUMMER}")
    await expect(row).to_contain_text("Lina Berg")
    await expect(row).to_contain_text("Does it work on sale items?")
    await expect(row.locator(".row-count")).to_have_text("1 unread")
    await maya.has_unread(1)
    await maya.opens(SUMMER)
    await maya.has_unread(0)
    await lina.says("The linen shirts, I mean.")
    await expect(maya.messages).to_contain_text(["Does it work on sale items?", "The linen shirts, I mean."])
    await maya.replies("It does, until they are gone!")
    await lina.hears("It does, until they are gone!")
    await expect(maya.messages).to_have_count(3)
    await expect(maya.messages.last).to_contain_text("Sent")
    await expect(row).to_contain_text("You: It does, until they are gone!")


async def test_the_same_chat_opens_again_with_its_history(lina, maya):
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await maya.opens(SUMMER)
    await maya.replies("It does!")
    await lina.hears("It does!")
    await lina.contacts(SUMMER)
    header = lina.log.get_by_role("article", name="Bot").last
    await expect(header).to_contain_text(HISTORY)
    await lina.says("Lovely")
    await expect(maya.messages).to_contain_text(["Does it work on sale items?", "It does!", "Lovely"])
    await expect(maya.titles).to_have_count(1)


async def test_the_chat_that_was_written_in_last_moves_to_the_top(windows, lina, maya, world):
    omar = await phone.opened(await windows.open(), world.shop, "Omar Haddad")
    await lina.contacts(SUMMER)
    await lina.says("First!")
    await expect(maya.names).to_have_text(["Lina Berg"])
    await omar.contacts(SUMMER)
    await omar.says("Second!")
    await expect(maya.names).to_have_text(["Omar Haddad", "Lina Berg"])
    await lina.says("First again!")
    await expect(maya.names).to_have_text(["Lina Berg", "Omar Haddad"])


async def test_two_consumers_in_two_tabs_have_two_chats(lina, maya, world):
    omar = await phone.opened(lina.page.context, world.shop, "Omar Haddad")
    for consumer, text in ((lina, "Is it waterproof?"), (omar, "Do you ship to Oman?")):
        await consumer.contacts(SUMMER)
        await consumer.says(text)
    await maya.opens("Lina Berg")
    await expect(maya.messages).to_contain_text(["Is it waterproof?"])
    await maya.replies("Only if you stay dry.")
    await lina.hears("Only if you stay dry.")
    await maya.opens("Omar Haddad")
    await expect(maya.messages).to_contain_text(["Do you ship to Oman?"])
    await expect(omar.log).not_to_contain_text("Only if you stay dry.")


async def test_what_may_belong_to_two_chats_is_asked_about_and_filed_by_a_tap(lina, maya):
    await lina.contacts(SUMMER)
    await lina.says("Is the hat included?")
    await lina.contacts(SNEAKERS)
    await maya.opens(SUMMER)
    await maya.replies("It is!")
    await lina.hears("It is!")
    await lina.says("And in size 44?")
    question = await lina.hears(QUESTION)
    for title in (SUMMER, SNEAKERS):
        await expect(lina.log.get_by_role("button", name=title)).to_be_visible()
    await lina.log.get_by_role("button", name=SNEAKERS).click()
    await expect(question).to_contain_text(f"Re: {SNEAKERS}")
    await maya.opens(SNEAKERS)
    await expect(maya.messages).to_contain_text(["And in size 44?"])
    await expect(maya.row(SUMMER)).not_to_contain_text("And in size 44?")


async def test_what_is_no_text_appears_by_its_name(lina, maya):
    await lina.contacts(SUMMER)
    await lina.attaches("Photo")
    await expect(maya.row(SUMMER)).to_contain_text("[photo]")
    await maya.opens(SUMMER)
    await expect(maya.messages.last).to_contain_text("[photo]")
    await lina.attaches("Voice message")
    await expect(maya.messages.last).to_contain_text("[voice message 0:")


async def test_a_reply_that_a_block_kept_away_arrives_once_when_tried_again(lina, maya):
    await lina.contacts(SUMMER)
    await lina.says("Does it work on sale items?")
    await maya.opens(SUMMER)
    await lina.blocks()
    await maya.replies("It does!")
    reply = maya.message("It does!")
    await expect(reply).to_contain_text("Not delivered. They have blocked the bot.")
    await expect(maya.row(SUMMER)).to_contain_text("Not delivered")
    await lina.unblocks()
    await reply.get_by_role("button", name="Try again").click()
    await lina.hears("It does!")
    await expect(reply).to_contain_text("Sent")
    await expect(lina.log.get_by_text("It does!")).to_have_count(1)
    await expect(maya.row(SUMMER)).not_to_contain_text("Not delivered")
