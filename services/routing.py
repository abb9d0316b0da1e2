"""Which chat a consumer's message belongs to; where that is not certain, it is nobody's guess."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from database import clock
from database.transactions import fetch
from models import Chat, HeldMessage, Line, TelegramMessage, TelegramTopic

ALBUM_REACH = 50  # message ids; an album has ten parts, and few others get in between


@dataclass(frozen=True)
class Moment:
    """When an update was made, which is not always when it is handled.

    Telegram counts updates; they may overtake each other, and one that failed is handled again much later, as of
    the time at which it was received.
    """

    update_id: int
    received_at: datetime | None = None  # none: now


@dataclass(frozen=True)
class Incoming:
    """What a consumer wrote or sent, as Telegram tells it."""

    telegram_message_id: int
    sent_at: datetime
    moment: Moment
    text: str = ""
    kind: str = "text"
    attachment: dict[str, Any] | None = None
    reply_to_telegram_message_id: int | None = None
    telegram_topic_id: int | None = None
    media_group_id: str | None = None
    edited_at: datetime | None = None


@dataclass(frozen=True)
class Place:
    """Where a message belongs: a chat, or none as long as its consumer has not said which.

    ``active_as_of`` is the update as of which that chat was the active one, if that is why.
    """

    chat_id: str | None
    active_as_of: int | None = None


async def place_of(line: Line, incoming: Incoming) -> Place:
    """Find where a new message belongs: its topic's chat, that of what it replies to, the active one; or none."""
    if incoming.telegram_topic_id and (topic := await _of_topic(line, incoming.telegram_topic_id)):
        return Place(_theirs(line, topic.chat), topic.active_as_of)
    if incoming.media_group_id and (found := await _of_album(line, incoming)):
        return found
    if replied := incoming.reply_to_telegram_message_id:
        if known := await known_as(line, replied):
            return Place(_theirs(line, known.chat))
        if await _has_several_chats(line):  # it answers what waits itself, or what nobody knows the place of
            waiting = await HeldMessage.get_or_none(line_id=line.id, telegram_message_id=replied)
            return Place(None, waiting.active_as_of if waiting else None)
    return Place(await active_chat(line, incoming.moment), incoming.moment.update_id)


async def known_as(line: Line, telegram_message_id: int) -> TelegramMessage | None:
    """Find what we know of a message on the consumer's phone, with the chat where it stands."""
    return await TelegramMessage.get_or_none(
        bot_id=line.bot_id, telegram_chat_id=line.telegram_chat_id, telegram_message_id=telegram_message_id
    ).select_related("chat")


async def remember(
    line: Line, telegram_message_id: int, chat_id: str, message_id: str | None, active_as_of: int | None = None
) -> None:
    """Keep which chat and message a message on the phone belongs to; ``active_as_of`` as in ``Place``."""
    await TelegramMessage.get_or_create(
        bot_id=line.bot_id,
        telegram_chat_id=line.telegram_chat_id,
        telegram_message_id=telegram_message_id,
        defaults={"chat_id": chat_id, "message_id": message_id, "active_as_of": active_as_of},
    )


async def bind_topic(line: Line, telegram_topic_id: int | None, chat: Chat) -> None:
    """Let a topic in which the consumer has opened a chat stand for it from now on."""
    if telegram_topic_id:
        await TelegramTopic.update_or_create(
            line_id=line.id,
            telegram_topic_id=telegram_topic_id,
            defaults={"chat_id": chat.id, "active_as_of": None, "used_at": clock.now(), "is_gone": False},
        )


async def use_topic(line: Line, telegram_topic_id: int, place: Place) -> None:
    """Note that what was written in a topic was filed; a topic that stood for no chat stands for the active one."""
    topic = TelegramTopic.filter(line_id=line.id, telegram_topic_id=telegram_topic_id)
    is_known = await topic.update(used_at=clock.now(), is_gone=False)
    if not is_known and place.active_as_of is not None:
        await TelegramTopic.create(
            line_id=line.id,
            telegram_topic_id=telegram_topic_id,
            chat_id=place.chat_id,
            active_as_of=place.active_as_of,
            used_at=clock.now(),
        )


async def topic_for(line: Line, chat: Chat) -> int | None:
    """Find where on the phone a chat is talked about: in which topic, if it has one."""
    topic = await TelegramTopic.filter(line_id=line.id, chat_id=chat.id, is_gone=False).order_by("-used_at").first()
    return topic.telegram_topic_id if topic else None


async def lose_topic(line: Line, telegram_topic_id: int) -> None:
    """Say nothing in a topic any more, until somebody writes there."""
    await TelegramTopic.filter(line_id=line.id, telegram_topic_id=telegram_topic_id).update(is_gone=True)


async def activate(line: Line, chat: Chat, moment: Moment) -> None:
    """Let what the consumer writes from that moment on without saying where go to this chat."""
    await fetch(
        """INSERT INTO "Activations" ("lineId", "chatId", "updateId", "deliveryCount", at)
           SELECT id, $2, $3, "deliveryCount", COALESCE($4, clock_timestamp()) FROM "Lines" WHERE id = $1""",
        line.id,
        chat.id,
        moment.update_id,
        moment.received_at,
    )


async def active_chat(line: Line, moment: Moment) -> str | None:
    """Find the chat that was opened last before a moment, unless another chat's influencer has spoken since.

    One that was theirs before they were invited, about a coupon of their own, is nobody's to write in.

    Telegram's count says what came before what; but it starts anew after a week of silence, and says nothing of
    what was longer ago than the day for which Telegram keeps updates. The clock is read when it is this line's
    turn: ``now()`` would be when the transaction began, and it may have waited while a tap was handled.
    """
    found = await fetch(
        """SELECT a."chatId" AS chat_id, EXISTS (
               SELECT 1 FROM "Deliveries" d WHERE d."lineId" = $1 AND d.sequence > a."deliveryCount"
               AND d."messageId" IS NOT NULL AND d."chatId" <> a."chatId") AS is_interrupted,
               (SELECT c."consumerId" <> $4 FROM "Chats" c WHERE c.id = a."chatId") AS is_closed
           FROM "Activations" a, (SELECT COALESCE($3, clock_timestamp()) AS as_of) AS asked,
                LATERAL (SELECT a.at > as_of - interval '1 day' AS is_recent) AS age
           WHERE a."lineId" = $1 AND a.at <= as_of AND NOT (is_recent AND a."updateId" > $2)
           ORDER BY is_recent DESC, CASE WHEN is_recent THEN a."updateId" END DESC, a.at DESC, a.id DESC LIMIT 1""",
        line.id,
        moment.update_id,
        moment.received_at,
        line.user_id,
    )
    if not found or found[0]["is_interrupted"] or found[0]["is_closed"]:
        return None
    return str(found[0]["chat_id"])


async def _of_album(line: Line, incoming: Incoming) -> Place | None:
    """Find the rest of an album, which Telegram numbers without a gap: it is never torn apart."""
    rows = await fetch(
        """SELECT t."chatId" AS chat_id, t."activeAsOf" AS active_as_of
           FROM "TelegramMessages" t JOIN "Messages" m ON m.id = t."messageId" AND m."senderId" = $6
           WHERE t."botId" = $1 AND t."telegramChatId" = $2 AND t."telegramMessageId" BETWEEN $3 AND $4
           AND m.attachment->>'mediaGroupId' = $5 LIMIT 1""",
        line.bot_id,
        line.telegram_chat_id,
        incoming.telegram_message_id - ALBUM_REACH,
        incoming.telegram_message_id + ALBUM_REACH,
        incoming.media_group_id,
        line.user_id,
    )
    if rows:
        return Place(**rows[0])
    held = await HeldMessage.filter(line_id=line.id, media_group_id=incoming.media_group_id).first()
    return Place(None, held.active_as_of) if held else None


async def _has_several_chats(line: Line) -> bool:
    return await Chat.filter(consumer_id=line.user_id).limit(2).count() > 1


async def _of_topic(line: Line, telegram_topic_id: int) -> TelegramTopic | None:
    topic = TelegramTopic.get_or_none(line_id=line.id, telegram_topic_id=telegram_topic_id)
    return await topic.select_related("chat")


def _theirs(line: Line, chat: Chat) -> str | None:
    """Give a chat's id, unless it was begun by who they were before they were invited."""
    return chat.id if chat.consumer_id == line.user_id else None
