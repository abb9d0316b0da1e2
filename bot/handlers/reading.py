"""A consumer taps a button, and so has read what stands there."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context, Handlers
from bot.handlers.taps import tap_of
from services.incoming import reading


async def read(update: Update, context: Context) -> None:
    """What the influencer has said counts as read in the chat that the button is about; another handler answers."""
    if telegram_message_id := tap_of(update).telegram_message_id:
        await reading.read_at(context.peer, telegram_message_id)


handlers: Handlers = [CallbackQueryHandler(read)]
