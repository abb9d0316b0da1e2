"""What belongs to messages beside what they say: what they answer, reactions, earlier texts, where they were."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from models import Chat, Message, Move, Reaction, Version
from services.chats import versions
from services.media import attachments


@dataclass(frozen=True)
class Annotations:
    """What is known beside some messages."""

    answered: Mapping[str, Message] = field(default_factory=dict)  # by their own ids
    reactions: Mapping[str, list[Reaction]] = field(default_factory=dict)  # by the message's id
    versions: Mapping[str, list[Version]] = field(default_factory=dict)  # by the message's id
    moves: Mapping[int | None, Move] = field(default_factory=dict)  # by their own ids, with where they come from


async def of(chat: Chat, messages: list[Message]) -> Annotations:
    """Get what belongs to messages of a chat; what was said between others stays between them."""
    if not messages:
        return Annotations()
    return Annotations(
        answered=await _answered(chat, messages),
        reactions=await _reactions(chat, messages),
        versions=await versions.of(messages),
        moves=await _moves(chat, messages),
    )


async def _answered(chat: Chat, messages: list[Message]) -> dict[str, Message]:
    ids = {message.reply_to_id for message in messages if message.reply_to_id}
    if not ids:
        return {}
    of_these_two = Message.filter(chat__consumer_id=chat.consumer_id, chat__influencer_id=chat.influencer_id)
    found = await attachments.load(await of_these_two.filter(id__in=ids))
    return {message.id: message for message in found}


async def _reactions(chat: Chat, messages: list[Message]) -> dict[str, list[Reaction]]:
    """Get how the two people of a chat react to messages, as far as they have not taken that back.

    Nobody has reacted to one that is new; and how another influencer has, in whose chat one was, stays theirs.
    """
    known = [message.id for message in messages if message.revision]
    of_theirs = Reaction.filter(message_id__in=known, sender_id__in=[chat.consumer_id, chat.influencer_id])
    given = of_theirs.exclude(emoji="").order_by("id")
    by_message: dict[str, list[Reaction]] = defaultdict(list)
    for reaction in await given if known else []:
        by_message[reaction.message_id].append(reaction)
    return by_message


async def _moves(chat: Chat, messages: list[Message]) -> dict[int | None, Move]:
    """Get the moves by which messages have come here from other chats, and not gone back."""
    ids = {message.move_id for message in messages if message.move_id}
    made = Move.filter(id__in=ids, to_chat_id=chat.id, from_chat_id__not_isnull=True, undone_at=None)
    return {move.id: move for move in await made.select_related("from_chat__coupon")} if ids else {}
