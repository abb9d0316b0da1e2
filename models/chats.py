"""Chats and their messages."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model

from models.coupons import Coupon
from models.kinds import MessageKind
from models.people import User

if TYPE_CHECKING:
    from models.attachments import Attachment


class Chat(Model):
    """What one consumer and one influencer say to each other about one coupon."""

    id = fields.CharField(36, primary_key=True)
    coupon: fields.ForeignKeyRelation[Coupon] = fields.ForeignKeyField(
        "models.Coupon", related_name="chats", source_field="couponId", on_delete=fields.RESTRICT
    )
    coupon_id: str
    consumer: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="consumer_chats", source_field="consumerId", on_delete=fields.RESTRICT
    )
    consumer_id: str
    influencer: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="influencer_chats", source_field="influencerId", on_delete=fields.RESTRICT
    )
    influencer_id: str
    # The peer by which it was opened last: its replies leave by that bot and no other. A peer points to a chat,
    # too, and models can't make two tables that point to each other: the constraint is the migration's.
    peer_id = fields.CharField(36, null=True, source_field="peerId")
    created_at = fields.DatetimeField(source_field="createdAt")
    updated_at = fields.DatetimeField(source_field="updatedAt")  # never auto_now: it moves with messages only
    last_message_id = fields.CharField(36, null=True, source_field="lastMessageId")
    revision = fields.BigIntField(default=0)  # the transaction that changed it last: see database/pubsub

    class Meta:
        table = "Chats"
        unique_together = (("coupon_id", "consumer_id"),)
        indexes = (
            ("influencer_id", "updated_at", "id"),
            ("influencer_id", "revision"),
            ("consumer_id", "updated_at"),
            ("peer_id",),
        )


class DeliveryState(StrEnum):
    """How far something that we say to Telegram has come."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Message(Model):
    """Something that a consumer or an influencer said in a chat."""

    id = fields.CharField(36, primary_key=True)
    chat: fields.ForeignKeyRelation[Chat] = fields.ForeignKeyField(
        "models.Chat", related_name="messages", source_field="chatId", on_delete=fields.RESTRICT
    )
    chat_id: str
    sender: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="messages", source_field="senderId", on_delete=fields.RESTRICT
    )
    sender_id: str
    text = fields.TextField(default="")
    timestamp = fields.DatetimeField()
    is_read = fields.BooleanField(default=False, source_field="isRead")
    # The place in the history, ties broken by id: see services/chats/history.
    position = fields.BigIntField()
    kind = fields.CharEnumField(MessageKind, max_length=32, default=MessageKind.TEXT)
    # What is in it beside text and files, from whom it was forwarded (nobody that is told: empty), what it quotes.
    details: Any = fields.JSONField(null=True)  # see services/media/details
    forwarded_from = fields.TextField(null=True, source_field="forwardedFrom")
    quote: Any = fields.JSONField(null=True)  # see services/media/contents
    album_id = fields.TextField(
        null=True, source_field="albumId"
    )  # Telegram's: its parts are messages by themselves
    attachments: fields.ReverseRelation["Attachment"]
    reply_to: fields.ForeignKeyNullableRelation["Message"] = fields.ForeignKeyField(
        "models.Message",
        related_name="replies",
        source_field="replyToId",
        null=True,
        on_delete=fields.SET_NULL,
    )
    reply_to_id: str | None
    # The chat in which it stood before a tap came late: see services/incoming/refiling.
    moved_from: fields.ForeignKeyNullableRelation[Chat] = fields.ForeignKeyField(
        "models.Chat",
        related_name="lost_messages",
        source_field="movedFromId",
        null=True,
        on_delete=fields.RESTRICT,
    )
    moved_from_id: str | None
    edited_at = fields.DatetimeField(null=True, source_field="editedAt")
    delivery_state = fields.CharEnumField(DeliveryState, max_length=16, null=True, source_field="deliveryState")
    delivery_error = fields.TextField(null=True, source_field="deliveryError")
    may_be_doubled = fields.BooleanField(default=False, source_field="mayBeDoubled")
    request_id = fields.CharField(64, null=True, source_field="requestId")  # a form that is sent twice says it once
    revision = fields.BigIntField(default=0)

    class Meta:
        table = "Messages"
        unique_together = (("chat_id", "request_id"),)
        indexes = (
            ("chat_id", "position", "id"),
            ("chat_id", "revision"),
            ("sender_id",),
            ("reply_to_id",),
            ("moved_from_id",),
        )


class Draft(Model):
    """What an influencer wanted to say in a chat when they were not signed in any more."""

    id = fields.CharField(36, primary_key=True)
    browser = fields.CharField(64)  # a hash of what only that browser has
    influencer: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="drafts", source_field="influencerId", on_delete=fields.CASCADE
    )
    influencer_id: str
    chat: fields.ForeignKeyRelation[Chat] = fields.ForeignKeyField(
        "models.Chat", related_name="drafts", source_field="chatId", on_delete=fields.CASCADE
    )
    chat_id: str
    text = fields.TextField()
    kept_at = fields.DatetimeField(source_field="keptAt", db_index=True)

    class Meta:
        table = "Drafts"
        unique_together = (("browser", "chat_id"),)
        indexes = (("influencer_id",), ("chat_id",))
