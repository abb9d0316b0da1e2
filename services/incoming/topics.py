"""Topics on a phone, and the chats that they stand for."""

from database import clock
from models import Chat, Peer, TelegramTopic, TopicState
from services.incoming.placement import Placement


async def bind_topic(peer: Peer, telegram_topic_id: int | None, chat: Chat) -> None:
    """Let a topic in which the consumer has opened a chat stand for it from now on."""
    if telegram_topic_id:
        await TelegramTopic.update_or_create(
            peer_id=peer.id,
            telegram_topic_id=telegram_topic_id,
            defaults={"chat_id": chat.id, "active_as_of": None, "used_at": clock.now(), "state": TopicState.OPEN},
        )


async def use_topic(peer: Peer, telegram_topic_id: int, placement: Placement) -> None:
    """Note that what was written in a topic was filed; a topic that stood for no chat stands for the active one."""
    topic = TelegramTopic.filter(peer_id=peer.id, telegram_topic_id=telegram_topic_id)
    is_known = await topic.update(used_at=clock.now(), state=TopicState.OPEN)
    if not is_known and placement.chat and placement.active_as_of is not None:
        await TelegramTopic.create(
            peer_id=peer.id,
            telegram_topic_id=telegram_topic_id,
            chat_id=placement.chat.id,
            active_as_of=placement.active_as_of,
            used_at=clock.now(),
        )


async def lose_topic(peer: Peer, telegram_topic_id: int) -> None:
    """Say nothing in a topic any more, until somebody writes there."""
    await TelegramTopic.filter(peer_id=peer.id, telegram_topic_id=telegram_topic_id).update(
        state=TopicState.GONE, changed_at=clock.now()
    )
