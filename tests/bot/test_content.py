"""What isn't text is kept with its kind, its caption and its file; what Telegram itself says is not."""

import pytest

from models import Attachment, AttachmentState, HeldMessage, Message, MessageKind
from services.media.contents import Content, Quote, content_of, quote_of
from services.media.details import Contact, Dice, Location, Newer, Poll, Venue
from tests import cast

KINDS = [
    ("photo", {}, {}),
    ("video", {}, {"duration": 12}),
    ("animation", {}, {"file_name": "wow.mp4"}),
    ("voice", {"duration": 12}, {"duration": 12}),
    ("video_note", {}, {"duration": 5}),
    ("audio", {}, {"title": "Summer", "performer": "The Coupons", "duration": 184}),
    ("document", {"file_name": "Rechnung №1 🧾.pdf"}, {"file_name": "Rechnung №1 🧾.pdf"}),
    ("sticker", {"emoji": "😀"}, {"emoji": "😀"}),
]


@pytest.mark.parametrize(("kind", "details", "kept"), KINDS, ids=[kind for kind, _, _ in KINDS])
async def test_a_file_is_kept_with_its_kind_caption_and_id(phone, shoes, kind, details, kept):
    await phone.opens(shoes)
    sent = await phone.sends(kind, caption="  Look 😀 <b>", **details)
    content = sent[kind][-1] if kind == "photo" else sent[kind]
    message = await Message.get()
    assert (message.kind, message.text) == (kind, "  Look 😀 <b>")
    [attachment] = await Attachment.all()
    expected = {"telegram_file_id": content["file_id"], "telegram_file_unique_id": content["file_unique_id"]} | kept
    assert {name: getattr(attachment, name) for name in expected} == expected
    assert (attachment.message_id, attachment.kind, attachment.bot_id) == (message.id, kind, cast.BOT_ID)
    assert attachment.state is AttachmentState.TELEGRAM


async def test_a_place_is_kept(phone, shoes):
    await phone.opens(shoes)
    await phone.sends("location")
    message = await Message.get()
    assert content_of(message) == Content(MessageKind.LOCATION, Location(52.520008, 13.404954))


async def test_a_venue_is_kept_with_its_place(phone, shoes):
    await phone.opens(shoes)
    place = {"latitude": 52.5, "longitude": 13.4}
    await phone.tells(venue={"location": place, "title": "Shop", "address": "Street 1"}, location=place)
    message = await Message.get()
    assert content_of(message) == Content(MessageKind.VENUE, Venue("Shop", "Street 1", **place))


async def test_a_contact_is_kept(phone, shoes):
    await phone.opens(shoes)
    await phone.sends("contact", last_name="Bird\x00")
    message = await Message.get()
    assert message.kind == "contact"
    assert content_of(message).details == Contact("+4915112345678", "Robin", "Bird")


async def test_a_poll_is_kept_with_its_options(phone, shoes):
    await phone.opens(shoes)
    await phone.sends("poll")
    message = await Message.get()
    assert content_of(message) == Content(MessageKind.POLL, Poll("Which colour?", ("Red", "Blue")))


async def test_dice_are_kept(phone, shoes):
    await phone.opens(shoes)
    await phone.tells(dice={"emoji": "🎲", "value": 6})
    assert content_of(await Message.get()) == Content(MessageKind.DICE, Dice("🎲", 6))


async def test_a_kind_that_nobody_knows_yet_is_kept_whole(phone, shoes):
    await phone.opens(shoes)
    content = {"blocks": [{"text": "Hello\x00 \ud83d", "level": 1}], "is_rtl": False}
    await phone.tells(hologram=content)
    message = await Message.get()
    assert (message.kind, message.text) == ("unknown", "Hello ?")
    kept = {"blocks": [{"text": "Hello ?", "level": 1}], "is_rtl": False}
    assert content_of(message).details == Newer("hologram", kept)


async def test_a_message_with_nothing_that_we_understand_is_kept_too(phone, shoes):
    await phone.opens(shoes)
    await phone.tells(some_flag=True)
    assert (await Message.get()).kind == "unknown"


async def test_content_is_held_like_text_and_filed_with_its_file(door, phone, shoes):
    sent = await phone.sends("voice", duration=12)
    assert (await HeldMessage.get()).kind == "voice"
    held = await Attachment.get()
    assert (held.message_id, held.held_message_id) == (None, (await HeldMessage.get()).id)
    await phone.opens(shoes)
    await phone.taps(await phone.hears("Which coupon is this about?"), "Shoes")
    attachment = await Attachment.get()
    assert attachment.telegram_file_id == sent["voice"]["file_id"]
    assert (attachment.message_id, attachment.held_message_id) == ((await Message.get()).id, None)


CHANNEL = {"id": -1001, "type": "channel", "title": "Sales"}
ZOE = {"id": 9, "is_bot": False, "first_name": "Zoe", "last_name": "Subscription"}
FORWARDS = [
    ({"forward_origin": {"type": "user", "date": 1, "sender_user": ZOE}}, "Zoe Subscription"),
    ({"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}}, "Somebody"),
    ({"forward_origin": {"type": "chat", "date": 1, "sender_chat": {**CHANNEL, "type": "group"}}}, "Sales"),
    (
        {
            "forward_origin": {
                "type": "channel",
                "date": 1,
                "chat": CHANNEL,
                "message_id": 3,
                "author_signature": "Al",
            }
        },
        "Sales (Al)",
    ),
    ({"forward_origin": {"type": "teleport", "date": 1}}, ""),
    ({"forward_origin": {"type": "channel", "chat": {"title": "Cut"}}}, "Cut"),
    ({"forward_from": ZOE, "forward_date": 1}, "Zoe Subscription"),
    ({"forward_sender_name": "Somebody", "forward_date": 1}, "Somebody"),
    ({"forward_from_chat": CHANNEL, "forward_from_message_id": 3, "forward_signature": "Al"}, "Sales (Al)"),
]


@pytest.mark.parametrize(("forwarded", "source"), FORWARDS, ids=range(len(FORWARDS)))
async def test_a_forwarded_message_says_from_whom(door, phone, shoes, forwarded, source):
    await phone.opens(shoes)
    await phone.tells(text="As they said", **forwarded)
    message = await Message.get()
    assert (message.kind, message.text, message.forwarded_from) == ("text", "As they said", source)
    said = f"[forwarded from {source}]" if source else "[forwarded]"
    assert f"{said} As they said" in (await phone.opens(shoes))["text"]


async def test_a_quoted_part_is_kept_with_the_reply(door, phone, shoes):
    await phone.opens(shoes)
    answer = await door.answers(shoes, "Yes, in 44 and 45")
    heard = await phone.hears("Yes, in 44")
    await door.delivered()
    await phone.tells(text="That one", reply_to_message=heard, quote={"text": "44", "position": 5})
    message = await Message.get(text="That one")
    assert (message.reply_to_id, quote_of(message)) == (answer.id, Quote(text="44"))


ELSEWHERE = {
    "origin": {"type": "channel", "date": 1, "chat": CHANNEL, "message_id": 3},
    "chat": CHANNEL,
    "message_id": 3,
}


async def test_what_is_quoted_from_elsewhere_is_kept_and_routes_nothing(door, phone, shoes, hats):
    header = await phone.opens(shoes)
    await phone.opens(hats)
    await door.delivered()
    elsewhere = {**ELSEWHERE, "message_id": header["message_id"]}
    await phone.tells(text="Is this so?", external_reply=elsewhere, quote={"text": "Half off", "position": 0})
    [message] = await Message.all()
    assert await door.said(hats) == ["Is this so?"]
    assert message.reply_to_id is None
    assert quote_of(message) == Quote("Sales", "Half off")


async def test_a_message_of_another_chat_is_never_taken_for_one_of_this(door, phone, shoes, hats):
    header = await phone.opens(shoes)
    await phone.opens(hats)
    await door.delivered()
    replied = {"message_id": header["message_id"], "date": 1, "chat": CHANNEL, "text": "Half off"}
    await phone.tells(text="Is this so?", reply_to_message=replied)
    assert await door.said(hats) == ["Is this so?"]
    assert quote_of(await Message.get()).text == "Half off"


async def test_a_held_message_loses_nothing_when_it_is_filed(phone, shoes):
    part = {"text": "Half off", "position": 0}
    forwarded = {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Zoe"}}
    await phone.tells(text="Is this so?", external_reply=ELSEWHERE, quote=part, **forwarded)
    kept = await HeldMessage.get()
    await phone.opens(shoes)
    await phone.taps(await phone.hears("Which coupon is this about?"), "Shoes")
    message = await Message.get()
    assert (message.forwarded_from, quote_of(message)) == (kept.forwarded_from, quote_of(kept))
    assert (message.forwarded_from, quote_of(message)) == ("Zoe", Quote("Sales", "Half off"))


async def test_the_words_of_a_rich_message_are_read(door, phone, shoes):
    await phone.opens(shoes)
    link = {"type": "url", "text": ["my ", {"type": "bold", "text": "order"}], "url": "https://shop.example"}
    blocks = [
        {"type": "heading", "text": "Refused", "size": 1},
        {"type": "paragraph", "text": ["See ", link, "."]},
        {"type": "list", "items": [{"label": "1.", "blocks": [{"type": "paragraph", "text": "One"}]}]},
        {"type": "table", "cells": [[{"text": "a"}, {"text": "b"}], [{"align": "left"}]]},
        {"type": "photo", "photo": [{"file_id": "x"}], "caption": {"text": "A receipt"}},
        {"type": "divider"},
    ]
    await phone.tells(rich_message={"blocks": blocks})
    assert await door.said(shoes) == ["Refused\nSee my order (https://shop.example).\n1.\nOne\na | b\nA receipt"]


async def test_a_rich_message_without_end_is_kept(phone, shoes):
    await phone.opens(shoes)
    nested = {"text": "deep"}
    for _ in range(100):
        nested = {"type": "quote", "blocks": [nested]}
    await phone.tells(rich_message=nested)
    assert (await Message.get()).kind == "rich_message"


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
