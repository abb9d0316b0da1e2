"""A consumer taps Contact Influencer."""

import asyncio

from models import Chat, HeldMessage, Message
from services import messages
from tests import cast


async def test_a_tap_opens_a_new_chat_with_a_header_and_a_welcome(phone):
    maya = await cast.maya()
    coupon = await cast.coupon(maya, expires_at=cast.in_days(30))
    await phone.starts(f"c_{coupon.id}")
    welcome = await phone.hears("Re: 50% Off Summer Collection")
    assert "Maya Okafor" in welcome["text"]
    assert "valid until" in welcome["text"]
    chat = await Chat.get()
    assert (chat.coupon_id, chat.influencer_id) == (coupon.id, maya.id)


async def test_a_message_and_its_answer_go_both_ways(phone):
    maya = await cast.maya()
    coupon = await cast.coupon(maya)
    await phone.starts(f"c_{coupon.id}")
    await phone.says("Does it work on sale items? 🛍️ <b>&")
    message = await Message.get()
    assert message.text == "Does it work on sale items? 🛍️ <b>&"
    await messages.reply(await Chat.get(), maya, "It does!")
    answer = await phone.hears("It does!")
    assert answer["text"].startswith("Re: 50% Off Summer Collection\n")


async def test_ten_taps_at_once_open_one_chat(door, phone):
    coupon = await cast.coupon(await cast.maya())
    for _ in range(10):
        phone.person.starts(f"c_{coupon.id}")
    await asyncio.gather(*(door.intake.take(raw) for raw in await door.pending_updates()))
    assert await Chat.all().count() == 1


async def test_a_message_without_a_chat_waits_for_one(phone):
    coupon = await cast.coupon(await cast.maya())
    await phone.says("Hello?")
    await phone.hears("I'm keeping your message")
    await phone.starts(f"c_{coupon.id}")
    question = await phone.hears("Which coupon is this about?")
    await phone.taps(question, "50% Off Summer Collection")
    assert (await Message.get()).text == "Hello?"
    assert not await HeldMessage.exists()
    await phone.hears("Passed on to Maya Okafor")
