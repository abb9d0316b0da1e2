"""Rules: a reply goes out step by step, and says what became of it."""

from datetime import timedelta

import pytest

from models import Delivery, DeliveryState, Line, Message
from services import deliveries, messages
from services.errors import NotFailed
from tests import cast

LONG = "A long story, told in short sentences. " * 250  # 9,750 code units


async def state_of(message: Message) -> tuple[str | None, str | None]:
    kept = await Message.get(id=message.id)
    return kept.delivery_state, kept.delivery_error


async def test_a_long_reply_goes_out_in_parts_that_make_up_the_whole(maya, line, chat):
    message = await messages.reply(chat, maya, LONG)
    steps = await Delivery.filter(message_id=message.id).order_by("sequence")
    parts = [deliveries.Part(**step.payload) for step in steps]
    assert len(parts) == 3
    assert "".join(message.text[part.start : part.end] for part in parts) == message.text


async def test_it_is_sent_when_all_its_parts_are(maya, line, chat):
    message = await messages.reply(chat, maya, LONG)
    for telegram_message_id in (501, 502):
        await deliveries.sent(await cast.next_step(line), telegram_message_id)
    assert await state_of(message) == ("queued", None)
    await deliveries.sent(await cast.next_step(line), 503)
    assert await state_of(message) == ("sent", None)


async def test_a_failing_part_takes_those_behind_it_along_and_the_next_message_goes(maya, line, chat):
    message = await messages.reply(chat, maya, LONG)
    await messages.reply(chat, maya, "In short: yes.")
    await deliveries.sent(await cast.next_step(line), 501)
    await deliveries.failed(await cast.next_step(line), "refused")
    assert await state_of(message) == ("failed", "refused")
    step = await cast.next_step(line)
    assert step.message is not None
    assert step.message.text == "In short: yes."


async def test_trying_again_sends_only_what_has_not_arrived(maya, line, chat):
    message = await messages.reply(chat, maya, LONG)
    await deliveries.sent(await cast.next_step(line), 501)
    await deliveries.failed(await cast.next_step(line), "refused")
    await messages.retry(chat, message)
    assert [(await cast.next_step(line)).part.number] == [2]
    await deliveries.sent(await cast.next_step(line), 502)
    await deliveries.sent(await cast.next_step(line), 503)
    assert await deliveries.next_step(line.id) is None
    assert await state_of(message) == ("sent", None)


async def test_trying_again_twice_sends_once(maya, line, chat):
    message = await messages.reply(chat, maya, "Yes.")
    await deliveries.failed(await cast.next_step(line), "blocked")
    await messages.retry(chat, message)
    with pytest.raises(NotFailed):
        await messages.retry(chat, message)
    assert await Delivery.filter(state=DeliveryState.QUEUED).count() == 1


async def test_what_is_tried_again_goes_behind_what_was_said_since(maya, line, chat):
    first = await messages.reply(chat, maya, "first")
    await deliveries.failed(await cast.next_step(line), "blocked")
    await messages.reply(chat, maya, "second")
    await messages.retry(chat, first)
    step = await cast.next_step(line)
    assert step.message is not None
    assert step.message.text == "second"


async def test_a_message_that_waits_holds_back_those_behind_it_and_no_other_line(maya, line, chat):
    other = await cast.line(7002, "Grace")
    other_chat = await cast.chat(chat.coupon, other)
    await messages.reply(chat, maya, "first")
    await messages.reply(chat, maya, "second")
    await messages.reply(other_chat, maya, "elsewhere")
    await deliveries.postponed(await cast.next_step(line), 60, "unreachable")
    assert await deliveries.next_step(line.id) is None
    assert await deliveries.due_lines(cast.BOT_ID, 10, []) == [other.id]


async def test_a_pause_is_kept_to_and_survives_us(maya, line, chat):
    await messages.reply(chat, maya, "Yes.")
    await deliveries.pause(line, 3 * 3600)
    assert await deliveries.due_lines(cast.BOT_ID, 10, []) == []
    due_at = await deliveries.next_due_at(cast.BOT_ID, [])
    paused = (await Line.get(id=line.id)).paused_until
    assert due_at == paused
    assert paused is not None
    assert paused - cast.in_days(0) > timedelta(hours=2.9)


async def test_who_died_while_sending_leaves_a_mark(maya, line, chat):
    message = await messages.reply(chat, maya, "Yes.")
    await deliveries.begin(await cast.next_step(line))
    assert await deliveries.recover(cast.BOT_ID) == 1
    assert (await Message.get(id=message.id)).may_be_doubled
    assert (await cast.next_step(line)).delivery.state is DeliveryState.UNCERTAIN


async def test_what_has_not_begun_is_not_marked(maya, line, chat):
    message = await messages.reply(chat, maya, "Yes.")
    assert await deliveries.recover(cast.BOT_ID) == 0
    assert not (await Message.get(id=message.id)).may_be_doubled


async def test_another_bots_deliveries_are_left_alone(maya, line, chat):
    await messages.reply(chat, maya, "Yes.")
    assert await deliveries.due_lines(cast.BOT_ID + 1, 10, []) == []
    assert await deliveries.recover(cast.BOT_ID + 1) == 0
