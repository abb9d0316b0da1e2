"""What is declined, and what can be done instead."""

from bot.texts.formatted_text import FormattedText
from bot.texts.phrases import TITLE_LIMIT, Phrases
from models import Coupon, CouponState
from services.coupons import coupons
from services.text.shortening import shortened


class Refusals(Phrases):
    """Why not, and what can be done instead."""

    def unknown_coupon(self) -> FormattedText:
        return FormattedText(
            self._(
                "I can't find this coupon. It may have been taken down: "
                "look for it where you saw it, and tap Contact Influencer there."
            )
        )

    def damaged_link(self) -> FormattedText:
        return FormattedText(
            self._(
                "This link seems to be incomplete, so I can't tell which coupon it is about. "
                "Go back to the coupon and tap Contact Influencer there."
            )
        )

    def foreign_link(self) -> FormattedText:
        return FormattedText(
            self._(
                "Hello! This link doesn't lead to a coupon. Find one that you like and tap Contact Influencer "
                "under it: I'll connect you with whoever offers it."
            )
        )

    def coupon_not_open(self, coupon: Coupon, state: CouponState) -> FormattedText:
        reasons = {
            CouponState.EXPIRED: self._(
                "Sorry, this coupon expired on {date}, so I can't open a new chat about it."
            ),
            CouponState.UPCOMING: self._(
                "This coupon isn't valid yet: it starts on {date}. Tap Contact Influencer again then, "
                "and I'll connect you."
            ),
            CouponState.WITHDRAWN: self._("Sorry, this coupon was withdrawn, so I can't open a new chat about it."),
        }
        dates = {
            CouponState.EXPIRED: self._day(coupons.last_day(coupon)),
            CouponState.UPCOMING: self._day(coupons.first_day(coupon)),
        }
        return (
            FormattedText()
            .bold(shortened(coupon.title, TITLE_LIMIT))
            .add("\n" + reasons[state].format(date=dates.get(state, "")))
        )

    def own_coupon(self, coupon: Coupon) -> FormattedText:
        return (
            FormattedText()
            .bold(shortened(coupon.title, TITLE_LIMIT))
            .add("\n" + self._("This is your own coupon. What people write to you about it is waiting in /panel."))
        )

    def account_taken(self) -> FormattedText:
        return FormattedText(self._("This Telegram account already belongs to another influencer."))

    def link_spent(self) -> FormattedText:
        return FormattedText(
            self._("This invitation has been used or has run out. Ask whoever sent it for a new one.")
        )

    def only_in_private(self) -> FormattedText:
        return FormattedText(
            self._("Chats about coupons stay between two people. Tap below, and yours opens in private.")
        )

    def open_private_button(self) -> str:
        return self._("Open a private chat")

    def too_many_held(self, limit: int) -> FormattedText:
        text = self._(
            "{count} messages of yours wait already, and I can't keep more: your last one was not kept. "
            "Say which coupon they are about, or tap Contact Influencer under one, and then send it again."
        )
        return FormattedText(text.format(count=limit))

    def panel_is_for_influencers(self) -> FormattedText:
        return FormattedText(
            self._(
                "The panel is for influencers. If you are one, ask the coupon platform for an invitation; "
                "your own chats are in /chats."
            )
        )

    def not_there(self) -> str:
        return self._("That isn't there any more.")
