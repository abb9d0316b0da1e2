"""Telegram refuses, asks for patience, or keeps silent about what it has done."""

from datetime import UTC, datetime, timedelta

import pytest

from models import Delivery, Line, Message
from services import live
from tests.bot.conftest import eventually

BLOCKED = {"error_code": 403, "description": "Forbidden: bot was blocked by the user"}
NOT_FOUND = {"error_code": 400, "description": "Bad Request: chat not found"}
DEACTIVATED = {"error_code": 403, "description": "Forbidden: user is deactivated"}
REFUSED = {"error_code": 400, "description": "Bad Request: message is too long"}
FLOOD = {
    "error_code": 429,
    "description": "Too Many Requests: retry after 30",
    "parameters": {"retry_after": 30},
}
UNAUTHORIZED = {"error_code": 401, "description": "Unauthorized"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(BLOCKED, "blocked"), (NOT_FOUND, "not_found"), (DEACTIVATED, "deactivated"), (REFUSED, "refused")],
)
async def test_what_fails_for_good_says_why_and_the_next_goes(door, phone, shoes, answer, reason):
    await _opened(door, phone, shoes)
    door.telegram.fail_next("sendMessage", answer)
    lost, heard = await door.answers(shoes, "Lost"), await door.answers(shoes, "Heard")
    await phone.hears("Heard")
    await door.delivered()
    lost, heard = await Message.get(id=lost.id), await Message.get(id=heard.id)
    assert (lost.delivery_state, lost.delivery_error) == ("failed", reason)
    assert (heard.delivery_state, heard.delivery_error) == ("sent", None)
    assert "Lost" not in str(await phone.heard())


async def test_whoever_blocks_is_known_to(door, phone, shoes):
    await _opened(door, phone, shoes)
    phone.person.chat.is_blocked = True
    await door.answers(shoes, "Hello?")
    await door.delivered()
    assert (await Line.get()).is_blocked
    assert (await Message.get()).delivery_error == "blocked"


async def test_patience_is_kept_for_as_long_as_telegram_asks(door, phone, shoes):
    await _opened(door, phone, shoes)
    door.telegram.fail_next("sendMessage", FLOOD)
    asked_at = datetime.now(UTC)
    await door.answers(shoes, "First")
    await door.answers(shoes, "Second")
    line = await eventually(lambda: Line.get_or_none(paused_until__gt=asked_at))
    assert timedelta(seconds=29) < line.paused_until - asked_at < timedelta(seconds=31)
    first = await eventually(lambda: Delivery.get_or_none(attempts=1, state="queued"))
    assert first.due_at - asked_at > timedelta(seconds=29)
    assert len(door.calls("sendMessage")) == 2
    assert not await Message.exists(may_be_doubled=True)
    await _let_time_pass(door, line)
    assert (await phone.heard())[1:] == ["Re: Shoes\nFirst", "Re: Shoes\nSecond"]


async def test_one_persons_patience_does_not_keep_another_waiting(door, phone, shoes):
    ben = door.phone("Ben", None)
    await _opened(door, phone, shoes)
    door.telegram.fail_next("sendMessage", FLOOD, chat_id=phone.person.id)
    await door.answers(shoes, "Wait")
    await eventually(lambda: Line.get_or_none(paused_until__not_isnull=True))
    await ben.opens(shoes)


@pytest.mark.parametrize("fault", ["timeout_after_sending", "drop", "broken_json"])
async def test_what_may_have_arrived_is_sent_again_and_marked(door, phone, shoes, fault):
    await _opened(door, phone, shoes)
    door.telegram.fail_next("sendMessage", fault)
    await door.answers(shoes, "Twice")
    await door.answers(shoes, "Once")
    assert (await phone.heard())[1:] == ["Re: Shoes\nTwice", "Re: Shoes\nTwice", "Re: Shoes\nOnce"]
    twice, once = await Message.all().order_by("id")
    assert (twice.delivery_state, twice.may_be_doubled) == ("sent", True)
    assert (once.delivery_state, once.may_be_doubled) == ("sent", False)


@pytest.mark.parametrize("fault", ["html", "drop_before"])
async def test_what_nobody_knows_about_is_sent_again_and_marked(door, phone, shoes, fault):
    await _opened(door, phone, shoes)
    door.telegram.fail_next("sendMessage", fault, times=3)
    await door.answers(shoes, "Hello")
    assert (await phone.heard())[1:] == ["Re: Shoes\nHello"]
    assert (await Message.get()).may_be_doubled
    assert (await Delivery.get(message_id__not_isnull=True)).attempts == 4


async def test_a_token_that_is_refused_for_a_while_loses_nothing(door, phone, shoes):
    await _opened(door, phone, shoes)
    door.telegram.fail_next("sendMessage", UNAUTHORIZED, times=2)
    await door.answers(shoes, "Hello")
    assert (await phone.heard())[1:] == ["Re: Shoes\nHello"]
    assert not (await Message.get()).may_be_doubled


async def test_an_edit_that_changes_nothing_is_done(door, phone, maya, shoes):
    await _opened(door, phone, shoes)
    await phone.says("/chats")
    listed = await phone.last()
    await phone.forges(listed, "chats:0")
    await phone.forges(listed, "chats:0")
    await door.delivered()
    assert not await Delivery.exists(state="failed")


async def test_what_has_waited_for_a_day_is_given_up(door, phone, shoes):
    await _opened(door, phone, shoes)
    door.telegram.fail_next("sendMessage", FLOOD)
    await door.answers(shoes, "Old news")
    line = await eventually(lambda: Line.get_or_none(paused_until__not_isnull=True))
    await eventually(lambda: Delivery.get_or_none(state="queued", error="flood"))
    await Delivery.filter(state="queued").update(queued_at=datetime.now(UTC) - timedelta(days=2))
    await _let_time_pass(door, line)
    await door.delivered()
    assert (await Message.get()).delivery_error == "gave_up"
    assert "Old news" not in str(await phone.heard())


async def _opened(door, phone, coupon):
    await phone.opens(coupon)
    await door.delivered()


async def _let_time_pass(door, line):
    door.telegram.skip(30)
    moment = datetime.now(UTC)
    await Line.filter(id=line.id).update(paused_until=moment)
    await Delivery.filter(state="queued").update(due_at=moment)
    live.tell([live.outbox(line.bot_id)])
