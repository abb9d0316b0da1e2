"""What is counted at the bot's door."""

from datetime import timedelta

import pytest

from database import clock
from services.incoming import receiving
from tests.metering import meter, scrape

UPDATES = "couponchat_updates_total"
ENDED = "couponchat_deliveries_ended_total"
BLOCKED = {"error_code": 403, "description": "Forbidden: bot was blocked by the user"}


@pytest.fixture
def broken(monkeypatch):
    async def receive(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr(receiving, "receive", receive)


async def test_an_update_is_counted_by_what_became_of_it(door, phone, shoes):
    await phone.opens(shoes)
    meter_ = await meter()
    phone.person.says("Does it work?")
    [raw] = await door.pending_updates()
    await door.take(raw)
    assert await meter_.rise(UPDATES) == {"handled": 1}
    await door.take(raw)
    assert await meter_.rise(UPDATES) == {"handled": 1, "duplicate": 1}
    assert await meter_.rise("couponchat_messages_total") == {"in": 1}
    assert await meter_.rise_of("couponchat_update_seconds_count") == 2
    assert await meter_.rise_of("couponchat_updates_received_total") == 1


async def test_what_an_update_has_waited_since_it_arrived_is_measured_too(door, phone):
    meter_ = await meter()
    phone.person.says("Hello?")
    [raw] = await door.pending_updates()
    await door.take(raw, arrived_at=clock.now() - timedelta(seconds=1000))
    assert await meter_.rise_of("couponchat_update_seconds_sum") >= 1000


async def test_what_fails_is_counted_as_quarantined_and_nothing_that_it_has_begun(door, phone, shoes, broken):
    await phone.opens(shoes)
    meter_ = await meter()
    phone.person.says("Hello?")
    [raw] = await door.pending_updates()
    await door.take(raw)
    await door.take(raw)
    assert await meter_.rise(UPDATES) == {"quarantined": 1, "duplicate": 1}
    assert (await scrape()).value("couponchat_updates_in_quarantine") == 1


async def test_an_answer_of_telegrams_is_measured_and_a_refusal_is_counted_by_its_reason(door, phone, shoes):
    meter_ = await meter()
    await phone.opens(shoes)
    await meter_.rises(ENDED, {"sent": 1})
    meter_ = await meter()
    door.telegram.fail_next("sendMessage", BLOCKED)
    await door.answers(shoes, "Lost")
    await door.answers(shoes, "Heard")
    await phone.hears("Heard")
    await meter_.rises(ENDED, {"sent": 1, "blocked": 1})
    assert await meter_.rise_of("couponchat_delivery_seconds_count") == 1


async def test_every_reason_for_which_a_delivery_ends_is_known_before_the_first(door, phone, shoes):
    """Otherwise nobody sees it rise: what begins at one has not risen."""
    refusals = [
        {"error_code": 403, "description": "Forbidden: user is deactivated"},
        {"error_code": 403, "description": "Forbidden: bot can't initiate conversation with a user"},
        {"error_code": 400, "description": "Bad Request: chat not found"},
        {"error_code": 400, "description": "Bad Request: message is too long"},
        {"error_code": 400, "description": "Bad Request: message to edit not found"},
        {"error_code": 400, "description": "Bad Request: message can't be edited"},
        {"error_code": 400, "description": "Bad Request: message can't be deleted"},
        BLOCKED,
    ]
    known = set((await scrape()).values(ENDED))
    meter_ = await meter()
    await phone.opens(shoes)
    await meter_.rises(ENDED, {"sent": 1})
    meter_ = await meter()
    for refusal in refusals:
        door.telegram.fail_next("sendMessage", refusal)
        await door.answers(shoes, "Lost")
        await door.delivered()
    ended = {"deactivated", "never_started", "not_found", "refused", "blocked"}
    ended |= {"message_gone", "not_editable", "not_deletable"}
    await meter_.rises(ENDED, dict.fromkeys(ended, 1))
    assert ended | {"sent", "expired", "gave_up"} == known
