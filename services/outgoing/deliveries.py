"""What Telegram is owed: queued, peer by peer, in order."""

from datetime import timedelta
from itertools import accumulate
from typing import Any

from tortoise.expressions import Subquery

from database import clock
from database.ids import new_id
from database.transactions import fetch, transaction
from models import Chat, Delivery, DeliveryState, Message, Peer
from services import live
from services.errors import NobodyThere
from services.outgoing import payloads, splitting
from services.outgoing.payloads import Part, Payload, Question

MAX_PART = 3800  # UTF-16 code units: what fits into a message of Telegram's (4096) under its Re: line


async def peer_of(chat: Chat) -> Peer:
    """Get the peer by which a chat's replies leave, and keep it, and the chat there, until the transaction ends.

    Raises:
        NobodyThere: nobody has opened the chat, or its consumer is nobody there any more.
    """
    peer = await _kept_peer(chat) or await _kept_peer(chat)  # while we waited, another may have become its consumer
    if peer is None:
        raise NobodyThere
    return peer


async def queue(peer: Peer, payload: Payload, chat: Chat | None = None, once: str | None = None) -> None:
    """Queue something that the bot itself says or does; said about a chat, it shows that chat's title.

    What is to be said ``once``, by that name, is not said again right behind itself.
    """
    if once and peer.last_said == once:
        return
    if chat:
        await _show(peer, chat.id)
    await _append(peer, payload, once, chat_id=chat.id if chat else None)


async def queue_question(peer: Peer, question: Question, once: str | None) -> None:
    """Queue a question about held messages, or its change; one that waits will say what is so when it is sent."""
    waiting = Delivery.filter(
        bot_id=peer.bot_id,
        peer_id=peer.id,
        state=DeliveryState.QUEUED,
        kind=question.kind,
        payload__contains=payloads.written(question),
    )
    if not await waiting.select_for_update().first():  # kept: it can't be begun before we are done
        await _append(peer, question, once)


async def queue_unordered(peer: Peer, payload: Payload, life: timedelta) -> None:
    """Queue a call that is worthless when it comes late: it overtakes what must be in order, and ends quietly."""
    await _append(peer, payload, peer.last_said, expires_at=clock.now() + life)


async def queue_message(peer: Peer, message: Message) -> None:
    """Queue an influencer's message, each part of it as a step of its own."""
    await _show(peer, message.chat_id)
    for part in parts_of(message.text):
        await _append_part(peer, message, part)


async def queue_again(peer: Peer, message: Message) -> None:
    """Queue what has failed of a message, behind everything else; a part that has arrived is not said twice.

    It is another delivery from now on: whoever still sends the one that failed has no say in it.
    """
    await _show(peer, message.chat_id)
    for delivery in await Delivery.filter(message_id=message.id, state=DeliveryState.FAILED).order_by("sequence"):
        async with transaction():
            await Delivery.filter(id=delivery.id).delete()
            await _append_part(peer, message, payloads.read(delivery.kind, delivery.payload))


def parts_of(text: str) -> list[Part]:
    """Cut a text into what Telegram takes at a time."""
    cut = splitting.parts(text, MAX_PART)
    ends = list(accumulate(len(part) for part in cut))
    return [Part(end - len(cut[index]), end, index + 1, len(cut)) for index, end in enumerate(ends)]


async def _kept_peer(chat: Chat) -> Peer | None:
    """Keep a chat's consumer, without whom it goes to no other peer, and then the peer where it is."""
    kept = await fetch(
        """SELECT u.id FROM "Users" u JOIN "Chats" c ON c."consumerId" = u.id WHERE c.id = $1
           FOR NO KEY UPDATE OF u""",
        chat.id,
    )
    if not kept:
        return None
    consumer_id = kept[0]["id"]
    found = Subquery(Chat.filter(id=chat.id, consumer_id=consumer_id).values("peer_id"))
    return await Peer.filter(id__in=found, user_id=consumer_id).select_for_update(no_key=True).first()


async def _append_part(peer: Peer, message: Message, part: Payload) -> None:
    await _append(peer, part, chat_id=message.chat_id, message_id=message.id)


async def _append(peer: Peer, payload: Payload, last_said: str | None = None, **more: Any) -> None:
    async with transaction() as tell:
        queued = await _enqueued(peer, last_said, is_ordered="expires_at" not in more)
        said: dict[str, Any] = {"kind": payload.kind, "payload": payloads.written(payload)}
        await Delivery.create(id=new_id(), peer_id=peer.id, bot_id=peer.bot_id, **said, **queued, **more)
        tell(live.outbox(peer.bot_id))


async def _enqueued(peer: Peer, last_said: str | None, is_ordered: bool) -> dict[str, Any]:
    """Take the last place of a peer's queue, and the peer for ourselves until the transaction ends.

    What is the first that waits in order says when the peer's next delivery is due.
    """
    peer.last_said = last_said
    moment = clock.now()
    rows = await fetch(
        """UPDATE "Peers" SET "deliveryCount" = "deliveryCount" + 1, "lastSaid" = $2, "nextDueAt" = CASE
               WHEN $3 THEN COALESCE("nextDueAt", GREATEST($4, "pausedUntil")) ELSE "nextDueAt" END
           WHERE id = $1 RETURNING "deliveryCount\"""",
        peer.id,
        last_said,
        is_ordered,
        moment,
    )
    sequence = rows[0]["deliveryCount"]
    return {"sequence": sequence, "state": DeliveryState.QUEUED, "queued_at": moment, "due_at": moment}


async def _show(peer: Peer, chat_id: str) -> None:
    if peer.shown_chat_id != chat_id:
        await Peer.filter(id=peer.id).update(shown_chat_id=chat_id)
        peer.shown_chat_id = chat_id
