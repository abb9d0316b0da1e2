"""What consumers have read: no bot is told of that, but whoever does something in a chat has read what is there."""

from models import Peer
from services import telegram_messages
from services.chats import history


async def read_at(peer: Peer, telegram_message_id: int) -> None:
    """Count as read what the influencer has said in the chat of a message on the consumer's phone."""
    known = await telegram_messages.find(peer, telegram_message_id)
    if known and known.chat.consumer_id == peer.user_id:
        await history.read_by_consumer(known.chat)
