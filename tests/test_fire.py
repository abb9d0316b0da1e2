"""The relay under fire: processes are killed at any moment, and nothing is lost, doubled or misplaced.

Longer runs, with more kills: python -m bench.fire
"""

import pytest

from bench import fire


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("updates", "is_embedded"), [("polling", True), ("webhook", False)])
async def test_nothing_is_lost_doubled_or_misplaced_however_often_we_are_killed(updates, is_embedded):
    report = await fire.burn(28, 3, updates, seed=2026, is_embedded=is_embedded)
    assert report.wrong == []
    assert (report.kills, report.database_kills) == (28, 3)
    assert report.consumer_messages > 50
    assert report.replies > 20
