"""Somebody wants to know how this works."""

from telegram import Update

from bot.context import Context, Handlers, button
from bot.handlers.commands import command


async def help_(update: Update, context: Context) -> None:
    """A few sentences, and the way to their chats."""
    way = button(context.texts.my_chats.button(), "my_chats")
    await context.say(context.texts.help.how_this_works(), buttons=[[way]])


handlers: Handlers = [command("help", help_)]
