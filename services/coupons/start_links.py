"""The start parameters by which deep links name coupons."""

import re
import secrets

from models import Coupon
from services.coupons import coupons
from services.errors import CouponUnknown, LinkDamaged, LinkForeign, NotFound
from services.text.characters import is_storable

# Bot API: deep linking; a start parameter is 1-64 of these
FITS_A_LINK = re.compile(r"[A-Za-z0-9_-]{1,62}")


async def start_parameter(coupon_id: str) -> str:
    """Name a coupon in a deep link: by its id where that fits, else by a key that is kept.

    Raises:
        NotFound: there is no such coupon.
    """
    coupon = await Coupon.get_or_none(id=coupon_id) if is_storable(coupon_id, coupons.LONGEST_ID) else None
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
