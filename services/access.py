"""The only way to a chat: through the person who may see it. Not theirs is as not there."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from database import rows
from database.transactions import fetch
from models import Chat, Coupon, Message, User
from services.errors import NotFound
from services.media import attachments
from services.text.characters import is_storable

LONGEST_ID = 36


async def chat_for(influencer_id: str, chat_id: str) -> Chat:
    """Get an influencer's chat, with its coupon and its two people.

    Raises:
        NotFound: there is none, or it is another's.
    """
    return _only(await _chats('c.id = $1 AND c."influencerId" = $2', _possible(chat_id), influencer_id))


async def chats_for(influencer_id: str, chat_ids: Iterable[str]) -> dict[str, Chat]:
    """Get those of these chats that are an influencer's, by id, with their coupons and their two people."""
    possible = [id_ for id_ in chat_ids if is_storable(id_, LONGEST_ID)]
    if not possible:
        return {}
    found = await _chats('c.id = ANY($1) AND c."influencerId" = $2', possible, influencer_id)
    return {chat.id: chat for chat in found}


async def chat_of_consumer(consumer_id: str | None, chat_id: str) -> Chat:
    """Get a consumer's chat, with its coupon and its two people.

    Raises:
        NotFound: there is none, or it is another's.
    """
    return _only(await _chats('c.id = $1 AND c."consumerId" = $2', _possible(chat_id), consumer_id))


async def message_for(influencer_id: str, chat_id: str, message_id: str) -> Message:
    """Get a message of an influencer's chat, with its files.

    Raises:
        NotFound: there is none, or it is another's.
    """
    message = await Message.get_or_none(
        id=_possible(message_id), chat_id=_possible(chat_id), chat__influencer_id=influencer_id
    ).select_related("chat")
    if message is None:
        raise NotFound
    await attachments.load([message])
    return message


def _possible(id_: str) -> str:
    """Ask the database for no id that it can't hold."""
    if not is_storable(id_, LONGEST_ID):
        raise NotFound
    return id_


def _only(found: list[Chat]) -> Chat:
    if not found:
        raise NotFound
    return found[0]


async def _chats(condition: str, *values: object) -> list[Chat]:
    """Read chats with their coupons and their people, as every page and every tap does."""
    found = await fetch(f"{_selecting()} WHERE {condition}", *values)
    return [_made(row) for row in found]


@cache
def _selecting() -> str:
    return f"""
        SELECT {rows.columns(Chat, "c")}, {rows.columns(Coupon, "p")}, {rows.columns(User, "owner")},
            {rows.columns(User, "consumer")}, {rows.columns(User, "influencer")}
        FROM "Chats" c
        JOIN "Coupons" p ON p.id = c."couponId" JOIN "Users" owner ON owner.id = p."influencerId"
        JOIN "Users" consumer ON consumer.id = c."consumerId"
        JOIN "Users" influencer ON influencer.id = c."influencerId"
        """  # noqa: S608 - names of columns


def _made(row: Mapping[str, Any]) -> Chat:
    chat = rows.made(Chat, row, "c")
    chat.coupon = rows.made(Coupon, row, "p")
    chat.coupon.influencer = rows.made(User, row, "owner")
    chat.consumer = rows.made(User, row, "consumer")
    chat.influencer = rows.made(User, row, "influencer")
    return chat
