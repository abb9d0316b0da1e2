"""A command does what it says, and no word of somebody who writes behind it, or instead of it, is lost."""

import pytest

from models import Activation, HeldMessage, Message

ANSWERS = {"help": "How this works", "chats": "Your chats", "panel": "The panel is for influencers"}
COMMANDS = pytest.mark.parametrize("command", list(ANSWERS))


@COMMANDS
async def test_the_words_behind_a_command_are_passed_on_and_the_command_is_answered(door, phone, shoes, command):
    await phone.opens(shoes)
    await phone.says(f"/{command} my code is refused\nat the till")
    assert await door.said(shoes) == ["my code is refused\nat the till"]
    assert ANSWERS[command] in (await phone.last())["text"]


@COMMANDS
@pytest.mark.parametrize("form", ["/{}", "/{}  \n", "/{}@{}"])
async def test_a_command_alone_is_no_message(door, phone, shoes, command, form):
    await phone.opens(shoes)
    await phone.tells(text=form.format(command, door.bot.bot.username.upper()))
    assert ANSWERS[command] in (await phone.last())["text"]
    assert await door.said(shoes) == []


@pytest.mark.parametrize("words", ["my code is refused", "c_shoes is that still valid?", "¿hola?", "🛍"])
async def test_what_no_link_can_hold_behind_start_is_passed_on(door, phone, shoes, words):
    await phone.opens(shoes)
    await phone.says(f"/start {words}")
    assert await door.said(shoes) == [words]
    assert "Your chats" in (await phone.last())["text"]


@pytest.mark.parametrize(
    "text", ["/foo", "/refund please", "/", "//", "/helpful", "/help@other_bot", "/start@other_bot c_shoes", "help"]
)
async def test_what_is_no_command_of_ours_is_a_message(door, phone, shoes, text):
    await phone.opens(shoes)
    before = await phone.heard()
    await phone.says(text)
    assert await door.said(shoes) == [text]
    assert await phone.heard() == before


async def test_a_caption_that_looks_like_a_command_is_one(door, phone, shoes):
    await phone.opens(shoes)
    before = await phone.heard()
    await phone.sends("photo", caption="/help with this")
    assert await door.said(shoes) == ["/help with this"]
    assert await phone.heard() == before


async def test_words_behind_a_command_wait_like_any_others_for_their_chat(door, phone, shoes):
    await phone.says("/help my code is refused")
    assert (await HeldMessage.get()).text == "my code is refused"
    await phone.opens(shoes)
    await phone.taps(await phone.hears("Which coupon is this about?"), "Shoes")
    assert await door.said(shoes) == ["my code is refused"]


async def test_words_that_an_edit_puts_behind_a_command_are_passed_on(door, phone, shoes):
    await phone.opens(shoes)
    called = await phone.says("/help")
    await phone.edits(called["message_id"], "/help my code is refused")
    await phone.edits(called["message_id"], "/help my code is refused at the till")
    assert await door.said(shoes) == ["my code is refused at the till"]
    assert (await Message.get()).edited_at


async def test_a_command_that_is_edited_into_words_is_passed_on(door, phone, shoes, hats):
    await phone.opens(shoes)
    called = await phone.says("/chats")
    await phone.edits(called["message_id"], "My code is refused")
    assert await door.said(shoes) == ["My code is refused"]


async def test_words_that_are_edited_into_a_command_are_changed_and_the_command_is_answered(door, phone, shoes):
    await phone.opens(shoes)
    said = await phone.says("My code is refused")
    await phone.edits(said["message_id"], "/help My code is refused!")
    assert await door.said(shoes) == ["My code is refused!"]
    assert "How this works" in (await phone.last())["text"]
    await phone.edits(said["message_id"], "/help")
    assert await door.said(shoes) == ["/help"]


async def test_an_edit_into_a_command_alone_is_answered_and_no_message(phone, shoes):
    await phone.opens(shoes)
    called = await phone.says("/chats")
    await phone.edits(called["message_id"], "/help")
    assert "How this works" in (await phone.last())["text"]
    assert not await Message.exists()


async def test_an_edit_opens_no_chat(phone, shoes, hats):
    started = await phone.starts("c_shoes")
    said = await phone.says("Hello!")
    for message_id in (started["message_id"], said["message_id"]):
        await phone.edits(message_id, "/start c_hats")
    assert await Activation.all().count() == 1


async def test_the_place_of_unreadable_words_behind_a_command_is_kept(door, phone, shoes):
    await phone.opens(shoes)
    for text in ("/help my code", "/refund please", "/help"):
        await door.receives("message", {**phone.writes(text=text), "chat": {"id": phone.person.id}})
    assert [message.kind for message in await Message.all()] == ["unreadable", "unreadable"]
