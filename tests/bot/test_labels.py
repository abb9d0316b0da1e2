"""Outside of topics a reply says of which chat it is where that is not clear, and quotes what it answers."""

import json

import pytest

from models import Peer, TelegramMessage


@pytest.fixture
async def both(door, phone, shoes, hats):
    """Open two chats, one after the other."""
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.delivered()


async def test_a_reply_is_just_its_text_where_its_chat_has_spoken_last(door, phone, hats, both):
    await door.answers(hats, "Welcome!")
    await door.answers(hats, "Come in!")
    assert (await phone.heard())[-2:] == ["Welcome!", "Come in!"]


async def test_a_reply_in_another_chat_says_which_and_the_next_one_does_not(door, phone, shoes, hats, both):
    await door.answers(shoes, "Welcome!")
    await door.answers(shoes, "Come in!")
    await door.answers(hats, "They are warm.")
    assert (await phone.heard())[-3:] == ["Re: Shoes\nWelcome!", "Come in!", "Re: Hats\nThey are warm."]
    known = await TelegramMessage.filter(message_id__not_isnull=True).order_by("telegram_message_id")
    assert [each.has_label for each in known] == [True, False, True]


async def test_what_is_typed_below_a_label_is_never_bold(door, phone, shoes, both):
    await door.answers(shoes, "Welcome!")
    label = (await phone.last())["entities"]
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in label] == [("bold", 0, 9)]


async def test_of_several_parts_only_the_first_says_which_chat(door, phone, shoes, both):
    await door.answers(shoes, "A long story, told in short sentences. " * 250)
    *_, first, second, third = await phone.heard()
    assert [text.partition("\n")[0] == "Re: Shoes" for text in (first, second, third)] == [True, False, False]
    assert (first.partition("\n")[2] + " " + second + " " + third).count("A long story") == 250


async def test_what_nobody_has_heard_does_not_count_as_spoken(door, phone, shoes, hats, both):
    refusal = {"error_code": 400, "description": "Bad Request: no"}
    door.telegram.fail_next("sendMessage", refusal, words="Welcome!")
    await door.answers(shoes, "Welcome!")
    await door.answers(hats, "They are warm.")
    await door.answers(shoes, "Come in!")
    assert (await phone.heard())[-2:] == ["They are warm.", "Re: Shoes\nCome in!"]


async def test_where_a_message_went_is_said_in_place_of_the_question_if_nothing_stands_below(
    door, phone, shoes, hats, both
):
    for is_below in (False, True):
        await door.answers(shoes, "Still interested?")
        await door.delivered()
        await phone.says("Yes")
        question = await phone.last()
        if is_below:
            await door.answers(shoes, "Well?")
            await phone.hears("Well?")
        await phone.taps(question, "Hats")
        await door.delivered()
        spoken = (await Peer.get(telegram_chat_id=phone.person.id).select_related("spoken_chat")).spoken_chat
        assert spoken.coupon_id == (shoes.id if is_below else hats.id)
        await phone.opens(hats)


async def test_a_reply_quotes_what_has_been_written_last_and_the_next_one_nothing(door, phone, hats, both):
    await phone.says("Are they warm?")
    asked = await phone.says("Really warm?")
    await door.answers(hats, "Very!")
    await door.answers(hats, "Promised.")
    await door.delivered()
    first, second = door.calls("sendMessage")[-2:]
    parameters = {"message_id": asked["message_id"], "allow_sending_without_reply": True}
    assert _quoted(first) == parameters
    assert _quoted(second) is None
    again = await phone.says("Thanks!")
    await door.answers(hats, "With pleasure.")
    await door.delivered()
    assert _quoted(door.calls("sendMessage")[-1])["message_id"] == again["message_id"]


async def test_nothing_of_another_chat_is_quoted(door, phone, shoes, hats, both):
    await phone.says("Are they warm?")
    await door.answers(shoes, "Still interested?")
    await door.delivered()
    assert _quoted(door.calls("sendMessage")[-1]) is None


async def test_only_the_first_part_quotes(door, phone, hats, both):
    await phone.says("Are they warm?")
    await door.answers(hats, "A long story, told in short sentences. " * 250)
    await door.delivered()
    assert [bool(_quoted(call)) for call in door.calls("sendMessage")[-3:]] == [True, False, False]


def _quoted(call):
    return json.loads(call.get("reply_parameters", "null"))
