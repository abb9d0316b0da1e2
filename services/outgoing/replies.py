"""What an influencer answers."""

from collections.abc import Sequence

from database import clock
from database.errors import ConstraintViolated
from database.transactions import transaction
from models import Chat, DeliveryState, Message, User
from services import live
from services.chats import history
from services.errors import EmptyText, NotFailed, RequestReused, TextTooLong
from services.media.contents import stored_quote
from services.outgoing import deliveries, quoting
from services.text import spans
from services.text.characters import is_blank
from services.text.shortening import utf16_length
from services.text.spans import Span, Spans

MAX_REPLY = 16_000  # UTF-16 code units: a handful of Telegram's messages


async def reply(
    chat: Chat,
    influencer: User,
    text: str,
    request_id: str | None = None,
    *,
    formatting: Sequence[Span] = (),
    answered: Message | None = None,
    quote: str = "",
) -> Message:
    """Keep the influencer's words and queue them for the consumer; the same request says them once.

    They may answer a message of the chat, and quote a part of its text; what isn't in there is not quoted.

    Raises:
        EmptyText: nothing to say.
        TextTooLong: more than ``MAX_REPLY`` UTF-16 code units.
        RequestReused: the same request has said something else.
    """
    text, formatting = sayable(text, formatting)
    try:
        async with transaction() as tell:
            peer, last = await deliveries.peer_of(chat)
            message = Message(
                chat_id=chat.id,
                sender_id=influencer.id,
                text=text,
                formatting=spans.to_json(formatting),
                reply_to_id=answered and answered.id,
                quote=stored_quote(quoting.quoted(answered, quote)) if answered else None,
                timestamp=clock.now(),
                delivery_state=DeliveryState.QUEUED,
                request_id=request_id,
            )
            history.place_behind(last, message)
            await history.add(chat, message)
            await deliveries.queue_message(peer, message)
            tell(live.influencer(chat.influencer_id))
    except ConstraintViolated:
        if request_id and (said := await _said_by(chat, request_id, text)):
            return said
        raise
    return message


async def retry(chat: Chat, message: Message) -> None:
    """Send a failed reply again, behind what has been said since; pressed twice, it is sent once.

    Raises:
        NotFailed: it is on its way, or there already.
    """
    async with transaction() as tell:
        peer, _ = await deliveries.peer_of(chat)
        await history.touch(chat.id)
        failed = await Message.get_or_none(
            id=message.id, chat_id=chat.id, delivery_state=DeliveryState.FAILED, deleted_at=None
        )
        if failed is None:
            raise NotFailed
        is_queued = await deliveries.queue_again(peer, failed)
        state = DeliveryState.QUEUED if is_queued else DeliveryState.SENT
        await Message.filter(id=failed.id).update(delivery_state=state, delivery_error=None)
        tell(live.influencer(chat.influencer_id))


def sayable(text: str, formatting: Sequence[Span] = ()) -> tuple[str, Spans]:
    """Give a text as it is said, with its formatting, which counts a new line as one.

    Raises:
        EmptyText: nothing to say.
        TextTooLong: more than ``MAX_REPLY`` UTF-16 code units.
    """
    text = text.replace("\r\n", "\n").replace("\x00", "").rstrip()
    if is_blank(text):
        raise EmptyText
    if utf16_length(text) > MAX_REPLY:
        raise TextTooLong
    return text, spans.sound(spans.cut(formatting, 0, utf16_length(text)), text)


async def _said_by(chat: Chat, request_id: str, text: str) -> Message | None:
    """Get what a request has said in a chat before.

    Raises:
        RequestReused: it has said something else.
    """
    said = await Message.get_or_none(chat_id=chat.id, request_id=request_id)
    if said and said.text != text:
        raise RequestReused from None
    return said
