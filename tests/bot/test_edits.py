"""A consumer changes what they have written."""

from models import HeldMessage, Message


async def test_an_edit_changes_the_message_where_it_is(door, phone, shoes, hats):
    await phone.opens(shoes)
    said = await phone.says("Do they come in 43?")
    await phone.opens(hats)
    await phone.edits(said["message_id"], "Do they come in 44?")
    assert await door.said(shoes) == ["Do they come in 44?"]
    assert await door.said(hats) == []
    assert (await Message.get()).edited_at


async def test_an_edit_leaves_the_open_chat_open_and_says_nothing(door, phone, shoes, hats):
    await phone.opens(shoes)
    said = await phone.says("Do they come in 43?")
    await phone.opens(hats)
    before = await phone.heard()
    await phone.edits(said["message_id"], "Do they come in 44?")
    assert await phone.heard() == before
    await phone.says("Warm?")
    assert await door.said(hats) == ["Warm?"]


async def test_a_caption_can_be_edited(door, phone, shoes):
    await phone.opens(shoes)
    sent = await phone.sends("photo", caption="Thes?")
    await phone.edits(sent["message_id"], "These?")
    message = await Message.get()
    assert (message.text, message.kind) == ("These?", "photo")
    assert message.attachment["fileId"]


async def test_an_edit_that_looks_like_a_command_is_an_edit(door, phone, shoes):
    await phone.opens(shoes)
    said = await phone.says("10 %")
    await phone.edits(said["message_id"], "/10percent")
    assert await door.said(shoes) == ["/10percent"]


async def test_an_edited_command_is_no_message(phone, shoes):
    await phone.opens(shoes)
    started = await phone.says("/chats")
    await phone.edits(started["message_id"], "/help")
    assert not await Message.exists()


async def test_an_edit_of_what_was_never_seen_comes_as_new(door, phone, shoes):
    await phone.opens(shoes)
    lost = phone.writes(text="Lost", edit_date=1_800_000_000)
    await door.receives("edited_message", lost)
    assert await door.said(shoes) == ["Lost"]


async def test_an_older_edit_does_not_undo_a_newer(door, phone, shoes):
    await phone.opens(shoes)
    said = await phone.says("One")
    await door.receives("edited_message", {**said, "text": "Three", "edit_date": said["date"] + 2})
    await door.receives("edited_message", {**said, "text": "Two", "edit_date": said["date"] + 1})
    assert await door.said(shoes) == ["Three"]


async def test_nobody_edits_anothers_message(door, phone, shoes):
    await phone.opens(shoes)
    said = await phone.says("Mine")
    ben = door.phone("Ben", None)
    forged = {**ben.writes(text="Yours"), "message_id": said["message_id"], "edit_date": said["date"] + 1}
    await door.receives("edited_message", forged)
    assert await door.said(shoes) == ["Mine"]
    assert (await HeldMessage.get()).text == "Yours"
