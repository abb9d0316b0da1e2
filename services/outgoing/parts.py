"""The parts of an influencer's message: which of them stand on a phone, and which are on their way there."""

from dataclasses import dataclass
from functools import cache

from database import rows
from database.transactions import fetch
from models import Delivery, DeliveryState, Message, Peer, TelegramMessage
from services.chats import history
from services.outgoing.payloads import PartEdit
from services.outgoing.statements import WAITS


@dataclass(frozen=True)
class Whereabouts:
    """How far the parts of a message have come at a peer, by their numbers."""

    peer: Peer
    standing: list[int]  # on the phone; one that may have arrived twice, and has, is there twice
    leaving: list[int]  # being sent as the message was, or perhaps there already
    waiting: list[int]  # not sent, and will say what the message says then
    changing: list[int]  # whose change waits, and will say so, too

    @property
    def numbers(self) -> set[int]:
        """All that are there in some way."""
        return {*self.standing, *self.leaving, *self.waiting, *self.changing}


async def keep_peers(peer: Peer) -> None:
    """Keep all peers of a peer's consumer, who is kept already, until the transaction ends."""
    await fetch('SELECT FROM "Peers" WHERE "userId" = $1 ORDER BY id FOR NO KEY UPDATE', peer.user_id)


async def whereabouts(message: Message, peer: Peer) -> list[Whereabouts]:
    """Tell how far a message has come at each peer of a peer's consumer, which are kept, if it has gone there."""
    found = await fetch(_whereabouts(), message.id, peer.user_id, message.chat_id)
    everywhere = [
        Whereabouts(
            rows.made(Peer, row, "p"), *(row[name] for name in ("standing", "leaving", "waiting", "changing"))
        )
        for row in found
    ]
    return [place for place in everywhere if place.numbers]


async def message_of(change: PartEdit) -> Message:
    """Get the message of which a part is to change, as it is by now."""
    return await Message.get(id=change.message_id)


async def on_phone(peer: Peer, message_id: str, number: int) -> TelegramMessage | None:
    """Find a part of a message on the phone; of one that has arrived twice the later one."""
    return (
        await TelegramMessage.filter(
            message_id=message_id, bot_id=peer.bot_id, telegram_chat_id=peer.telegram_chat_id, part=number
        )
        .order_by("-telegram_message_id")
        .first()
    )


async def is_owed(message_id: str, number: int) -> bool:
    """Say whether a part of a message waits to be sent, or has failed and may be tried again."""
    found = await fetch(
        f"""SELECT FROM "Deliveries" d WHERE d."messageId" = $1 AND ({WAITS} OR d.state = 'failed')
            AND {_NUMBER} = $2""",
        message_id,
        number,
    )
    return bool(found)


async def recount(message: Message, count: int) -> int:
    """Let what is not sent yet of a message be of so many parts; say how many of those that have failed are left.

    These rows are written, so that whoever begins one of them meanwhile sees that its text is another.
    """
    await fetch(
        f"""DELETE FROM "Deliveries" d
            WHERE d."messageId" = $1 AND d.state = 'failed' AND {_NUMBER} > $2""",  # noqa: S608 - a constant
        message.id,
        count,
    )
    found = await fetch(
        """UPDATE "Deliveries" SET payload = payload || jsonb_build_object('count', $2::int)
           WHERE "messageId" = $1 AND state IN ('queued', 'failed') RETURNING state""",
        message.id,
        count,
    )
    return sum(row["state"] == "failed" for row in found)


async def forget_unsent(message: Message) -> list[str]:
    """Let nothing more of a message be sent than what is being sent; give the peers for which something waited."""
    found = await fetch(
        """DELETE FROM "Deliveries" WHERE "messageId" = $1 AND state IN ('queued', 'failed') RETURNING "peerId" """,
        message.id,
    )
    return list({row["peerId"] for row in found})


async def is_leaving(message: Message) -> bool:
    """Say whether a part of a message is being sent, or may be there."""
    leaving = (DeliveryState.SENDING, DeliveryState.UNCERTAIN)
    return await Delivery.filter(message_id=message.id, state__in=leaving).exists()


async def is_changed_later(change: PartEdit, delivery_id: str) -> bool:
    """Say whether another change of the same part is on its way."""
    found = await fetch(
        f"""SELECT FROM "Deliveries" d
            WHERE d."chatId" = (SELECT "chatId" FROM "Messages" WHERE id = $1) AND d.kind = 'message_edit'
            AND d.payload ->> 'messageId' = $1 AND {_NUMBER} = $2 AND d.id <> $3 AND {WAITS}""",  # noqa: S608 - a constant
        change.message_id,
        change.number,
        delivery_id,
    )
    return bool(found)


async def mark_added_as_doubled(peer: Peer, change: PartEdit) -> bool:
    """Mark a message that may have got the same part twice, unless only a part that is there was changed."""
    if await on_phone(peer, change.message_id, change.number):
        return False
    message = await message_of(change)
    await history.touch(message.chat_id)
    return bool(await Message.filter(id=message.id, deleted_at=None).update(may_be_doubled=True))


async def note_gone(peer: Peer, telegram_message_id: int) -> None:
    """Note that a part of a message is on the phone no more; a reply to it still finds its chat."""
    at = {"bot_id": peer.bot_id, "telegram_chat_id": peer.telegram_chat_id}
    await TelegramMessage.filter(telegram_message_id=telegram_message_id, **at).update(part=None)


_NUMBER = "(d.payload ->> 'number')::int"
_OF_MESSAGE = 'd."messageId" = $1'
_CHANGES = """d."chatId" = $3 AND d.kind = 'message_edit' AND d.payload ->> 'messageId' = $1"""


@cache
def _whereabouts() -> str:
    return f"""
        SELECT {rows.columns(Peer, "p")},
            ARRAY(SELECT t.part::int FROM "TelegramMessages" t WHERE t."messageId" = $1 AND t."botId" = p."botId"
                AND t."telegramChatId" = p."telegramChatId" AND t.part IS NOT NULL) AS standing,
            {_numbers(_OF_MESSAGE, "d.state IN ('sending', 'uncertain')")}
                || {_numbers(_CHANGES, "d.state = 'sending'")} AS leaving,
            {_numbers(_OF_MESSAGE, "d.state IN ('queued', 'failed')")} AS waiting,
            {_numbers(_CHANGES, "d.state IN ('queued', 'uncertain')")} AS changing
        FROM "Peers" p WHERE p."userId" = $2 ORDER BY p.id"""  # noqa: S608 - constants


def _numbers(of: str, state: str) -> str:
    return f"""ARRAY(
        SELECT {_NUMBER} FROM "Deliveries" d WHERE d."peerId" = p.id AND {of} AND {state})"""  # noqa: S608
