"""Consumers and influencers, and what lets them in."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model


class User(Model):
    """A consumer or an influencer; one person may be both."""

    id = fields.CharField(255, primary_key=True)
    name = fields.TextField(default="")
    email = fields.TextField(null=True)
    telegram_user_id = fields.BigIntField(null=True, unique=True, source_field="telegramUserId")
    username = fields.TextField(null=True)
    language_code = fields.CharField(35, null=True, source_field="languageCode")
    seen_hidden_at = fields.DatetimeField(
        null=True, source_field="seenHiddenAt"
    )  # since then no 👀 tells what they read
    is_influencer = fields.BooleanField(default=False, source_field="isInfluencer")
    created_at = fields.DatetimeField(auto_now_add=True, source_field="createdAt")

    class Meta:
        table = "Users"


class Session(Model):
    """An influencer's browser, signed in; its key is kept only as a hash."""

    id = fields.CharField(64, primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="sessions", source_field="userId", on_delete=fields.CASCADE
    )
    user_id: str
    created_at = fields.DatetimeField(auto_now_add=True, source_field="createdAt")
    expires_at = fields.DatetimeField(source_field="expiresAt", db_index=True)

    class Meta:
        table = "Sessions"
        indexes = (("user_id",),)


class Purpose(StrEnum):
    """What a single-use link is good for."""

    SIGNIN = "signin"
    INVITATION = "invitation"


class AccessLink(Model):
    """A single-use link: to the panel, or to tie a Telegram account; its token is kept only as a hash."""

    id = fields.CharField(64, primary_key=True)
    purpose = fields.CharEnumField(Purpose, max_length=16)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="access_links", source_field="userId", on_delete=fields.CASCADE
    )
    user_id: str
    expires_at = fields.DatetimeField(source_field="expiresAt", db_index=True)
    used_at = fields.DatetimeField(null=True, source_field="usedAt")

    class Meta:
        table = "AccessLinks"
        indexes = (("user_id",),)
