"""*is typing…*: told to whoever delivers for the chat's bot, and never stored."""

from dataclasses import dataclass

from database import pubsub
from database.transactions import fetch
from models import Chat, Peer
from services import live
from services.outgoing import topics


async def tell(chat: Chat) -> None:
    """Tell that the influencer types in a chat; nobody may be there to hear it."""
    peer = await Peer.get_or_none(id=chat.peer_id) if chat.peer_id else None
    if peer and not peer.is_blocked:
        pubsub.publish([live.typing(peer.bot_id, chat.id)])


@dataclass(frozen=True)
class Place:
    """Where the consumer of a chat is shown something, and in which topic, if the chat has one."""

    telegram_chat_id: int
    telegram_topic_id: int | None


async def place_of(bot_id: int, chat_id: str) -> Place | None:
    """Find where a chat's consumer sees that its influencer types, if that may be told now."""
    found = await fetch(
        f"""SELECT p."telegramChatId" AS telegram_chat_id, ({topics.of_chat("p.id", "c.id")}) AS telegram_topic_id
           FROM "Chats" c JOIN "Peers" p ON p.id = c."peerId" AND p."userId" = c."consumerId"
           WHERE c.id = $2 AND p."botId" = $1 AND NOT p."isBlocked"
           AND COALESCE(p."pausedUntil" <= now(), true)""",  # noqa: S608 - names of columns
        bot_id,
        chat_id,
    )
    return Place(**found[0]) if found else None
