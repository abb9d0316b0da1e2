"""A consumer moves what they have written to another of their chats, perhaps with another influencer."""

from collections.abc import Sequence

from database.transactions import fetch, transaction
from models import Chat, Message, Move, Peer
from services import access
from services.chats import moving
from services.errors import NotFound
from services.media import attachments


async def move(peer: Peer, messages: Sequence[Message], to_chat_id: str) -> Move:
    """Move what a consumer has written to another chat of theirs, perhaps with another influencer.

    Raises:
        NotFound: there is nothing, it is in that chat already, or the chat isn't theirs.
    """
    async with transaction():
        await moving.keep_consumer(peer.user_id or "")
        to = await access.chat_of_consumer(peer.user_id, to_chat_id)
        own = Message.filter(id__in=[message.id for message in messages], sender_id=peer.user_id)
        found = await moving.in_order(own.filter(chat__consumer_id=peer.user_id).exclude(chat_id=to.id))
        if not found:
            raise NotFound
        return await moving.move(found, to.id, to.consumer)


async def undo(peer: Peer, move_id: int) -> Chat:
    """Put back what a consumer has moved, and give the chat where it stands again.

    Raises:
        NotFound: it isn't theirs to undo, or there is nothing to be put back any more.
    """
    made = await Move.get_or_none(id=move_id, moved_by_id=peer.user_id, from_chat__consumer_id=peer.user_id)
    if made is None or made.from_chat_id is None:
        raise NotFound
    async with transaction():
        await moving.keep_consumer(peer.user_id or "")
        messages = await moving.put_back(made, made.from_chat_id, is_news=True)
    if not messages:
        raise NotFound
    return await access.chat_of_consumer(peer.user_id, made.from_chat_id)


async def moved_by(peer: Peer, move_id: int) -> list[Message]:
    """List what a consumer has written and a move has moved, but for what was moved again since, with the files.

    Where a move was undone, that is where it has come from.
    """
    own = Message.filter(move_id=move_id, sender_id=peer.user_id, chat__consumer_id=peer.user_id)
    return await attachments.load(await moving.in_order(own))


async def written_as(peer: Peer, telegram_message_id: int) -> list[Message]:
    """List what a consumer has written as a message on their phone, or in its album, with the files."""
    first = await Message.get_or_none(
        sender_id=peer.user_id,
        chat__consumer_id=peer.user_id,
        telegram_messages__bot_id=peer.bot_id,
        telegram_messages__telegram_chat_id=peer.telegram_chat_id,
        telegram_messages__telegram_message_id=telegram_message_id,
    ).select_related("chat")
    return await attachments.load(await moving.with_album(first.chat, first)) if first else []


async def written_last(peer: Peer) -> int | None:
    """Give which message on their phone a consumer has written last, of those that are in a chat."""
    found = await fetch(
        """SELECT t."telegramMessageId" AS id FROM "Chats" c CROSS JOIN LATERAL (
               SELECT m.id, m.position FROM "Messages" m WHERE m."chatId" = c.id AND m."senderId" = $1
               ORDER BY m.position DESC, m.id DESC LIMIT 1) m
           JOIN "TelegramMessages" t ON t."messageId" = m.id AND t."botId" = $2 AND t."telegramChatId" = $3
           WHERE c."consumerId" = $1 ORDER BY m.position DESC, m.id DESC LIMIT 1""",
        peer.user_id,
        peer.bot_id,
        peer.telegram_chat_id,
    )
    return int(found[0]["id"]) if found else None
