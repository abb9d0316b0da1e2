"""Messages: taken in from consumers, answered by influencers, each in its chat and at its place."""

from dataclasses import replace
from typing import Any

from database import clock
from database.errors import ConstraintViolated
from database.transactions import fetch, transaction
from models import Chat, DeliveryState, HeldMessage, Line, Message, TelegramMessage, User
from services import access, chats, deliveries, filing, held, live, opening, refiling, routing
from services.characters import is_blank
from services.errors import EmptyText, NotFailed, NotFound, RequestReused, TextTooLong
from services.routing import Incoming, Moment, Place
from services.shortening import utf16_length

MAX_REPLY = 16_000  # UTF-16 code units: a handful of Telegram's messages
HISTORY_PAGE = 50
UNREADABLE = "unreadable"  # the kind of a message that stands for one in quarantine


async def receive(line: Line, incoming: Incoming) -> Message | HeldMessage | None:
    """Take in what a consumer wrote: into its chat, or, where that is not certain, held until they say.

    Nothing comes back for a message that is already here: Telegram may tell of one twice.
    """
    if known := await routing.known_as(line, incoming.telegram_message_id):
        await _fill(known, incoming)
        await refiling.date_back(line, known, incoming.moment)
        return None
    if await HeldMessage.exists(line_id=line.id, telegram_message_id=incoming.telegram_message_id):
        return None
    place = await routing.place_of(line, incoming)
    if place.chat_id is None:
        return await held.keep(line, incoming, place)
    return await filing.file(line, incoming, place)


async def edit(line: Line, incoming: Incoming) -> Message | HeldMessage | None:
    """Change what the consumer has changed, where it already is; nothing comes back for what was never seen.

    Raises:
        NotFound: it is in a chat that they began before they were invited, where nobody would read it.
    """
    known = await routing.known_as(line, incoming.telegram_message_id)
    if known is None:
        return await _edit_held(line, incoming)
    if known.message_id is None:
        return None
    if known.chat.consumer_id != line.user_id:
        raise NotFound
    return await _change(known.chat_id, known.message_id, incoming)


async def file_held(line: Line, about: int, chat_id: str, moment: Moment) -> Chat:
    """Put what a question is about into the chat that the consumer has named; that is the active one now.

    Raises:
        NotFound: none of it is held any longer, or the chat isn't theirs.
    """
    async with transaction():
        chat = await access.chat_of_consumer(line.user_id, chat_id)
        waiting = await held.answered_by(line, about)
        if not waiting:
            raise NotFound
        for message in waiting:
            await routing.bind_topic(line, message.telegram_topic_id, chat)
            await filing.release(line, message, Place(chat.id))
        await opening.activate(line, chat, moment)
    return chat


async def reply(chat: Chat, influencer: User, text: str, request_id: str | None = None) -> Message:
    """Keep the influencer's words and queue them for the consumer; the same request says them once.

    Raises:
        EmptyText: nothing to say.
        TextTooLong: more than ``MAX_REPLY`` UTF-16 code units.
        RequestReused: the same request has said something else.
    """
    text = _sayable(text)
    try:
        async with transaction() as tell:
            line = await deliveries.line_of(chat)
            message = Message(
                chat_id=chat.id,
                sender_id=influencer.id,
                text=text,
                timestamp=clock.now(),
                delivery_state=DeliveryState.QUEUED,
                request_id=request_id,
            )
            await filing.add(chat, message)
            await deliveries.queue_message(line, message)
            tell(live.influencer(chat.influencer_id))
    except ConstraintViolated:
        said = await Message.get_or_none(chat_id=chat.id, request_id=request_id) if request_id else None
        if said is None:
            raise
        if said.text != text:
            raise RequestReused from None
        return said
    return message


async def retry(chat: Chat, message: Message) -> None:
    """Send a failed reply again, behind what has been said since; pressed twice, it is sent once.

    Raises:
        NotFailed: it is on its way, or there already.
    """
    async with transaction() as tell:
        line = await deliveries.line_of(chat)
        await chats.touch(chat.id)
        changed = await Message.filter(id=message.id, delivery_state=DeliveryState.FAILED).update(
            delivery_state=DeliveryState.QUEUED, delivery_error=None
        )
        if not changed:
            raise NotFailed
        await deliveries.queue_again(line, message)
        tell(live.influencer(chat.influencer_id))


async def mark_read(chat: Chat, since: Message | None = None, through: Message | None = None) -> None:
    """Count what the consumer has said as read: all of it, or what the influencer was shown, from one to another.

    A chat in which nothing of that is unread is left alone.
    """
    unread = """"chatId" = $1 AND NOT "isRead" AND "senderId" <> $2
                AND (position, id) >= ($3, $4) AND (position, id) <= ($5, $6)"""
    first = (since.position, since.id) if since else (0, "")
    last = (through.position, through.id) if through else (2**63 - 1, "")
    shown = (chat.id, chat.influencer_id, *first, *last)
    if not await fetch(f'SELECT 1 FROM "Messages" WHERE {unread} LIMIT 1', *shown):  # noqa: S608 - a constant
        return
    async with transaction() as tell:
        await chats.touch(chat.id)
        await fetch(f'UPDATE "Messages" SET "isRead" = true WHERE {unread}', *shown)  # noqa: S608 - a constant
        tell(live.influencer(chat.influencer_id))


async def history(chat: Chat, before: Message | None = None, limit: int = HISTORY_PAGE) -> list[Message]:
    """Give the last messages of a chat, or the last before one of them, oldest first."""
    position, message_id = (before.position, before.id) if before else (2**63 - 1, "")
    rows = await fetch(
        """SELECT id FROM "Messages" WHERE "chatId" = $1 AND (position, id) < ($2, $3)
           ORDER BY position DESC, id DESC LIMIT $4""",
        chat.id,
        position,
        message_id,
        limit,
    )
    return await Message.filter(id__in=[row["id"] for row in rows]).order_by("position", "id")


async def keep_place(line: Line, incoming: Incoming) -> None:
    """Show that there is a message which could not be read, where its chat is certain: it may be readable later."""
    if await routing.known_as(line, incoming.telegram_message_id):
        return
    place = await routing.place_of(line, incoming)
    if place.chat_id:
        await filing.file(line, replace(incoming, kind=UNREADABLE), place)


async def _fill(known: TelegramMessage, incoming: Incoming) -> None:
    """Put a message where its place was kept."""
    if known.message_id and await Message.exists(id=known.message_id, kind=UNREADABLE):
        await _change(known.chat_id, known.message_id, incoming, is_read=False)  # nobody has read it yet


async def _change(chat_id: str, message_id: str, incoming: Incoming, **more: Any) -> Message:
    async with transaction() as tell:
        await chats.touch(chat_id)
        message = await Message.get(id=message_id).select_related("chat")
        if changed := filing.edited(message, incoming):
            await Message.filter(id=message_id).update(**changed, **more)
        tell(live.influencer(message.chat.influencer_id))
    return message


async def _edit_held(line: Line, incoming: Incoming) -> HeldMessage | None:
    waiting = await HeldMessage.get_or_none(line_id=line.id, telegram_message_id=incoming.telegram_message_id)
    if waiting is not None:
        await waiting.update_from_dict(filing.edited(waiting, incoming)).save()
    return waiting


def _sayable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").rstrip()
    if is_blank(text):
        raise EmptyText
    if utf16_length(text) > MAX_REPLY:
        raise TextTooLong
    return text
