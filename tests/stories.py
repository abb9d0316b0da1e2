"""What stories that Hypothesis makes up are told of: three coupons, and something that is picked by a number."""

from typing import Any

from models import Coupon, User
from tests import cast

TITLES = ("Shoes", "Hats", "Tea")


def picked(things: list[Any], pick: int) -> Any:
    """Pick one of several things, if there are any."""
    return things[pick % len(things)] if things else None


async def coupons(owner: User) -> dict[str, Coupon]:
    """Give the coupons by their titles; another story may have made them before."""
    return {title: await _coupon(owner, title) for title in TITLES}


async def _coupon(owner: User, title: str) -> Coupon:
    known = await Coupon.filter(influencer_id=owner.id, title=title).first()
    return known or await cast.coupon(owner, title)
