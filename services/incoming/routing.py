"""Which chat a consumer's message belongs to; where that is not certain, it is nobody's guess."""

from database.transactions import fetch, transaction
from models import Chat, Peer
from services import live
from services.incoming import lookup
from services.incoming.lookup import Lookup
from services.incoming.placement import AsOf, Incoming, Placement


def placement_of(incoming: Incoming, found: Lookup) -> Placement:
    """Decide where a new message belongs, by what is known.

    That is the chat of its topic, of its album, which is never torn apart, of what it replies to, the active one;
    and none, where that is not certain, until its consumer says which.
    """
    reply_to_id = found.replied.message_id if found.replied else None
    if where := found.topic or found.album or found.held_album or found.replied:
        return Placement(where.chat, where.active_as_of, reply_to_id)
    if found.several_chats:  # it answers what waits itself, or what nobody knows the place of
        return Placement(None, found.held_replied.active_as_of if found.held_replied else None)
    return Placement(_active_chat(found), incoming.as_of.update_id)


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


async def active_chat(peer: Peer, as_of: AsOf) -> Chat | None:
    """Find the chat that is the active one as of a moment."""
    return _active_chat(await lookup.find(peer, as_of))


def _active_chat(found: Lookup) -> Chat | None:
    """Take the chat that was opened last, unless another chat's influencer has spoken since.

    One that was theirs before they were invited, about a coupon of their own, is nobody's to write in.
    """
    return found.opened.chat if found.opened and not found.interruption else None
