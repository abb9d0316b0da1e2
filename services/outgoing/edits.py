"""What an influencer changes of what they have said, and takes back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from database import clock
from database.transactions import Tell, transaction
from models import Chat, DeliveryState, Message, Peer
from services import live
from services.chats import history, versions
from services.errors import AlreadyDeleted, NotFound, NotOwn, TooLate
from services.outgoing import deliveries, parts, replies, sending
from services.outgoing.parts import Whereabouts
from services.outgoing.payloads import PartEdit
from services.text import spans
from services.text.spans import Span

CHANGEABLE_FOR = timedelta(hours=48)  # Bot API: deleteMessage; what has stood longer may have been acted upon

_ARRIVED = {"delivery_state": DeliveryState.SENT, "delivery_error": None}


async def edit(chat: Chat, message: Message, text: str, formatting: Sequence[Span] = ()) -> Message:
    """Change what the influencer has said, and queue that for the consumer's phone; what it said before is kept.

    What has failed says the new text once it is tried again. The same text again changes nothing, and has what did
    not arrive sent again.

    Raises:
        EmptyText: nothing would be left: see ``delete``.
        TextTooLong: more than ``MAX_REPLY`` UTF-16 code units.
        NotOwn, TooLate, AlreadyDeleted: see ``_changeable``.
    """
    text, formatting = replies.sayable(text, formatting)
    async with transaction() as tell:
        tell(live.influencer(chat.influencer_id))
        peer, said = await _changeable(chat, message)
        is_same = (text, formatting) == (said.text, spans.of_stored(said.formatting, said.text))
        if is_same and said.edit_error is None:
            return said
        changed: dict[str, Any] = {"edit_error": None}
        if not is_same:
            await versions.keep(said)
            changed |= {"text": text, "formatting": spans.to_json(formatting), "edited_at": clock.now()}
        said.update_from_dict(changed)
        count = len(deliveries.parts_of(said))
        if not await parts.recount(said, count) and said.delivery_state is DeliveryState.FAILED:
            changed |= _ARRIVED  # all that is left of it has
        await _save(said, changed)
        await _queue_changes(peer, said, count, tell)
    return said


async def delete(chat: Chat, message: Message) -> Message:
    """Take back what the influencer has said, here and on the consumer's phone; what is not sent yet never is.

    Raises:
        NotOwn, TooLate, AlreadyDeleted: see ``_changeable``.
    """
    async with transaction() as tell:
        tell(live.influencer(chat.influencer_id))
        peer, said = await _changeable(chat, message)
        await versions.forget(said)
        changed = {"text": "", "formatting": None, "quote": None, "deleted_at": clock.now(), "edit_error": None}
        await sending.put_due(await parts.forget_unsent(said))
        await _save(said, changed if await parts.is_leaving(said) else changed | _ARRIVED)
        await _queue_changes(peer, said, 0, tell)
    return said


async def change_failed(change: PartEdit, delivery_id: str, reason: str) -> None:
    """Note why a change did not arrive, unless a later one of the same part is on its way.

    Whoever calls this holds the peer.
    """
    async with transaction() as tell:
        if await parts.is_changed_later(change, delivery_id):
            return
        message = await Message.get(id=change.message_id).select_related("chat")
        await history.touch(message.chat_id)
        await Message.filter(id=message.id).update(edit_error=reason)
        tell(live.influencer(message.chat.influencer_id))


async def _changeable(chat: Chat, message: Message) -> tuple[Peer, Message]:
    """Get a message as it is now, and the peer by which the replies of its chat leave.

    The chat and all peers of its consumer are kept until the transaction ends.

    Raises:
        NotFound: it has been moved to another chat.
        NotOwn: the consumer has said it.
        AlreadyDeleted: it was taken back.
        TooLate: it was said more than ``CHANGEABLE_FOR`` ago.
    """
    peer, _ = await deliveries.peer_of(chat)
    await parts.keep_peers(peer)
    await history.touch(chat.id)
    said = await Message.get_or_none(id=message.id, chat_id=chat.id)
    if said is None:
        raise NotFound
    check_changeable(chat, said)
    return peer, said


def check_changeable(chat: Chat, said: Message) -> None:
    """Refuse to change what can't be changed.

    Raises:
        NotOwn, AlreadyDeleted, TooLate: see ``_changeable``.
    """
    if said.sender_id != chat.influencer_id:
        raise NotOwn
    if said.deleted_at:
        raise AlreadyDeleted
    if clock.now() - said.timestamp > CHANGEABLE_FOR:
        raise TooLate


async def _save(message: Message, changed: dict[str, Any]) -> None:
    message.update_from_dict(changed)
    await message.save(update_fields=changed)


async def _queue_changes(peer: Peer, message: Message, count: int, tell: Tell) -> None:
    """Queue what makes a message, which is of so many parts by now, the same on the phone.

    A part that waits says by itself what the message says when it is sent. One that is being sent does not, and may
    be there: its change comes behind it. What has become too long for its parts gets more, but where some have
    failed: those are tried again together.
    """
    places = await parts.whereabouts(message, peer)
    home = next((place for place in places if place.peer.id == peer.id), places[-1] if places else None)
    for place in places:
        numbers = [number for number in _to_change(place) if number not in place.changing]
        if place is home and message.delivery_state is not DeliveryState.FAILED:
            known = set().union(*(each.numbers for each in places))
            numbers += [number for number in range(1, count + 1) if number not in known]
        await deliveries.queue_changes(place.peer, message, numbers)
        tell(live.outbox(place.peer.bot_id))  # also of what waits: see the statement in due.begin


def _to_change(place: Whereabouts) -> list[int]:
    """List what is there, and what may be, in the order of the text."""
    return sorted([*place.standing, *(set(place.leaving) - set(place.standing))])
