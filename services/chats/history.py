"""The history of a chat: messages in their order, and what has been read of them."""

import json
from dataclasses import dataclass
from datetime import datetime

from structlog.contextvars import bind_contextvars

from database.ids import new_id
from database.transactions import after_commit, fetch, transaction
from models import Chat, Message, Peer
from services import live, metrics
from services.media import attachments

HISTORY_PAGE = 50
POSITION_STEP = 2**31  # above any of Telegram's message ids

# A chat whose last message this is becomes the first in its lists. No clock of ours decides that: ``updatedAt`` is
# the message's time, but later than that of the influencer's other chats and of the consumer's, and never earlier
# than it was. A message that came late stands in the history where it was written, and leaves the chat where it is.
# Replies leave from now on by a peer ($5), if there is one.
_MOVE_TO_TOP = """
    UPDATE "Chats" c SET
        revision = 0,  -- a trigger sets the real one
        "peerId" = COALESCE($5, c."peerId"),
        "lastMessageId" = CASE WHEN new.is_last THEN $2 ELSE c."lastMessageId" END,
        "updatedAt" = CASE WHEN NOT new.is_last THEN c."updatedAt"
            ELSE GREATEST(c."updatedAt", $3, interval '1 microsecond' + GREATEST(
                (SELECT max("updatedAt") FROM "Chats" WHERE "influencerId" = c."influencerId" AND id <> c.id),
                (SELECT max("updatedAt") FROM "Chats" WHERE "consumerId" = c."consumerId" AND id <> c.id))) END
    FROM (SELECT NOT EXISTS (
        SELECT FROM "Messages" WHERE "chatId" = $1 AND (position, id) > ($4, $2)) AS is_last) new
    WHERE c.id = $1"""


async def unread(
    chat: Chat, since: Message | None = None, through: Message | None = None, limit: int = 1
) -> list[str]:
    """Name the newest of what the consumer has said and the influencer has not read, from one to another."""
    found = await fetch(
        f"""SELECT id FROM "Messages" WHERE {_SAID_BY_CONSUMER}
            ORDER BY position DESC, id DESC LIMIT $7""",  # noqa: S608 - a constant
        *_span(chat, since, through),
        limit,
    )
    return [row["id"] for row in found]


async def mark_read(chat: Chat, since: Message | None = None, through: Message | None = None) -> list[str]:
    """Count what the consumer has said as read: all of it, or what the influencer was shown, from one to another.

    It names what has been unread until now; a chat in which nothing of that is unread is left alone.
    """
    return await _mark_read(chat, _SAID_BY_CONSUMER, _span(chat, since, through))


async def read_by_consumer(chat: Chat) -> None:
    """Count what the influencer has said as read; a chat in which nothing of that is unread is left alone."""
    said, values = _SAID_BY_INFLUENCER, (chat.id, chat.influencer_id)
    if await fetch(f'SELECT 1 FROM "Messages" WHERE {said} LIMIT 1', *values):  # noqa: S608 - a constant
        await _mark_read(chat, said, values)


_SAID_BY_INFLUENCER = """NOT "isRead" AND "chatId" = $1 AND "senderId" = $2"""
_SAID_BY_CONSUMER = """NOT "isRead" AND "chatId" = $1 AND "senderId" <> $2
    AND (position, id) >= ($3, $4) AND (position, id) <= ($5, $6)"""


def _span(chat: Chat, since: Message | None, through: Message | None) -> tuple[object, ...]:
    first = (since.position, since.id) if since else (0, "")
    last = (through.position, through.id) if through else (2**63 - 1, "")
    return chat.id, chat.influencer_id, *first, *last


async def _mark_read(chat: Chat, unread: str, values: tuple[object, ...]) -> list[str]:
    """Count messages as read, their chat being touched before them, and let the influencer see that."""
    async with transaction() as tell:
        read = await fetch(
            f"""WITH chat AS (
                    UPDATE "Chats" c SET revision = 0  -- a trigger sets the real one
                    WHERE c.id = $1 AND EXISTS (SELECT FROM "Messages" WHERE {unread}) RETURNING c.id)
                UPDATE "Messages" SET "isRead" = true
                WHERE EXISTS (SELECT FROM chat) AND {unread} RETURNING id""",  # noqa: S608 - a constant
            *values,
        )
        if read:
            tell(live.influencer(chat.influencer_id))
    return [row["id"] for row in read]


async def latest(chat: Chat, before: Message | None = None, limit: int = HISTORY_PAGE) -> list[Message]:
    """Give the last messages of a chat, or the last before one of them, oldest first, with their files."""
    position, message_id = (before.position, before.id) if before else (2**63 - 1, "")
    rows = await fetch(
        """SELECT id FROM "Messages" WHERE "chatId" = $1 AND (position, id) < ($2, $3)
           ORDER BY position DESC, id DESC LIMIT $4""",
        chat.id,
        position,
        message_id,
        limit,
    )
    found = await Message.filter(id__in=[row["id"] for row in rows]).order_by("position", "id")
    return await attachments.load(found)


async def last_said(chat: Chat, limit: int) -> list[Message]:
    """Give the last messages of a chat that nobody has taken back, oldest first, with their files."""
    found = Message.filter(chat_id=chat.id, deleted_at=None).order_by("-position", "-id").limit(limit)
    return await attachments.load((await found)[::-1])


async def unread_count(chat: Chat) -> int:
    """Count what the influencer has said, and not taken back, and the consumer has not read."""
    said = Message.filter(chat_id=chat.id, sender_id=chat.influencer_id)
    return await said.filter(is_read=False, deleted_at=None).count()


async def following(chat: Chat, first: Message, limit: int) -> list[Message]:
    """Give a message of a chat and those behind it, oldest first, with their files."""
    rows = await fetch(
        """SELECT id FROM "Messages" WHERE "chatId" = $1 AND (position, id) >= ($2, $3)
           ORDER BY position, id LIMIT $4""",
        chat.id,
        first.position,
        first.id,
        limit,
    )
    found = await Message.filter(id__in=[row["id"] for row in rows]).order_by("position", "id")
    return await attachments.load(found)


@dataclass(frozen=True)
class Phone:
    """Where a consumer has written a message."""

    peer: Peer
    telegram_message_id: int
    active_as_of: int | None  # as in Placement
    is_answered_there: bool  # whether replies leave by this peer from now on


async def add(chat: Chat, message: Message, phone: Phone | None = None) -> None:
    """Put a message at its place in the chat.

    One that was written on a phone is known by its number there, and its consumer has read what the influencer has
    said in the chat.

    Whoever adds one holds the chat's consumer since an earlier statement (people.meet, deliveries.peer_of), or the
    chat itself (filing.file_held_replies). So this one sees all that others have added, though it may have to wait
    for somebody who changes the chat.
    """
    bind_contextvars(chat=chat.id)  # the log's next lines are about it
    await fetch(
        _ADDING,
        chat.id,
        message.id,
        message.timestamp,
        message.position,
        phone.peer.id if phone and phone.is_answered_there else None,
        message.sender_id,
        message.text,
        message.kind,
        _json(message.details),
        message.forwarded_from,
        _json(message.quote),
        message.album_id,
        message.reply_to_id,
        message.moved_from_id,
        message.edited_at,
        message.is_read,
        message.delivery_state,
        message.delivery_error,
        message.may_be_doubled,
        message.request_id,
        phone and phone.peer.bot_id,
        phone and phone.peer.telegram_chat_id,
        phone and phone.telegram_message_id,
        phone and phone.active_as_of,
        _json(message.formatting),
        message.edited_as_of,
    )
    direction = "out" if message.sender_id == chat.influencer_id else "in"
    after_commit(metrics.MESSAGES.labels(direction).inc)


# The chat comes first, for whoever changes a message holds its chat: all else needs to know what became of it.
_ADDING = f"""
    WITH chat AS ({_MOVE_TO_TOP} RETURNING c.id, c."influencerId"),
        known AS (
            INSERT INTO "TelegramMessages"
                ("botId", "telegramChatId", "telegramMessageId", "chatId", "messageId", "activeAsOf")
            SELECT $21, $22, $23, id, $2, $24 FROM chat WHERE $23::bigint IS NOT NULL ON CONFLICT DO NOTHING),
        read AS (
            UPDATE "Messages" m SET "isRead" = true FROM chat
            WHERE $23 IS NOT NULL AND m."chatId" = chat.id AND m."senderId" = chat."influencerId"
            AND NOT m."isRead")
    INSERT INTO "Messages" ("chatId", id, timestamp, position, "senderId", text, kind, details,
        "forwardedFrom", quote, "albumId", "replyToId", "movedFromId", "editedAt", "isRead",
        "deliveryState", "deliveryError", "mayBeDoubled", "requestId", formatting, "editedAsOf", revision)
    VALUES ((SELECT id FROM chat), $2, $3, $4, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
        $18, $19, $20, $25, $26, 0)"""  # noqa: S608 - constants


# What is the last that the consumer of a chat ``c`` has in any chat, or that is held and may yet be filed there:
# where messages are moved to another chat, they keep their order among those that are there.
LAST = f"""
    SELECT position, id, timestamp FROM (
        SELECT last.* FROM "Chats" theirs CROSS JOIN LATERAL (
            SELECT position, id, timestamp FROM "Messages" WHERE "chatId" = theirs.id
            ORDER BY position DESC, id DESC LIMIT 1) last
        WHERE theirs."consumerId" = c."consumerId"
        UNION ALL
        SELECT floor(extract(epoch FROM h.timestamp))::bigint * {POSITION_STEP}
            + LEAST(h."telegramMessageId", {POSITION_STEP - 1}), h.id, h.timestamp
        FROM "HeldMessages" h JOIN "Peers" hp ON hp.id = h."peerId" WHERE hp."userId" = c."consumerId"
        UNION ALL
        SELECT floor(extract(epoch FROM c."createdAt"))::bigint * {POSITION_STEP}, '', c."createdAt"
    ) found ORDER BY position DESC, id DESC LIMIT 1"""  # noqa: S608 - a constant


@dataclass(frozen=True)
class Last:
    """What ``LAST`` has found."""

    position: int
    id: str
    timestamp: datetime


def place_behind(last: Last, message: Message) -> None:
    """Place a reply behind all that its consumer has said or been told, and what is held and may yet be filed.

    It stands at the place of what is the last, with a later id, and not before its time: our own clock, which may
    be wrong, and another than that of the process which took in the question, has no say in the order.
    """
    message.id = new_id(after=last.id)
    message.position = last.position
    message.timestamp = max(message.timestamp, last.timestamp)


async def touch(chat_id: str) -> None:
    """Mark a chat as changed, and keep it to ourselves until the transaction ends.

    Everything that changes a message does this first: see the order of locks in database/transactions.
    """
    await fetch('UPDATE "Chats" SET revision = 0 WHERE id = $1', chat_id)  # a trigger sets the real one


async def move_to_top(chat_id: str, at: datetime, message: Message | None = None) -> None:
    """Let a chat be the first in its lists, since it has just begun, or a message has come and is its last one."""
    place = (message.position, message.id) if message else (0, None)
    await fetch(_MOVE_TO_TOP, chat_id, place[1], at, place[0], None)


async def take_back_last(chat_id: str) -> None:
    """Let a chat that has lost its last message, which was meant for another, be as old as what is left."""
    await fetch(
        """UPDATE "Chats" c SET
               "updatedAt" = GREATEST("createdAt", (SELECT max(timestamp) FROM "Messages" WHERE "chatId" = $1)),
               "lastMessageId" = (
                   SELECT id FROM "Messages" WHERE "chatId" = $1 ORDER BY position DESC, id DESC LIMIT 1)
           WHERE id = $1 AND NOT EXISTS (
               SELECT FROM "Messages" last WHERE last.id = c."lastMessageId" AND last."chatId" = c.id)""",
        chat_id,
    )


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value)
