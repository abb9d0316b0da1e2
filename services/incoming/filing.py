"""Putting what consumers write into chats, each message at its place, or keeping it until they say where."""

from dataclasses import replace

from database.ids import new_id
from database.transactions import transaction
from models import Chat, HeldMessage, Message, Peer
from services import live, telegram_messages
from services.chats import history
from services.chats.history import Phone
from services.incoming import topics
from services.incoming.edits import changes
from services.incoming.placement import AsOf, Incoming, Placement
from services.media import attachments
from services.media.contents import content_of, quote_of
from services.text import spans


async def file(peer: Peer, incoming: Incoming, placement: Placement, held: HeldMessage | None = None) -> Message:
    """Put a message into the chat where it belongs; one that was held keeps its id, and its files.

    What has just been written is answered where it was written.
    """
    chat = placement.chat
    assert chat is not None  # noqa: S101 - what belongs to none is held
    async with transaction() as tell:
        message = Message(
            id=held.id if held else new_id(),
            chat_id=chat.id,
            sender_id=peer.user_id,
            timestamp=incoming.sent_at,
            position=_position(incoming),
            reply_to_id=placement.reply_to_id,
            **changes(incoming),
        )
        is_just_written = held is None and incoming.as_of.received_at is None
        phone = Phone(peer, incoming.telegram_message_id, placement.active_as_of, is_answered_there=is_just_written)
        await history.add(chat, message, phone)
        if held:
            await attachments.pass_on(held, message)
        else:
            await attachments.keep(message, incoming.content, peer.bot_id)
        if incoming.telegram_topic_id:
            await topics.use(peer, incoming.telegram_topic_id, placement)
        tell(live.influencer(chat.influencer_id))
    return message


async def hold(peer: Peer, incoming: Incoming, placement: Placement) -> HeldMessage:
    """Keep a message until its consumer says which coupon it is about."""
    held = await HeldMessage.create(
        id=new_id(),
        peer_id=peer.id,
        telegram_message_id=incoming.telegram_message_id,
        reply_to_telegram_message_id=incoming.reply_to_telegram_message_id,
        asked_with=await _asked_with(peer, incoming),
        telegram_topic_id=incoming.telegram_topic_id,
        timestamp=incoming.sent_at,
        active_as_of=placement.active_as_of,
        **changes(incoming),
    )
    await attachments.keep(held, incoming.content, peer.bot_id)
    return held


async def file_held(peer: Peer, held: HeldMessage, placement: Placement) -> Message:
    """Put a message that was held into the chat where, as we know by now, it belongs."""
    await attachments.load([held])
    incoming = Incoming(
        as_of=AsOf(held.active_as_of or 0),
        telegram_message_id=held.telegram_message_id,
        sent_at=held.timestamp,
        reply_to_telegram_message_id=held.reply_to_telegram_message_id,
        telegram_topic_id=held.telegram_topic_id,
        text=held.text,
        formatting=spans.of_stored(held.formatting, held.text),
        content=content_of(held),
        forwarded_from=held.forwarded_from,
        quote=quote_of(held),
        album_id=held.album_id,
        edited_at=held.edited_at,
        edited_as_of=held.edited_as_of,
    )
    placement = replace(placement, reply_to_id=await _answered(peer, held))
    message = await file(peer, incoming, placement, held)
    await HeldMessage.filter(id=held.id).delete()
    return message


async def file_held_replies(peer: Peer, telegram_message_id: int, chat: Chat) -> list[HeldMessage]:
    """Put what replies to a message into its chat, now that it is known; give what was held."""
    replies = await HeldMessage.filter(peer_id=peer.id, reply_to_telegram_message_id=telegram_message_id)
    albums = [reply.album_id for reply in replies if reply.album_id]
    if albums:
        replies += await HeldMessage.filter(peer_id=peer.id, album_id__in=albums)
    found = sorted({reply.id: reply for reply in replies}.values(), key=lambda reply: reply.telegram_message_id)
    if found:
        await history.touch(chat.id)  # of its consumer only one peer is held here: see history.add
    for reply in found:
        await file_held(peer, reply, Placement(chat))
    return found


def _position(incoming: Incoming) -> int:
    """Order by Telegram's time, and within a second by its message id: our own clock has no say in it."""
    return int(incoming.sent_at.timestamp()) * history.POSITION_STEP + min(
        incoming.telegram_message_id, history.POSITION_STEP - 1
    )


async def _asked_with(peer: Peer, incoming: Incoming) -> int | None:
    """Find the question that is about the rest of an album, or about a reply alone to which this replies."""
    waiting = HeldMessage.filter(peer_id=peer.id)
    if incoming.album_id and (part := await waiting.filter(album_id=incoming.album_id).first()):
        return int(part.asked_with) if part.asked_with else None
    replied = await waiting.get_or_none(
        telegram_message_id=incoming.reply_to_telegram_message_id or 0, active_as_of=None
    )
    return replied.asked_with if replied else None


async def _answered(peer: Peer, held: HeldMessage) -> str | None:
    """Find our message that one which was held replies to on the phone."""
    if held.reply_to_telegram_message_id is None:
        return None
    known = await telegram_messages.find(peer, held.reply_to_telegram_message_id)
    return known.message_id if known else None
