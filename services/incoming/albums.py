"""Albums, which are never torn apart."""

from database.transactions import fetch
from models import HeldMessage, Peer
from services.incoming.placement import Incoming, Placement

ALBUM_REACH = 50  # message ids; an album has ten parts, and few others get in between


async def placement_of(peer: Peer, incoming: Incoming) -> Placement | None:
    """Find the rest of an album, which Telegram numbers without a gap: it is never torn apart."""
    rows = await fetch(
        """SELECT t."chatId" AS chat_id, t."activeAsOf" AS active_as_of
           FROM "Messages" m JOIN "TelegramMessages" t ON t."messageId" = m.id
           WHERE m."albumId" = $5 AND m."senderId" = $6 AND t."botId" = $1 AND t."telegramChatId" = $2
           AND t."telegramMessageId" BETWEEN $3 AND $4 LIMIT 1""",
        peer.bot_id,
        peer.telegram_chat_id,
        incoming.telegram_message_id - ALBUM_REACH,
        incoming.telegram_message_id + ALBUM_REACH,
        incoming.album_id,
        peer.user_id,
    )
    if rows:
        return Placement(**rows[0])
    held = await HeldMessage.filter(peer_id=peer.id, album_id=incoming.album_id).first()
    return Placement(None, held.active_as_of) if held else None
