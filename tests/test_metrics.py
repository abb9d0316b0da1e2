"""Rules: what is counted is what was committed, and nobody can be told from it."""

import contextlib
import re
from datetime import datetime
from pathlib import Path

import asyncpg
import pytest

from database import pool
from database.transactions import savepoint, transaction
from models import Delivery, Peer, Update, UpdateState
from services import metrics
from services.outgoing import due, replies, sending
from services.outgoing.sending import Arrival
from tests import cast
from tests.metering import meter, scrape

MESSAGES = "couponchat_messages_total"
ENDED = "couponchat_deliveries_ended_total"
DELIVERIES = "couponchat_deliveries"
LATENESS = "couponchat_delivery_oldest_due_seconds"
WAITED = "couponchat_update_oldest_waiting_seconds"
HOUR = 3600.0
ROOT = Path(__file__).parent.parent


async def test_messages_are_counted_by_their_direction(maya, peer, chat):
    meter_ = await meter()
    await cast.says(peer, "Does it work?")
    await cast.says(peer, "On sale items, I mean")
    await replies.reply(chat, maya, "It does!")
    assert await meter_.rise(MESSAGES) == {"in": 2, "out": 1}


async def test_what_is_rolled_back_is_not_counted(maya, peer, chat):
    meter_ = await meter()
    with contextlib.suppress(ZeroDivisionError):
        async with transaction():
            await replies.reply(chat, maya, "Never said")
            raise ZeroDivisionError
    async with transaction():
        with contextlib.suppress(ZeroDivisionError):
            async with savepoint():
                await replies.reply(chat, maya, "Taken back")
                raise ZeroDivisionError
        await replies.reply(chat, maya, "Said")
        assert await meter_.rise(MESSAGES) == {}, "it is not committed yet"
    assert await meter_.rise(MESSAGES) == {"out": 1}


async def test_a_request_that_comes_twice_is_counted_once(maya, peer, chat):
    meter_ = await meter()
    for _ in range(2):
        await replies.reply(chat, maya, "Once", request_id="the-same")
    assert await meter_.rise(MESSAGES) == {"out": 1}


async def test_deliveries_that_end_are_counted_by_how_each_part_of_them(maya, peer, chat):
    await replies.reply(chat, maya, "A long story, told in short sentences. " * 250)
    await replies.reply(chat, maya, "In short: yes.")
    meter_ = await meter()
    await sending.sent(await cast.next_step(peer), Arrival([501]))
    await sending.failed(await cast.next_step(peer), "blocked")
    await sending.sent(await cast.next_step(peer), Arrival([502]))
    assert await meter_.rise(ENDED) == {"sent": 2, "blocked": 2}


async def test_what_waits_is_told_by_its_state(maya, peer, chat):
    assert (await scrape()).values(DELIVERIES) == {"queued": 0, "sending": 0, "uncertain": 0, "failed": 0}
    for text in ("failed", "sent", "uncertain", "queued", "queued, too"):
        await replies.reply(chat, maya, text)
    await sending.failed(await cast.next_step(peer), "refused")
    await sending.sent(await cast.next_step(peer), Arrival([501]))
    await sending.uncertain(await cast.next_step(peer), 0.0, "no_answer")
    await cast.next_step(peer)
    other = await cast.peer(7002, "Grace Hopper")
    await replies.reply(await cast.chat(await cast.coupon(maya, "Hats"), other), maya, "on another phone")
    await sending.uncertain(await cast.next_step(other), 0.0, "no_answer")
    found = (await scrape()).values(DELIVERIES)
    assert found == {"queued": 2, "sending": 1, "uncertain": 1, "failed": 1}


async def test_what_is_due_longest_says_how_late_it_is(maya, peer, chat):
    assert (await scrape()).value(LATENESS) == 0
    await replies.reply(chat, maya, "First")
    await replies.reply(chat, maya, "Behind it, and so not late by itself")
    first, second = await Delivery.all().order_by("sequence")
    await _due(second, cast.in_days(-9))
    await _due(first, cast.in_days(1))
    assert (await scrape()).value(LATENESS) == 0
    await _due(first, cast.in_days(-1))
    assert HOUR * 24 <= (await scrape()).value(LATENESS) < HOUR * 25
    await _paused_until(peer, cast.in_days(1))
    assert (await scrape()).value(LATENESS) == 0, "Telegram has asked for patience"
    await _paused_until(peer, cast.in_days(-0.5))
    assert HOUR * 12 <= (await scrape()).value(LATENESS) < HOUR * 13


async def test_what_is_in_quarantine_is_told_and_what_was_dropped_is_not(db):
    for update_id, state in enumerate((UpdateState.QUARANTINED, UpdateState.DROPPED, UpdateState.HANDLED)):
        await Update.create(bot_id=cast.BOT_ID, update_id=update_id, state=state)
    assert (await scrape()).value("couponchat_updates_in_quarantine") == 1


async def test_what_waits_to_be_handled_is_told_with_how_long_the_oldest_has_waited(db):
    found = await scrape()
    assert (found.value("couponchat_updates_waiting"), found.value(WAITED)) == (0, 0)
    for number in range(3):
        await cast.arrives(number)
    await Update.filter(update_id=1).update(received_at=cast.in_days(-1))
    await Update.create(bot_id=cast.BOT_ID, update_id=9, received_at=cast.in_days(-9), state=UpdateState.HANDLED)
    found = await scrape()
    assert found.value("couponchat_updates_waiting") == 3
    assert HOUR * 24 <= found.value(WAITED) < HOUR * 25


async def test_connections_in_use_are_told_apart_from_idle_ones(db):
    async with pool.connections.get("default").acquire_connection():
        found = (await scrape()).values("couponchat_database_connections")
    assert found["used"] == 1
    assert sum(found.values()) <= (await scrape()).value("couponchat_database_connections_limit") == 10
    assert (await scrape()).values("couponchat_database_connections")["used"] == 0


async def test_a_database_that_does_not_answer_leaves_the_rest(db, monkeypatch):
    before = await scrape()
    busy = await asyncpg.connect(db)
    async with busy.transaction():
        await busy.execute('LOCK TABLE "Deliveries" IN ACCESS EXCLUSIVE MODE')
        with monkeypatch.context() as impatient:
            impatient.setattr(metrics, "DATABASE_TIMEOUT", 0.05)
            found = await scrape()
    await busy.close()
    assert found.value("couponchat_database_up") == 0
    assert DELIVERIES not in found
    assert found.value("couponchat_live_streams") == before.value("couponchat_live_streams")
    assert (await scrape()).value("couponchat_database_up") == 1


async def test_a_mistake_of_ours_is_not_taken_for_a_database_that_is_away(db, monkeypatch):
    async def broken(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(metrics, "fetch", broken)
    with pytest.raises(KeyError):
        await scrape()


async def test_labels_are_outcomes_and_states_alone(maya, peer, chat):
    await cast.says(peer, "Does it work?")
    await replies.reply(chat, maya, "It does!")
    await sending.failed(await cast.next_step(peer), "blocked")
    found = await scrape()
    assert {name for name, _ in found.labels} == {"outcome", "direction", "state", "le"}
    values = {value for name, value in found.labels if name != "le"}
    assert all(re.fullmatch("[a-z_]+", value) for value in values), values


async def test_each_metric_is_explained_and_none_that_is_not_there(db):
    told = {
        name for name in (await scrape()).names if name.startswith("couponchat_") and not name.endswith("_created")
    }
    names = {re.sub("_(bucket|count|sum)$", "", name) for name in told}
    table = (
        (ROOT / "docs" / "operating.md").read_text().partition("## Metrics")[2].partition("What to be woken by")[0]
    )
    assert set(re.findall(r"^\| `(couponchat_\w+)", table, re.MULTILINE)) == names


async def _due(delivery: Delivery, at: object) -> None:
    await Delivery.filter(id=delivery.id).update(due_at=at)
    await due.put_right(cast.BOT_ID)


async def _paused_until(peer: Peer, at: datetime) -> None:
    await Peer.filter(id=peer.id).update(paused_until=at)
    await due.put_right(cast.BOT_ID)
