"""A consumer taps Contact Influencer."""

import asyncio
import io
import re

from bot.intake.inbox import Inbox
from models import Chat, Coupon, HeldMessage, Message, Purpose
from services.coupons import importing, start_links
from services.people import access_links, people
from tests import cast
from tests.bot.conftest import handling, in_envelope, until_handled


async def test_a_tap_opens_a_new_chat_with_a_header_and_a_welcome(phone, maya):
    coupon = await cast.coupon(maya, expires_at=cast.in_days(30))
    welcome = await phone.opens(coupon)
    assert welcome["text"].startswith("Re: 50% Off Summer Collection\nwith Maya Okafor · valid until ")
    assert "Write your question here" in welcome["text"]
    chat = await Chat.get()
    assert (chat.coupon_id, chat.influencer_id) == (coupon.id, maya.id)


async def test_every_message_that_follows_lands_in_it(door, phone, shoes):
    await phone.opens(shoes)
    for text in ("Hello!", "Does it work on sale items?", "And abroad?"):
        await phone.says(text)
    assert await door.said(shoes) == ["Hello!", "Does it work on sale items?", "And abroad?"]


async def test_a_message_and_its_answer_go_both_ways(door, phone, shoes):
    await phone.opens(shoes)
    await phone.says("Does it work on sale items? 🛍️ <b>&")
    assert (await Message.get()).text == "Does it work on sale items? 🛍️ <b>&"
    await door.answers(shoes, "It does!")
    answer = await phone.hears("It does!")
    assert answer["text"] == "It does!"


async def test_the_next_tap_shows_who_said_what(door, phone, shoes):
    await phone.opens(shoes)
    await phone.says("Do they come in 44?")
    await door.answers(shoes, "They do!")
    await phone.sends("photo", caption="These?")
    reopened = await phone.opens(shoes)
    assert reopened["text"].startswith("Re: Shoes\nwith Maya Okafor")
    words = re.sub(r" · [^·]* UTC\n", "\n", reopened["text"])
    assert words.endswith("You\nDo they come in 44?\n\nMaya Okafor\nThey do!\n\nYou\n[photo] These?")
    assert await Chat.all().count() == 1


async def test_only_the_last_messages_are_shown(phone, shoes):
    await phone.opens(shoes)
    for number in range(1, 8):
        await phone.says(f"Question {number}")
    text = (await phone.opens(shoes))["text"]
    assert [number for number in range(1, 8) if f"Question {number}" in text] == [3, 4, 5, 6, 7]


async def test_a_chat_in_which_nothing_was_said_opens_again(phone, shoes):
    await phone.opens(shoes)
    assert "Nothing has been said here yet" in (await phone.opens(shoes))["text"]


async def test_ten_taps_at_once_open_one_chat(door, phone, shoes):
    for _ in range(10):
        phone.person.starts(f"c_{shoes.id}")
    await asyncio.gather(*(door.take(raw) for raw in await door.pending_updates()))
    assert await Chat.all().count() == 1


async def test_ten_taps_at_once_in_two_processes_open_one_chat(door, phone, shoes):
    for _ in range(10):
        phone.person.starts(f"c_{shoes.id}")
    raws = await door.pending_updates()
    async with handling(Inbox(door.bot)) as other:
        inboxes = other, door.inbox
        await asyncio.gather(*(inboxes[raw["update_id"] % 2].receive([in_envelope(raw)]) for raw in raws))
        await until_handled()
    assert await Chat.all().count() == 1
    assert len([text for text in await phone.heard() if text.startswith("Re: Shoes")]) == 10


async def test_many_consumers_at_once_get_a_chat_each(door, shoes):
    phones = [door.phone(f"Consumer {number}") for number in range(8)]
    for phone in phones:
        phone.person.starts(f"c_{shoes.id}")
        phone.person.says("Hello!")
    raws = await door.pending_updates()
    await asyncio.gather(*(door.take(raw) for raw in raws))
    assert len(set(await Chat.all().values_list("consumer_id", flat=True))) == 8
    assert await Message.all().count() == 8


async def test_a_coupon_whose_id_fits_no_link_has_a_key(phone, maya):
    coupon = await cast.coupon(maya, "Grüße", id="grüße & küsse/№1 " + "x" * 100)
    parameter = str(await start_links.start_parameter(coupon.id))
    assert parameter.startswith("k_")
    await phone.starts(parameter)
    await phone.hears("Re: Grüße")
    assert (await Chat.get()).coupon_id == coupon.id


async def test_a_link_may_come_without_telegrams_marks(phone, shoes):
    await phone.tells(text=f"/start c_{shoes.id}")
    await phone.hears("Re: Shoes")


async def test_a_start_for_another_bot_opens_nothing(phone, shoes):
    await phone.says(f"/start@another_bot c_{shoes.id}")
    assert not await Chat.exists()


async def test_two_coupons_of_one_influencer_have_two_chats(phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    assert await Chat.all().count() == 2


async def test_a_message_without_a_chat_waits_for_one(door, phone, shoes):
    await phone.says("Hello?")
    await phone.hears("I'm keeping your message")
    await phone.opens(shoes)
    question = await phone.hears("Which coupon is this about?")
    await phone.taps(question, "Shoes")
    assert await door.said(shoes) == ["Hello?"]
    assert not await HeldMessage.exists()
    await phone.hears("Passed on to Maya Okafor")


async def test_an_influencer_whose_name_is_missing_is_nowhere_called_by_an_id(door, phone):
    rows = "coupon_id,title,influencer_id\nshoes,Shoes,inf-4711\nmore-shoes,Shoes,inf-4711\n"
    await importing.run(io.BytesIO(rows.encode()))
    shoes = await Coupon.get(id="shoes")
    await phone.says("Anybody there?")  # it is kept, and asked about
    await phone.opens(shoes)
    await phone.taps(await phone.last(), "Shoes")
    await door.answers(shoes, "Yes!")
    await phone.opens(await Coupon.get(id="more-shoes"))
    await phone.opens(shoes)
    await phone.says("/chats")
    influencer = door.phone("Maya", None)
    token = await access_links.make_link(
        door.bot.panel.keyring, await people.influencer("inf-4711"), Purpose.INVITATION
    )
    await influencer.starts(f"i_{token}")
    said = [*await phone.heard(), *await influencer.heard()]
    assert not [text for text in said if "inf-4711" in text]
    assert sum("with the influencer" in text for text in said) == 3
    assert any("Passed on to the influencer." in text for text in said)
    assert any(re.search(r"\n\nthe influencer · .*\nYes!", text) for text in said)
    assert said[-1].startswith("Hello, this account is yours now.")
    assert "inf-4711" not in str(door.telegram.calls)
