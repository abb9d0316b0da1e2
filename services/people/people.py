"""Who is who: consumers as Telegram introduces them, influencers as the platform does."""

from dataclasses import dataclass

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
    user_id = await _known(profile) if profile else None
    await fetch(
        """INSERT INTO "Peers" (id, "botId", "telegramChatId", "userId", "isBlocked", "deliveryCount",
                                "createdAt", "seenAt")
           VALUES ($1, $2, $3, $4, false, 0, now(), now())
           ON CONFLICT ("botId", "telegramChatId") DO UPDATE SET "seenAt" = now(), "userId" = $4""",
        new_id(),
        bot_id,
        telegram_chat_id,
        user_id,
    )
    return await Peer.get(bot_id=bot_id, telegram_chat_id=telegram_chat_id).select_related("user")


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


async def _known(profile: Profile) -> str:
    rows = await fetch(
        """INSERT INTO "Users" (id, name, "telegramUserId", username, "languageCode", "isInfluencer", "createdAt")
           VALUES ($1, $2, $3, $4, $5, false, now())
           ON CONFLICT ("telegramUserId") DO UPDATE SET
               name = CASE WHEN "Users"."isInfluencer" THEN "Users".name ELSE excluded.name END,
               username = excluded.username, "languageCode" = excluded."languageCode"
           RETURNING id""",
        new_id(),
        profile.name,
        profile.telegram_user_id,
        profile.username,
        profile.language_code,
    )
    return str(rows[0]["id"])
