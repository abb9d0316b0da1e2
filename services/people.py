"""Who is who: consumers as Telegram introduces them, influencers as the platform does."""

from dataclasses import dataclass

from database.ids import new_id
from database.transactions import fetch, transaction
from models import Chat, Line, Message, User
from services import live, signin
from services.characters import is_storable
from services.errors import AccountTaken, NotFound

LONGEST_ID = 255


@dataclass(frozen=True)
class Profile:
    """What Telegram says of a person."""

    telegram_user_id: int
    name: str = ""
    username: str | None = None
    language_code: str | None = None


async def meet(bot_id: int, telegram_chat_id: int, profile: Profile | None) -> Line:
    """Get the line to a person (or a group), and keep it to ourselves until the transaction ends.

    One person's updates are handled one at a time by this, whatever process takes them in.
    """
    user_id = await _known(profile) if profile else None
    await fetch(
        """INSERT INTO "Lines" (id, "botId", "telegramChatId", "userId", "isBlocked", "deliveryCount",
                                "createdAt", "seenAt")
           VALUES ($1, $2, $3, $4, false, 0, now(), now())
           ON CONFLICT ("botId", "telegramChatId") DO UPDATE SET "seenAt" = now(), "userId" = $4""",
        new_id(),
        bot_id,
        telegram_chat_id,
        user_id,
    )
    return await Line.get(bot_id=bot_id, telegram_chat_id=telegram_chat_id).select_related("user")


async def line_to(user_id: str) -> Line | None:
    """Get the line on which a person was last heard."""
    return await Line.filter(user_id=user_id).order_by("-seen_at").first()


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


async def tie(influencer_id: str, line: Line) -> User:
    """Make the Telegram account on this line the influencer's own, with the chats that it has as a consumer.

    Where it has tried a coupon of theirs, the chat stays with who it was then: nobody writes to themselves.
    Where it takes the place of another account, whoever came in by that one is out.

    Raises:
        AccountTaken: it belongs to another influencer.
    """
    async with transaction() as tell:
        person = await User.get(id=line.user_id)
        if person.id == influencer_id:
            return person
        if person.is_influencer:
            raise AccountTaken
        influencer_ = await User.select_for_update(no_key=True).get(id=influencer_id)
        for reader_id in await _hold(person.id, influencer_id):
            tell(live.influencer(reader_id))
        if influencer_.telegram_user_id is not None:
            await _give_account_back(influencer_)
        telegram_user_id = person.telegram_user_id
        await User.filter(id=person.id).update(telegram_user_id=None)
        await _move_consumer(person.id, influencer_id)
        if not await Chat.exists(consumer_id=person.id):
            await User.filter(id=person.id).delete()
        await User.filter(id=influencer_id).update(
            telegram_user_id=telegram_user_id, username=person.username, language_code=person.language_code
        )
        if influencer_.telegram_user_id is not None:
            await signin.sign_out(influencer_id)
        await line.refresh_from_db(["user_id", "shown_chat_id"])
        return await User.get(id=influencer_id)


async def mark_blocked(line: Line, is_blocked: bool) -> None:
    """Note that a person has blocked the bot, or lets it in again; the influencers they write to can see it."""
    async with transaction() as tell:
        await fetch(
            """SELECT FROM "Users" u JOIN "Lines" l ON l."userId" = u.id WHERE l.id = $1 FOR NO KEY UPDATE OF u""",
            line.id,
        )
        changed = await Line.filter(id=line.id, is_blocked=not is_blocked).update(is_blocked=is_blocked)
        if not changed:
            return
        touched = await fetch(
            """UPDATE "Chats" SET revision = 0 WHERE "consumerId" = (SELECT "userId" FROM "Lines" WHERE id = $1)
               RETURNING "influencerId" """,
            line.id,
        )
        for row in touched:
            tell(live.influencer(row["influencerId"]))


async def has_blocked(user_id: str) -> bool:
    """Say whether a person has blocked the bot that they were last heard by."""
    line = await line_to(user_id)
    return line is not None and line.is_blocked


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


async def _hold(*user_ids: str) -> set[str]:
    """Keep what two people have as consumers to ourselves until the transaction ends; name who reads it."""
    ids = list(user_ids)
    await fetch('SELECT id FROM "Lines" WHERE "userId" = ANY($1) ORDER BY id FOR UPDATE', ids)
    chats = await fetch(
        'SELECT "influencerId" FROM "Chats" WHERE "consumerId" = ANY($1) ORDER BY id FOR NO KEY UPDATE', ids
    )
    return {chat["influencerId"] for chat in chats}


async def _give_account_back(influencer_: User) -> None:
    """The influencer takes another account: the one they had becomes a consumer of its own again."""
    consumer_id = await _former_self(influencer_) or await _nobody_yet(influencer_)
    telegram_user_id = influencer_.telegram_user_id
    await User.filter(id=influencer_.id).update(telegram_user_id=None)
    await User.filter(id=consumer_id).update(
        username=influencer_.username,
        language_code=influencer_.language_code,
        telegram_user_id=telegram_user_id,
    )
    await _move_consumer(influencer_.id, consumer_id)


async def _former_self(influencer_: User) -> str | None:
    """Find who an influencer's account was before, if it tried a coupon of theirs: that chat is on its phone.

    Where that coupon is another's by now, and they have asked about it again, they can't be the same: one consumer
    has one chat about a coupon.
    """
    found = await fetch(
        """SELECT c."consumerId" AS id FROM "Lines" l
           JOIN "TelegramMessages" t ON t."botId" = l."botId" AND t."telegramChatId" = l."telegramChatId"
           JOIN "Chats" c ON c.id = t."chatId" AND c."influencerId" = l."userId"
           WHERE l."userId" = $1 AND NOT EXISTS (
               SELECT FROM "Chats" tried JOIN "Chats" again USING ("couponId")
               WHERE tried."consumerId" = c."consumerId" AND again."consumerId" = $1) LIMIT 1""",
        influencer_.id,
    )
    return str(found[0]["id"]) if found else None


async def _nobody_yet(influencer_: User) -> str:
    return (await User.create(id=new_id(), name=influencer_.name)).id


async def _move_consumer(from_id: str, to_id: str) -> None:
    moved = Chat.filter(consumer_id=from_id).exclude(influencer_id=to_id)
    chat_ids = await moved.values_list("id", flat=True)
    await Line.filter(user_id=from_id).update(user_id=to_id)
    await Line.filter(user_id=to_id, shown_chat__influencer_id=to_id).update(shown_chat_id=None)
    await Chat.filter(id__in=chat_ids).update(consumer_id=to_id)
    await Message.filter(chat_id__in=chat_ids, sender_id=from_id).update(sender_id=to_id)
