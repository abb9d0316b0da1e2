"""Which message on a phone is which of ours."""

from database.transactions import fetch
from models import Peer, TelegramMessage


async def find(peer: Peer, telegram_message_id: int) -> TelegramMessage | None:
    """Find what we know of a message on the consumer's phone, with the chat where it stands."""
    return await TelegramMessage.get_or_none(
        bot_id=peer.bot_id, telegram_chat_id=peer.telegram_chat_id, telegram_message_id=telegram_message_id
    ).select_related("chat")


async def remember(peer: Peer, telegram_message_id: int, chat_id: str, message_id: str | None) -> None:
    """Keep which chat and message something that we have said is on the phone."""
    await fetch(
        """INSERT INTO "TelegramMessages" ("botId", "telegramChatId", "telegramMessageId", "chatId", "messageId")
           VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING""",
        peer.bot_id,
        peer.telegram_chat_id,
        telegram_message_id,
        chat_id,
        message_id,
    )


async def stand_for(peer: Peer, telegram_message_id: int, chat_id: str) -> None:
    """Let something that the bot itself has said stand for another chat from now on."""
    await fetch(
        """INSERT INTO "TelegramMessages" ("botId", "telegramChatId", "telegramMessageId", "chatId")
           VALUES ($1, $2, $3, $4) ON CONFLICT ("botId", "telegramChatId", "telegramMessageId")
           DO UPDATE SET "chatId" = excluded."chatId" WHERE "TelegramMessages"."messageId" IS NULL""",
        peer.bot_id,
        peer.telegram_chat_id,
        telegram_message_id,
        chat_id,
    )
