"""Who has blocked the bot."""

from database.transactions import fetch, transaction
from models import Peer
from services import live
from services.people import people


async def unblock(peer: Peer) -> None:
    """Note that a person has let the bot in again, if they had blocked it: they write to it, or hear from it."""
    if peer.is_blocked:
        await mark_blocked(peer, False)


async def mark_blocked(peer: Peer, is_blocked: bool) -> None:
    """Note that a person has blocked the bot, or lets it in again; the influencers they write to can see it."""
    async with transaction() as tell:
        await fetch(
            """SELECT FROM "Users" u JOIN "Peers" l ON l."userId" = u.id WHERE l.id = $1 FOR NO KEY UPDATE OF u""",
            peer.id,
        )
        changed = await Peer.filter(id=peer.id, is_blocked=not is_blocked).update(is_blocked=is_blocked)
        if not changed:
            return
        touched = await fetch(
            """UPDATE "Chats" SET revision = 0 WHERE "consumerId" = (SELECT "userId" FROM "Peers" WHERE id = $1)
               RETURNING "influencerId" """,
            peer.id,
        )
        for row in touched:
            tell(live.influencer(row["influencerId"]))


async def has_blocked(user_id: str) -> bool:
    """Say whether a person has blocked the bot that they were last heard by."""
    peer = await people.peer_to(user_id)
    return peer is not None and peer.is_blocked
