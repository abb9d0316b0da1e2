"""Topics on a phone, and the chats that they stand for."""

from database import clock
from database.transactions import fetch
from models import Chat, Peer, TelegramTopic, TopicState
from services.incoming.placement import Placement


async def bind(peer: Peer, telegram_topic_id: int | None, chat: Chat) -> None:
    """Let a topic in which the consumer has opened a chat stand for it from now on.

    A topic that we have made for another chat stays that one's; and a chat that has a topic needs no other.
    """
    if telegram_topic_id is None:
        return
    topic = await TelegramTopic.get_or_none(peer_id=peer.id, telegram_topic_id=telegram_topic_id)
    if topic is None or topic.chat_id != chat.id:
        if (topic and topic.title is not None) or await _has_topic(peer, chat):
            return
        await TelegramTopic.update_or_create(
            peer_id=peer.id,
            telegram_topic_id=telegram_topic_id,
            defaults={
                "chat_id": chat.id,
                "active_as_of": None,
                "used_at": clock.now(),
                "state": TopicState.OPEN,
                "changed_at": clock.now(),
            },
        )
    else:
        await TelegramTopic.filter(id=topic.id).update(active_as_of=None)
        await _note_use(peer, telegram_topic_id)


async def is_known(peer: Peer, telegram_topic_id: int) -> bool:
    """Say whether we know for which chat a topic stands."""
    return await TelegramTopic.exists(peer_id=peer.id, telegram_topic_id=telegram_topic_id)


async def recognise(peer: Peer, telegram_topic_id: int, chat: Chat) -> None:
    """Let a topic be a chat's own that bears its name: we have created it, and never heard of that.

    Where the chat has a topic of ours, this one is the consumer's.
    """
    found = await TelegramTopic.filter(peer_id=peer.id, chat_id=chat.id, state=TopicState.CREATING).update(
        telegram_topic_id=telegram_topic_id,
        title=chat.coupon.title,
        state=TopicState.OPEN,
        used_at=clock.now(),
        changed_at=clock.now(),
    )
    if not found:
        is_ours = not await _has_topic(peer, chat)
        await TelegramTopic.create(
            peer_id=peer.id,
            telegram_topic_id=telegram_topic_id,
            chat_id=chat.id,
            title=chat.coupon.title if is_ours else None,
            used_at=clock.now(),
        )


async def is_about(peer: Peer, telegram_topic_id: int | None, chat: Chat) -> bool:
    """Say whether a topic stands for a chat."""
    if telegram_topic_id is None:
        return False
    return await TelegramTopic.exists(peer_id=peer.id, telegram_topic_id=telegram_topic_id, chat_id=chat.id)


async def use(peer: Peer, telegram_topic_id: int, placement: Placement) -> None:
    """Note that what was written in a topic was filed; a topic that stood for no chat stands for the active one."""
    is_known = await _note_use(peer, telegram_topic_id)
    if not is_known and placement.chat and placement.active_as_of is not None:
        await TelegramTopic.create(
            peer_id=peer.id,
            telegram_topic_id=telegram_topic_id,
            chat_id=placement.chat.id,
            active_as_of=placement.active_as_of,
            used_at=clock.now(),
        )


async def _has_topic(peer: Peer, chat: Chat) -> bool:
    return await TelegramTopic.filter(peer_id=peer.id, chat_id=chat.id, state=TopicState.OPEN).exists()


async def _note_use(peer: Peer, telegram_topic_id: int) -> bool:
    """Note that a topic takes something; one that was given up, and was replaced, is the consumer's own now."""
    used = await fetch(
        """UPDATE "TelegramTopics" t SET "usedAt" = $3, state = 'open', title = CASE WHEN NOT EXISTS (
               SELECT FROM "TelegramTopics" other WHERE other."peerId" = t."peerId" AND other."chatId" = t."chatId"
               AND other.id <> t.id AND other.title IS NOT NULL AND other.state <> 'gone') THEN title END
           WHERE t."peerId" = $1 AND t."telegramTopicId" = $2 RETURNING t.id""",
        peer.id,
        telegram_topic_id,
        clock.now(),
    )
    return bool(used)
