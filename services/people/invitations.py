"""Invitations: a Telegram account becomes an influencer's own."""

from database.ids import new_id
from database.transactions import fetch, transaction
from models import Chat, Message, Move, Peer, Reaction, User
from services import live
from services.errors import AccountTaken
from services.people import sessions


async def tie(influencer_id: str, peer: Peer) -> User:
    """Make the Telegram account of this peer the influencer's own, with the chats that it has as a consumer.

    Where it has tried a coupon of theirs, the chat stays with who it was then: nobody writes to themselves.
    Where it takes the place of another account, whoever came in by that one is out.

    Raises:
        AccountTaken: it belongs to another influencer.
    """
    async with transaction() as tell:
        person = await User.get(id=peer.user_id)
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
            await sessions.sign_out(influencer_id)
        await peer.refresh_from_db(["user_id", "shown_chat_id"])
        return await User.get(id=influencer_id)


async def _hold(*user_ids: str) -> set[str]:
    """Keep what two people have as consumers to ourselves until the transaction ends; name who reads it."""
    ids = list(user_ids)
    await fetch('SELECT id FROM "Peers" WHERE "userId" = ANY($1) ORDER BY id FOR NO KEY UPDATE', ids)
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
        """SELECT c."consumerId" AS id FROM "Peers" p
           JOIN "TelegramMessages" t ON t."botId" = p."botId" AND t."telegramChatId" = p."telegramChatId"
           JOIN "Chats" c ON c.id = t."chatId" AND c."influencerId" = p."userId"
           WHERE p."userId" = $1 AND NOT EXISTS (
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
    await Peer.filter(user_id=from_id).update(user_id=to_id)
    await Peer.filter(user_id=to_id, shown_chat__influencer_id=to_id).update(shown_chat_id=None)
    await Chat.filter(id__in=chat_ids).update(consumer_id=to_id)
    await Message.filter(chat_id__in=chat_ids, sender_id=from_id).update(sender_id=to_id)
    await Move.filter(to_chat_id__in=chat_ids, moved_by_id=from_id).update(moved_by_id=to_id)
    reactions = await Reaction.filter(message__chat_id__in=chat_ids, sender_id=from_id).values_list("id", flat=True)
    await Reaction.filter(id__in=reactions).update(sender_id=to_id)
