"""How consumers react to messages: kept at the message, where the influencer sees it."""

from datetime import datetime

from structlog.contextvars import bind_contextvars

from database.transactions import fetch, transaction
from models import Peer
from services import live, telegram_messages
from services.chats import history


async def react(peer: Peer, telegram_message_id: int, emoji: str, at: datetime, update_id: int) -> None:
    """Keep how the consumer reacts to a message from now on; they have read what the influencer has said there.

    What is older than what is kept changes nothing. Of what stands in no chat of theirs nobody is told, and what
    the bot itself has said about a chat is nobody's message.
    """
    known = await telegram_messages.find(peer, telegram_message_id)
    if known is None or known.chat.consumer_id != peer.user_id:
        return
    bind_contextvars(chat=known.chat_id)  # the log's next lines are about it
    if known.message_id is None:
        await history.read_by_consumer(known.chat)
        return
    async with transaction() as tell:
        await history.touch(known.chat_id)
        if await fetch(_KEEPING, known.message_id, peer.user_id, emoji, at, update_id):
            await history.read_by_consumer(known.chat)
            tell(live.influencer(known.chat.influencer_id))


# The message gets a new revision with it, for whoever shows it: a trigger sets the real one.
_KEEPING = """
    WITH kept AS (
        INSERT INTO "Reactions" AS known ("messageId", "senderId", emoji, at, "updateId")
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT ("messageId", "senderId") DO UPDATE
            SET emoji = excluded.emoji, at = excluded.at, "updateId" = excluded."updateId"
            WHERE (known.at, COALESCE(known."updateId", 0)) < (excluded.at, excluded."updateId")
        RETURNING "messageId")
    UPDATE "Messages" m SET revision = 0 FROM kept WHERE m.id = kept."messageId" RETURNING m.id"""
