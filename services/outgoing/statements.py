"""The statements that end a delivery, and say when its peer's next one is due.

``arrived`` and ``arrived_at_once`` take what ``sending`` lists as the facts of an arrival.
"""

from functools import cache

from database import rows
from models import Peer

# What waits: in a peer's order, and what has no place in it.
WAITS = "d.state IN ('queued', 'sending', 'uncertain')"
ORDERED, UNORDERED = f'{WAITS} AND d."expiresAt" IS NULL', f'{WAITS} AND d."expiresAt" IS NOT NULL'


@cache
def keeping() -> str:
    """Write the statement that keeps a peer ($1) and then a chat ($2), and gives the peer as it is then."""
    return f"""
        WITH p AS (SELECT * FROM "Peers" WHERE id = $1 FOR NO KEY UPDATE),
            chat AS (UPDATE "Chats" c SET revision = 0 FROM p WHERE c.id = $2)
        SELECT {rows.columns(Peer, "p")} FROM p"""  # noqa: S608 - names of columns


@cache
def arrived() -> str:
    """Write the statement that ends a delivery that has arrived; its peer and its message's chat are kept."""
    return f"""
        WITH {_arriving('"Peers"', "true")},
            EXISTS (SELECT FROM "HeldMessages" WHERE "peerId" = $3
                AND "replyToTelegramMessageId" = ANY($4::bigint[])) AS is_replied_to"""


@cache
def arrived_at_once() -> str:
    """Write the statement that keeps these two by itself, the peer if it is still as the statement sees it."""
    return f"""
        WITH latest AS (SELECT *, xmin AS version FROM "Peers" WHERE id = $3 FOR NO KEY UPDATE),
        kept AS (
            SELECT latest.* FROM latest JOIN "Peers" seen ON seen.id = latest.id AND seen.xmin = latest.version
            WHERE NOT EXISTS (SELECT FROM "HeldMessages" h WHERE h."peerId" = $3
                AND h."replyToTelegramMessageId" = ANY($4::bigint[]))),
        chat AS (
            UPDATE "Chats" c SET revision = 0 FROM kept
            WHERE c.id = $5::text AND $6::text IS NOT NULL RETURNING c.id),
        {_arriving("kept", "($6::text IS NULL OR EXISTS (SELECT FROM chat))")},
            EXISTS (SELECT FROM kept) AS is_kept"""  # noqa: S608 - constants


def _arriving(peers: str, once: str) -> str:
    """Write what both have in common.

    The other parts of its message are as they were before this statement, and it is not one of them. Its message
    may have been moved since the delivery began.
    """
    return f"""
        ended AS (
            UPDATE "Deliveries" d SET state = 'sent', error = NULL FROM {peers} p
            WHERE p.id = $3 AND {once} AND d.id = $1 AND d.attempts = $2 AND {WAITS} RETURNING d.id),
        known AS (
            INSERT INTO "TelegramMessages"
                ("botId", "telegramChatId", "telegramMessageId", "chatId", "messageId", part, "hasLabel",
                "telegramTopicId")
            SELECT p."botId", p."telegramChatId", telegram_message_id,
                COALESCE((SELECT "chatId" FROM "Messages" WHERE id = $7), $5::text), $7::text, $8::smallint,
                $9::boolean, $10::bigint
            FROM {peers} p, unnest($4::bigint[]) telegram_message_id
            WHERE p.id = $3 AND $5::text IS NOT NULL
            ON CONFLICT DO NOTHING),
        taken AS (
            UPDATE "TelegramTopics" SET "hasTaken" = true
            WHERE "peerId" = $3 AND "telegramTopicId" = $10 AND NOT "hasTaken"),
        message AS ({message_state("EXISTS (SELECT FROM ended)", message="$6::text")}),
        due AS (
            UPDATE "Peers" p SET "nextDueAt" = ({next_due(but="d.id = $1")}),
                "spokenChatId" = CASE WHEN {_SPOKEN} THEN $5::text WHEN {_SPOKEN_IN_TOPIC} THEN NULL
                    ELSE p."spokenChatId" END
            FROM ended WHERE p.id = $3 RETURNING p."nextDueAt")
        SELECT EXISTS (SELECT FROM ended) AS is_news, (SELECT "nextDueAt" FROM due) AS next_due_at"""  # noqa: S608


# Whether what stands last outside of every topic is about its chat from now on: what was changed there may not.
_SPOKEN = """(
    $5::text IS NOT NULL AND $10::bigint IS NULL AND cardinality($4::bigint[]) > 0
    AND NOT ($11::boolean AND EXISTS (
        SELECT FROM "TelegramMessages" t WHERE t."botId" = p."botId" AND t."telegramChatId" = p."telegramChatId"
        AND t."telegramMessageId" >= ALL($4::bigint[])
        AND (t."telegramTopicId" IS NOT NULL OR t."telegramMessageId" <> ALL($4::bigint[])))))"""

# Whether something new has been said in a topic: once topics are switched off, that stands among all else.
_SPOKEN_IN_TOPIC = "($5::text IS NOT NULL AND $10::bigint IS NOT NULL AND NOT $11::boolean)"


def message_state(condition: str, message: str = "$2") -> str:
    """Write how far a message is by its deliveries, but for one that has just ended ($1)."""
    return f"""
        UPDATE "Messages" m SET "deliveryError" = others.error, "deliveryState" = CASE
            WHEN others.wait THEN 'queued' WHEN others.error IS NULL THEN 'sent' ELSE 'failed' END
        FROM (
            SELECT bool_or({WAITS}) IS TRUE AS wait, min(d.error) FILTER (WHERE d.state = 'failed') AS error
            FROM "Deliveries" d WHERE d."messageId" = {message} AND d.id <> $1) others
        WHERE m.id = {message} AND {condition}"""  # noqa: S608 - constants


def next_due(but: str = "false") -> str:
    """Write when a peer's next delivery is due, which is not one that ends in the same statement."""
    return f"""
        SELECT GREATEST(d."dueAt", p."pausedUntil") FROM "Deliveries" d
        WHERE d."botId" = p."botId" AND d."peerId" = p.id AND {ORDERED} AND NOT {but}
        ORDER BY d.sequence LIMIT 1"""  # noqa: S608 - constants
