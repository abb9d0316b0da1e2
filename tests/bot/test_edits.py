"""A consumer changes what they have written."""

import pytest

from models import Attachment, Chat, HeldMessage, Message, Version
from services.chats import versions
from services.media.contents import Quote, content_of, quote_of
from services.outgoing import moving


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
    assert (await Attachment.get()).telegram_file_id


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


async def test_within_a_second_the_order_of_the_updates_decides(door, phone, shoes):
    await phone.opens(shoes)
    said = await phone.says("One")
    first, second = ({**said, "text": text, "edit_date": said["date"] + 1} for text in ("Two", "Three"))
    await door.take({"update_id": 900_000_002, "edited_message": second})
    await door.take({"update_id": 900_000_001, "edited_message": first})
    assert await door.said(shoes) == ["Three"]


async def test_an_older_edit_does_not_undo_one_that_took_it_back(door, phone, shoes):
    await phone.opens(shoes)
    said = await phone.says("One")
    await door.take({"update_id": 900_000_002, "edited_message": {**said, "edit_date": said["date"] + 2}})
    older = {**said, "text": "Two", "edit_date": said["date"] + 1}
    await door.take({"update_id": 900_000_001, "edited_message": older})
    message = await Message.get()
    assert (message.text, message.edited_at) == ("One", None)


async def test_an_edit_that_does_not_say_when_is_one_all_the_same(door, phone, shoes):
    await phone.opens(shoes)
    said = await phone.says("One")
    for text in ("Two", "Three"):
        await door.receives("edited_message", {**said, "text": text})
    message = await Message.get()
    assert (message.text, message.edited_at) == ("Three", message.timestamp)


async def test_an_edit_of_what_was_held_is_not_undone_by_an_older_one(door, phone, shoes):
    said = await phone.says("One")
    first, second = ({**said, "text": text, "edit_date": said["date"] + 1} for text in ("Two", "Three"))
    await door.take({"update_id": 900_000_002, "edited_message": second})
    await door.take({"update_id": 900_000_001, "edited_message": first})
    assert (await HeldMessage.get()).text == "Three"
    await phone.opens(shoes)
    await door.take({"update_id": 900_000_000, "edited_message": {**first, "text": "Four"}})
    assert (await HeldMessage.get_or_none() or await Message.get()).text == "Three"


async def test_nobody_edits_anothers_message(door, phone, shoes):
    await phone.opens(shoes)
    said = await phone.says("Mine")
    ben = door.phone("Ben", None)
    forged = {**ben.writes(text="Yours"), "message_id": said["message_id"], "edit_date": said["date"] + 1}
    await door.receives("edited_message", forged)
    assert await door.said(shoes) == ["Mine"]
    assert (await HeldMessage.get()).text == "Yours"


UNSEEN = [
    {},
    {"link_preview_options": {"url": "https://shop.example"}},
    {"entities": [{"type": "url", "offset": 6, "length": 20}]},
    {"reply_markup": {"inline_keyboard": []}},
    {"has_protected_content": True},
]


@pytest.mark.parametrize("change", UNSEEN, ids=range(len(UNSEEN)))
async def test_an_edit_that_nobody_can_see_is_none(door, phone, shoes, change):
    await phone.opens(shoes)
    said = await phone.says("Hello https://shop.example")
    await door.receives("edited_message", {**said, "edit_date": said["date"] + 1, **change})
    assert (await Message.get()).edited_at is None


async def test_formatting_alone_can_be_edited(door, phone, shoes):
    await phone.opens(shoes)
    said = await phone.says("Hello https://shop.example")
    bold = [{"type": "bold", "offset": 0, "length": 5}]
    await door.receives("edited_message", {**said, "entities": bold, "edit_date": said["date"] + 1})
    message = await Message.get()
    assert (message.text, message.formatting) == (said["text"], [{"style": "bold", "start": 0, "length": 5}])
    assert message.edited_at
    await door.receives("edited_message", {**said, "edit_date": said["date"] + 2})
    assert (await Message.get()).formatting is None


async def test_what_a_message_said_before_is_kept_in_order(door, phone, shoes):
    await phone.opens(shoes)
    said = await phone.says("One")
    bold = [{"type": "bold", "offset": 0, "length": 3}]
    for later, change in enumerate([{"text": "Two"}, {"text": "Two", "entities": bold}, {"text": "Three"}], 1):
        edited = {**said, **change, "edit_date": said["date"] + later}
        await door.receives("edited_message", edited)
        await door.receives("edited_message", edited)  # twice: that changes nothing
    kept = (await versions.of([await Message.get()]))[(await Message.get()).id]
    assert [version.text for version in kept] == ["One", "Two", "Two"]
    assert [version.formatting for version in kept] == [None, None, [{"style": "bold", "start": 0, "length": 3}]]


async def test_of_many_versions_the_latest_are_kept(door, phone, shoes):
    await phone.opens(shoes)
    said = await phone.says("0")
    for number in range(1, versions.MAX_VERSIONS + 4):
        edited = {**said, "text": str(number), "edit_date": said["date"] + number}
        await door.receives("edited_message", edited)
    message = await Message.get()
    kept = [version.text for version in (await versions.of([message]))[message.id]]
    assert kept == [str(number) for number in range(3, versions.MAX_VERSIONS + 3)]


@pytest.mark.parametrize("change", UNSEEN, ids=range(len(UNSEEN)))
async def test_no_version_is_kept_of_an_edit_that_nobody_can_see(door, phone, shoes, change):
    await phone.opens(shoes)
    said = await phone.says("Hello https://shop.example")
    await door.receives("edited_message", {**said, "edit_date": said["date"] + 1, **change})
    assert not await Version.exists()


async def test_no_version_is_kept_of_a_place_that_moves(door, phone, shoes):
    await phone.opens(shoes)
    place = {"latitude": 52.5, "longitude": 13.4, "live_period": 900}
    sent = await phone.tells(location=place)
    moved = {**place, "latitude": 52.6}
    await door.receives("edited_message", {**sent, "location": moved, "edit_date": sent["date"] + 1})
    assert not await Version.exists()


async def test_a_text_becomes_a_photo_and_a_text_again(door, phone, shoes):
    await phone.opens(shoes)
    said = await phone.says("Look")
    photo = [{"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 5}]
    plain = {name: part for name, part in said.items() if name != "text"}
    await door.receives(
        "edited_message", {**plain, "photo": photo, "caption": "This one", "edit_date": said["date"] + 1}
    )
    message = await Message.get()
    assert (message.kind, message.text) == ("photo", "This one")
    assert (await Attachment.get()).telegram_file_id == "p"
    await door.receives("edited_message", {**said, "text": "Never mind", "edit_date": said["date"] + 2})
    message = await Message.get()
    assert (message.kind, message.text, await Attachment.exists()) == ("text", "Never mind", False)
    kept = (await versions.of([message]))[message.id]
    assert [(version.kind, version.text) for version in kept] == [("text", "Look"), ("photo", "This one")]


async def test_a_caption_that_changes_keeps_what_it_said(door, phone, shoes):
    await phone.opens(shoes)
    sent = await phone.sends("photo", caption="Thes?")
    await phone.edits(sent["message_id"], "These?")
    message = await Message.get()
    assert [version.text for version in (await versions.of([message]))[message.id]] == ["Thes?"]


async def test_an_edit_after_a_move_changes_the_message_where_it_is_now(door, phone, shoes, hats, maya):
    await phone.opens(hats)
    await phone.opens(shoes)
    said = await phone.says("Are they warm?")
    to = await Chat.get(coupon_id=hats.id)
    await moving.move(await Chat.get(coupon_id=shoes.id), await Message.get(), to, maya, all_since=False)
    await phone.edits(said["message_id"], "Are they warm, and red?")
    assert (await door.said(shoes), await door.said(hats)) == ([], ["Are they warm, and red?"])
    message = await Message.get()
    assert [version.text for version in (await versions.of([message]))[message.id]] == ["Are they warm?"]


async def test_an_edit_that_overtakes_its_message_is_what_stays(door, phone, shoes):
    await phone.opens(shoes)
    said = phone.writes(text="Do they come in 43?")
    bold = [{"type": "bold", "offset": 0, "length": 2}]
    edited = {**said, "text": "Do they come in 44?", "entities": bold, "edit_date": said["date"] + 1}
    await door.receives("edited_message", edited)
    await door.receives("message", said)
    message = await Message.get()
    assert (message.text, message.formatting) == (edited["text"], [{"style": "bold", "start": 0, "length": 2}])
    assert not await Version.exists()


async def test_an_edit_of_what_is_held_changes_it_with_its_formatting(door, phone):
    said = await phone.says("One")
    bold = [{"type": "bold", "offset": 0, "length": 3}]
    await door.receives("edited_message", {**said, "text": "Two", "entities": bold, "edit_date": said["date"] + 1})
    held = await HeldMessage.get()
    assert (held.text, held.formatting) == ("Two", [{"style": "bold", "start": 0, "length": 3}])


async def test_nobody_edits_what_the_influencer_has_said(door, phone, shoes):
    await phone.opens(shoes)
    await door.answers(shoes, "Yes")
    await phone.hears("Yes")
    heard = await phone.last()
    forged = {**phone.writes(text="No"), "message_id": heard["message_id"], "edit_date": heard["date"] + 1}
    await door.receives("edited_message", forged)
    assert await door.said(shoes) == ["Yes"]


async def test_a_file_that_telegram_names_anew_is_no_edit(door, phone, shoes):
    await phone.opens(shoes)
    sent = await phone.sends("photo", caption="These?")
    renamed = [{**size, "file_id": "another" + size["file_id"]} for size in sent["photo"]]
    await door.receives("edited_message", {**sent, "photo": renamed, "edit_date": sent["date"] + 1})
    message = await Message.get()
    assert message.edited_at is None
    assert (await Attachment.get()).telegram_file_id.startswith("another")
    other = [{**size, "file_unique_id": "another"} for size in sent["photo"]]
    await door.receives("edited_message", {**sent, "photo": other, "edit_date": sent["date"] + 2})
    assert (await Message.get()).edited_at


async def test_a_place_that_moves_is_where_it_is_now_and_not_edited(door, phone, shoes):
    await phone.opens(shoes)
    place = {"latitude": 52.5, "longitude": 13.4, "live_period": 900}
    sent = await phone.tells(location=place)
    moved = {**place, "latitude": 52.6}
    await door.receives("edited_message", {**sent, "location": moved, "edit_date": sent["date"] + 1})
    message = await Message.get()
    assert (content_of(message).details.latitude, message.edited_at) == (52.6, None)


async def test_a_held_place_that_moves_is_not_edited_either(door, phone, shoes):
    sent = await phone.tells(location={"latitude": 52.5, "longitude": 13.4, "live_period": 900})
    moved = {"latitude": 52.6, "longitude": 13.4}
    await door.receives("edited_message", {**sent, "location": moved, "edit_date": sent["date"] + 1})
    held = await HeldMessage.get()
    assert (content_of(held).details.latitude, held.edited_at) == (52.6, None)


async def test_an_older_edit_does_not_undo_a_newer_of_what_is_held(door, phone):
    said = await phone.says("One")
    await door.receives("edited_message", {**said, "text": "Three", "edit_date": said["date"] + 2})
    await door.receives("edited_message", {**said, "text": "Two", "edit_date": said["date"] + 1})
    assert (await HeldMessage.get()).text == "Three"


async def test_an_edit_keeps_what_it_does_not_tell_again(door, phone, shoes):
    await phone.opens(shoes)
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Zoe"}
    said = await phone.tells(text="As they sayed", forward_origin=origin, quote={"text": "44", "position": 0})
    plain = {name: part for name, part in said.items() if name not in ("forward_origin", "quote")}
    await door.receives("edited_message", {**plain, "text": "As they said", "edit_date": said["date"] + 1})
    message = await Message.get()
    assert message.edited_at
    assert (message.text, message.forwarded_from) == ("As they said", "Zoe")
    assert quote_of(message) == Quote(text="44")
