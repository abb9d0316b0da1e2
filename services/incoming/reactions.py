"""How consumers react to messages: kept at the message, where the influencer sees it."""

from datetime import datetime

from structlog.contextvars import bind_contextvars

from database.transactions import transaction
from models import Peer
from services import live, telegram_messages
from services.chats import history, reactions


async def react(peer: Peer, telegram_message_id: int, emoji: str, at: datetime, update_id: int) -> None:
    """Keep how the consumer reacts to a message from now on; they have read what the influencer has said there.

    What is older than what is kept changes nothing. Of what stands in no chat of theirs nobody is told, and what
    the bot itself has said about a chat is nobody's message.
    """
    known = await telegram_messages.find(peer, telegram_message_id)
    if known is None or peer.user_id is None or known.chat.consumer_id != peer.user_id:
        return
    bind_contextvars(chat=known.chat_id)  # the log's next lines are about it
    if known.message_id is None:
        await history.read_by_consumer(known.chat)
        return
    async with transaction() as tell:
        await history.touch(known.chat_id)
        if await reactions.keep(known.chat_id, known.message_id, peer.user_id, emoji, at, update_id):
            await history.read_by_consumer(known.chat)
            tell(live.influencer(known.chat.influencer_id))
