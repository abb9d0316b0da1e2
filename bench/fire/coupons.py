"""What everybody in the fire talks about, with whom."""

INFLUENCERS = 3
COUPONS = [f"c{number}" for number in range(6)]


def title_of(coupon: str) -> str:
    """Name a coupon as people see it."""
    return f"Coupon number {coupon}"


def coupon_file() -> bytes:
    """Write the coupons down as they are imported."""
    lines = ["coupon_id,title,influencer_id"]
    lines += [f"{coupon},{title_of(coupon)},inf-{number % INFLUENCERS}" for number, coupon in enumerate(COUPONS)]
    return "\n".join(lines).encode()
