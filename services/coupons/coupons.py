"""Coupons: whether and on which days they are good."""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from database import clock
from models import Coupon, CouponState

LONGEST_ID = 255

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LAST_MINUTE = time(23, 59)


def state(coupon: Coupon) -> CouponState:
    """Say whether a coupon can be used now."""
    return coupon.state_at(clock.now())


class Day(NamedTuple):
    """A day on which a coupon begins or ends to be good: the whole of it, or from or until a moment; in UTC."""

    moment: datetime
    is_whole: bool


def first_day(coupon: Coupon) -> Day | None:
    """Say from which day on a coupon is good."""
    if coupon.starts_at is None:
        return None
    moment = coupon.starts_at.astimezone(UTC)
    return Day(moment, is_whole=moment.time() == time())


def last_day(coupon: Coupon) -> Day | None:
    """Say through which day a coupon is good, if it ends."""
    return day_before(coupon.expires_at) if coupon.expires_at else None


def day_before(end: datetime) -> Day:
    """Say through which day is good what is good until a moment: until midnight, through the day before."""
    moment = end.astimezone(UTC)
    is_midnight = moment.time() == time() and moment > _EARLIEST
    last = moment - timedelta(microseconds=1) if is_midnight else moment
    return Day(last, is_whole=last.time() >= _LAST_MINUTE)
