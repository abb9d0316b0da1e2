"""The offers that chats are about."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.people import User


class CouponState(StrEnum):
    """Whether a coupon can be used now."""

    VALID = "valid"
    UPCOMING = "upcoming"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Coupon(Model):
    """An influencer's offer, as the coupon platform describes it."""

    id = fields.CharField(255, primary_key=True)
    title = fields.TextField()
    description = fields.TextField(default="")
    influencer: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="coupons", source_field="influencerId", on_delete=fields.RESTRICT
    )
    influencer_id: str
    code = fields.TextField(null=True)  # what is typed at the till
    url = fields.TextField(null=True)  # where it can be used
    image_url = fields.TextField(null=True, source_field="imageUrl")
    starts_at = fields.DatetimeField(null=True, source_field="startsAt")
    expires_at = fields.DatetimeField(null=True, source_field="expiresAt")
    is_active = fields.BooleanField(default=True, source_field="isActive")
    missing_since = fields.DatetimeField(null=True, source_field="missingSince")
    link_key = fields.CharField(62, null=True, unique=True, source_field="linkKey")
    created_at = fields.DatetimeField(auto_now_add=True, source_field="createdAt")

    class Meta:
        table = "Coupons"
        indexes = (("influencer_id",),)

    def state_at(self, moment: datetime) -> CouponState:
        """Say whether the coupon can be used at that moment."""
        if not self.is_active:
            return CouponState.WITHDRAWN
        if self.expires_at and self.expires_at <= moment:
            return CouponState.EXPIRED
        if self.starts_at and self.starts_at > moment:
            return CouponState.UPCOMING
        return CouponState.VALID
