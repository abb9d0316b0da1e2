"""What Telegram is owed: queued, peer by peer, in order."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from tortoise.queryset import QuerySet

from database import clock, rows
from database.ids import new_id
from database.transactions import fetch, transaction
from models import Chat, Delivery, DeliveryState, Message, Peer
from services import live
from services.chats import history
from services.chats.history import Last
from services.errors import NobodyThere
from services.outgoing import payloads, sending, splitting
from services.outgoing.payloads import Part, PartEdit, Payload, Question, ReactionChange
from services.outgoing.splitting import TextPart
from services.text import spans

MAX_PART = 3800  # UTF-16 code units: what fits into a message of Telegram's (4096) under its Re: line


async def peer_of(chat: Chat) -> tuple[Peer, Last]:
    """Get the peer by which a chat's replies leave, and what they follow; keep both until the transaction ends.

    Raises:
        NobodyThere: nobody has opened the chat, or its consumer is nobody there any more.
    """
    kept = await _kept_peer(chat) or await _kept_peer(chat)  # while we waited, another may have become its consumer
    if kept is None:
        raise NobodyThere
    return kept


async def queue(peer: Peer, payload: Payload, chat: Chat | None = None, once: str | None = None) -> None:
    """Queue something that the bot itself says or does; said about a chat, it shows that chat's title.

    What is to be said ``once``, by that name, is not said again right behind itself.
    """
    if once and peer.last_said == once:
        return
    await _append(peer, [payload], once, chat_id=chat.id if chat else None)


async def queue_change(peer: Peer, payload: Payload, chat: Chat) -> None:
    """Queue what is done to a chat on the phone, and says nothing about it."""
    await _append(peer, [payload], chat_id=chat.id, is_shown=False)


async def queue_question(peer: Peer, question: Question, once: str | None) -> None:
    """Queue a question about held messages, or its change; one that waits will say what is so when it is sent.

    One that is asked anew is the last to be said, wherever it has waited.
    """
    async with transaction():
        if question.is_anew and await _waiting(peer, Question(question.about)).delete():
            await sending.put_due([peer.id])
        await _append(peer, [question], once, unless=_WAITS_ALREADY)


async def is_asked_anew(peer: Peer, about: int) -> bool:
    """Say whether a question waits to be asked in place of the one about the same messages that was sent before."""
    return await _waiting(peer, Question(about, is_anew=True)).exists()


async def queue_unordered(peer: Peer, payload: Payload, life: timedelta) -> None:
    """Queue a call that is worthless when it comes late: it overtakes what must be in order, and ends quietly."""
    await _append(peer, [payload], expires_at=clock.now() + life)


async def queue_reactions(peer: Peer, message_ids: Sequence[str], life: timedelta) -> None:
    """Queue how messages are reacted to; what waits for one already will say what is so when it is sent.

    Whoever queues it keeps the peer since an earlier statement.
    """
    waiting = {
        row["message_id"] for row in await fetch(_REACTIONS_WAITING, peer.bot_id, peer.id, list(message_ids))
    }
    changes = [ReactionChange(message_id) for message_id in message_ids if message_id not in waiting]
    if changes:
        await _append(peer, changes, expires_at=clock.now() + life)


# They are kept: none of them can be begun before we are done.
_REACTIONS_WAITING = """
    SELECT payload ->> 'messageId' AS message_id FROM "Deliveries"
    WHERE "botId" = $1 AND "peerId" = $2 AND kind = 'reaction' AND state IN ('queued', 'uncertain')
    AND payload ->> 'messageId' = ANY($3::text[]) FOR UPDATE"""


async def queue_message(peer: Peer, message: Message) -> None:
    """Queue an influencer's message, each part of it as a step of its own."""
    await _append(peer, parts_of(message), chat_id=message.chat_id, message_id=message.id)


async def queue_again(peer: Peer, message: Message) -> bool:
    """Queue what is missing of a message, if anything is, behind everything else: nothing is said twice.

    It is another delivery from now on: whoever still sends the one that failed has no say in it.
    """
    arrived = {row["number"] for row in await fetch(_NUMBERS_ARRIVED, message.id)}
    parts = [part for part in parts_of(message) if part.number not in arrived]
    await Delivery.filter(message_id=message.id, state=DeliveryState.FAILED).delete()
    if parts:
        await _append(peer, parts, chat_id=message.chat_id, message_id=message.id)
    return bool(parts)


async def queue_changes(peer: Peer, message: Message, numbers: Sequence[int]) -> None:
    """Queue changes of parts of a message: they say nothing new, and so no chat is shown by them."""
    changes = [PartEdit(message.id, number) for number in numbers]
    if changes:
        await _append(peer, changes, chat_id=message.chat_id, is_shown=False)


def parts_of(message: Message) -> list[Part]:
    """Name the parts of a message."""
    count = len(text_parts(message))
    return [Part(number, count) for number in range(1, count + 1)]


def text_parts(message: Message) -> list[TextPart]:
    """Cut the text of a message into what Telegram takes at a time."""
    return splitting.parts(message.text, spans.of_stored(message.formatting, message.text), MAX_PART)


def _waiting(peer: Peer, question: Question) -> QuerySet[Delivery]:
    return Delivery.filter(
        bot_id=peer.bot_id,
        peer_id=peer.id,
        state=DeliveryState.QUEUED,
        kind=question.kind,
        payload__contains=payloads.written(question),
    )


async def _kept_peer(chat: Chat) -> tuple[Peer, Last] | None:
    """Keep a chat's consumer, without whom it goes to no other peer, and then the peer where it is."""
    kept = await fetch(
        """SELECT u.id FROM "Users" u JOIN "Chats" c ON c."consumerId" = u.id WHERE c.id = $1
           FOR NO KEY UPDATE OF u""",
        chat.id,
    )
    if not kept:
        return None
    # Only what is asked after having waited for that person sees all that was done meanwhile.
    found = await fetch(
        f"""SELECT {rows.columns(Peer, "p")}, last.*
            FROM "Peers" p JOIN "Chats" c ON c."peerId" = p.id AND c."consumerId" = p."userId",
            LATERAL ({history.LAST}) last
            WHERE c.id = $1 AND p."userId" = $2 FOR NO KEY UPDATE OF p""",  # noqa: S608 - constants
        chat.id,
        kept[0]["id"],
    )
    if not found:
        return None
    last = Last(*(found[0][name] for name in ("position", "id", "timestamp")))
    return rows.made(Peer, found[0], "p"), last


async def _append(
    peer: Peer,
    said: Sequence[Payload],
    last_said: str | None = None,
    *,
    chat_id: str | None = None,
    message_id: str | None = None,
    expires_at: datetime | None = None,
    unless: str = "false",
    is_shown: bool = True,
) -> None:
    """Put deliveries at the end of a peer's queue, and keep that until the transaction ends."""
    if not any(payload.is_said for payload in said):
        last_said = peer.last_said
    async with transaction() as tell:
        queued = await fetch(
            _appending(unless),
            peer.id,
            peer.bot_id,
            [new_id() for _ in said],
            [payload.kind for payload in said],
            [json.dumps(payloads.written(payload)) for payload in said],
            last_said,
            chat_id,
            message_id,
            expires_at,
            clock.now(),
            is_shown,
        )
        if queued:
            peer.last_said = last_said
            peer.shown_chat_id = (is_shown and chat_id) or peer.shown_chat_id
            tell(live.outbox(peer.bot_id))


@cache
def _appending(unless: str) -> str:
    """Write the statement that counts deliveries at their peer, and puts them there.

    What is said about a chat shows its title, unless it changes what stands there already. What is the first that
    waits in order says when the peer's next delivery is due; what has no place in the order doesn't.
    """
    return f"""
        WITH said AS (
            SELECT * FROM unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY s(id, kind, payload, number)),
        peer AS (
            UPDATE "Peers" SET
                "deliveryCount" = "deliveryCount" + cardinality($3::text[]),
                "lastSaid" = $6,
                "shownChatId" = COALESCE(CASE WHEN $11 THEN $7::text END, "shownChatId"),
                "nextDueAt" = CASE WHEN $9::timestamptz IS NOT NULL THEN "nextDueAt"
                    ELSE COALESCE("nextDueAt", GREATEST($10::timestamptz, "pausedUntil")) END
            WHERE id = $1 AND NOT {unless}
            RETURNING "deliveryCount" - cardinality($3::text[]) AS count_before)
        INSERT INTO "Deliveries" (id, "peerId", "botId", sequence, kind, payload, "chatId", "messageId",
            "expiresAt", "queuedAt", "dueAt", state, attempts)
        SELECT id, $1, $2::bigint, count_before + number, kind, payload::jsonb, $7, $8::text,
            $9, $10, $10, 'queued', 0
        FROM peer, said RETURNING id"""  # noqa: S608 - a constant


_NUMBERS_ARRIVED = """
    SELECT part AS number FROM "TelegramMessages" WHERE "messageId" = $1
    UNION SELECT (payload ->> 'number')::int FROM "Deliveries" WHERE "messageId" = $1 AND state <> 'failed'"""

# A question that waits, and is kept: it can't be begun before we are done.
_WAITS_ALREADY = """EXISTS (
    SELECT FROM "Deliveries" WHERE "botId" = $2 AND "peerId" = $1 AND state = 'queued'
    AND kind = ($4::text[])[1] AND payload @> ($5::text[])[1]::jsonb FOR UPDATE)"""
