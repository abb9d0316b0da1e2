"""What isn't text is kept with its kind, its caption and its file; what Telegram itself says is not."""

import pytest

from models import HeldMessage, Message

KINDS = [
    ("photo", {}, {}),
    ("video", {}, {"duration": 12}),
    ("animation", {}, {"fileName": "wow.mp4"}),
    ("voice", {"duration": 12}, {"duration": 12}),
    ("video_note", {}, {"duration": 5}),
    ("audio", {}, {"title": "Summer", "performer": "The Coupons", "duration": 184}),
    ("document", {"file_name": "Rechnung №1 🧾.pdf"}, {"fileName": "Rechnung №1 🧾.pdf"}),
    ("sticker", {"emoji": "😀"}, {"emoji": "😀"}),
]


@pytest.mark.parametrize(("kind", "details", "kept"), KINDS, ids=[kind for kind, _, _ in KINDS])
async def test_a_file_is_kept_with_its_kind_caption_and_id(phone, shoes, kind, details, kept):
    await phone.opens(shoes)
    sent = await phone.sends(kind, caption="  Look 😀 <b>", **details)
    content = sent[kind][-1] if kind == "photo" else sent[kind]
    message = await Message.get()
    assert (message.kind, message.text) == (kind, "  Look 😀 <b>")
    expected = {"fileId": content["file_id"], "fileUniqueId": content["file_unique_id"]} | kept
    assert expected.items() <= message.attachment.items()


async def test_a_place_is_kept(phone, shoes):
    await phone.opens(shoes)
    await phone.sends("location")
    message = await Message.get()
    assert (message.kind, message.attachment) == ("location", {"latitude": 52.520008, "longitude": 13.404954})


async def test_a_venue_is_kept_with_its_place(phone, shoes):
    await phone.opens(shoes)
    place = {"latitude": 52.5, "longitude": 13.4}
    await phone.tells(venue={"location": place, "title": "Shop", "address": "Street 1"}, location=place)
    message = await Message.get()
    assert (message.kind, message.attachment) == ("venue", {"title": "Shop", "address": "Street 1", **place})


async def test_a_contact_is_kept(phone, shoes):
    await phone.opens(shoes)
    await phone.sends("contact", last_name="Bird\x00")
    message = await Message.get()
    assert message.kind == "contact"
    assert message.attachment == {"phoneNumber": "+4915112345678", "firstName": "Robin", "lastName": "Bird"}


async def test_a_poll_is_kept_with_its_options(phone, shoes):
    await phone.opens(shoes)
    await phone.sends("poll")
    message = await Message.get()
    assert message.attachment == {"question": "Which colour?", "options": ["Red", "Blue"]}


async def test_dice_are_kept(phone, shoes):
    await phone.opens(shoes)
    await phone.tells(dice={"emoji": "🎲", "value": 6})
    assert (await Message.get()).attachment == {"emoji": "🎲", "value": 6}


async def test_a_kind_that_nobody_knows_yet_is_kept_whole(phone, shoes):
    await phone.opens(shoes)
    content = {"blocks": [{"text": "Hello\x00 \ud83d", "level": 1}], "is_rtl": False}
    await phone.tells(rich_message=content)
    message = await Message.get()
    assert message.kind == "rich_message"
    assert message.attachment == {"content": {"blocks": [{"text": "Hello ?", "level": 1}], "is_rtl": False}}


async def test_a_message_with_nothing_that_we_understand_is_kept_too(phone, shoes):
    await phone.opens(shoes)
    await phone.tells(some_flag=True)
    assert (await Message.get()).kind == "unknown"


async def test_content_is_held_like_text_and_filed_with_its_file(door, phone, shoes):
    sent = await phone.sends("voice", duration=12)
    assert (await HeldMessage.get()).kind == "voice"
    await phone.opens(shoes)
    await phone.taps(await phone.hears("Which coupon is this about?"), "Shoes")
    assert (await Message.get()).attachment["fileId"] == sent["voice"]["file_id"]


async def test_a_forwarded_message_is_kept(door, phone, shoes):
    await phone.opens(shoes)
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}
    await phone.tells(text="As they said", forward_origin=origin)
    assert await door.said(shoes) == ["As they said"]


SERVICE = [
    {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}},
    {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
    {"forum_topic_created": {"name": "Shoes", "icon_color": 7322096}},
    {"forum_topic_edited": {"name": "Shoes"}},
    {"chat_background_set": {"type": {"type": "chat_theme", "theme_name": "x"}}},
    {"write_access_allowed": {}},
    {"users_shared": {"request_id": 1, "users": []}},
]


@pytest.mark.parametrize("content", SERVICE, ids=[next(iter(content)) for content in SERVICE])
async def test_what_telegram_itself_says_is_no_message(door, phone, shoes, content):
    await phone.opens(shoes)
    before = await phone.heard()
    await phone.tells(**content)
    assert not await Message.exists()
    assert await phone.heard() == before
