"""What is known of a message that comes in, and of what it may belong to: asked in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from database import rows
from database.transactions import fetch
from models import Chat, Peer
from services.incoming.placement import AsOf, Incoming

ALBUM_REACH = 50  # message ids; an album has ten parts, and few others get in between


@dataclass(frozen=True)
class Fact:
    """Something that is known, and what goes with it."""

    chat: Chat | None  # none: it is in none, or in one that is not (any more) the consumer's to write in
    message_id: str | None
    active_as_of: int | None  # as in Placement


@dataclass(frozen=True)
class Lookup:
    """What is known; what a message doesn't have (a topic, an album, something it replies to) is not looked for."""

    known: Fact | None = None  # the message itself, in a chat
    held: Fact | None = None  # or held
    topic: Fact | None = None
    album: Fact | None = None  # another part of its album, in a chat
    held_album: Fact | None = None  # or held
    replied: Fact | None = None  # what it replies to, in a chat
    held_replied: Fact | None = None  # or held
    prompt: Fact | None = None  # or something that has asked for a part of a title
    question: Fact | None = None  # or a question which coupon something is about
    several_chats: Fact | None = None  # that there are more than one; looked for where it replies to something
    opened: Fact | None = None  # the chat that was opened last before a moment
    interruption: Fact | None = None  # that another chat's influencer has spoken since


async def find(peer: Peer, as_of: AsOf, incoming: Incoming | None = None) -> Lookup:
    """Find what is known as of a moment, and of a message, if there is one; the peer must have been met."""
    found = await fetch(
        _statement(),
        peer.id,
        peer.user_id,
        peer.bot_id,
        peer.telegram_chat_id,
        as_of.update_id,
        as_of.received_at,
        incoming and incoming.telegram_message_id,
        incoming and incoming.telegram_topic_id,
        incoming and incoming.album_id,
        incoming and incoming.reply_to_telegram_message_id,
    )
    return Lookup(**{row["fact"]: _fact(row) for row in found})


def _fact(row: Mapping[str, Any]) -> Fact:
    chat = rows.made(Chat, row, "c") if row["c.id"] else None
    return Fact(chat, row["message_id"], row["active_as_of"])


@cache
def _statement() -> str:
    return f"""
        WITH {_OPENED}, facts (fact, chat_id, message_id, active_as_of) AS ({_OF_MESSAGE}
            UNION ALL SELECT 'opened', "chatId", NULL, NULL FROM opened
            UNION ALL SELECT 'interruption', NULL, NULL, NULL FROM opened a WHERE EXISTS ({_SAID_SINCE}))
        SELECT fact, message_id, active_as_of, {rows.columns(Chat, "c")}
        FROM facts LEFT JOIN "Chats" c ON c.id = chat_id AND c."consumerId" = $2
        """  # noqa: S608 - constants


# Which chat was opened last before a moment?
#
# Telegram's count says what came before what; but it starts anew after a week of silence, and says nothing of
# what was longer ago than the day for which Telegram keeps updates. The clock is read when it is this peer's
# turn: ``now()`` would be when the transaction began, and it may have waited while a tap was handled.
#
# However long somebody has been here, few rows are read: a day's openings, and one delivery of each chat.
_OPENED = """
    asked AS MATERIALIZED (SELECT COALESCE($6, clock_timestamp()) AS as_of),
    opened AS MATERIALIZED (
        (SELECT *, true AS is_recent FROM "Activations"
         WHERE "peerId" = $1 AND at > (SELECT as_of FROM asked) - interval '1 day'
         AND at <= (SELECT as_of FROM asked) AND "updateId" <= $5
         ORDER BY "updateId" DESC, at DESC, id DESC LIMIT 1)
        UNION ALL
        (SELECT *, false FROM "Activations"
         WHERE "peerId" = $1 AND at <= (SELECT as_of FROM asked) - interval '1 day'
         ORDER BY at DESC, id DESC LIMIT 1)
        ORDER BY is_recent DESC LIMIT 1),
    chats AS MATERIALIZED (
        SELECT id FROM "Chats" WHERE "consumerId" = $2 UNION SELECT id FROM "Chats" WHERE "peerId" = $1)
    """

# Has the influencer of another chat said something to this peer since then?
_SAID_SINCE = """
    SELECT FROM chats other, LATERAL (
        SELECT FROM "Deliveries" d WHERE (d."chatId", d."peerId") <= (other.id, $1)
        AND (d."chatId", d."peerId", d.sequence) > (other.id, $1, a."deliveryCount")
        AND d."messageId" IS NOT NULL ORDER BY d."chatId", d."peerId", d.sequence LIMIT 1) said
    WHERE other.id <> a."chatId"
    """

# What is known of a message, of its topic, of its album, which Telegram numbers without a gap, and of what it
# replies to? Where it has none of these, nothing is read.
_OF_MESSAGE = f"""
    SELECT 'known', "chatId", "messageId", "activeAsOf" FROM "TelegramMessages"
    WHERE "botId" = $3 AND "telegramChatId" = $4 AND "telegramMessageId" = $7
    UNION ALL
    SELECT 'held', NULL, NULL, NULL FROM "HeldMessages" WHERE "peerId" = $1 AND "telegramMessageId" = $7
    UNION ALL
    SELECT 'topic', "chatId", NULL, "activeAsOf" FROM "TelegramTopics"
    WHERE "peerId" = $1 AND "telegramTopicId" = $8
    UNION ALL
    (SELECT 'album', t."chatId", NULL, t."activeAsOf"
     FROM "Messages" m JOIN "TelegramMessages" t ON t."messageId" = m.id
     WHERE $9::text IS NOT NULL AND m."albumId" = $9 AND m."senderId" = $2
     AND t."botId" = $3 AND t."telegramChatId" = $4
     AND t."telegramMessageId" BETWEEN $7 - {ALBUM_REACH} AND $7 + {ALBUM_REACH} LIMIT 1)
    UNION ALL
    (SELECT 'held_album', NULL, NULL, "activeAsOf" FROM "HeldMessages"
     WHERE $9 IS NOT NULL AND "peerId" = $1 AND "albumId" = $9 LIMIT 1)
    UNION ALL
    SELECT 'replied', "chatId", "messageId", NULL FROM "TelegramMessages"
    WHERE "botId" = $3 AND "telegramChatId" = $4 AND "telegramMessageId" = $10
    UNION ALL
    SELECT 'held_replied', NULL, NULL, "activeAsOf" FROM "HeldMessages"
    WHERE "peerId" = $1 AND "telegramMessageId" = $10
    UNION ALL
    SELECT 'prompt', NULL, NULL, NULL FROM "Prompts" WHERE "peerId" = $1 AND "telegramMessageId" = $10
    UNION ALL
    (SELECT 'question', NULL, NULL, NULL FROM "HeldMessages"
     WHERE "peerId" = $1 AND "telegramQuestionId" = $10 LIMIT 1)
    UNION ALL
    SELECT 'several_chats', NULL, NULL, NULL
    FROM (SELECT FROM "Chats" WHERE $10 IS NOT NULL AND "consumerId" = $2 LIMIT 2) few HAVING count(*) > 1
    """  # noqa: S608 - a constant
