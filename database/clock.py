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


def follow(told: datetime, seconds: float) -> None:
    """Keep the offset between our own clock and the database's, which told the time, so long after it was asked.

    Only our clock of now has a say: it may have been set while the database was asked.
    """
    global _ahead
    ahead = own() - timedelta(seconds=seconds / 2) - told
    _ahead = ahead if abs(ahead) > TOLERANCE else timedelta()
