"""Several photos sent together stay together."""

import pytest

from models import HeldMessage, Message

QUESTION = "Which coupon is this about?"


async def test_an_album_lands_in_the_open_chat(door, phone, shoes):
    await phone.opens(shoes)
    await _sends_album(door, phone, "g1", captions=["These", "and these"])
    assert await door.said(shoes) == ["These", "and these"]


async def test_an_album_is_asked_about_once_and_filed_together(door, phone, shoes, hats):
    await _is_torn(door, phone, shoes, hats)
    await _sends_album(door, phone, "g1", captions=["One", "Two", "Three"])
    assert (await phone.heard()).count(QUESTION) == 1
    await phone.taps(await phone.last(), "● 1 · Hats")
    assert await door.said(hats) == ["Warm ones!", "One", "Two", "Three"]
    assert not await HeldMessage.exists()


async def test_two_albums_one_after_another_count_as_two_and_are_filed_by_one_answer(door, phone, shoes, hats):
    await _is_torn(door, phone, shoes, hats)
    await _sends_album(door, phone, "g1", captions=["One", "Two"])
    await _sends_album(door, phone, "g2", captions=["Three", "Four"])
    assert (await phone.last())["text"].startswith(f"{QUESTION}\n2 messages")
    await phone.taps(await phone.last(), "● 1 · Hats")
    assert await door.said(hats) == ["Warm ones!", "One", "Two", "Three", "Four"]
    assert not await HeldMessage.exists()


async def test_an_album_before_any_chat_is_kept_with_one_word(door, phone, shoes):
    await _sends_album(door, phone, "g1", captions=["One", "Two"])
    assert len(await phone.heard()) == 1
    await phone.opens(shoes)
    await phone.taps(await phone.hears(QUESTION), "Shoes")
    assert await door.said(shoes) == ["One", "Two"]


async def test_the_rest_of_a_held_album_follows_its_first_part(door, phone, shoes, hats):
    await _is_torn(door, phone, shoes, hats)
    await phone.sends("photo", caption="One", media_group_id="g1")
    await phone.taps(await phone.hears(QUESTION), "● 1 · Hats")
    await phone.sends("photo", caption="Two", media_group_id="g1")
    assert await door.said(hats) == ["Warm ones!", "One", "Two"]


@pytest.mark.parametrize("is_reply", [True, False])
async def test_an_album_is_not_torn_apart_while_it_arrives(door, phone, shoes, hats, is_reply):
    header = await phone.opens(hats)
    await phone.opens(shoes)
    await door.delivered()
    await phone.sends("photo", "One", reply_to=header["message_id"] if is_reply else None, media_group_id="g1")
    await door.answers(hats if not is_reply else shoes, "In between")
    await phone.sends("photo", "Two", media_group_id="g1")
    chats = set(await Message.filter(kind="photo").values_list("chat__coupon__title", flat=True))
    assert chats == {"Hats" if is_reply else "Shoes"}
    assert not await HeldMessage.exists()


async def _is_torn(door, phone, shoes, hats):
    await phone.opens(hats)
    await phone.opens(shoes)
    await phone.says("Hello!")
    await door.answers(hats, "Warm ones!")
    await phone.hears("Warm ones!")


async def _sends_album(door, phone, group, captions):
    for caption in captions:
        phone.person.sends("photo", caption, media_group_id=group)
    await door.handle_updates()
