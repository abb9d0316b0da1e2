"""Somebody wants to know how this works."""

from telegram import Update
from telegram.ext import CommandHandler, filters

from bot.context import Context, Handlers, button


async def help_(update: Update, context: Context) -> None:
    """A few sentences, and the way to their chats."""
    await context.say(context.texts.help(), buttons=[[button(context.texts.my_chats_button(), "my_chats")]])


handlers: Handlers = [CommandHandler("help", help_, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE)]
