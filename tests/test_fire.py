"""The relay under fire: processes are killed, connections cut, the database falls silent, and nothing is lost.

Longer runs, with more of everything: python -m bench.fire
"""

import pytest

from bench import fire


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("updates", "is_embedded", "has_topics"), [("polling", True, False), ("webhook", False, True)]
)
async def test_nothing_is_lost_doubled_or_misplaced_whatever_breaks(updates, is_embedded, has_topics):
    plan = fire.Plan(kills=16, database_kills=2, cuts=30, silences=1, least_replies=21)
    report = await fire.burn(plan, updates, seed=2026, is_embedded=is_embedded, has_topics=has_topics)
    assert report.wrong == []
    assert report.orphans == []
    assert (report.kills, report.database_kills, report.cuts, report.silences) == (16, 2, 30, 1)
    assert report.consumer_messages > 50
    assert report.taken_over > 0
    assert report.retried > 0
    assert report.replies > 20
    assert report.changed > 0
    assert report.moved > 0
    assert bool(report.topics) == has_topics
