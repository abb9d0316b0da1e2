"""Rules: whose turn it is, when many wait."""

import asyncio
import math

import pytest

from bot.intake import schedule
from bot.intake.schedule import MAX_BATCH, Schedule

WORKERS = 3


@pytest.fixture
def turns() -> Schedule:
    return Schedule(WORKERS)


async def test_whoever_has_more_goes_to_the_back(turns):
    for sender in (1, 2, 3):
        turns.line_up(sender)
    assert await turns.next() == [1]
    turns.done(1, has_more=True)
    assert [await turns.next() for _ in range(3)] == [[2], [3], [1]]


async def test_nobody_is_handled_twice_at_once_and_nothing_that_comes_meanwhile_is_forgotten(turns):
    turns.line_up(1)
    turns.line_up(1)
    assert await turns.next() == [1]
    turns.line_up(1)
    waiting = asyncio.ensure_future(turns.next())
    await asyncio.sleep(0)
    assert not waiting.done()
    turns.done(1, has_more=False)
    assert await waiting == [1]
    turns.done(1, has_more=False)
    turns.line_up(2)
    assert await turns.next() == [2]


async def test_as_many_as_can_be_handled_side_by_side_share_nothing(turns):
    for sender in range(WORKERS):
        turns.line_up(sender)
    assert [await turns.next() for _ in range(WORKERS)] == [[0], [1], [2]]


async def test_more_than_that_share_what_is_handled_at_once_up_to_a_limit(turns):
    for sender in range(9):
        turns.line_up(sender)
    assert await turns.next() == [0, 1, 2]
    for sender in range(100, 1000):
        turns.line_up(sender)
    assert len(await turns.next()) == MAX_BATCH


async def test_those_who_failed_together_are_handled_each_alone_and_share_again_after_that(turns):
    for sender in range(9):
        turns.line_up(sender)
    turns.split(await turns.next())
    for sender in range(3):
        assert await turns.next() == [sender]
        turns.done(sender, has_more=True)
    assert await turns.next() == [3, 4, 5]
    assert await turns.next() == [6, 7]


async def test_those_who_have_failed_take_half_of_the_workers_at_most(turns):
    for sender in range(9):
        turns.line_up(sender)
    turns.split(await turns.next())
    assert [await turns.next() for _ in range(3)] == [[0], [3, 4], [5, 6]]
    turns.rest(0, 60)
    assert [await turns.next() for _ in range(2)] == [[1], [7]]
    turns.done(1, has_more=False)
    assert [await turns.next() for _ in range(2)] == [[2], [8]]


async def test_whoever_rests_is_tried_again_after_longer_and_longer_and_alone(turns, monkeypatch):
    delays = []
    monkeypatch.setattr(asyncio.get_running_loop(), "call_later", lambda delay, *_: delays.append(delay))
    for _ in range(7):
        turns.rest(1, 0.25)
    assert delays == [0.25, 0.5, 1, 2, 4, schedule.LONGEST_BACKOFF, schedule.LONGEST_BACKOFF]
    turns.line_up(1)  # what comes in changes nothing
    turns.line_up(2)
    assert await turns.next() == [2]


async def test_whoever_was_handled_rests_no_longer_than_anybody_the_next_time(turns, monkeypatch):
    delays = []
    monkeypatch.setattr(asyncio.get_running_loop(), "call_later", lambda delay, *_: delays.append(delay))
    turns.rest(1, 0.25)
    turns.rest(1, 0.25)
    turns.done(1, has_more=False)
    turns.rest(1, 0.25)
    assert delays == [0.25, 0.5, 0.25]


async def test_one_works_while_much_comes_in(turns, monkeypatch):
    monkeypatch.setattr(schedule, "RUSH_INTERVAL", math.inf)
    turns.throttle(True)
    workers = [asyncio.ensure_future(turns.next()) for _ in range(WORKERS)]
    await asyncio.sleep(0)
    for sender in range(WORKERS):
        turns.line_up(sender)
    turns.throttle(True)
    await asyncio.sleep(0)
    assert await _begun(workers) == [[0]]
    turns.throttle(False)
    assert sorted(await asyncio.gather(*workers)) == [[0], [1], [2]]


async def test_who_takes_long_while_much_comes_in_keeps_the_next_one_waiting_only_shortly(turns, monkeypatch):
    monkeypatch.setattr(schedule, "RUSH_INTERVAL", 0.0)
    turns.throttle(True)
    workers = [asyncio.ensure_future(turns.next()) for _ in range(2)]
    await asyncio.sleep(0)
    for sender in range(2):
        turns.line_up(sender)
    assert sorted(await asyncio.gather(*workers)) == [[0], [1]]


async def test_once_it_is_closed_it_is_nobodys_turn(turns):
    waiting = asyncio.ensure_future(turns.next())
    await asyncio.sleep(0)
    turns.close()
    turns.line_up(1)
    assert await waiting == []
    assert await turns.next() == []


async def _begun(workers):
    """List for whom it was the turn of those who have waited for it until now."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return [worker.result() for worker in workers if worker.done()]
