"""What a reply answers and quotes, and where that stands on the phone."""

from dataclasses import dataclass

from models import Message, Peer, TelegramMessage
from services.media.contents import Quote, quote_of
from services.outgoing import deliveries, splitting
from services.outgoing.splitting import TextPart
from services.text import spans
from services.text.shortening import utf16_length
from services.text.spans import Spans

MAX_QUOTE = 1024  # UTF-16 code units (Bot API: ReplyParameters)
_KEPT = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})  # what a quote has to have, too


@dataclass(frozen=True)
class Answered:
    """A message on the phone that is answered, and what of it is quoted, exactly as it stands there."""

    telegram_message_id: int
    quote: str = ""
    formatting: Spans = ()


def quoted(message: Message, quote: str) -> Quote | None:
    """Quote a message, if it says that."""
    quote = quote.replace("\r\n", "\n")
    return Quote(text=quote) if quote.strip() and quote in message.text else None


async def answered(peer: Peer, reply: Message) -> Answered | None:
    """Find on the phone what a reply answers: of a message of several parts the one with what is quoted.

    Nothing comes back for what was written to another bot, and what is there no more.
    """
    message = await Message.get_or_none(id=reply.reply_to_id) if reply.reply_to_id else None
    if message is None:
        return None
    standing = await TelegramMessage.filter(
        message_id=message.id, bot_id=peer.bot_id, telegram_chat_id=peer.telegram_chat_id
    ).order_by("part", "telegram_message_id")
    if message.delivery_state is not None:
        standing = [each for each in standing if each.part]
    if not standing:
        return None
    quote = quote_of(reply)
    return (quote and _quoted_in(message, quote.text, standing)) or Answered(standing[0].telegram_message_id)


def _quoted_in(message: Message, quote: str, standing: list[TelegramMessage]) -> Answered | None:
    """Quote from the part in which a quote begins as much of it as that part says; none if that isn't there."""
    start = message.text.find(quote)
    if start < 0 or not quote.strip():
        return None
    end, start = start + len(quote.rstrip()), start + len(quote) - len(quote.lstrip())
    number, part = 0, TextPart("")
    for part in _parts_on_phone(message):
        number += 1
        if start < len(part.text):
            break
        start, end = start - len(part.text), end - len(part.text)
    there = next((each.telegram_message_id for each in standing if (each.part or 1) == number), None)
    return Answered(there, *_cut_out(part, start, end)) if there else None


def _parts_on_phone(message: Message) -> list[TextPart]:
    """Give the texts of a message on the phone: what a consumer has written is one, however long."""
    if message.delivery_state is not None:
        return deliveries.text_parts(message)
    return [TextPart(message.text, spans.of_stored(message.formatting, message.text))]


def _cut_out(part: TextPart, start: int, end: int) -> TextPart:
    """Cut a quote out of a part, as long as Telegram takes it, with the formatting that it has to have."""
    text = part.text[start:end].rstrip()
    first = utf16_length(part.text[:start])
    formatting = spans.cut(part.formatting, first, first + utf16_length(text))
    short = splitting.parts(text, [span for span in formatting if span.style in _KEPT], MAX_QUOTE)[0]
    text = short.text.rstrip()
    return TextPart(text, spans.cut(short.formatting, 0, utf16_length(text)))
