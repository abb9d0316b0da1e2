"""The time, on which all our processes agree: the database's, however wrong their own clocks are."""

from datetime import UTC, datetime, timedelta

TOLERANCE = timedelta(seconds=1)  # a network takes as long, and does no harm

_ahead = timedelta()


def now() -> datetime:
    """Tell what time it is."""
    return own() - _ahead


def own() -> datetime:
    """Tell what this process's own clock says."""
    return datetime.now(UTC)


def follow(told: datetime, asked_at: datetime) -> None:
    """Keep the offset between our own clock and the database's, which was asked for the time at ``asked_at``."""
    global _ahead
    ahead = asked_at + (own() - asked_at) / 2 - told
    _ahead = ahead if abs(ahead) > TOLERANCE else timedelta()
