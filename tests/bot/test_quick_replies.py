"""A reply may be quicker than our record of what it replies to: Telegram has that before we know its number."""

import pytest

from bot.outbox import results
from models import Delivery, HeldMessage, Message, Peer, TelegramMessage
from services.outgoing import sending
from services.outgoing.sending import Arrival
from tests import cast
from tests.bot.conftest import delivering

QUESTION = "Which coupon is this about?"


@pytest.fixture
async def phone(sleeping, shoes, hats):
    """Give somebody who has two chats and has heard everything until now."""
    phone = sleeping.phone()
    async with delivering(sleeping.bot):
        await phone.opens(shoes)
        await phone.opens(hats)
        await sleeping.delivered()
    return phone


@pytest.fixture
async def on_its_way(sleeping, phone, shoes):
    """Let an answer be on the phone of which we don't know yet that it is there."""
    await sleeping.answers(shoes, "They do!")
    step = await cast.next_step(await Peer.get())
    assert step
    arrived = phone.person.chat.add("bot", {"text": "Re: Shoes\nThey do!"})
    return step, arrived["message_id"]


async def test_it_waits_and_is_filed_with_what_it_replies_to(sleeping, phone, shoes, hats, on_its_way):
    step, message_id = on_its_way
    await phone.says("Great", reply_to=message_id)
    assert await sleeping.said(shoes) == ["They do!"]
    await results.sent(step, Arrival([message_id]))
    assert await sleeping.said(shoes) == ["They do!", "Great"]
    assert (await Message.get(text="Great").select_related("reply_to")).reply_to.text == "They do!"
    async with delivering(sleeping.bot):
        assert QUESTION not in await phone.heard()
    assert not await HeldMessage.exists()
    assert not await Delivery.exists(kind="question")


async def test_what_was_written_after_it_goes_its_own_way_meanwhile(sleeping, phone, shoes, hats, on_its_way):
    step, message_id = on_its_way
    await phone.starts(f"c_{shoes.id}")
    await phone.says("Great", reply_to=message_id)
    await phone.says("And in 45?")
    assert await sleeping.said(shoes) == ["They do!", "And in 45?"]
    await results.sent(step, Arrival([message_id]))
    assert await sleeping.said(shoes) == ["They do!", "Great", "And in 45?"]


async def test_where_another_chat_is_shown_by_then_it_says_where_it_went(sleeping, phone, shoes, hats, on_its_way):
    step, message_id = on_its_way
    await sleeping.answers(hats, "Warm ones!")
    await phone.says("Great", reply_to=message_id)
    await results.sent(step, Arrival([message_id]))
    async with delivering(sleeping.bot):
        assert (await phone.last())["text"] == "Passed on to Maya Okafor.\nRe: Shoes"
        assert QUESTION not in await phone.heard()


async def test_an_album_waits_and_is_filed_whole(sleeping, phone, shoes, on_its_way):
    step, message_id = on_its_way
    phone.person.sends("photo", "One", reply_to=message_id, media_group_id="g1")
    phone.person.sends("photo", "Two", media_group_id="g1")
    await sleeping.handle_updates()
    await results.sent(step, Arrival([message_id]))
    assert await sleeping.said(shoes) == ["They do!", "One", "Two"]
    assert not await HeldMessage.exists()


async def test_replies_to_several_messages_of_one_delivery_are_filed_and_told_of_once(
    sleeping, phone, shoes, hats, on_its_way
):
    step, message_id = on_its_way
    second_id = phone.person.chat.add("bot", {"text": "Re: Shoes\nSee?"})["message_id"]
    await sleeping.answers(hats, "Warm ones!")
    await phone.says("I see", reply_to=second_id)
    await phone.says("Great", reply_to=message_id)
    await results.sent(step, Arrival([message_id, second_id]))
    assert await sleeping.said(shoes) == ["They do!", "I see", "Great"]
    known = await TelegramMessage.filter(message_id=step.message.id).order_by("telegram_message_id")
    assert [found.telegram_message_id for found in known] == [message_id, second_id]
    assert await Delivery.filter(kind="filed").count() == 1


@pytest.mark.parametrize("end", ["failed", "uncertain", "killed", "sent as another"])
async def test_if_the_record_never_comes_it_is_asked_about(sleeping, phone, shoes, on_its_way, end):
    step, message_id = on_its_way
    await phone.says("Great", reply_to=message_id)
    assert QUESTION not in [message.get("text") for message in phone.person.messages]
    if end == "failed":
        await results.failed(step, "refused")
    elif end == "uncertain":
        await sending.uncertain(step, 0, "no_answer")
    elif end == "sent as another":
        await results.sent(step, Arrival([message_id + 100]))
    async with delivering(sleeping.bot):
        await phone.taps(await phone.hears(QUESTION), "● 1 · Shoes")
        await sleeping.delivered()
    assert await sleeping.said(shoes) == ["They do!", "Great"]


async def test_a_late_record_files_it_too(sleeping, phone, shoes, on_its_way):
    step, message_id = on_its_way
    await phone.says("Great", reply_to=message_id)
    await sending.recover(sleeping.bot.id)
    assert await cast.next_step(step.peer)
    await results.sent(step, Arrival([message_id]))
    assert await sleeping.said(shoes) == ["They do!", "Great"]


async def test_anothers_record_files_nothing(sleeping, phone, shoes, on_its_way):
    _, message_id = on_its_way
    await phone.says("Great", reply_to=message_id)
    ben = sleeping.phone("Ben", None)
    await ben.starts(f"c_{shoes.id}")
    peer = await Peer.get(telegram_chat_id=ben.person.id)
    step = await cast.next_step(peer)
    await results.sent(step, Arrival([message_id]))
    assert (await HeldMessage.get()).text == "Great"
