"""Who is who: consumers as Telegram introduces them, influencers as the platform does."""

from dataclasses import dataclass
from functools import cache

from database import rows
from database.ids import new_id
from database.transactions import fetch
from models import Peer, User
from services.errors import NotFound
from services.text.characters import is_storable

LONGEST_ID = 255


@dataclass(frozen=True)
class Profile:
    """What Telegram says of a person."""

    telegram_user_id: int
    name: str = ""
    username: str | None = None
    language_code: str | None = None


async def meet(bot_id: int, telegram_chat_id: int, profile: Profile | None) -> Peer:
    """Get the peer that is a person (or a group) to this bot, and keep it to ourselves until the transaction ends.

    One person's updates are handled one at a time by this, whatever process takes them in.
    """
    found = await fetch(_statement(), new_id(), bot_id, telegram_chat_id, *_told(profile))
    peer = rows.made(Peer, found[0], "p")
    peer.user = rows.made(User, found[0], "u") if profile else None
    return peer


async def influencer(user_id: str) -> User:
    """Get an influencer.

    Raises:
        NotFound: nobody, or somebody who is none.
    """
    is_possible = is_storable(user_id, LONGEST_ID)
    user = await User.get_or_none(id=user_id, is_influencer=True) if is_possible else None
    if user is None:
        raise NotFound(f"There is no influencer {user_id}.")
    return user


@cache
def _statement() -> str:
    """Write the statement that keeps a person, and then their peer, and gives both as they are now.

    An upsert that has waited for a row goes on with what that has become. The peer comes second, for it needs to
    know the person.
    """
    return f"""
        WITH person AS (
            INSERT INTO "Users"
                (id, "telegramUserId", name, username, "languageCode", "isInfluencer", "createdAt")
            SELECT $4, $5::bigint, $6, $7, $8, false, now() WHERE $5 IS NOT NULL
            ON CONFLICT ("telegramUserId") DO UPDATE SET
                name = CASE WHEN "Users"."isInfluencer" THEN "Users".name ELSE excluded.name END,
                username = excluded.username, "languageCode" = excluded."languageCode"
            RETURNING *),
        peer AS (
            INSERT INTO "Peers"
                (id, "botId", "telegramChatId", "userId", "isBlocked", "deliveryCount", "createdAt", "seenAt")
            VALUES ($1, $2, $3, (SELECT id FROM person), false, 0, now(), now())
            ON CONFLICT ("botId", "telegramChatId") DO UPDATE SET
                "seenAt" = excluded."seenAt", "userId" = excluded."userId"
            RETURNING *)
        SELECT {rows.columns(Peer, "p")}, {rows.columns(User, "u")} FROM peer p LEFT JOIN person u ON true
        """  # noqa: S608 - names of columns


def _told(profile: Profile | None) -> tuple[object, ...]:
    """Give what is kept of a person, and of nobody nothing."""
    if profile is None:
        return (None,) * 5
    return new_id(), profile.telegram_user_id, profile.name, profile.username, profile.language_code
