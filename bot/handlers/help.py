"""Somebody wants to know how this works."""

from telegram import Update

from bot.context import Context, Handlers, button
from bot.handlers.commands import command


async def help_(update: Update, context: Context) -> None:
    """A few sentences, and the way to their chats."""
    await context.say(context.texts.help(), buttons=[[button(context.texts.my_chats_button(), "my_chats")]])


handlers: Handlers = [command("help", help_)]
