"""In groups and channels the bot keeps to itself, unless it is called by one of its own commands."""

import pytest

from models import Chat, Delivery, HeldMessage, Message
from services.outgoing.sending import PENDING


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_start_in_a_group_leads_to_a_private_chat(door, phone, shoes, kind):
    group = door.telegram.group("Shoppers", kind)
    group.says(phone.person, f"/start c_{shoes.id}")
    await door.handle_updates()
    answer = await _answer(door, group)
    assert "stay between two people" in answer["text"]
    [[way]] = answer["reply_markup"]["inline_keyboard"]
    assert way["url"] == f"https://t.me/coupon_chat_bot?start=c_{shoes.id}"
    assert not await Chat.exists()


async def test_a_start_in_a_channel_leads_to_a_private_chat(door, shoes):
    channel = door.telegram.channel("Bargains")
    channel.posts(f"/start c_{shoes.id}")
    await door.handle_updates()
    assert "stay between two people" in (await _answer(door, channel))["text"]
    assert not await Chat.exists()


@pytest.mark.parametrize(
    "words", ["/start", "/chats", "/help@coupon_chat_bot", "/panel", "/start ünfit", "/start a b"]
)
async def test_its_own_commands_are_answered_in_a_group(door, phone, words):
    group = door.telegram.group("Shoppers")
    group.says(phone.person, words)
    await door.handle_updates()
    [[way]] = (await _answer(door, group))["reply_markup"]["inline_keyboard"]
    assert way["url"] == "https://t.me/coupon_chat_bot"


@pytest.mark.parametrize("words", ["Hello!", "/start@another_bot", "/discount", "what is /help?", "/helpful"])
async def test_everything_else_in_a_group_is_passed_over(door, phone, words):
    group = door.telegram.group("Shoppers")
    group.says(phone.person, words)
    await door.handle_updates()
    assert not await Delivery.exists()
    assert not await Message.exists()
    assert not await HeldMessage.exists()


async def test_an_edit_in_a_group_is_passed_over(door, phone):
    group = door.telegram.group("Shoppers")
    said = group.says(phone.person, "Hello!")
    await door.receives("edited_message", {**said, "text": "/start", "edit_date": said["date"]})
    assert not await Delivery.exists()


async def test_a_german_is_answered_in_german_in_a_group(door):
    jonas = door.phone("Jonas", None, language_code="de")
    group = door.telegram.group("Shoppers")
    group.says(jonas.person, "/start")
    await door.handle_updates()
    assert "Chats über Coupons" in (await _answer(door, group))["text"]


async def _answer(door, place):
    await door.delivered()
    assert not await Delivery.exists(state__in=PENDING)
    return place.messages[-1]
