"""Coupons, and the start parameters by which deep links name them."""

import secrets

from models import Coupon
from services.coupons import coupons
from services.errors import CouponUnknown, NotFound
from services.start_parameters import Kind, StartParameter
from services.text.characters import is_storable


async def start_parameter(coupon_id: str) -> StartParameter:
    """Name a coupon in a deep link: by its id where that fits, else by a key that is kept.

    Raises:
        NotFound: there is no such coupon.
    """
    coupon = await Coupon.get_or_none(id=coupon_id) if is_storable(coupon_id, coupons.LONGEST_ID) else None
    if coupon is None:
        raise NotFound(f"There is no coupon {coupon_id}.")
    by_id = StartParameter(Kind.COUPON_ID, coupon.id)
    if by_id.is_sound:
        return by_id
    return StartParameter(Kind.COUPON_KEY, coupon.link_key or await _make_key(coupon))


async def named_by(parameter: StartParameter) -> Coupon:
    """Get the coupon that a start parameter names.

    Raises:
        CouponUnknown: it names none.
    """
    column = {Kind.COUPON_ID: "id", Kind.COUPON_KEY: "link_key"}[parameter.kind]
    coupon = await Coupon.filter(**{column: parameter.name}).select_related("influencer").first()
    if coupon is None:
        raise CouponUnknown
    return coupon


async def _make_key(coupon: Coupon) -> str:
    """Keep a key for a coupon, unless somebody else was quicker."""
    await Coupon.filter(id=coupon.id, link_key=None).update(link_key=secrets.token_urlsafe(16))
    await coupon.refresh_from_db(["link_key"])
    return str(coupon.link_key)
