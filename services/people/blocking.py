"""Who has blocked a bot."""

from database.transactions import fetch, transaction
from models import Chat, Peer
from services import live


async def unblock(peer: Peer) -> None:
    """Note that a person has let the bot in again, if they had blocked it: they write to it, or hear from it."""
    if peer.is_blocked:
        await mark_blocked(peer, False)


async def mark_blocked(peer: Peer, is_blocked: bool) -> None:
    """Note that a person has blocked this bot, or lets it in again; whoever's replies leave by it can see that."""
    async with transaction() as tell:
        await fetch(
            """SELECT FROM "Users" u JOIN "Peers" p ON p."userId" = u.id WHERE p.id = $1 FOR NO KEY UPDATE OF u""",
            peer.id,
        )
        changed = await Peer.filter(id=peer.id, is_blocked=not is_blocked).update(is_blocked=is_blocked)
        if not changed:
            return
        touched = await fetch(
            """UPDATE "Chats" SET revision = 0
               WHERE "peerId" = $1 AND "consumerId" = (SELECT "userId" FROM "Peers" WHERE id = $1)
               RETURNING "influencerId" """,
            peer.id,
        )
        for row in touched:
            tell(live.influencer(row["influencerId"]))


async def has_blocked(chat: Chat) -> bool:
    """Say whether a chat's consumer has blocked the bot by which its replies leave."""
    found = await fetch(
        """SELECT 1 FROM "Chats" c JOIN "Peers" p ON p.id = c."peerId" AND p."userId" = c."consumerId"
           WHERE p."isBlocked" AND c.id = $1""",
        chat.id,
    )
    return bool(found)
