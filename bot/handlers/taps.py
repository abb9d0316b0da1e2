"""A tap on one of the bot's buttons, read."""

from dataclasses import dataclass

from telegram import Update

from bot.reading.values import is_id


@dataclass(frozen=True)
class Tap:
    """Which button, under which message."""

    id: str
    data: str
    telegram_message_id: int


def tap_of(update: Update) -> Tap:
    """Read a tap; the message under it may be too old for Telegram to show, its id never is."""
    query = update.callback_query
    assert query is not None  # noqa: S101 - the handler is for taps only
    telegram_message_id = query.message.message_id if query.message else 0
    return Tap(str(query.id), query.data or "", telegram_message_id if is_id(telegram_message_id) else 0)
