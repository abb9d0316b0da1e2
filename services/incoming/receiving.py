"""Messages that consumers write, taken in: each into its chat, or held until they say which."""

from dataclasses import replace

from models import HeldMessage, Message, MessageKind, Peer, TelegramMessage
from services import telegram_messages
from services.incoming import edits, filing, held, refiling, routing
from services.incoming.placement import Incoming
from services.media.contents import Content


async def receive(peer: Peer, incoming: Incoming) -> Message | HeldMessage | None:
    """Take in what a consumer wrote: into its chat, or, where that is not certain, held until they say.

    Nothing comes back for a message that is already here: Telegram may tell of one twice.
    """
    if known := await telegram_messages.find(peer, incoming.telegram_message_id):
        await _fill(known, incoming)
        await refiling.date_back(peer, known, incoming.as_of)
        return None
    if await HeldMessage.exists(peer_id=peer.id, telegram_message_id=incoming.telegram_message_id):
        return None
    placement = await routing.placement_of(peer, incoming)
    if placement.chat_id is None:
        return await held.keep(peer, incoming, placement)
    return await filing.file(peer, incoming, placement)


async def keep_unreadable(peer: Peer, incoming: Incoming) -> None:
    """Show that there is a message which could not be read, where its chat is certain: it may be readable later."""
    if await telegram_messages.find(peer, incoming.telegram_message_id):
        return
    placement = await routing.placement_of(peer, incoming)
    if placement.chat_id:
        await filing.file(peer, replace(incoming, content=Content(MessageKind.UNREADABLE)), placement)


async def _fill(known: TelegramMessage, incoming: Incoming) -> None:
    """Put a message where its place was kept."""
    if known.message_id and await Message.exists(id=known.message_id, kind=MessageKind.UNREADABLE):
        await edits.change(known, incoming, is_read=False)  # nobody has read it yet
