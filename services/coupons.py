"""Coupons, and the start parameters by which a deep link names them."""

import re
import secrets
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from database import clock
from models import Coupon, CouponState
from services.characters import is_storable
from services.errors import CouponUnknown, LinkDamaged, LinkForeign, NotFound

LONGEST_ID = 255

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LAST_MINUTE = time(23, 59)

# Bot API: deep linking; a start parameter is 1-64 of these
FITS_A_LINK = re.compile(r"[A-Za-z0-9_-]{1,62}")


async def start_parameter(coupon_id: str) -> str:
    """Name a coupon in a deep link: by its id where that fits, else by a key that is kept.

    Raises:
        NotFound: there is no such coupon.
    """
    coupon = await Coupon.get_or_none(id=coupon_id) if is_storable(coupon_id, LONGEST_ID) else None
    if coupon is None:
        raise NotFound(f"There is no coupon {coupon_id}.")
    if FITS_A_LINK.fullmatch(coupon.id):
        return f"c_{coupon.id}"
    if coupon.link_key is None:
        await Coupon.filter(id=coupon_id, link_key=None).update(link_key=secrets.token_urlsafe(16))
        await coupon.refresh_from_db(["link_key"])
    return f"k_{coupon.link_key}"


async def named_by(parameter: str) -> Coupon:
    """Get the coupon that a start parameter names.

    Raises:
        LinkForeign: it isn't meant to.
        LinkDamaged: it is, but no coupon can have such a name.
        CouponUnknown: none.
    """
    kind, _, name = parameter.partition("_")
    if kind not in ("c", "k"):
        raise LinkForeign
    if not FITS_A_LINK.fullmatch(name):
        raise LinkDamaged
    found = Coupon.filter(id=name) if kind == "c" else Coupon.filter(link_key=name)
    coupon = await found.select_related("influencer").first()
    if coupon is None:
        raise CouponUnknown
    return coupon


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
    """Say through which day a coupon is good: one that ends at midnight, through the day before."""
    if coupon.expires_at is None:
        return None
    moment = coupon.expires_at.astimezone(UTC)
    is_midnight = moment.time() == time() and moment > _EARLIEST
    last = moment - timedelta(microseconds=1) if is_midnight else moment
    return Day(last, is_whole=last.time() >= _LAST_MINUTE)
