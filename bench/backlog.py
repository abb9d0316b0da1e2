"""Replies that wait: as many as are wanted, in chats that were opened as people open them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.stage import Stage
from database.transactions import fetch, transaction
from models import Chat
from services.incoming import opening
from services.incoming.placement import AsOf
from services.outgoing import replies
from services.people import people
from services.people.people import Profile
from services.start_parameters import Kind, StartParameter
from simulator import Person

COUPON = "summer-50"
AT_ONCE = 8  # chats that are opened side by side
ANSWER = "It does work on sale items, as long as they are in stock. Shall I put one aside for you?"


async def open_chats(set_: Stage, count: int) -> list[Chat]:
    """Let so many people follow a coupon's link; Telegram knows them, and the bot may write to them."""
    people_ = [set_.telegram.user(f"Consumer{number}") for number in range(count)]
    waiting = iter(people_)

    async def follow_the_link() -> None:
        for person in waiting:
            await _open_chat(person)

    await asyncio.gather(*(follow_the_link() for _ in range(AT_ONCE)))
    return await Chat.all().select_related("influencer").order_by("id")


async def answer(chats: Sequence[Chat], per_chat: int) -> None:
    """Let so many answers wait in each chat.

    The first is said as influencers do; the others are copies of it, since saying them takes longer than measuring.
    """
    said = [(await replies.reply(chat, chat.influencer, ANSWER)).id for chat in chats]
    async with transaction():
        for statement in _COPIES:
            await fetch(statement, said, per_chat - 1)


async def _open_chat(person: Person) -> None:
    person.chat.is_started = True
    profile = Profile(person.id, person.user.first_name, None, "en")
    async with transaction():
        peer = await people.meet(person.bot.id, person.id, profile)
        await opening.by_link(StartParameter(Kind.COUPON_ID, COUPON), peer, datetime.now(UTC), AsOf(1))


# By all columns that a row has, with others where two can't have the same
_COPIES = (
    """INSERT INTO "Messages" SELECT (jsonb_populate_record(m, jsonb_build_object(
           'id', md5(m.id || n), 'position', m.position + n))).*
       FROM "Messages" m, generate_series(1, $2::int) n WHERE m.id = ANY($1)""",
    """INSERT INTO "Deliveries" SELECT (jsonb_populate_record(d, jsonb_build_object(
           'id', md5(d.id || n), 'messageId', md5(d."messageId" || n), 'sequence', d.sequence + n))).*
       FROM "Deliveries" d, generate_series(1, $2::int) n WHERE d."messageId" = ANY($1)""",
    """UPDATE "Peers" p SET "deliveryCount" = "deliveryCount" + $2::int
       FROM "Deliveries" d WHERE d."peerId" = p.id AND d."messageId" = ANY($1)""",
)
