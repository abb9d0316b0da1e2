"""What measures how fast updates are taken in: both contestants get the same, and all of it is counted."""

import pytest

from bench import intake
from database.transactions import fetch
from models import Message


@pytest.mark.timeout(180)
@pytest.mark.parametrize("updates", ["webhook", "polling"])
async def test_both_contestants_commit_each_message_once_and_its_times_are_its_own(updates):
    plan = intake.Plan(updates, count=40, consumers=40, rounds=1)
    async with intake.contest(plan) as contest:
        report = await contest.play()
        ours = await Message.all().values_list("text", flat=True)
        floor = [row["text"] for row in await fetch('SELECT text FROM floor."Messages"')]
    for texts in (ours, floor):
        assert (len(texts), len(set(texts))) == (80, 80)
    assert not set(ours) & set(floor)
    for runs in report.runs.values():
        assert min(runs[0].to_commit) > 0
        assert min(runs[0].to_200) > 0


async def test_two_web_processes_share_what_comes_in():
    plan = intake.Plan(count=40, consumers=40, web_processes=2)
    async with intake.contest(plan) as contest:
        run = await contest.run(contest.couponchat, plan.count)
        assert len(contest.couponchat.urls) == 2
    assert len(run.to_commit) == 40
