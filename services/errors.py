"""Refusals: what we decline to do, said in a sentence; everything else that is raised is a bug."""

from models import Coupon, CouponState


class Refusal(Exception):
    """Something that can't be done, for a reason that the person who asked should read."""

    sentence = "That can't be done."

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence)


class NotFound(Refusal):
    """It isn't there, or isn't theirs: nobody is told which."""

    sentence = "There is nothing here."


class EmptyText(Refusal):
    """A message without a single visible character."""

    sentence = "Write something first."


class TextTooLong(Refusal):
    """A reply that is longer than we pass on."""

    sentence = "This message is too long."


class NobodyThere(Refusal):
    """A reply in a chat that its influencer began, as a consumer, before they were invited."""

    sentence = (
        "You began this chat yourself, before this Telegram account was yours. Nobody else would read a reply."
    )


class RequestReused(Refusal):
    """A reply under the id of another one that stands there already."""

    sentence = "This form has sent another message already. Here are your words again: send them now."


class ReactionUnknown(Refusal):
    """A reaction that Telegram doesn't have."""

    sentence = "Telegram has no such reaction."


class NotFailed(Refusal):
    """Trying again what has not failed."""

    sentence = "This message is already on its way."


class NotOwn(Refusal):
    """Changing, or taking back, what somebody else has said."""

    sentence = "You can change and delete only what you have written yourself."


class TooLate(Refusal):
    """Changing, or taking back, what was said too long ago."""

    sentence = "This message is older than 48 hours: Telegram lets nobody change or delete it any more."


class AlreadyDeleted(Refusal):
    """Changing, or taking back, what has been taken back."""

    sentence = "This message has been deleted."


class TooManyHeld(Refusal):
    """One more message that waits than one person can keep waiting: it is not kept."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class LinkSpent(Refusal):
    """A single-use link that was used, has run out, or never was."""

    sentence = "This link has been used or has run out."


class AccountTaken(Refusal):
    """A Telegram account that already belongs to another influencer."""

    sentence = "This Telegram account already belongs to another influencer."


class SeveralBots(Refusal):
    """The number of an update, where several bots have one of that number in quarantine."""

    def __init__(self, update_id: int, bot_ids: list[int]) -> None:
        bots = " and ".join(str(bot_id) for bot_id in bot_ids)
        super().__init__(f"The bots {bots} have an update {update_id} each in quarantine: choose one with --bot.")


class CouponUnknown(Refusal):
    """A start parameter that leads to no coupon."""

    sentence = "There is no such coupon."


class LinkDamaged(CouponUnknown):
    """A start parameter of ours that is cut off or mistyped: no coupon can have this name."""


class LinkForeign(CouponUnknown):
    """A start parameter that was never meant to name a coupon."""


class CouponNotOpen(Refusal):
    """A coupon about which no new chat can be begun now."""

    sentence = "This coupon can't be used now."

    def __init__(self, coupon: Coupon, state: CouponState) -> None:
        super().__init__()
        self.coupon = coupon
        self.state = state


class OwnCoupon(Refusal):
    """An influencer who would be writing to themselves."""

    sentence = "This coupon is your own."

    def __init__(self, coupon: Coupon) -> None:
        super().__init__()
        self.coupon = coupon
