"""Putting right what was filed before a tap was known that had come earlier.

Telegram sends messages and taps on queues of their own: what was written after a tap may arrive before it.
"""

from datetime import timedelta

from database import clock
from database.transactions import transaction
from models import HeldMessage, Message, Peer, TelegramMessage, TelegramTopic
from services.chats import history, moving
from services.incoming import filing, routing
from services.incoming.placement import AsOf, Placement

UPDATES_LIFE = timedelta(days=1)  # Telegram keeps updates no longer


async def put_right(peer: Peer, as_of: AsOf) -> list[HeldMessage]:
    """Look again at the messages that were taken in before an opening, and made after it; give what was held."""
    if as_of.received_at:
        return []  # it failed then, and who opened the chat knew that
    filed = []
    async with transaction():
        for known in await _filed_after(peer, as_of):
            chat = await routing.active_chat(peer, AsOf(known.active_as_of or 0))
            if chat and known.message:
                await _move(known.message, chat.id)
        for topic in await TelegramTopic.filter(peer_id=peer.id, active_as_of__gt=as_of.update_id):
            if chat := await routing.active_chat(peer, AsOf(topic.active_as_of or 0)):
                await TelegramTopic.filter(id=topic.id).update(chat_id=chat.id)
        for held in await _held_after(peer, as_of):
            if chat := await routing.active_chat(peer, AsOf(held.active_as_of or 0)):
                await filing.file_held(peer, held, Placement(chat, held.active_as_of))
                filed.append(held)
    return filed


async def date_back(peer: Peer, known: TelegramMessage, as_of: AsOf) -> None:
    """Look again at a message whose edit was here first: it belongs where it was when it was written."""
    if known.active_as_of is None or known.message_id is None or known.active_as_of <= as_of.update_id:
        return
    if known.chat.consumer_id != peer.user_id:
        return
    async with transaction():
        await TelegramMessage.filter(id=known.id).update(active_as_of=as_of.update_id)
        if chat := await routing.active_chat(peer, as_of):
            await _move(await Message.get(id=known.message_id), chat.id)


async def _filed_after(peer: Peer, as_of: AsOf) -> list[TelegramMessage]:
    """Find what was filed too early, among what a day's history holds: an index leads to that, not to the past."""
    since = clock.now() - UPDATES_LIFE
    filed = TelegramMessage.filter(
        bot_id=peer.bot_id,
        telegram_chat_id=peer.telegram_chat_id,
        message__chat__consumer_id=peer.user_id,
        active_as_of__gt=as_of.update_id,
        message__position__gt=int(since.timestamp()) * history.POSITION_STEP,
        message__timestamp__gt=since,
    )
    return await filed.order_by("telegram_message_id").select_related("message")


async def _held_after(peer: Peer, as_of: AsOf) -> list[HeldMessage]:
    held = HeldMessage.filter(
        peer_id=peer.id, active_as_of__gt=as_of.update_id, timestamp__gt=clock.now() - UPDATES_LIFE
    )
    return await held.order_by("telegram_message_id")


async def _move(message: Message, chat_id: str) -> None:
    """Let a message stand in another chat, with what its sender has replied to it."""
    if message.chat_id == chat_id:
        return
    replies = await Message.filter(reply_to_id=message.id, chat_id=message.chat_id, sender_id=message.sender_id)
    await moving.put([message], chat_id, is_news=True)
    for reply in replies:
        await _move(reply, chat_id)
