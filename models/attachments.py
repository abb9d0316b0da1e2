"""The files of messages."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.chats import Message
from models.kinds import MessageKind
from models.telegram import HeldMessage


class AttachmentState(StrEnum):
    """Where the content of a file is."""

    TELEGRAM = "telegram"  # and nowhere else: Telegram gives it to the bot that knows its id
    MISSING = "missing"  # Telegram told of a file without saying which


class Attachment(Model):
    """A file of a message, or of one that is held: the row passes from that to the message that it becomes."""

    id = fields.CharField(36, primary_key=True)
    message: fields.ForeignKeyNullableRelation[Message] = fields.ForeignKeyField(
        "models.Message", related_name="attachments", source_field="messageId", null=True, on_delete=fields.RESTRICT
    )
    message_id: str | None
    held_message: fields.ForeignKeyNullableRelation[HeldMessage] = fields.ForeignKeyField(
        "models.HeldMessage",
        related_name="attachments",
        source_field="heldMessageId",
        null=True,
        on_delete=fields.CASCADE,
    )
    held_message_id: str | None
    position = fields.SmallIntField()  # among the files of its message, from 0
    kind = fields.CharEnumField(MessageKind, max_length=32)
    state = fields.CharEnumField(AttachmentState, max_length=16)
    # Telegram's ids of a file: the first is another for each bot, and may change; the second is the same for all.
    bot_id = fields.BigIntField(null=True, source_field="botId")
    telegram_file_id = fields.TextField(null=True, source_field="telegramFileId")
    telegram_file_unique_id = fields.TextField(null=True, source_field="telegramFileUniqueId")
    storage_key = fields.TextField(
        null=True, source_field="storageKey"
    )  # where a copy of our own is, if there is one
    # As Telegram tells it, and as the sender's app told Telegram: nothing of it is proven.
    file_name = fields.TextField(null=True, source_field="fileName")
    mime_type = fields.TextField(null=True, source_field="mimeType")
    size = fields.BigIntField(null=True)  # bytes
    width = fields.BigIntField(null=True)  # pixels
    height = fields.BigIntField(null=True)
    duration = fields.BigIntField(null=True)  # seconds
    title = fields.TextField(null=True)  # of a track
    performer = fields.TextField(null=True)
    emoji = fields.TextField(null=True)  # that a sticker stands for

    class Meta:
        table = "Attachments"
        unique_together = (("message_id", "position"), ("held_message_id", "position"))
