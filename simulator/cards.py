"""What hangs in the shop window."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A coupon as a shopper sees it; ``link`` is the deep link behind *Contact Influencer*."""

    coupon_id: str
    title: str
    description: str
    influencer_name: str
    valid_until: str | None
    link: str
