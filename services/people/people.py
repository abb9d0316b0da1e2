"""Who is who: consumers as Telegram introduces them, influencers as the platform does."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from database import rows
from database.ids import new_id
from database.transactions import fetch
from models import Peer, User
from services.errors import NotFound
from services.text.characters import is_storable

LONGEST_ID = 255

# What is told of one, and of several: with arrays of one it would take a quarter longer.
_ONE = "VALUES ($2::text, $3::bigint, $4::text, $5::bigint, $6::text, $7::text, $8::text)"
_SEVERAL = """SELECT * FROM unnest(
                $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[])"""


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
    return (await meet_all(bot_id, {telegram_chat_id: profile}))[telegram_chat_id]


async def meet_all(bot_id: int, profiles: Mapping[int, Profile | None]) -> dict[int, Peer]:
    """Get several peers, by the ids of their chats at Telegram, as ``meet`` gets one; a group has no profile.

    Whatever else is locked for them comes after that, so that the order of locks is the same as for one.
    """
    if not profiles:
        return {}
    told = [(new_id(), telegram_chat_id, *_told(profile)) for telegram_chat_id, profile in profiles.items()]
    if len(told) == 1:
        found = await fetch(_statement(_ONE), bot_id, *told[0])
    else:
        found = await fetch(_statement(_SEVERAL), bot_id, *zip(*told, strict=True))
    return {row["p.telegramChatId"]: _peer_in(row) for row in found}


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
def _statement(told: str) -> str:
    """Write the statement that keeps people, and then their peers, and gives both as they are now.

    An upsert that has waited for a row goes on with what that has become. The peers come second, for they need to
    know the people; both are locked in one order, so that no two who meet the same wait for each other.
    """
    return f"""
        WITH met (peer_id, telegram_chat_id, user_id, telegram_user_id, name, username, language_code) AS (
            {told}),
        person AS (
            INSERT INTO "Users"
                (id, "telegramUserId", name, username, "languageCode", "isInfluencer", "createdAt")
            SELECT DISTINCT ON (telegram_user_id)
                user_id, telegram_user_id, name, username, language_code, false, now()
            FROM met WHERE telegram_user_id IS NOT NULL ORDER BY telegram_user_id
            ON CONFLICT ("telegramUserId") DO UPDATE SET
                name = CASE WHEN "Users"."isInfluencer" THEN "Users".name ELSE excluded.name END,
                username = excluded.username, "languageCode" = excluded."languageCode"
            RETURNING *),
        peer AS (
            INSERT INTO "Peers"
                (id, "botId", "telegramChatId", "userId", "isBlocked", "deliveryCount", "createdAt", "seenAt")
            SELECT peer_id, $1, telegram_chat_id, person.id, false, 0, now(), now()
            FROM met LEFT JOIN person ON person."telegramUserId" = telegram_user_id ORDER BY telegram_chat_id
            ON CONFLICT ("botId", "telegramChatId") DO UPDATE SET
                "seenAt" = excluded."seenAt", "userId" = excluded."userId"
            RETURNING *)
        SELECT {rows.columns(Peer, "p")}, {rows.columns(User, "u")}
        FROM peer p LEFT JOIN person u ON u.id = p."userId"
        """  # noqa: S608 - names of columns


def _told(profile: Profile | None) -> tuple[object, ...]:
    """Give what is kept of a person, and of nobody nothing."""
    if profile is None:
        return (None,) * 5
    return new_id(), profile.telegram_user_id, profile.name, profile.username, profile.language_code


def _peer_in(row: Mapping[str, Any]) -> Peer:
    peer = rows.made(Peer, row, "p")
    peer.user = rows.made(User, row, "u") if peer.user_id else None
    return peer
