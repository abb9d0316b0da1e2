"""The bot's few commands, its menu, and everything that merely looks like a command."""

import pytest

from models import HeldMessage, Message
from tests import cast


async def test_help_says_how_this_works_and_leads_to_the_chats(phone, shoes):
    await phone.opens(shoes)
    await phone.says("/help")
    help_ = await phone.last()
    assert help_["text"].startswith("How this works\n")
    await phone.taps(help_, "My chats")
    assert "Your chats" in (await phone.last())["text"]


@pytest.mark.parametrize("words", ["/help@coupon_chat_bot", "/HELP", "/help me please", "/help\nme"])
async def test_a_command_may_be_written_in_many_ways(phone, words):
    await phone.says(words)
    assert (await phone.last())["text"].startswith("How this works")
    assert not await HeldMessage.exists()


@pytest.mark.parametrize(
    "words", ["/discount", "/helpme", "/help@another_bot", "/", "help", "say /help", "//start"]
)
async def test_what_is_no_command_of_ours_is_passed_on(door, phone, shoes, words):
    await phone.opens(shoes)
    await phone.says(words)
    assert await door.said(shoes) == [words]


async def test_commands_are_not_messages(phone, shoes):
    await phone.opens(shoes)
    for words in ("/start", "/chats", "/help", "/panel"):
        await phone.says(words)
    assert not await Message.exists()


async def test_the_menu_is_set_in_every_language(door):
    menu = (await door.telegram.call(cast.BOT_TOKEN, "getMyCommands", {}))["result"]
    assert [(entry["command"], entry["description"]) for entry in menu] == [
        ("chats", "My chats"),
        ("help", "How this works"),
    ]
    menu = (await door.telegram.call(cast.BOT_TOKEN, "getMyCommands", {"language_code": "de"}))["result"]
    assert menu[0]["description"] == "Meine Chats"
