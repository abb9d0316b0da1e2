"""What measures the calls of the Bot API: both ways of calling make all of theirs."""

from bench import calls


async def test_both_requests_are_measured_one_by_one_and_many_at_once():
    costs = await calls.measure(count=20, rounds=1)
    assert set(costs) == {(name, at_once) for name in calls.REQUESTS for at_once in calls.AT_ONCE}
    assert all(cost.calls_per_second > 0 and cost.cpu_ms > 0 for [cost] in costs.values())
