"""What becomes of deliveries that Telegram doesn't take; what both sides see of it stands in tests/journeys."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

import bot.outbox.loop
from database import pubsub
from database.errors import DatabaseAway
from models import Delivery, Message, Peer
from services import live
from services.outgoing import due, sending
from tests.bot.conftest import eventually

FLOOD = {
    "error_code": 429,
    "description": "Too Many Requests: retry after 30",
    "parameters": {"retry_after": 30},
}


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
    await eventually(lambda: Delivery.get_or_none(state="queued", error="flood"))
    door.telegram.skip(30)
    moment = datetime.now(UTC)
    peer = await Peer.get()
    await Peer.filter(id=peer.id).update(paused_until=moment)
    await Delivery.filter(state="queued").update(due_at=moment, queued_at=moment - timedelta(days=2))
    await due.put_right(peer.bot_id)
    pubsub.publish([live.outbox(peer.bot_id)])
    await door.delivered()
    assert (await Message.get()).delivery_error == "gave_up"
    assert "Old news" not in str(await phone.heard())


@pytest.mark.parametrize(
    "error",
    [DatabaseAway(), asyncpg.DiskFullError("no space left"), asyncpg.DeadlockDetectedError("deadlock detected")],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize(
    ("room", "step"),
    [(due, "begin"), (bot.outbox.loop, "call_of"), (sending, "sent_at_once")],
    ids=["begin", "call_of", "sent_at_once"],
)
async def test_what_the_database_can_t_take_now_is_neither_forgotten_nor_said_again(
    door, phone, shoes, monkeypatch, room, step, error
):
    await _opened(door, phone, shoes)
    real, errors = getattr(room, step), [error] * 3

    async def tried(*args):
        if errors:
            raise errors.pop()
        return await real(*args)

    monkeypatch.setattr(room, step, tried)
    await door.answers(shoes, "It does!")
    await door.delivered()
    assert [text for text in await phone.heard() if "It does!" in text] == ["It does!"]
    assert not (await Message.get()).may_be_doubled


async def _opened(door, phone, coupon):
    await phone.opens(coupon)
    await door.delivered()
