"""A tap on a button that means nothing any more."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context, Handlers
from bot.handlers import my_chats
from bot.handlers.taps import tap_of


async def show_chats(update: Update, context: Context) -> None:
    """*My chats* under some other message."""
    await context.acknowledge(tap_of(update).id)
    await my_chats.show(context)


async def rest(update: Update, context: Context) -> None:
    """The button stops waiting."""
    await context.acknowledge(tap_of(update).id, context.texts.refusals.not_there())


handlers: Handlers = [CallbackQueryHandler(show_chats, pattern="^my_chats$"), CallbackQueryHandler(rest)]
