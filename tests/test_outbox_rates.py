"""What measures how fast replies leave: all of them do, once, and nobody is asked for more than was said."""

import pytest

from bench import outbox


@pytest.mark.timeout(180)
async def test_everybody_sends_all_of_their_replies():
    race = await outbox.race(outbox.Plan(count=20, chats=10, rounds=1))
    for [cost] in (race.couponchat, race.one_by_one, race.many_at_once):
        assert cost.calls_per_second > 0
        assert cost.cpu_ms > 0


@pytest.mark.timeout(180)
async def test_fresh_answers_leave_while_a_backlog_waits_and_telegram_refuses_none():
    plan = outbox.Plan(waiting=400, waiting_chats=40, seconds=1.0, fresh=2)
    limits = await outbox.at_limits(plan)
    assert limits.rate > 0
    assert len(limits.waits) == 2
    assert limits.left > 0
    assert limits.refused_count == 0


async def test_looks_are_measured_while_little_and_much_waits():
    seconds = await outbox.looks(outbox.Plan(chats=10, looked_at=100))
    assert list(seconds) == [10, 100]
    assert min(seconds.values()) > 0
