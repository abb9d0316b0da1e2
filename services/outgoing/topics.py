"""A chat's topic on a phone: written down before Telegram is asked for it, and given up where it takes nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from database import clock
from database.transactions import fetch, transaction
from models import Chat, Peer, TelegramTopic, TopicState
from services.outgoing import deliveries
from services.outgoing.payloads import TopicChange
from services.outgoing.statements import WAITS

REST = timedelta(hours=1)  # after a topic that never took anything, before there is another at its peer
RENAMED_AT_ONCE = 100
MAX_CANDIDATES = 20  # messages on a phone that may have begun a topic


@dataclass(frozen=True)
class Wanted:
    """The topic that a chat is to have, as it is written down."""

    topic: TelegramTopic
    may_exist: bool  # Telegram was asked for it before, and nobody knows how that ended


async def is_wanted(peer: Peer, chat: Chat) -> bool:
    """Say whether a chat has no topic yet on this phone, or one of ours with another title."""
    topic = await _open_topic(peer, chat)
    return topic is None or topic.title not in (None, chat.coupon.title)


async def is_begun(peer: Peer, chat: Chat) -> bool:
    """Say whether a topic of a chat is written down, and nobody knows whether Telegram has created it."""
    return await TelegramTopic.exists(peer_id=peer.id, chat_id=chat.id, state=TopicState.CREATING)


async def wanted(peer: Peer, chat: Chat, opened_with: int, is_renaming: bool) -> Wanted | None:
    """Get the topic that a chat is to have, which is written down now if there is none.

    Nothing comes back where it is as it should be; where a topic of this peer has just taken nothing, as on a day
    on which none does; and where there is none to be renamed.
    """
    async with transaction():
        await _keep(peer)
        topic = await _open_topic(peer, chat)
        if topic:
            return None if topic.title in (None, chat.coupon.title) else Wanted(topic, may_exist=True)
        if is_renaming:
            return None
        creating = await TelegramTopic.get_or_none(peer_id=peer.id, chat_id=chat.id, state=TopicState.CREATING)
        if creating:
            await TelegramTopic.filter(id=creating.id).update(title=chat.coupon.title)
            return Wanted(creating, may_exist=True)
        if await _is_resting(peer):
            return None
        return Wanted(await _write_down(peer, chat, opened_with), may_exist=False)


async def candidates(peer: Peer, topic: TelegramTopic) -> list[int]:
    """List what may be a topic that was created though nobody has heard of it: messages that we know nothing of."""
    after = topic.created_after or 0
    return await unknown(peer, after + 1, after + 1000)


async def unknown(peer: Peer, first: int, last: int) -> list[int]:
    """List some numbers, from one to another, of which we know neither a topic nor a message on a phone."""
    found = await fetch(
        """SELECT candidate FROM generate_series($3::bigint, $6::bigint) candidate
           WHERE NOT EXISTS (SELECT FROM "TelegramMessages" WHERE "botId" = $2 AND "telegramChatId" = $4
                             AND "telegramMessageId" = candidate)
           AND NOT EXISTS (SELECT FROM "HeldMessages" WHERE "peerId" = $1 AND "telegramMessageId" = candidate)
           AND NOT EXISTS (SELECT FROM "TelegramTopics" WHERE "peerId" = $1 AND "telegramTopicId" = candidate)
           ORDER BY candidate LIMIT $5""",
        peer.id,
        peer.bot_id,
        first,
        peer.telegram_chat_id,
        MAX_CANDIDATES,
        last,
    )
    return [row["candidate"] for row in found]


async def note_miss(topic: TelegramTopic, candidate: int) -> None:
    """Note that a message has not begun a topic: whoever goes on looking begins behind it."""
    await TelegramTopic.filter(id=topic.id, state=TopicState.CREATING).update(created_after=candidate)


async def is_last(peer: Peer, candidate: int) -> bool:
    """Say whether we know of nothing on a phone that is later than a message."""
    [row] = await fetch(f"SELECT ({_HIGHEST}) AS highest", peer.bot_id, peer.telegram_chat_id)
    return bool(candidate >= row["highest"])


async def begin_anew(peer: Peer, topic: TelegramTopic) -> None:
    """Note that Telegram is asked once more for a topic of which nothing was found."""
    await fetch(
        f"""UPDATE "TelegramTopics" SET "createdAfter" = GREATEST(({_HIGHEST}), "createdAfter"), "changedAt" = $4
            WHERE id = $3 AND state = 'creating'""",  # noqa: S608 - a constant
        peer.bot_id,
        peer.telegram_chat_id,
        topic.id,
        clock.now(),
    )


async def opened(peer: Peer, topic: TelegramTopic, telegram_topic_id: int, title: str) -> None:
    """Keep that a chat has its topic, under its title.

    The consumer may have written there before we knew of it: then it stood for the chat that was the active one.
    """
    async with transaction():
        await _keep(peer)
        others = TelegramTopic.filter(peer_id=peer.id, telegram_topic_id=telegram_topic_id)
        await others.exclude(id=topic.id).delete()
        await (
            TelegramTopic.filter(id=topic.id)
            .exclude(state=TopicState.GONE)
            .update(
                telegram_topic_id=telegram_topic_id,
                title=title,
                state=TopicState.OPEN,
                used_at=clock.now(),
                changed_at=clock.now(),
            )
        )


async def refused(topic: TelegramTopic) -> None:
    """Keep that Telegram doesn't create a topic: its chat is talked about outside."""
    await TelegramTopic.filter(id=topic.id, state=TopicState.CREATING).update(
        state=TopicState.GONE, changed_at=clock.now()
    )


async def not_begun(topic: TelegramTopic) -> None:
    """Forget a topic for which Telegram was surely not asked."""
    await TelegramTopic.filter(id=topic.id, state=TopicState.CREATING).delete()


async def lose(peer: Peer, telegram_topic_id: int) -> None:
    """Say nothing in a topic any more, until somebody writes there."""
    await TelegramTopic.filter(peer_id=peer.id, telegram_topic_id=telegram_topic_id, state=TopicState.OPEN).update(
        state=TopicState.GONE, changed_at=clock.now()
    )


async def missed(peer: Peer, telegram_topic_id: int, landed_in: int | None) -> bool:
    """Put right what a topic's number is, where what was sent there has landed in another that nobody knows.

    Where it is another chat's topic, or none, nothing is said any more in the one that it was sent to. Say whether
    it has landed where its chat is talked about.
    """
    if landed_in and not await TelegramTopic.exists(peer_id=peer.id, telegram_topic_id=landed_in):
        await TelegramTopic.filter(peer_id=peer.id, telegram_topic_id=telegram_topic_id).update(
            telegram_topic_id=landed_in, has_taken=True, changed_at=clock.now()
        )
        return True
    await lose(peer, telegram_topic_id)
    return False


def of_chat(peer_id: str, chat_id: str) -> str:
    """Write what finds the topic in which a chat is talked about, of a peer and a chat named as columns."""
    return f"""
        SELECT t."telegramTopicId" FROM "TelegramTopics" t
        WHERE t."peerId" = {peer_id} AND t."chatId" = {chat_id} AND t.state = 'open'
        ORDER BY t."usedAt" DESC LIMIT 1"""  # noqa: S608 - names of columns


async def queue_renamings() -> int:
    """Queue a new name for each topic of ours whose coupon is called otherwise by now; give their number."""
    count, last_id = 0, 0
    while found := await _misnamed(last_id):
        async with transaction():
            peers = {peer.id: peer for peer in await _kept([topic.peer_id for topic in found])}
            for topic in found:
                await deliveries.queue_change(peers[topic.peer_id], TopicChange(is_renaming=True), topic.chat)
        count, last_id = count + len(found), found[-1].id
    return count


async def _misnamed(after_id: int) -> list[TelegramTopic]:
    """Find some topics behind one whose coupons have other titles, and that nobody renames already."""
    found = await fetch(
        f"""SELECT t.id FROM "TelegramTopics" t JOIN "Chats" c ON c.id = t."chatId"
           JOIN "Coupons" p ON p.id = c."couponId"
           WHERE t.id > $2 AND t.state = 'open' AND t.title <> p.title AND NOT EXISTS (
               SELECT FROM "Deliveries" d WHERE d."chatId" = t."chatId" AND d."peerId" = t."peerId"
               AND d.kind = 'topic' AND {WAITS})
           ORDER BY t.id LIMIT $1""",  # noqa: S608 - a constant
        RENAMED_AT_ONCE,
        after_id,
    )
    topics = TelegramTopic.filter(id__in=[row["id"] for row in found])
    return await topics.order_by("id").select_related("chat")


async def _kept(peer_ids: Collection[str]) -> list[Peer]:
    """Keep peers, in the order of all who keep several, until the transaction ends."""
    return await Peer.filter(id__in=peer_ids).order_by("id").select_for_update(no_key=True)


async def _open_topic(peer: Peer, chat: Chat) -> TelegramTopic | None:
    """Find the topic that a chat has: ours, if there is one, or else the consumer's."""
    found = TelegramTopic.filter(peer_id=peer.id, chat_id=chat.id, state=TopicState.OPEN)
    return await found.filter(title__not_isnull=True).first() or await found.first()


async def _is_resting(peer: Peer) -> bool:
    """Say whether the last topic that we have tried at a peer was given up lately, and never took anything."""
    ours = TelegramTopic.filter(peer_id=peer.id, title__not_isnull=True)
    last = await ours.exclude(state=TopicState.CREATING).order_by("-id").first()
    is_in_vain = last is not None and last.state is TopicState.GONE and not last.has_taken
    return is_in_vain and last is not None and last.changed_at > clock.now() - REST


async def _write_down(peer: Peer, chat: Chat, opened_with: int) -> TelegramTopic:
    [row] = await fetch(
        f"""INSERT INTO "TelegramTopics"
                ("peerId", "chatId", title, state, "usedAt", "changedAt", "hasTaken", "createdAfter")
            VALUES ($3, $4, $5, 'creating', $6, $6, false, GREATEST(({_HIGHEST}), $7))
            RETURNING id""",  # noqa: S608 - a constant
        peer.bot_id,
        peer.telegram_chat_id,
        peer.id,
        chat.id,
        chat.coupon.title,
        clock.now(),
        opened_with,
    )
    return await TelegramTopic.get(id=row["id"])


async def _keep(peer: Peer) -> None:
    """Keep a peer until the transaction ends: of two who want a topic at once, one sees the other's."""
    await fetch('SELECT FROM "Peers" WHERE id = $1 FOR NO KEY UPDATE', peer.id)


# The last message that we know of on a phone.
_HIGHEST = """
    SELECT GREATEST(
        (SELECT max("telegramMessageId") FROM "TelegramMessages" WHERE "botId" = $1 AND "telegramChatId" = $2),
        (SELECT max(h."telegramMessageId") FROM "HeldMessages" h JOIN "Peers" p ON p.id = h."peerId"
         WHERE p."botId" = $1 AND p."telegramChatId" = $2), 0)"""
