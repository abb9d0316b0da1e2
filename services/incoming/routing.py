"""Which chat a consumer's message belongs to; where that is not certain, it is nobody's guess."""

from database.transactions import fetch, transaction
from models import Chat, HeldMessage, Peer
from services import live, telegram_messages
from services.incoming import albums, topics
from services.incoming.placement import AsOf, Incoming, Placement


async def placement_of(peer: Peer, incoming: Incoming) -> Placement:
    """Find where a new message belongs: its topic's chat, that of what it replies to, the active one; or none."""
    if incoming.telegram_topic_id and (topic := await topics.topic_of(peer, incoming.telegram_topic_id)):
        return Placement(_theirs(peer, topic.chat), topic.active_as_of)
    if incoming.album_id and (found := await albums.placement_of(peer, incoming)):
        return found
    if replied := incoming.reply_to_telegram_message_id:
        if known := await telegram_messages.find(peer, replied):
            return Placement(_theirs(peer, known.chat))
        if await _has_several_chats(peer):  # it answers what waits itself, or what nobody knows the place of
            waiting = await HeldMessage.get_or_none(peer_id=peer.id, telegram_message_id=replied)
            return Placement(None, waiting.active_as_of if waiting else None)
    return Placement(await active_chat(peer, incoming.as_of), incoming.as_of.update_id)


async def activate(peer: Peer, chat: Chat, as_of: AsOf) -> None:
    """Let what the consumer writes from that moment on without saying where go to this chat, and be answered here.

    An opening that is handled late takes no chat away from a peer by which it has been opened since.
    """
    async with transaction() as tell:
        moved = await fetch(
            """WITH opened AS (
                   INSERT INTO "Activations" ("peerId", "chatId", "updateId", "deliveryCount", at)
                   SELECT id, $2, $3, "deliveryCount", COALESCE($4, clock_timestamp()) FROM "Peers" WHERE id = $1
                   RETURNING at)
               UPDATE "Chats" c SET "peerId" = $1, revision = 0 FROM opened
               WHERE c.id = $2 AND c."peerId" IS DISTINCT FROM $1 AND NOT EXISTS (
                   SELECT FROM "Activations" later WHERE later."chatId" = c.id AND later.at > opened.at)
               RETURNING c.id""",
            peer.id,
            chat.id,
            as_of.update_id,
            as_of.received_at,
        )
        if moved:
            chat.peer_id = peer.id
            tell(live.influencer(chat.influencer_id))


async def answer_by(peer: Peer, chat: Chat) -> None:
    """Let the replies of this chat leave by this peer from now on, for its consumer has written in it here."""
    if chat.peer_id != peer.id:
        await fetch('UPDATE "Chats" SET "peerId" = $2, revision = 0 WHERE id = $1', chat.id, peer.id)
        chat.peer_id = peer.id


async def active_chat(peer: Peer, as_of: AsOf) -> str | None:
    """Find the chat that was opened last before a moment, unless another chat's influencer has spoken since.

    One that was theirs before they were invited, about a coupon of their own, is nobody's to write in.

    Telegram's count says what came before what; but it starts anew after a week of silence, and says nothing of
    what was longer ago than the day for which Telegram keeps updates. The clock is read when it is this peer's
    turn: ``now()`` would be when the transaction began, and it may have waited while a tap was handled.

    However long somebody has been here, few rows are read: a day's openings, and one delivery of each chat.
    """
    found = await fetch(
        """WITH asked AS MATERIALIZED (SELECT COALESCE($3, clock_timestamp()) AS as_of),
               opened AS MATERIALIZED (
                   (SELECT *, true AS is_recent FROM "Activations"
                    WHERE "peerId" = $1 AND at > (SELECT as_of FROM asked) - interval '1 day'
                    AND at <= (SELECT as_of FROM asked) AND "updateId" <= $2
                    ORDER BY "updateId" DESC, at DESC, id DESC LIMIT 1)
                   UNION ALL
                   (SELECT *, false FROM "Activations"
                    WHERE "peerId" = $1 AND at <= (SELECT as_of FROM asked) - interval '1 day'
                    ORDER BY at DESC, id DESC LIMIT 1)
                   ORDER BY is_recent DESC LIMIT 1),
               chats AS MATERIALIZED (
                   SELECT id FROM "Chats" WHERE "consumerId" = $4 UNION SELECT id FROM "Chats" WHERE "peerId" = $1)
           SELECT a."chatId" AS chat_id, c."consumerId" <> $4 AS is_closed, EXISTS (
               SELECT FROM chats other, LATERAL (
                   SELECT FROM "Deliveries" d WHERE (d."chatId", d."peerId") <= (other.id, $1)
                   AND (d."chatId", d."peerId", d.sequence) > (other.id, $1, a."deliveryCount")
                   AND d."messageId" IS NOT NULL ORDER BY d."chatId", d."peerId", d.sequence LIMIT 1) said
               WHERE other.id <> a."chatId") AS is_interrupted
           FROM opened a JOIN "Chats" c ON c.id = a."chatId\"""",
        peer.id,
        as_of.update_id,
        as_of.received_at,
        peer.user_id,
    )
    if not found or found[0]["is_interrupted"] or found[0]["is_closed"]:
        return None
    return str(found[0]["chat_id"])


async def _has_several_chats(peer: Peer) -> bool:
    return await Chat.filter(consumer_id=peer.user_id).limit(2).count() > 1


def _theirs(peer: Peer, chat: Chat) -> str | None:
    """Give a chat's id, unless it was begun by who they were before they were invited."""
    return chat.id if chat.consumer_id == peer.user_id else None
