"""What an influencer answers."""

from database import clock
from database.errors import ConstraintViolated
from database.transactions import transaction
from models import Chat, DeliveryState, Message, User
from services import live
from services.chats import history
from services.errors import EmptyText, NotFailed, RequestReused, TextTooLong
from services.outgoing import deliveries
from services.text.characters import is_blank
from services.text.shortening import utf16_length

MAX_REPLY = 16_000  # UTF-16 code units: a handful of Telegram's messages


async def reply(chat: Chat, influencer: User, text: str, request_id: str | None = None) -> Message:
    """Keep the influencer's words and queue them for the consumer; the same request says them once.

    Raises:
        EmptyText: nothing to say.
        TextTooLong: more than ``MAX_REPLY`` UTF-16 code units.
        RequestReused: the same request has said something else.
    """
    text = _sayable(text)
    try:
        async with transaction() as tell:
            peer, last = await deliveries.peer_of(chat)
            message = Message(
                chat_id=chat.id,
                sender_id=influencer.id,
                text=text,
                timestamp=clock.now(),
                delivery_state=DeliveryState.QUEUED,
                request_id=request_id,
            )
            history.place_behind(last, message)
            await history.add(chat, message)
            await deliveries.queue_message(peer, message)
            tell(live.influencer(chat.influencer_id))
    except ConstraintViolated:
        said = await Message.get_or_none(chat_id=chat.id, request_id=request_id) if request_id else None
        if said is None:
            raise
        if said.text != text:
            raise RequestReused from None
        return said
    return message


async def retry(chat: Chat, message: Message) -> None:
    """Send a failed reply again, behind what has been said since; pressed twice, it is sent once.

    Raises:
        NotFailed: it is on its way, or there already.
    """
    async with transaction() as tell:
        peer, _ = await deliveries.peer_of(chat)
        await history.touch(chat.id)
        changed = await Message.filter(id=message.id, delivery_state=DeliveryState.FAILED).update(
            delivery_state=DeliveryState.QUEUED, delivery_error=None
        )
        if not changed:
            raise NotFailed
        await deliveries.queue_again(peer, message)
        tell(live.influencer(chat.influencer_id))


def _sayable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").rstrip()
    if is_blank(text):
        raise EmptyText
    if utf16_length(text) > MAX_REPLY:
        raise TextTooLong
    return text
