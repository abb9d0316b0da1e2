"""Somebody is in trouble, or makes some, and whoever has nothing to do with it goes on."""

import pytest

from bench import fairness

SMALL = fairness.Size(messages=120, behind=110, accounts=3, taps=3)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("trouble", "updates"),
    [
        (fairness.one_writes_much, "polling"),
        (fairness.one_is_locked, "polling"),
        (fairness.one_is_locked, "webhook"),
        (fairness.many_tap, "webhook"),
    ],
)
async def test_bystanders_are_heard_and_answered_meanwhile(trouble, updates):
    waits = await fairness.measure(trouble, updates, SMALL)
    assert len(waits.writing) == len(waits.answered) == fairness.BYSTANDERS
    assert max(waits.writing) < fairness.LOCKED  # nobody has waited until the lock was gone
