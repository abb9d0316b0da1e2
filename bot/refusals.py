"""What the bot says when something is declined: every refusal is put into words here."""

from bot.context import Context, button
from bot.texts import FormattedText
from bot.texts.refusals import Refusals
from services.errors import (
    AccountTaken,
    CouponNotOpen,
    LinkDamaged,
    LinkForeign,
    LinkSpent,
    NotFound,
    OwnCoupon,
    Refusal,
    TooManyHeld,
)


async def answer(context: Context, refusal: Refusal, callback_query_id: str | None) -> None:
    """Say kindly why not, and what can be done instead."""
    if callback_query_id:
        await context.acknowledge(callback_query_id)
    way = button(context.texts.my_chats.button(), "my_chats")
    texts = context.texts.refusals
    if isinstance(refusal, TooManyHeld):
        await context.say(texts.too_many_held(refusal.limit), buttons=[[way]], once="too many held")
    else:
        await context.say(_words(texts, refusal), buttons=[[way]])


def _words(texts: Refusals, refusal: Refusal) -> FormattedText:
    match refusal:
        case CouponNotOpen():
            return texts.coupon_not_open(refusal.coupon, refusal.state)
        case OwnCoupon():
            return texts.own_coupon(refusal.coupon)
        case LinkForeign():
            return texts.foreign_link()
        case LinkDamaged():
            return texts.damaged_link()
        case AccountTaken():
            return texts.account_taken()
        case LinkSpent():
            return texts.link_spent()
        case NotFound():
            return FormattedText(texts.not_there())
        case _:
            return texts.unknown_coupon()
