"""What ties our chats to Telegram: who is reached where, and which message is which."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.models import Model

from models.chats import Chat, DeliveryState, Message
from models.kinds import MessageKind
from models.people import User

if TYPE_CHECKING:
    from models.attachments import Attachment


class Peer(Model):
    """The one conversation that Telegram gives a bot with a person (or a group): many chats share it."""

    id = fields.CharField(36, primary_key=True)
    bot_id = fields.BigIntField(source_field="botId")
    telegram_chat_id = fields.BigIntField(source_field="telegramChatId")
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="peers", source_field="userId", null=True, on_delete=fields.RESTRICT
    )
    user_id: str | None
    # The chat whose title the consumer has seen last: another one is announced before it is used.
    shown_chat: fields.ForeignKeyNullableRelation[Chat] = fields.ForeignKeyField(
        "models.Chat",
        related_name="shown_on",
        source_field="shownChatId",
        null=True,
        on_delete=fields.SET_NULL,
    )
    shown_chat_id: str | None
    # The chat of what has arrived last, if that was outside of every topic: a reply in another one is labelled.
    spoken_chat: fields.ForeignKeyNullableRelation[Chat] = fields.ForeignKeyField(
        "models.Chat",
        related_name="spoken_on",
        source_field="spokenChatId",
        null=True,
        on_delete=fields.SET_NULL,
    )
    spoken_chat_id: str | None
    is_blocked = fields.BooleanField(default=False, source_field="isBlocked")
    delivery_count = fields.BigIntField(default=0, source_field="deliveryCount")
    paused_until = fields.DatetimeField(null=True, source_field="pausedUntil")
    # When the first is due of what waits in order, and after the pause; none where nothing waits.
    next_due_at = fields.DatetimeField(null=True, source_field="nextDueAt")
    # What the bot has said last, where that need not be said again for as long as nothing else is.
    last_said = fields.CharField(64, null=True, source_field="lastSaid")
    created_at = fields.DatetimeField(auto_now_add=True, source_field="createdAt")
    seen_at = fields.DatetimeField(source_field="seenAt")

    class Meta:
        table = "Peers"
        unique_together = (("bot_id", "telegram_chat_id"),)
        indexes = (("user_id",), ("shown_chat_id",), ("spoken_chat_id",))


class Activation(Model):
    """A consumer opens a chat: what they write without saying where, from then on, is meant for it."""

    id = fields.BigIntField(primary_key=True)
    peer: fields.ForeignKeyRelation[Peer] = fields.ForeignKeyField(
        "models.Peer", related_name="activations", source_field="peerId", on_delete=fields.RESTRICT
    )
    peer_id: str
    chat: fields.ForeignKeyRelation[Chat] = fields.ForeignKeyField(
        "models.Chat", related_name="activations", source_field="chatId", on_delete=fields.RESTRICT
    )
    chat_id: str
    update_id = fields.BigIntField(source_field="updateId")
    delivery_count = fields.BigIntField(source_field="deliveryCount")  # the peer's, when it was opened
    at = fields.DatetimeField()

    class Meta:
        table = "Activations"
        indexes = (("peer_id", "at"), ("chat_id", "at"))


class TelegramMessage(Model):
    """A message on somebody's phone, and the chat and message of ours that it belongs to."""

    id = fields.BigIntField(primary_key=True)
    bot_id = fields.BigIntField(source_field="botId")
    telegram_chat_id = fields.BigIntField(source_field="telegramChatId")
    telegram_message_id = fields.BigIntField(source_field="telegramMessageId")
    chat: fields.ForeignKeyRelation[Chat] = fields.ForeignKeyField(
        "models.Chat", related_name="telegram_messages", source_field="chatId", on_delete=fields.RESTRICT
    )
    chat_id: str
    # Empty for what the bot itself says about a chat: its header, its welcome.
    message: fields.ForeignKeyNullableRelation[Message] = fields.ForeignKeyField(
        "models.Message",
        related_name="telegram_messages",
        source_field="messageId",
        null=True,
        on_delete=fields.RESTRICT,
    )
    message_id: str | None
    # Of what we have said: which part of its message it is, from 1, whether it says *Re: <title>*, and its topic.
    part = fields.SmallIntField(null=True)
    has_label = fields.BooleanField(null=True, source_field="hasLabel")
    telegram_topic_id = fields.BigIntField(null=True, source_field="telegramTopicId")
    # The update as of which its chat was the active one; empty where the message itself says where it belongs.
    active_as_of = fields.BigIntField(null=True, source_field="activeAsOf")

    class Meta:
        table = "TelegramMessages"
        unique_together = (("bot_id", "telegram_chat_id", "telegram_message_id"),)
        indexes = (("chat_id",), ("message_id",))


class TopicState(StrEnum):
    """Whether something can be said in a topic."""

    CREATING = "creating"  # Telegram was asked for it, or is about to be: how that ended is not known
    OPEN = "open"
    GONE = "gone"  # Telegram takes nothing there; whatever is written there all the same says where it belongs


class TelegramTopic(Model):
    """A topic on somebody's phone, and the chat that it is about."""

    id = fields.BigIntField(primary_key=True)
    peer: fields.ForeignKeyRelation[Peer] = fields.ForeignKeyField(
        "models.Peer", related_name="topics", source_field="peerId", on_delete=fields.RESTRICT
    )
    peer_id: str
    telegram_topic_id = fields.BigIntField(
        null=True, source_field="telegramTopicId"
    )  # none yet: it is being created
    chat: fields.ForeignKeyRelation[Chat] = fields.ForeignKeyField(
        "models.Chat", related_name="topics", source_field="chatId", on_delete=fields.RESTRICT
    )
    chat_id: str

    # As in TelegramMessage: the update as of which its chat was the active one, if that is why it stands for it.
    active_as_of = fields.BigIntField(null=True, source_field="activeAsOf")
    used_at = fields.DatetimeField(source_field="usedAt")
    state = fields.CharEnumField(TopicState, max_length=16, default=TopicState.OPEN)
    # The coupon's title by which we have named it; none: it is a topic of the consumer's own.
    title = fields.TextField(null=True)
    has_taken = fields.BooleanField(default=False, source_field="hasTaken")  # something of ours has arrived there
    changed_at = fields.DatetimeField(auto_now_add=True, source_field="changedAt")  # when its state did
    # Of Telegram's messages the last that was known when its creation began: an orphan has a higher number.
    created_after = fields.BigIntField(null=True, source_field="createdAfter")

    class Meta:
        table = "TelegramTopics"
        unique_together = (("peer_id", "telegram_topic_id"),)
        indexes = (("chat_id",),)


class Prompt(Model):
    """Something that the bot has said, to which a consumer replies with a part of a title to find a chat."""

    id = fields.BigIntField(primary_key=True)
    peer: fields.ForeignKeyRelation[Peer] = fields.ForeignKeyField(
        "models.Peer", related_name="prompts", source_field="peerId", on_delete=fields.RESTRICT
    )
    peer_id: str
    telegram_message_id = fields.BigIntField(source_field="telegramMessageId")
    about = fields.BigIntField(null=True)  # as in a question; none: the chat is to be opened
    sent_at = fields.DatetimeField(auto_now_add=True, source_field="sentAt", db_index=True)

    class Meta:
        table = "Prompts"
        unique_together = (("peer_id", "telegram_message_id"),)


class HeldMessage(Model):
    """A consumer's message that waits for them to say which coupon it is about."""

    id = fields.CharField(36, primary_key=True)
    peer: fields.ForeignKeyRelation[Peer] = fields.ForeignKeyField(
        "models.Peer", related_name="held_messages", source_field="peerId", on_delete=fields.RESTRICT
    )
    peer_id: str
    telegram_message_id = fields.BigIntField(source_field="telegramMessageId")
    telegram_topic_id = fields.BigIntField(null=True, source_field="telegramTopicId")
    text = fields.TextField(default="")
    formatting: Any = fields.JSONField(null=True)  # as in Message
    timestamp = fields.DatetimeField()
    kind = fields.CharEnumField(MessageKind, max_length=32, default=MessageKind.TEXT)
    # As in Message, which it becomes.
    details: Any = fields.JSONField(null=True)
    forwarded_from = fields.TextField(null=True, source_field="forwardedFrom")
    quote: Any = fields.JSONField(null=True)
    album_id = fields.TextField(null=True, source_field="albumId")
    attachments: fields.ReverseRelation["Attachment"]
    edited_at = fields.DatetimeField(null=True, source_field="editedAt")
    edited_as_of = fields.BigIntField(null=True, source_field="editedAsOf")  # the update that has told of it
    reply_to_telegram_message_id = fields.BigIntField(null=True, source_field="replyToTelegramMessageId")
    # The question that is about it, named by the first message it is about; and where that stands on the phone.
    asked_with = fields.BigIntField(null=True, source_field="askedWith")
    telegram_question_id = fields.BigIntField(null=True, source_field="telegramQuestionId")
    active_as_of = fields.BigIntField(null=True, source_field="activeAsOf")  # as in TelegramMessage

    class Meta:
        table = "HeldMessages"
        unique_together = (("peer_id", "telegram_message_id"),)


class DeliveryKind(StrEnum):
    """What a delivery says, and so what its payload is, and how its call is written when it is sent."""

    MESSAGE = "message"  # a part of an influencer's message
    MESSAGE_EDIT = "message_edit"  # a part of it as it is to be on the phone from now on
    REACTION = "reaction"  # how the influencer reacts to a message
    TOPIC = "topic"  # a chat's topic, to be created or named anew
    DELETION = "deletion"  # something that the bot has said, to be taken back
    PROMPT = "prompt"  # type a part of a coupon's title
    QUESTION = "question"  # which coupon is this about?
    FILED = "filed"  # where a message has been passed on to
    MOVED = "moved"  # to which chat an influencer has moved messages
    WAY_IN = "way_in"  # an influencer's link to the panel
    NOTICE = "notice"  # something else that the bot itself says
    NOTICE_EDIT = "notice_edit"  # what that is to say from now on
    TAP_ANSWER = "tap_answer"  # a tapped button coming to rest
    COMMAND_MENU = "command_menu"  # somebody's own menu


class Delivery(Model):
    """One call that Telegram is owed: a message of a chat, or something that the bot itself says."""

    id = fields.CharField(36, primary_key=True)
    peer: fields.ForeignKeyRelation[Peer] = fields.ForeignKeyField(
        "models.Peer", related_name="deliveries", source_field="peerId", on_delete=fields.RESTRICT
    )
    peer_id: str
    bot_id = fields.BigIntField(source_field="botId")
    sequence = fields.BigIntField()  # strictly in this order, peer by peer
    kind = fields.CharEnumField(DeliveryKind, max_length=16)
    payload: Any = fields.JSONField(null=True)  # what its call is written from: never a secret
    chat: fields.ForeignKeyNullableRelation[Chat] = fields.ForeignKeyField(
        "models.Chat", related_name="deliveries", source_field="chatId", null=True, on_delete=fields.RESTRICT
    )
    chat_id: str | None
    message: fields.ForeignKeyNullableRelation[Message] = fields.ForeignKeyField(
        "models.Message",
        related_name="deliveries",
        source_field="messageId",
        null=True,
        on_delete=fields.RESTRICT,
    )
    message_id: str | None
    state = fields.CharEnumField(DeliveryState, max_length=16, default=DeliveryState.QUEUED)
    attempts = fields.IntField(default=0)
    due_at = fields.DatetimeField(source_field="dueAt")
    error = fields.TextField(null=True)
    queued_at = fields.DatetimeField(source_field="queuedAt")
    # Worthless from then on; what can be has no place in the peer's order, and keeps nothing else waiting.
    expires_at = fields.DatetimeField(null=True, source_field="expiresAt")

    class Meta:
        table = "Deliveries"
        unique_together = (("peer_id", "sequence"),)
        indexes = (("chat_id", "peer_id", "sequence"), ("message_id",))


class UpdateState(StrEnum):
    """What became of an update."""

    RECEIVED = "received"  # and acknowledged: it waits to be handled
    HANDLED = "handled"
    QUARANTINED = "quarantined"  # it could not be
    DROPPED = "dropped"  # nor will it be


class Update(Model):
    """An update that was taken in; raw, for as long as it waits to be handled, or where it could not be."""

    id = fields.BigIntField(primary_key=True)
    bot_id = fields.BigIntField(source_field="botId")
    update_id = fields.BigIntField(source_field="updateId")
    telegram_user_id = fields.BigIntField(default=0, source_field="telegramUserId")  # whom it comes from; 0: nobody
    # What it is about: Telegram may count anew, and give a number for the second time.
    identity = fields.CharField(32, default="")
    state = fields.CharEnumField(UpdateState, max_length=16, default=UpdateState.HANDLED)
    received_at = fields.DatetimeField(auto_now_add=True, source_field="receivedAt", db_index=True)
    payload = fields.TextField(null=True)  # JSON in ASCII: a text of PostgreSQL's can't hold all that may come
    error = fields.TextField(null=True)

    class Meta:
        table = "Updates"
        unique_together = (("bot_id", "update_id", "identity"),)
