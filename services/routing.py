"""Which chat a consumer's message belongs to; where that is not certain, it is nobody's guess."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import Chat, HeldMessage, Line, TelegramMessage, TelegramTopic


@dataclass(frozen=True)
class Incoming:
    """What a consumer wrote or sent, as Telegram tells it."""

    telegram_message_id: int
    sent_at: datetime
    text: str = ""
    kind: str = "text"
    attachment: dict[str, Any] | None = None
    reply_to_telegram_message_id: int | None = None
    telegram_topic_id: int | None = None
    media_group_id: str | None = None
    edited_at: datetime | None = None


async def chat_for(line: Line, incoming: Incoming) -> Chat | None:
    """Find the chat of a new message: its topic's, that of what it replies to, the active one; or none."""
    if incoming.telegram_topic_id and (chat_id := await _of_topic(line, incoming.telegram_topic_id)):
        return await Chat.get(id=chat_id)
    if replied := incoming.reply_to_telegram_message_id:
        if known := await known_as(line, replied):
            return await Chat.get(id=known.chat_id)
        if await HeldMessage.exists(line_id=line.id, telegram_message_id=replied):
            return None  # it belongs with a message that itself still waits to be asked for
    if line.active_chat_id is None or line.is_interrupted:
        return None
    return await Chat.get(id=line.active_chat_id)


async def known_as(line: Line, telegram_message_id: int) -> TelegramMessage | None:
    """Find what we know of a message on the consumer's phone."""
    return await TelegramMessage.get_or_none(
        bot_id=line.bot_id, telegram_chat_id=line.telegram_chat_id, telegram_message_id=telegram_message_id
    )


async def remember(line: Line, telegram_message_id: int, chat_id: str, message_id: str | None) -> None:
    """Keep which chat and message a message on the phone belongs to."""
    await TelegramMessage.get_or_create(
        bot_id=line.bot_id,
        telegram_chat_id=line.telegram_chat_id,
        telegram_message_id=telegram_message_id,
        defaults={"chat_id": chat_id, "message_id": message_id},
    )


async def bind_topic(line: Line, telegram_topic_id: int | None, chat: Chat) -> None:
    """Let a topic that the consumer has used for a chat stand for it from now on."""
    if telegram_topic_id:
        await TelegramTopic.update_or_create(
            line_id=line.id, telegram_topic_id=telegram_topic_id, defaults={"chat_id": chat.id}
        )


async def _of_topic(line: Line, telegram_topic_id: int) -> str | None:
    topic = await TelegramTopic.get_or_none(line_id=line.id, telegram_topic_id=telegram_topic_id)
    return topic.chat_id if topic else None
