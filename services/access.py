"""The only way to a chat: through the person who may see it. Not theirs is as not there."""

from collections.abc import Iterable

from tortoise.queryset import QuerySet

from models import Chat, Message
from services.errors import NotFound
from services.media import attachments
from services.text.characters import is_storable

LONGEST_ID = 36


async def chat_for(influencer_id: str, chat_id: str) -> Chat:
    """Get an influencer's chat, with its coupon and its two people.

    Raises:
        NotFound: there is none, or it is another's.
    """
    return await _only(Chat.filter(id=_possible(chat_id), influencer_id=influencer_id))


async def chats_for(influencer_id: str, chat_ids: Iterable[str]) -> dict[str, Chat]:
    """Get those of these chats that are an influencer's, by id, with their coupons and their two people."""
    possible = [id_ for id_ in chat_ids if is_storable(id_, LONGEST_ID)]
    if not possible:
        return {}
    return {chat.id: chat for chat in await _whole(Chat.filter(id__in=possible, influencer_id=influencer_id))}


async def chat_of_consumer(consumer_id: str | None, chat_id: str) -> Chat:
    """Get a consumer's chat, with its coupon and its two people.

    Raises:
        NotFound: there is none, or it is another's.
    """
    return await _only(Chat.filter(id=_possible(chat_id), consumer_id=consumer_id))


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


async def _only(found: QuerySet[Chat]) -> Chat:
    chat = await _whole(found).first()
    if chat is None:
        raise NotFound
    return chat


def _whole(found: QuerySet[Chat]) -> QuerySet[Chat]:
    return found.select_related("coupon__influencer", "consumer", "influencer")
