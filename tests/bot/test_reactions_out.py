"""An influencer reacts to what a consumer wrote, and 👀 tells what they have seen."""

import asyncio
import json

import pytest

from models import Chat, Coupon, Delivery, DeliveryKind, DeliveryState, Message, Peer
from services import access
from services.outgoing import reactions
from services.outgoing.sending import PENDING
from tests import cast
from tests.bot.conftest import PATIENCE, delivering, eventually

LOST = {"error_code": 400, "description": "Bad Request: message to react not found"}
INVALID = {"error_code": 400, "description": "Bad Request: REACTION_INVALID"}

FLOOD = {"error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}


@pytest.fixture
async def question(phone, shoes):
    """What Ada has asked, as it stands on her phone."""
    await phone.opens(shoes)
    return await phone.says("Do they fit?")


async def test_a_reaction_reaches_the_phone(door, phone, question, maya):
    await _react(maya, "Do they fit?", "❤️")  # as a keyboard types it
    assert await _on_phone(door, phone, question) == "❤"


async def test_taken_back_it_is_gone(door, phone, question, maya):
    await _react(maya, "Do they fit?", "❤")
    await _on_phone(door, phone, question)
    await _react(maya, "Do they fit?", "")
    assert await _on_phone(door, phone, question) is None
    assert json.loads(door.calls("setMessageReaction")[-1]["reaction"]) == []


async def test_what_was_seen_says_so(door, phone, question, maya):
    await _see(maya)
    assert await _on_phone(door, phone, question) == "👀"
    [asked] = door.calls("setMessageReaction")
    assert int(asked["message_id"]) == question["message_id"]
    assert json.loads(asked["reaction"]) == [{"type": "emoji", "emoji": "👀"}]


async def test_seen_once_more_it_is_not_said_again(door, phone, question, maya):
    await _see(maya)
    await _see(maya)
    await _on_phone(door, phone, question)
    assert len(door.calls("setMessageReaction")) == 1


async def test_whoever_has_switched_that_off_reads_unseen(door, phone, question, maya):
    await reactions.show_seen(maya, False)
    await _see(maya)
    assert await _on_phone(door, phone, question) is None
    assert (await Message.get()).is_read


async def test_switched_off_before_it_is_sent_it_is_not_said(sleeping, shoes, maya):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    question = await phone.says("Do they fit?")
    await _see(maya)
    await reactions.show_seen(maya, False)
    async with delivering(sleeping.bot):
        assert await _on_phone(sleeping, phone, question) is None


async def test_the_influencers_own_goes_before_it_and_gives_way_to_it_again(door, phone, question, maya):
    await _see(maya)
    await _react(maya, "Do they fit?", "👍")
    assert await _on_phone(door, phone, question) == "👍"
    await _react(maya, "Do they fit?", "")
    assert await _on_phone(door, phone, question) == "👀"


async def test_of_much_that_is_read_at_once_the_newest_ten_say_so(door, phone, question, maya):
    said = [await phone.says(f"Message {number}") for number in range(12)]
    await _see(maya)
    seen = [await _on_phone(door, phone, each) for each in said]
    assert seen == [None] * 2 + ["👀"] * 10


async def test_of_two_that_wait_the_last_is_said_once(sleeping, shoes, maya):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    question = await phone.says("Do they fit?")
    for emoji in ("👍", "🔥"):
        await _react(maya, "Do they fit?", emoji)
    async with delivering(sleeping.bot):
        assert await _on_phone(sleeping, phone, question) == "🔥"
    assert len(sleeping.calls("setMessageReaction")) == 1


async def test_what_changes_while_it_is_on_its_way_is_said_after_it(door, phone, question, maya):
    door.telegram.fail_next("setMessageReaction", "timeout_after_sending")
    await _react(maya, "Do they fit?", "👍")
    await _react(maya, "Do they fit?", "🔥")
    assert await _on_phone(door, phone, question) == "🔥"


@pytest.mark.parametrize("fault", [LOST, INVALID])
async def test_what_telegram_refuses_is_forgotten_quietly(door, phone, shoes, question, maya, fault):
    door.telegram.fail_next("setMessageReaction", fault)
    await _react(maya, "Do they fit?", "👍")
    await door.answers(shoes, "They do!")
    await phone.hears("They do!")
    await door.delivered()
    assert not await Delivery.exists(kind=DeliveryKind.REACTION)
    assert not await Delivery.exists(state=DeliveryState.FAILED)


@pytest.mark.parametrize("fault", ["drop", "timeout_after_sending"])
async def test_what_may_have_been_lost_is_said_again(door, phone, question, maya, fault):
    door.telegram.fail_next("setMessageReaction", fault)
    await _react(maya, "Do they fit?", "👍")
    assert await _on_phone(door, phone, question) == "👍"


async def test_what_telegram_puts_off_is_said_when_it_may_be(door, phone, question, maya):
    door.telegram.fail_next("setMessageReaction", FLOOD)
    await _see(maya)
    assert await _on_phone(door, phone, question) == "👀"


async def test_a_text_waits_where_telegram_has_put_a_reaction_off(door, phone, question, maya):
    door.telegram.fail_next("setMessageReaction", FLOOD)
    await _see(maya)
    await eventually(lambda: Peer.exists(paused_until__not_isnull=True))
    await door.answers(await Coupon.get(), "They do!")
    await door.delivered()
    assert door.telegram.complaints == []


async def test_a_reaction_waits_where_telegram_has_put_a_text_off(door, phone, question, maya):
    door.telegram.fail_next("sendMessage", FLOOD)
    await door.answers(await Coupon.get(), "They do!")
    await eventually(lambda: Peer.exists(paused_until__not_isnull=True))
    await _see(maya)
    await door.delivered()
    assert await _on_phone(door, phone, question) == "👀"
    assert door.telegram.complaints == []


async def test_a_text_waits_for_no_reaction_and_a_reaction_for_the_one_before(sleeping, shoes, maya):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    await phone.says("Do they fit?")
    await _see(maya)
    await Delivery.filter(kind=DeliveryKind.REACTION).update(due_at=cast.in_days(0.5))
    await phone.says("And wide?")
    await _see(maya)
    await sleeping.answers(shoes, "They do!")
    async with delivering(sleeping.bot):
        await phone.hears("They do!")
        await eventually(lambda: _is_no_text_owed())
    assert sleeping.calls("setMessageReaction") == []


async def test_one_who_has_blocked_the_bot_is_not_asked(door, phone, question, maya):
    phone.person.blocks()
    await door.handle_updates()
    await _see(maya)
    await _react(maya, "Do they fit?", "👍")
    await door.delivered()
    assert door.calls("setMessageReaction") == []


async def test_an_own_answer_of_several_parts_is_reacted_to_at_its_first(door, phone, shoes, question, maya):
    await door.answers(shoes, "A long story, told in short sentences. " * 250)
    await phone.heard()
    parts = [message for message in phone.person.messages if "A long story" in message.get("text", "")]
    await _react(maya, (await Message.filter(sender_id=maya.id).get()).text, "👏")
    await door.delivered()
    [asked] = door.calls("setMessageReaction")
    assert int(asked["message_id"]) == parts[0]["message_id"]


async def _chat(maya) -> Chat:
    return await access.chat_for(maya.id, (await Chat.get()).id)


async def _see(maya) -> None:
    await reactions.mark_seen(await _chat(maya))


async def _react(maya, text: str, emoji: str) -> None:
    await reactions.react(await _chat(maya), maya, await Message.get(text=text), emoji)


async def _on_phone(door, phone, message) -> str | None:
    async with asyncio.timeout(PATIENCE):
        await door.delivered()
    return phone.person.chat.records[message["message_id"]].reactions.get("bot")


async def _is_no_text_owed() -> bool:
    return not await Delivery.exists(kind=DeliveryKind.MESSAGE, state__in=PENDING)
