"""A consumer looks at their chats, and switches between them."""

import re

from models import Chat
from tests import cast


async def test_somebody_without_chats_is_told_how_to_get_one(phone):
    await phone.says("/chats")
    answer = await phone.last()
    assert "You have no chats yet" in answer["text"]
    assert "reply_markup" not in answer


async def test_the_chats_are_listed_newest_first_with_what_is_unread(door, phone, shoes, hats):
    await phone.opens(hats)
    await phone.opens(shoes)
    await door.answers(shoes, "Hi!")
    await phone.opens(hats)
    await door.answers(shoes, "Anybody?")
    await phone.says("/chats")
    assert _buttons(await phone.last()) == ["● 2 · Shoes", "Hats"]


async def test_a_switch_shows_the_header_and_the_last_messages(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.says("Hello!")
    await door.answers(shoes, "Hi!")
    await phone.opens(hats)
    await phone.says("/chats")
    await phone.taps(await phone.last(), "● 1 · Shoes")
    shown = await phone.last()
    words = re.sub(r" · .* UTC\n", "\n", shown["text"])
    assert words == "Re: Shoes\nwith Maya Okafor\n\n1 unread message\n\nYou\nHello!\n\nMaya Okafor\nHi!"


async def test_after_a_switch_plain_messages_go_there(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await phone.says("/chats")
    await phone.taps(await phone.last(), "Shoes")
    await phone.says("Back again")
    assert await door.said(shoes) == ["Back again"]
    assert await door.said(hats) == []


async def test_after_a_switch_nothing_is_unread(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.answers(shoes, "Hi!")
    await phone.says("/chats")
    await phone.taps(await phone.last(), "● 1 · Shoes")
    await phone.says("/chats")
    assert sorted(_buttons(await phone.last())) == ["Hats", "Shoes"]


async def test_a_switch_to_anothers_chat_shows_nothing(door, phone, shoes, hats):
    ben = door.phone("Ben", None)
    await ben.opens(shoes)
    await ben.says("My secret")
    theirs = await Chat.get()
    await phone.opens(hats)
    await phone.forges(await phone.last(), f"open:{theirs.id}")
    assert (await phone.last())["text"] == "That isn't there any more."
    await phone.says("Hello!")
    assert await door.said(shoes) == ["My secret"]
    assert await door.said(hats) == ["Hello!"]


async def test_ones_own_old_button_still_works(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.says("/chats")
    old = await phone.last()
    await phone.opens(hats)
    await phone.taps(old, "Shoes")
    await phone.says("Old button")
    assert await door.said(shoes) == ["Old button"]


async def test_many_chats_come_in_pages(door, phone, maya):
    coupons = [await cast.coupon(maya, f"Coupon {number}") for number in range(1, 18)]
    for coupon in coupons:
        await phone.starts(f"c_{coupon.id}")
    await phone.says("/chats")
    pages = [_buttons(listed := await phone.last())]
    while "More chats …" in pages[-1]:
        await phone.taps(listed, "More chats …")
        listed = await phone.last()
        pages.append(_buttons(listed))
    assert [len(page) for page in pages] == [10, 11, 4]
    titles = [title for page in pages for title in page if title.startswith("Coupon")]
    assert sorted(titles) == sorted(coupon.title for coupon in coupons)
    await phone.taps(listed, "Coupon 1")
    await phone.says("The oldest")
    assert await door.said(coupons[0]) == ["The oldest"]


async def test_what_is_held_is_not_forgotten(phone, shoes):
    await phone.says("Hello?")
    await phone.says("/chats")
    assert "One message of yours waits" in (await phone.last())["text"]
    await phone.says("Anybody?")
    await phone.opens(shoes)
    await phone.says("/chats")
    assert "2 messages of yours wait" in (await phone.last())["text"]


async def test_what_was_written_last_can_be_moved_from_the_list(door, phone, shoes, hats):
    await phone.opens(hats)
    await phone.opens(shoes)
    await phone.says("/chats")
    assert "Wrong coupon?" not in _buttons(await phone.last())
    await phone.says("Are they warm?")
    await phone.says("/chats")
    assert _buttons(await phone.last()) == ["Shoes", "Hats", "Wrong coupon?"]
    await phone.taps(await phone.last(), "Wrong coupon?")
    await phone.taps(await phone.last(), "Hats")
    await door.delivered()
    assert (await door.said(shoes), await door.said(hats)) == ([], ["Are they warm?"])


async def test_whoever_has_one_chat_can_move_nothing(phone, shoes):
    await phone.opens(shoes)
    await phone.says("Hello!")
    await phone.says("/chats")
    assert _buttons(await phone.last()) == ["Shoes"]


def _buttons(message):
    return [button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


async def test_coupons_that_look_the_same_have_buttons_that_differ_on_all_pages(door, phone, maya):
    beginning = "50% off the whole summer collection, also on sale "
    for number in range(1, 13):
        await phone.starts(f"c_{(await cast.coupon(maya, beginning + str(number), id=f'end-{number}')).id}")
        await phone.starts(f"c_{(await cast.coupon(maya, 'Summer', id=f'same-{number}')).id}")
    await phone.says("/chats")
    seen = _buttons(listed := await phone.last())
    while "More chats …" in _buttons(listed):
        await phone.taps(listed, "More chats …")
        listed = await phone.last()
        seen += _buttons(listed)
    turns = ("More chats …", "Newer chats", "Newest chats", "Find …")
    labels = [label for label in seen if label not in turns]
    assert len(set(labels)) == len(labels) == 24
    assert "Summer · same-7" in labels
    await phone.taps(listed, labels[-1])
    assert "Re: " in (await phone.last())["text"]


async def test_the_button_that_was_tapped_opens_its_own_chat(door, phone, maya):
    first, second = [await cast.coupon(maya, "Summer", id=each) for each in ("a", "b")]
    await phone.opens(first)
    await phone.opens(second)
    await phone.says("/chats")
    await phone.taps(await phone.last(), "Summer · a")
    await phone.says("About a")
    assert (await door.said(first), await door.said(second)) == (["About a"], [])
