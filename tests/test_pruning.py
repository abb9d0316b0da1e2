"""Rules: what is done with is forgotten, and nothing that anybody still looks at."""

from datetime import timedelta

import pytest

from database import clock
from database.transactions import fetch, transaction
from models import Activation, Delivery, HeldMessage, Message, TelegramMessage, Update, UpdateState
from services import pruning
from services.incoming import opening, quarantine, routing
from services.incoming.placement import AsOf
from services.outgoing import deliveries, replies, sending
from services.outgoing.payloads import Notice
from services.outgoing.sending import Arrival
from tests import cast


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(pruning, "BATCH", 2)


@pytest.fixture
async def hats(maya, peer, chat):
    return await cast.chat(await cast.coupon(maya, "Hats"), peer)


async def says_and_sends(peer, chat, text):
    message = await replies.reply(chat, await cast.maya(), text)
    await sending.sent(await cast.next_step(peer), Arrival([500 + await TelegramMessage.all().count()]))
    return message


async def time_passes(days):
    """Let everything that is there have been there for so long."""
    await fetch('UPDATE "Deliveries" SET "queuedAt" = "queuedAt" - $1::interval', timedelta(days=days))
    await fetch('UPDATE "Activations" SET at = at - $1::interval', timedelta(days=days))
    await fetch('UPDATE "Updates" SET "receivedAt" = "receivedAt" - $1::interval', timedelta(days=days))


async def test_what_the_bot_has_said_is_forgotten_after_a_day(peer, chat):
    for number in range(5):
        await deliveries.queue(peer, Notice(f"Hello {number}"))
    for _ in range(3):
        await sending.sent(await cast.next_step(peer), Arrival([]))
    await sending.failed(await cast.next_step(peer), "refused")
    await pruning.forget_what_is_done_with()
    assert await Delivery.all().count() == 5
    await time_passes(days=2)
    await pruning.forget_what_is_done_with()
    [waiting] = await Delivery.all()
    assert (waiting.state, waiting.payload) == ("queued", {"text": "Hello 4"})


async def test_how_a_message_was_sent_is_forgotten_and_the_message_is_not(maya, peer, chat):
    sent = [await says_and_sends(peer, chat, f"Answer {number}") for number in range(5)]
    await time_passes(days=29)
    await pruning.forget_what_is_done_with()
    assert await Delivery.all().count() == 5
    await time_passes(days=2)
    await pruning.forget_what_is_done_with()
    assert [left.message_id for left in await Delivery.all()] == [sent[-1].id]
    assert await Message.filter(delivery_state="sent").count() == 5
    assert await TelegramMessage.filter(message_id__not_isnull=True).count() == 5


async def test_what_has_failed_can_be_tried_again_however_old_it_is(maya, peer, chat):
    message = await replies.reply(chat, maya, "A long story, told in short sentences. " * 250)
    await sending.sent(await cast.next_step(peer), Arrival([501]))
    await sending.failed(await cast.next_step(peer), "blocked")
    await time_passes(days=400)
    await pruning.forget_what_is_done_with()
    await replies.retry(chat, message)
    for number in (502, 503):
        await sending.sent(await cast.next_step(peer), Arrival([number]))
    assert (await Message.get(id=message.id)).delivery_state == "sent"


async def test_who_has_spoken_last_is_known_however_long_ago(peer, chat, hats):
    await opening_of(peer, hats)
    for number in range(3):
        await says_and_sends(peer, chat, f"Answer {number}")
    await says_and_sends(peer, hats, "Warm ones!")
    await time_passes(days=400)
    await pruning.forget_what_is_done_with()
    assert await routing.active_chat(peer, cast.as_of()) is None
    assert await Delivery.all().count() == 2


async def test_openings_are_forgotten_once_another_has_followed_long_ago(peer, chat, hats):
    for number in range(5):
        await opening_of(peer, chat if number % 2 else hats)
    await time_passes(days=100)
    await opening_of(peer, chat)
    count = await Activation.all().count()
    await pruning.forget_what_is_done_with()
    assert count > await Activation.all().count() == 2
    assert await routing.active_chat(peer, cast.as_of()) == chat
    as_of = AsOf(cast.as_of().update_id, clock.now() - timedelta(days=89))
    assert await routing.active_chat(peer, as_of) == hats


async def test_a_lone_opening_is_kept_for_ever(peer, chat):
    await time_passes(days=4000)
    await pruning.forget_what_is_done_with()
    assert await routing.active_chat(peer, cast.as_of()) == chat


async def test_what_waits_for_an_answer_waits_for_30_days(peer):
    for number in range(3):
        await cast.says(peer, f"Message {number}")
    await pruning.forget_what_is_done_with()
    assert await HeldMessage.all().count() == 3
    await let_pass(timedelta(days=31))
    await cast.says(peer, "Another")
    await pruning.forget_what_is_done_with()
    assert [message.text for message in await HeldMessage.all()] == ["Another"]


async def test_update_ids_are_forgotten_after_30_days_and_what_is_in_quarantine_is_not(db):
    for number, state in enumerate([UpdateState.HANDLED, UpdateState.DROPPED, UpdateState.HANDLED] * 2):
        await Update.create(bot_id=1, update_id=number, state=state, received_at=clock.now())
    await Update.create(bot_id=1, update_id=100, state=UpdateState.QUARANTINED, received_at=clock.now())
    await pruning.forget_what_is_done_with()
    assert await Update.all().count() == 7
    await time_passes(days=31)
    await pruning.forget_what_is_done_with()
    assert [update.update_id for update in await Update.all()] == [100]


async def test_what_is_in_quarantine_is_kept_for_90_days(db, logbook):
    await _keep(1)
    await time_passes(days=89)
    await quarantine.bound()
    await time_passes(days=2)
    await _keep(2)
    await quarantine.bound()
    assert [update.update_id for update in await quarantine.updates()] == [2]
    assert (await Update.get(update_id=1)).payload is None
    [peer] = logbook.told("quarantine.gave_up")
    assert (peer["old"], peer["beyond"]) == (1, 0)


@pytest.mark.parametrize(("limit", "value"), [("MAX_COUNT", 3), ("MAX_TOTAL_SIZE", 120)])
async def test_of_too_many_in_quarantine_the_oldest_are_given_up(db, monkeypatch, limit, value):
    monkeypatch.setattr(quarantine, limit, value)
    for number in range(5):
        await _keep(number)
    await quarantine.bound()
    assert [update.update_id for update in await quarantine.updates()] == [2, 3, 4]


async def test_one_that_is_too_large_is_not_kept(db, monkeypatch):
    monkeypatch.setattr(quarantine, "MAX_SIZE", 100)
    assert await _keep(1, "x" * 101) is UpdateState.DROPPED
    [large] = await Update.all()
    assert (large.state, large.payload) == ("dropped", None)
    assert await quarantine.updates() == []


async def test_what_waits_to_be_handled_is_never_forgotten(db):
    for number in range(5):
        await cast.arrives(number)
    await time_passes(days=4000)
    await quarantine.bound()
    await pruning.forget_what_is_done_with()
    assert await Update.filter(state=UpdateState.RECEIVED, payload__not_isnull=True).count() == 5


async def _keep(number, payload="x" * 40):
    """Put an update into quarantine."""
    claimed = await cast.arrives(number)
    async with transaction():
        return await quarantine.keep(claimed, payload, "ValueError")


async def opening_of(peer, chat):
    async with transaction():
        await opening.activate(peer, chat, cast.as_of())


async def let_pass(time):
    """Let what is held have been taken in so much earlier."""
    for message in await HeldMessage.all():
        then = pruning._first_id_at(clock.now() - time)
        await fetch('UPDATE "HeldMessages" SET id = $1 || substr(id, 14) WHERE id = $2', then, message.id)
