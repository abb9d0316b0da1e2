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
    # Until when its coupon was valid as the chat began: what has moved since is told to whoever comes back.
    coupon_expires_at = fields.DatetimeField(null=True, source_field="couponExpiresAt")
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
    formatting: Any = fields.JSONField(null=True)  # of its text: see services/text/spans
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
    # The chat in which it stood before it was moved, by whomever: see services/chats/moving.
    moved_from: fields.ForeignKeyNullableRelation[Chat] = fields.ForeignKeyField(
        "models.Chat",
        related_name="lost_messages",
        source_field="movedFromId",
        null=True,
        on_delete=fields.RESTRICT,
    )
    moved_from_id: str | None
    # All chats in which it has stood before: whoever shows one of them is told that it is gone.
    former_chat_ids: Any = fields.JSONField(null=True, source_field="formerChatIds")
    move: fields.ForeignKeyNullableRelation["Move"] = fields.ForeignKeyField(
        "models.Move", related_name="messages", source_field="moveId", null=True, on_delete=fields.SET_NULL
    )
    move_id: int | None
    edited_at = fields.DatetimeField(null=True, source_field="editedAt")
    edited_as_of = fields.BigIntField(null=True, source_field="editedAsOf")  # the update that has told of it
    delivery_state = fields.CharEnumField(DeliveryState, max_length=16, null=True, source_field="deliveryState")
    delivery_error = fields.TextField(null=True, source_field="deliveryError")
    # Taken back by whoever said it: its text is gone, its place in the history stays.
    deleted_at = fields.DatetimeField(null=True, source_field="deletedAt")
    edit_error = fields.TextField(null=True, source_field="editError")  # why its last change did not arrive
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
            ("move_id",),
        )


class Version(Model):
    """What a message said before it was edited."""

    id = fields.BigIntField(primary_key=True)
    message: fields.ForeignKeyRelation[Message] = fields.ForeignKeyField(
        "models.Message", related_name="versions", source_field="messageId", on_delete=fields.CASCADE
    )
    message_id: str
    text = fields.TextField()
    formatting: Any = fields.JSONField(null=True)
    kind = fields.CharEnumField(MessageKind, max_length=32, default=MessageKind.TEXT)
    replaced_at = fields.DatetimeField(source_field="replacedAt")

    class Meta:
        table = "Versions"
        indexes = (("message_id", "id"),)


class Reaction(Model):
    """How somebody reacts to a message: one of them each; taken back, it is empty."""

    id = fields.BigIntField(primary_key=True)
    message: fields.ForeignKeyRelation[Message] = fields.ForeignKeyField(
        "models.Message", related_name="reactions", source_field="messageId", on_delete=fields.CASCADE
    )
    message_id: str
    sender: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="reactions", source_field="senderId", on_delete=fields.RESTRICT
    )
    sender_id: str
    emoji = fields.TextField(default="")
    # When, and by which update if Telegram has told of it: an older one that comes late changes nothing.
    at = fields.DatetimeField()
    update_id = fields.BigIntField(null=True, source_field="updateId")

    class Meta:
        table = "Reactions"
        unique_together = (("message_id", "sender_id"),)
        indexes = (("sender_id",),)


class Move(Model):
    """Messages that somebody has put into another chat, all at once: so it can be undone."""

    id = fields.BigIntField(primary_key=True)
    # None: they were held, and their consumer has said where they belong.
    from_chat: fields.ForeignKeyNullableRelation[Chat] = fields.ForeignKeyField(
        "models.Chat", related_name="moves_out", source_field="fromChatId", null=True, on_delete=fields.RESTRICT
    )
    from_chat_id: str | None
    to_chat: fields.ForeignKeyRelation[Chat] = fields.ForeignKeyField(
        "models.Chat", related_name="moves_in", source_field="toChatId", on_delete=fields.RESTRICT
    )
    to_chat_id: str
    moved_by: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="moves", source_field="movedById", on_delete=fields.RESTRICT
    )
    moved_by_id: str
    moved_at = fields.DatetimeField(source_field="movedAt")
    undone_at = fields.DatetimeField(null=True, source_field="undoneAt")

    class Meta:
        table = "Moves"
        indexes = (("from_chat_id",), ("to_chat_id",), ("moved_by_id",))


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
