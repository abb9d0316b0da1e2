"""An update that our library can't read: whom to tell of it, where its message belongs, and what is kept."""

import re
from datetime import UTC, datetime

from bot.reading import messages
from bot.reading.commands import words_in
from bot.reading.envelope import JSON, Envelope, telegram_id_of
from bot.reading.people import language_of
from bot.reading.values import as_dict, clean, is_id
from services.incoming.placement import AsOf, Incoming
from services.people.people import Profile
from services.start_parameters import Kind

_INVITATION = re.compile(rf"(/start(?:@\w+)?\s+{Kind.INVITATION}_)[\w-]+", re.IGNORECASE)


def sender_of(envelope: Envelope) -> Profile | None:
    """Read who has written to the bot in private: nobody else is told."""
    chat = _message_of(envelope).get("chat")
    sender = as_dict(envelope.content.get("from"))  # none: they have reacted to something, and said nothing
    if not telegram_id_of(sender) or telegram_id_of(chat) != telegram_id_of(sender):
        return None
    name = " ".join(sender[key] for key in ("first_name", "last_name") if isinstance(sender.get(key), str))
    return Profile(envelope.sender_id, clean(name), None, language_of(sender.get("language_code")))


def topic_of(envelope: Envelope) -> int | None:
    """Tell in which topic it was written."""
    return messages.topic_in(_message_of(envelope))


def incoming_of(envelope: Envelope, bot_name: str) -> Incoming | None:
    """Find where a message would have stood; a command alone is none."""
    message = envelope.raw.get("message")
    if not isinstance(message, dict) or not words_in(str(message.get("text") or "?"), bot_name):
        return None
    message_id, date = message.get("message_id"), message.get("date")
    if not is_id(message_id) or type(date) is not int or not 0 <= date < 2**32:
        return None
    return Incoming(
        telegram_message_id=message_id,
        sent_at=datetime.fromtimestamp(date, UTC),
        as_of=AsOf(envelope.update_id),
        reply_to_telegram_message_id=messages.replied_to(message),
        telegram_topic_id=messages.topic_in(message),
    )


def without_token(envelope: Envelope) -> JSON:
    """Leave out what an invitation is known by: whoever reads the database, or a backup of it, could use it."""
    content = envelope.content
    if not isinstance(content.get("text"), str):
        return envelope.raw
    hidden = {**content, "text": _INVITATION.sub(r"\1…", content["text"])}
    return {name: hidden if value is content else value for name, value in envelope.raw.items()}


def _message_of(envelope: Envelope) -> JSON:
    """Give the message that an update is, or is about, as far as it has a form."""
    message = envelope.content.get("message")
    return message if isinstance(message, dict) else envelope.content
