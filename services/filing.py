"""Putting what consumers write into chats, each message at its place, or keeping it until they say where."""

from typing import Any

from structlog.contextvars import bind_contextvars

from database.ids import new_id
from database.transactions import after_commit, fetch, transaction
from models import Chat, HeldMessage, Line, Message
from services import chats, contents, live, metrics, routing
from services.routing import Incoming, Moment, Place

_POSITION_STEP = 2**31  # above any of Telegram's message ids


async def file(line: Line, incoming: Incoming, place: Place, known_as: str | None = None) -> Message:
    """Put a message into the chat where it belongs; one that was held keeps its id."""
    chat = await Chat.get(id=place.chat_id, consumer_id=line.user_id)
    async with transaction() as tell:
        answered = await _answered(line, incoming)
        message = Message(
            id=known_as or new_id(),
            chat_id=chat.id,
            sender_id=line.user_id,
            timestamp=incoming.sent_at,
            position=_position(incoming),
            reply_to_id=answered,
            **changes(incoming),
        )
        await add(chat, message)
        await routing.remember(line, incoming.telegram_message_id, chat.id, message.id, place.active_as_of)
        if incoming.telegram_topic_id:
            await routing.use_topic(line, incoming.telegram_topic_id, place)
        await chats.read_by_consumer(chat)
        tell(live.influencer(chat.influencer_id))
    return message


async def hold(line: Line, incoming: Incoming, place: Place) -> HeldMessage:
    """Keep a message until its consumer says which coupon it is about."""
    return await HeldMessage.create(
        id=new_id(),
        line_id=line.id,
        telegram_message_id=incoming.telegram_message_id,
        reply_to_telegram_message_id=incoming.reply_to_telegram_message_id,
        asked_with=await _asked_with(line, incoming),
        telegram_topic_id=incoming.telegram_topic_id,
        media_group_id=incoming.media_group_id,
        timestamp=incoming.sent_at,
        active_as_of=place.active_as_of,
        **changes(incoming),
    )


async def release(line: Line, held: HeldMessage, place: Place) -> Message:
    """Put a message that was held into the chat where, as we know by now, it belongs."""
    await HeldMessage.filter(id=held.id).delete()
    incoming = Incoming(
        moment=Moment(held.active_as_of or 0),
        telegram_message_id=held.telegram_message_id,
        sent_at=held.timestamp,
        reply_to_telegram_message_id=held.reply_to_telegram_message_id,
        telegram_topic_id=held.telegram_topic_id,
        text=held.text,
        kind=held.kind,
        attachment=held.attachment,
        edited_at=held.edited_at,
    )
    return await file(line, incoming, place, held.id)


async def release_replies(line: Line, telegram_message_id: int, chat_id: str) -> bool:
    """Put what replies to a message into its chat, now that it is known; say whether there was anything."""
    replies = await HeldMessage.filter(line_id=line.id, reply_to_telegram_message_id=telegram_message_id)
    albums = [reply.media_group_id for reply in replies if reply.media_group_id]
    if albums:
        replies += await HeldMessage.filter(line_id=line.id, media_group_id__in=albums)
    found = {reply.id: reply for reply in replies}
    for reply in sorted(found.values(), key=lambda reply: reply.telegram_message_id):
        await release(line, reply, Place(chat_id))
    return bool(found)


async def add(chat: Chat, message: Message) -> None:
    """Put a message at its place in the chat; a reply's place is behind everything that is there."""
    bind_contextvars(chat=chat.id)  # the log's next lines are about it
    await chats.touch(chat.id)
    if message.position is None:
        await _put_last(chat, message)
    await message.save(force_create=True)
    await chats.lead(chat.id, message.timestamp, message.id)
    direction = "out" if message.sender_id == chat.influencer_id else "in"
    after_commit(metrics.MESSAGES.labels(direction).inc)


def edited(before: Message | HeldMessage, incoming: Incoming) -> dict[str, Any]:
    """Name what an edit changes of a message; nothing, if it is older than what is there.

    Telegram also tells of edits in which nobody has changed anything: a link has got its preview, somebody who
    shares where they are has moved. Those are no edits to whoever reads.
    """
    if before.edited_at and incoming.edited_at and before.edited_at > incoming.edited_at:
        return {}
    after = changes(incoming)
    after["attachment"] = {**_context(before), **(incoming.attachment or {})} or None
    if not _is_seen_to_differ(before, after):
        del after["edited_at"]
    return after


def changes(incoming: Incoming) -> dict[str, Any]:
    """Name what an edit can change."""
    return {
        "text": incoming.text,
        "kind": incoming.kind,
        "attachment": incoming.attachment,
        "edited_at": incoming.edited_at,
    }


def _context(before: Message | HeldMessage) -> dict[str, Any]:
    """Give what no edit changes: what a message quotes, whose it was, and its album."""
    kept = contents.told(before.attachment)
    return {name: kept[name] for name in ("mediaGroupId", "forwardedFrom", "quote") if name in kept}


def _is_seen_to_differ(before: Message | HeldMessage, after: dict[str, Any]) -> bool:
    if (before.kind, before.text) != (after["kind"], after["text"]):
        return True
    return before.kind != "location" and _seen(before.attachment) != _seen(after["attachment"])


def _seen(attachment: Any) -> dict[str, Any]:
    """Leave out by which name Telegram has the file: it is another each time."""
    return {name: value for name, value in contents.told(attachment).items() if name != "fileId"}


async def _put_last(chat: Chat, message: Message) -> None:
    """Place a reply behind everything that is there, and behind what is held and may yet be filed there.

    It stands at the place of what is the last, with a later id, and not before its time: our own clock, which may
    be wrong, and another than that of the process which took in the question, has no say in the order.
    """
    rows = await fetch(
        """(SELECT position, id, timestamp FROM "Messages" WHERE "chatId" = $1
               ORDER BY position DESC, id DESC LIMIT 1)
           UNION ALL
           SELECT floor(extract(epoch FROM h.timestamp))::bigint * $3 + LEAST(h."telegramMessageId", $3 - 1), h.id,
               h.timestamp FROM "HeldMessages" h JOIN "Lines" l ON l.id = h."lineId" WHERE l."userId" = $2
           UNION ALL
           SELECT floor(extract(epoch FROM "createdAt"))::bigint * $3, '', "createdAt" FROM "Chats" WHERE id = $1
           ORDER BY position DESC, id DESC LIMIT 1""",
        chat.id,
        chat.consumer_id,
        _POSITION_STEP,
    )
    last = rows[0]
    message.id = new_id(after=last["id"])
    message.position = last["position"]
    message.timestamp = max(message.timestamp, last["timestamp"])


def _position(incoming: Incoming) -> int:
    """Order by Telegram's time, and within a second by its message id: our own clock has no say in it."""
    return int(incoming.sent_at.timestamp()) * _POSITION_STEP + min(
        incoming.telegram_message_id, _POSITION_STEP - 1
    )


async def _asked_with(line: Line, incoming: Incoming) -> int | None:
    """Find the question that is about the rest of an album, or about what this replies to."""
    waiting = HeldMessage.filter(line_id=line.id)
    if incoming.media_group_id and (part := await waiting.filter(media_group_id=incoming.media_group_id).first()):
        return int(part.asked_with) if part.asked_with else None
    replied = await waiting.get_or_none(telegram_message_id=incoming.reply_to_telegram_message_id or 0)
    return replied.asked_with if replied else None


async def _answered(line: Line, incoming: Incoming) -> str | None:
    """Find our message that this one replies to on the phone."""
    if incoming.reply_to_telegram_message_id is None:
        return None
    known = await routing.known_as(line, incoming.reply_to_telegram_message_id)
    return known.message_id if known else None
