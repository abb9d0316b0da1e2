"""Messages: taken in from consumers, answered by influencers, each in its chat and at its place."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tortoise.exceptions import IntegrityError

from models import Chat, DeliveryState, HeldMessage, Line, Message, TelegramMessage, User
from services import access, chats, deliveries, live, routing
from services.database import fetch, new_id, transaction
from services.errors import EmptyText, NotFailed, NotFound, TextTooLong
from services.routing import Incoming, Moment

MAX_REPLY = 16_000  # UTF-16 code units: a handful of Telegram's messages
HISTORY_PAGE = 50
UNREADABLE = "unreadable"  # the kind of a message that stands for one in quarantine

_POSITION_STEP = 2**31  # above any of Telegram's message ids


async def receive(line: Line, incoming: Incoming) -> Message | HeldMessage | None:
    """Take in what a consumer wrote: into its chat, or, where that is not certain, held until they say.

    Nothing comes back for a message that is already here: Telegram may tell of one twice.
    """
    if known := await routing.known_as(line, incoming.telegram_message_id):
        await _fill(known, incoming)
        return None
    if await HeldMessage.exists(line_id=line.id, telegram_message_id=incoming.telegram_message_id):
        return None
    chat = await routing.chat_for(line, incoming)
    if chat is None:
        return await _hold(line, incoming)
    return await _file(line, chat, incoming)


async def edit(line: Line, incoming: Incoming) -> Message | HeldMessage | None:
    """Change what the consumer has changed, where it already is; what was never seen comes as new."""
    known = await routing.known_as(line, incoming.telegram_message_id)
    if known is None:
        return await _edit_held(line, incoming) or await receive(line, incoming)
    if known.message_id is None:
        return None
    return await _change(known.chat_id, known.message_id, incoming)


async def file_held(line: Line, telegram_message_id: int, chat_id: str, moment: Moment) -> Chat:
    """Put a held message, with its album, into the chat that the consumer has named; that is the active one now.

    Raises:
        NotFound: the message is held no longer, or the chat isn't theirs.
    """
    async with transaction():
        chat = await access.chat_of_consumer(line.user_id, chat_id)
        held = await HeldMessage.get_or_none(line_id=line.id, telegram_message_id=telegram_message_id)
        if held is None:
            raise NotFound
        for part in await _with_its_album(held):
            await HeldMessage.filter(id=part.id).delete()
            await routing.bind_topic(line, part.telegram_topic_id, chat)
            await _file(line, chat, _as_incoming(part, moment))
        await chats.activate(line, chat, moment)
    return chat


async def held_on(line: Line) -> list[HeldMessage]:
    """List what waits for the consumer to say which coupon it is about, one entry an album, oldest first."""
    held = await HeldMessage.filter(line_id=line.id).order_by("telegram_message_id")
    albums: dict[str, HeldMessage] = {}
    for message in held:
        albums.setdefault(message.media_group_id or message.id, message)
    return list(albums.values())


async def is_asked_about(held: HeldMessage) -> bool:
    """Say whether the consumer has been asked where this message, or its album, belongs."""
    return any(part.is_asked for part in await _with_its_album(held))


async def asked_about(held: HeldMessage) -> None:
    """Note that the consumer has been asked."""
    await HeldMessage.filter(id=held.id).update(is_asked=True)


async def reply(chat: Chat, influencer: User, text: str, request_id: str | None = None) -> Message:
    """Keep the influencer's words and queue them for the consumer; the same request says them once.

    Raises:
        EmptyText: nothing to say.
        TextTooLong: more than ``MAX_REPLY`` UTF-16 code units.
    """
    text = _sayable(text)
    try:
        async with transaction() as tell:
            line = await deliveries.line_of(chat)
            message = Message(
                chat_id=chat.id,
                sender_id=influencer.id,
                text=text,
                timestamp=max(datetime.now(UTC), chat.updated_at),
                delivery_state=DeliveryState.QUEUED,
                request_id=request_id,
            )
            await _add(chat, message)
            await deliveries.queue_message(line, message)
            tell(live.influencer(chat.influencer_id))
    except IntegrityError:
        if request_id is None:
            raise
        return await Message.get(chat_id=chat.id, request_id=request_id)
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


async def mark_read(chat: Chat, through: Message | None = None) -> None:
    """Count what the consumer has said as read: all of it, or as far as the influencer has seen."""
    async with transaction() as tell:
        await chats.touch(chat.id)
        position, last_id = (through.position, through.id) if through else (2**63 - 1, "")
        await fetch(
            """UPDATE "Messages" SET "isRead" = true
               WHERE "chatId" = $1 AND NOT "isRead" AND "senderId" <> $2 AND (position, id) <= ($3, $4)""",
            chat.id,
            chat.influencer_id,
            position,
            last_id,
        )
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
    if chat := await routing.chat_for(line, incoming):
        await _file(line, chat, replace(incoming, kind=UNREADABLE))


async def _fill(known: TelegramMessage, incoming: Incoming) -> None:
    """Put a message where its place was kept."""
    if known.message_id and await Message.exists(id=known.message_id, kind=UNREADABLE):
        await _change(known.chat_id, known.message_id, incoming)


async def _change(chat_id: str, message_id: str, incoming: Incoming) -> Message:
    async with transaction() as tell:
        await chats.touch(chat_id)
        message = await Message.get(id=message_id).select_related("chat")
        if message.edited_at is None or incoming.edited_at is None or message.edited_at <= incoming.edited_at:
            await Message.filter(id=message_id).update(**_changes(incoming))
        tell(live.influencer(message.chat.influencer_id))
    return message


async def _file(line: Line, chat: Chat, incoming: Incoming) -> Message:
    async with transaction() as tell:
        answered = await _answered(line, incoming)
        message = Message(
            chat_id=chat.id,
            sender_id=line.user_id,
            timestamp=incoming.sent_at,
            position=_position(incoming),
            reply_to_id=answered,
            **_changes(incoming),
        )
        await _add(chat, message)
        await routing.remember(line, incoming.telegram_message_id, chat.id, message.id)
        await chats.read_by_consumer(chat)
        tell(live.influencer(chat.influencer_id))
    return message


async def _add(chat: Chat, message: Message) -> None:
    """Put a message at its place in the chat; a reply's place is behind everything that is there."""
    await chats.touch(chat.id)
    message.id = new_id()
    if message.position is None:
        message.position = await _last_position(chat, message.timestamp)
    await message.save(force_create=True)
    await fetch(
        """UPDATE "Chats" SET "updatedAt" = GREATEST("updatedAt", $2), "lastMessageId" = (
               SELECT id FROM "Messages" WHERE "chatId" = $1 ORDER BY position DESC, id DESC LIMIT 1)
           WHERE id = $1""",
        chat.id,
        message.timestamp,
    )


async def _last_position(chat: Chat, at: datetime) -> int:
    """Find the place behind everything that is there, and behind what is held and may yet be filed there."""
    rows = await fetch(
        """SELECT GREATEST(
               (SELECT max(position) FROM "Messages" WHERE "chatId" = $1),
               (SELECT max(extract(epoch FROM h.timestamp)::bigint * $3 + LEAST(h."telegramMessageId" + 1, $3 - 1))
                FROM "HeldMessages" h JOIN "Lines" l ON l.id = h."lineId" WHERE l."userId" = $2)) AS position""",
        chat.id,
        chat.consumer_id,
        _POSITION_STEP,
    )
    last: int | None = rows[0]["position"]
    return last if last is not None else int(at.timestamp()) * _POSITION_STEP


def _position(incoming: Incoming) -> int:
    """Order by Telegram's time, and within a second by its message id: our own clock has no say in it."""
    return int(incoming.sent_at.timestamp()) * _POSITION_STEP + min(
        incoming.telegram_message_id, _POSITION_STEP - 1
    )


def _changes(incoming: Incoming) -> dict[str, Any]:
    """Name what an edit can change."""
    return {
        "text": incoming.text,
        "kind": incoming.kind,
        "attachment": incoming.attachment,
        "edited_at": incoming.edited_at,
    }


async def _answered(line: Line, incoming: Incoming) -> str | None:
    """Find our message that this one replies to on the phone."""
    if incoming.reply_to_telegram_message_id is None:
        return None
    known = await routing.known_as(line, incoming.reply_to_telegram_message_id)
    return known.message_id if known else None


async def _hold(line: Line, incoming: Incoming) -> HeldMessage:
    return await HeldMessage.create(
        id=new_id(),
        line_id=line.id,
        telegram_message_id=incoming.telegram_message_id,
        telegram_topic_id=incoming.telegram_topic_id,
        media_group_id=incoming.media_group_id,
        timestamp=incoming.sent_at,
        **_changes(incoming),
    )


async def _edit_held(line: Line, incoming: Incoming) -> HeldMessage | None:
    held = await HeldMessage.get_or_none(line_id=line.id, telegram_message_id=incoming.telegram_message_id)
    if held is not None:
        await held.update_from_dict(_changes(incoming)).save()
    return held


async def _with_its_album(held: HeldMessage) -> list[HeldMessage]:
    if held.media_group_id is None:
        return [held]
    album = HeldMessage.filter(line_id=held.line_id, media_group_id=held.media_group_id)
    return await album.order_by("telegram_message_id")


def _as_incoming(held: HeldMessage, moment: Moment) -> Incoming:
    return Incoming(
        moment=moment,
        telegram_message_id=held.telegram_message_id,
        sent_at=held.timestamp,
        text=held.text,
        kind=held.kind,
        attachment=held.attachment,
        edited_at=held.edited_at,
    )


def _sayable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").rstrip()
    if not text.strip():
        raise EmptyText
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_REPLY:
        raise TextTooLong
    return text
