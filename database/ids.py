"""Ids: strings, made by us and ordered by time."""

import contextlib
import uuid

import uuid_utils

_BITS_BELOW_TIME = 80  # of a UUIDv7, which begins with milliseconds


def new_id(after: str = "") -> str:
    """Make an id: a string, ordered by time (UUIDv7), and behind another one, though our clock were behind it."""
    fresh = str(uuid_utils.uuid7())
    if fresh > after:
        return fresh
    with contextlib.suppress(ValueError):  # not one of ours: nothing can be said of its time
        next_millisecond = (uuid.UUID(after).int >> _BITS_BELOW_TIME) + 1
        random = uuid.UUID(fresh).int % 2**_BITS_BELOW_TIME
        return str(uuid.UUID(int=(next_millisecond << _BITS_BELOW_TIME) + random))
    return fresh
