"""Which message on a phone is which of ours."""

from models import Peer, TelegramMessage


async def find(peer: Peer, telegram_message_id: int) -> TelegramMessage | None:
    """Find what we know of a message on the consumer's phone, with the chat where it stands."""
    return await TelegramMessage.get_or_none(
        bot_id=peer.bot_id, telegram_chat_id=peer.telegram_chat_id, telegram_message_id=telegram_message_id
    ).select_related("chat")


async def remember(
    peer: Peer, telegram_message_id: int, chat_id: str, message_id: str | None, active_as_of: int | None = None
) -> None:
    """Keep which chat and message a message on the phone belongs to; ``active_as_of`` as in ``Placement``."""
    await TelegramMessage.get_or_create(
        bot_id=peer.bot_id,
        telegram_chat_id=peer.telegram_chat_id,
        telegram_message_id=telegram_message_id,
        defaults={"chat_id": chat_id, "message_id": message_id, "active_as_of": active_as_of},
    )
