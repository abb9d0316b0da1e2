"""What is due: found by index, never by reading what waits, and begun for many peers in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import structlog

from database import clock, rows
from database.transactions import fetch, transaction
from models import Chat, Coupon, Delivery, Message, Peer, User
from services.outgoing import sending, topics
from services.outgoing.sending import EXPIRES_AFTER, Step
from services.outgoing.statements import ORDERED, UNORDERED

FRESH = timedelta(seconds=1)  # for as long as that whoever has become due overtakes a backlog

log = structlog.get_logger()


@dataclass(frozen=True)
class Room:
    """How many deliveries may begin: of those in order, so many of peers that have just become due come first."""

    ordered: int
    fresh: int
    unordered: int


@dataclass(frozen=True)
class Busy:
    """What is left alone: peers that are being served, or must wait for their pace, and unordered deliveries."""

    peers: Iterable[str] = ()
    paced: Iterable[str] = ()
    unordered: Iterable[str] = ()


@dataclass(frozen=True)
class Look:
    """What a look has begun, or found to be ended; and when to look again."""

    steps: list[Step]
    is_room_used: bool = False  # as many peers were found as there was room for
    is_more_due: bool = False  # also where others hold a peer right now
    paced: frozenset[str] = frozenset()  # of the peers that must wait for their pace those that are due
    next_due_at: datetime | None = None


async def begin(bot_id: int, room: Room, busy: Busy, until: datetime) -> Look:
    """Begin what is due: the heads of peers' queues are ``sending`` from now on, and nobody else's until then.

    What is expired, or was begun by somebody who never said how that ended, is found as it is. Of two who look at
    once nobody waits for the other, and neither begins what the other has begun.
    """
    moment = clock.now()
    found = await fetch(
        _beginning(),
        bot_id,
        moment,
        moment - FRESH,
        until,
        [*busy.peers, *busy.paced],
        room.fresh,
        room.ordered,
        list(busy.unordered),
        room.unordered,
        EXPIRES_AFTER,
        list(busy.paced),
    )
    facts = found[0]
    if strays := set(facts["chosen"]) - {row["d.peerId"] for row in found if row["d.expiresAt"] is None}:
        await put_right(bot_id, strays)
    return Look(
        [step for step in _steps(found) if step.is_begun or step.is_abandoned or step.is_expired],
        len(facts["chosen"]) >= room.ordered,
        facts["is_more_due"],
        frozenset(facts["paced"]),
        facts["next_due_at"],
    )


async def begun(bot_id: int, until: datetime) -> Look:
    """Find what was begun until then by somebody who can't know whether that was written down."""
    return Look(_steps(await fetch(_begun(), bot_id, until)), is_more_due=True)


async def put_right(bot_id: int, among: Iterable[str] | None = None) -> int:
    """Let peers that say something else than their queues be due as those say; give their number.

    A peer is looked at again once it is held: whoever has held it meanwhile has put it right.
    """
    wrong = await _wrong(bot_id) if among is None else list(among)
    if not wrong:
        return 0
    async with transaction():
        kept = await fetch(
            'SELECT id FROM "Peers" WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED', wrong
        )
        await sending.put_due([peer["id"] for peer in kept])
    log.warning("outbox.put_right", peers=len(kept))
    return len(kept)


async def _wrong(bot_id: int) -> list[str]:
    found = await fetch(
        f"""SELECT COALESCE(p.id, head."peerId") AS id FROM (
                SELECT id, "nextDueAt", "pausedUntil" FROM "Peers" WHERE "botId" = $1 AND "nextDueAt" IS NOT NULL) p
            FULL JOIN (
                SELECT DISTINCT ON (d."peerId") d."peerId", d."dueAt" FROM "Deliveries" d
                WHERE d."botId" = $1 AND {ORDERED} ORDER BY d."peerId", d.sequence) head ON head."peerId" = p.id
            WHERE head."peerId" IS NULL
               OR p."nextDueAt" IS DISTINCT FROM GREATEST(head."dueAt", p."pausedUntil")""",  # noqa: S608 - a constant
        bot_id,
    )
    return [peer["id"] for peer in found]


@cache
def _beginning() -> str:
    """Write the statement that finds what is due, begins it, and gives all that its calls need.

    A head is found as of the statement's beginning, and so is its message. Another may have gone on with it since,
    or changed what it says, and then it is not what is updated. The peers are held, so that whoever ends a delivery
    is either seen, or comes later.
    """
    return f"""
        WITH fresh AS (
            SELECT id FROM "Peers"
            WHERE "botId" = $1 AND "nextDueAt" > $3 AND "nextDueAt" <= $2 AND id <> ALL($5)
            ORDER BY "nextDueAt" LIMIT $6 FOR NO KEY UPDATE SKIP LOCKED),
        longest AS (
            SELECT id FROM "Peers" WHERE "botId" = $1 AND "nextDueAt" <= $2 AND id <> ALL($5)
            ORDER BY "nextDueAt" LIMIT $7 FOR NO KEY UPDATE SKIP LOCKED),
        chosen AS (
            SELECT id, 1 AS turn FROM fresh
            UNION ALL SELECT id, 2 FROM longest WHERE id NOT IN (SELECT id FROM fresh) ORDER BY turn LIMIT $7),
        heads AS (
            SELECT head.* FROM chosen CROSS JOIN LATERAL (
                SELECT d.*, d.xmin AS version FROM "Deliveries" d
                WHERE d."botId" = $1 AND d."peerId" = chosen.id AND {ORDERED}
                ORDER BY d.sequence LIMIT 1) head
            WHERE head."dueAt" <= $2
            UNION ALL (
                SELECT d.*, d.xmin FROM "Deliveries" d WHERE d."botId" = $1 AND {UNORDERED} AND d.id <> ALL($8)
                AND LEAST(d."dueAt", d."expiresAt") <= $2 AND {_MAY_BEGIN}
                ORDER BY d.kind = 'reaction', d."dueAt" LIMIT $9)),
        begun AS (
            UPDATE "Deliveries" d SET state = 'sending', attempts = d.attempts + 1, "dueAt" = $4 FROM heads
            WHERE d.id = heads.id AND d.xmin = heads.version AND d.state IN ('queued', 'uncertain')
            AND COALESCE(d."expiresAt", d."queuedAt" + $10) > $2
            RETURNING d.id, d."peerId", d.attempts, d."expiresAt"),
        peers AS (
            UPDATE "Peers" p SET "nextDueAt" = $4 FROM begun
            WHERE p.id = begun."peerId" AND begun."expiresAt" IS NULL),
        chats AS MATERIALIZED ({_chats("heads")})
        SELECT * FROM (SELECT
            ARRAY(SELECT id FROM chosen) AS chosen,
            ARRAY(SELECT id FROM "Peers" WHERE id = ANY($11) AND "nextDueAt" <= $2) AS paced,
            (SELECT true FROM "Peers" WHERE "botId" = $1 AND "nextDueAt" <= $2 AND id <> ALL($5)
             AND id NOT IN (SELECT id FROM chosen) ORDER BY "nextDueAt" LIMIT 1) IS TRUE AS is_more_due,
            LEAST(
                (SELECT min("nextDueAt") FROM "Peers" WHERE "botId" = $1 AND "nextDueAt" > $2),
                (SELECT min(LEAST(d."dueAt", d."expiresAt")) FROM "Deliveries" d
                 WHERE d."botId" = $1 AND {UNORDERED} AND LEAST(d."dueAt", d."expiresAt") > $2)) AS next_due_at
        ) facts LEFT JOIN ({_needed("heads")}) step ON true"""  # noqa: S608 - names of columns, and constants


# Of a peer's reactions one is under way at a time: of two at the same message the last one wins. And where Telegram
# wants to be left alone, it is: a tap's answer says nothing in the chat, a reaction does.
_MAY_BEGIN = """(d.kind <> 'reaction' OR NOT EXISTS (
    SELECT FROM "Peers" paused WHERE paused.id = d."peerId" AND paused."pausedUntil" > $2)
    AND NOT EXISTS (
        SELECT FROM "Deliveries" earlier WHERE earlier.kind = 'reaction'
        AND earlier."botId" = d."botId" AND earlier."peerId" = d."peerId" AND earlier.sequence < d.sequence
        AND earlier.state IN ('queued', 'sending', 'uncertain')))"""


@cache
def _begun() -> str:
    return f"""
        WITH begun AS (
            SELECT * FROM "Deliveries" WHERE "botId" = $1 AND state = 'sending' AND "dueAt" = $2),
        chats AS MATERIALIZED ({_chats("begun")})
        {_needed("begun")}"""  # noqa: S608 - names of columns


def _chats(found: str) -> str:
    """Write what gives the chats of deliveries, with all that is said of them."""
    return f"""
        SELECT {rows.columns(Chat, "chat")}, {rows.columns(Coupon, "coupon")},
            {rows.columns(User, "consumer")}, {rows.columns(User, "influencer")}
        FROM "Chats" chat JOIN "Coupons" coupon ON coupon.id = chat."couponId"
        JOIN "Users" consumer ON consumer.id = chat."consumerId"
        JOIN "Users" influencer ON influencer.id = chat."influencerId"
        WHERE chat.id IN (SELECT "chatId" FROM {found})"""  # noqa: S608 - names of columns


def _needed(found: str) -> str:
    """Write what gives all that the calls of deliveries need, their ``chats`` beside them."""
    return f"""
        SELECT {rows.columns(Delivery, "d")}, {rows.columns(Peer, "p")}, {rows.columns(User, "u")},
            {rows.columns(Message, "m")}, chats.*, (SELECT attempts FROM begun WHERE begun.id = d.id) AS attempt,
            ({topics.of_chat('d."peerId"', 'd."chatId"')}) AS topic, ({_UNANSWERED}) AS unanswered
        FROM {found} d JOIN "Peers" p ON p.id = d."peerId" LEFT JOIN "Users" u ON u.id = p."userId"
        LEFT JOIN "Messages" m ON m.id = d."messageId"
        LEFT JOIN chats ON "chat.id" = d."chatId\""""  # noqa: S608 - names of columns


# What its consumer has written on this phone in its chat, if that is what stands right before it.
_UNANSWERED = """
    SELECT max(t."telegramMessageId") FROM (
        SELECT id, "senderId" FROM "Messages" WHERE "chatId" = m."chatId" AND (position, id) < (m.position, m.id)
        ORDER BY position DESC, id DESC LIMIT 1) before
    JOIN "TelegramMessages" t ON t."messageId" = before.id AND t."botId" = p."botId"
        AND t."telegramChatId" = p."telegramChatId"
    WHERE before."senderId" = "chat.consumerId\""""


def _steps(found: list[dict[str, Any]]) -> list[Step]:
    """Make steps; one that is of a later version's kind is left to whoever knows it."""
    steps = []
    for row in found:
        if row["d.id"] is not None:
            try:
                steps.append(_step(row))
            except ValueError:
                log.exception("delivery.unreadable", delivery=row["d.id"])
    return steps


def _step(row: dict[str, Any]) -> Step:
    delivery, peer = rows.made(Delivery, row, "d"), rows.made(Peer, row, "p")
    peer.user = rows.made(User, row, "u") if peer.user_id else None
    message = rows.made(Message, row, "m") if delivery.message_id else None
    attempt, is_begun = row["attempt"] or delivery.attempts, row["attempt"] is not None
    return Step(delivery, peer, _chat(row), message, attempt, is_begun, row["topic"], row["unanswered"])


def _chat(row: dict[str, Any]) -> Chat | None:
    if row["chat.id"] is None:
        return None
    chat = rows.made(Chat, row, "chat")
    chat.coupon = rows.made(Coupon, row, "coupon")
    chat.consumer, chat.influencer = rows.made(User, row, "consumer"), rows.made(User, row, "influencer")
    return chat
