"""A link that opens no chat gets an answer of its own, and something that can be done instead."""

import pytest

from models import Chat, Coupon, Message
from tests import cast


async def test_nobody_knows_the_coupon(phone, shoes):
    await phone.starts("c_sandals")
    await _is_refused(phone, "I can't find this coupon")


@pytest.mark.parametrize("parameter", ["c_", "k_", "c_" + "x" * 63, "c_sh%20oes", "k_schlüssel"])
async def test_the_link_is_damaged(phone, shoes, parameter):
    await phone.starts(parameter)
    await _is_refused(phone, "This link seems to be incomplete")


@pytest.mark.parametrize("parameter", ["ref_123", "shoes", "C_shoes", "_", "-", "c", "i"])
async def test_the_link_was_made_for_something_else(phone, shoes, parameter):
    await phone.starts(parameter)
    await _is_refused(phone, "This link doesn't lead to a coupon")


async def test_the_key_is_nobodys(phone, shoes):
    await phone.starts("k_" + "A" * 22)
    await _is_refused(phone, "I can't find this coupon")


@pytest.mark.parametrize("words", ["/start", "/start    "])
async def test_there_is_no_parameter(phone, shoes, words):
    await phone.tells(text=words)
    assert "You have no chats yet" in (await phone.last())["text"]
    assert not await Chat.exists()


async def test_without_a_parameter_there_are_still_the_old_chats(phone, shoes):
    await phone.opens(shoes)
    await phone.starts()
    listed = await phone.hears("Your chats")
    assert [row[0]["text"] for row in listed["reply_markup"]["inline_keyboard"]] == ["Shoes"]


async def test_the_coupon_has_expired(phone, maya):
    expired = await cast.coupon(maya, expires_at=cast.LONG_AGO)
    await phone.starts(f"c_{expired.id}")
    answer = await _is_refused(phone, "expired on December 31, 2025")
    assert answer["text"].startswith("50% Off Summer Collection\n")


async def test_the_coupon_is_not_valid_yet(phone, maya):
    upcoming = await cast.coupon(maya, starts_at=cast.in_days(3))
    await phone.starts(f"c_{upcoming.id}")
    await _is_refused(phone, "isn't valid yet: it starts on ")


async def test_the_coupon_was_withdrawn(phone, maya):
    withdrawn = await cast.coupon(maya, is_active=False)
    await phone.starts(f"c_{withdrawn.id}")
    await _is_refused(phone, "was withdrawn")


@pytest.mark.parametrize(
    ("change", "word"), [({"expires_at": cast.LONG_AGO}, "expired on"), ({"is_active": False}, "withdrawn")]
)
async def test_the_chat_of_a_coupon_that_is_over_still_opens(door, phone, shoes, change, word):
    await phone.opens(shoes)
    await phone.says("Hello!")
    await Coupon.filter(id=shoes.id).update(**change)
    reopened = await phone.opens(shoes)
    assert word in reopened["text"]
    assert "Hello!" in reopened["text"]
    await phone.says("One more question")
    assert await door.said(shoes) == ["Hello!", "One more question"]


async def test_an_influencers_own_coupon_opens_nothing(door, maya, shoes):
    phone = door.phone("Maya", "Okafor", id=7002)
    maya.telegram_user_id = 7002
    await maya.save()
    await phone.starts(f"c_{shoes.id}")
    await _is_refused(phone, "This is your own coupon")


async def test_an_influencer_may_ask_about_anothers(door, maya):
    theirs = await cast.coupon(await cast.outsider(), "Tea")
    phone = door.phone("Maya", "Okafor", id=7002)
    maya.telegram_user_id = 7002
    await maya.save()
    await phone.opens(theirs)
    await phone.says("Is it organic?")
    assert (await Message.get()).sender_id == maya.id


async def test_a_refused_link_leaves_the_open_chat_open(door, phone, shoes):
    await phone.opens(shoes)
    await phone.starts("c_sandals")
    await phone.says("Still here?")
    assert await door.said(shoes) == ["Still here?"]


async def _is_refused(phone, words):
    answer = await phone.last()
    assert words in answer["text"]
    assert not await Chat.exists()
    await phone.taps(answer, "My chats")
    assert "You have no chats yet" in (await phone.last())["text"]
    return answer
