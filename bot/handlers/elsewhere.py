"""Somebody calls the bot in a group or a channel, where no chat can be private."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.context import Context, Handlers, link
from bot.handlers.commands import OURS, parameter_of
from bot.texts import texts_for
from services import start_parameters

NEW = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST


async def invite_away(update: Update, context: Context) -> None:
    """They are shown to a private chat, with the coupon they came for."""
    texts = texts_for(update.effective_user.language_code if update.effective_user else None)
    parameter = parameter_of(update)
    handed_on = parameter if start_parameters.fits_a_link(parameter) else ""
    url = start_parameters.deep_link(context.bot.username, handed_on)
    way = link(texts.refusals.open_private_button(), url)
    await context.say(texts.refusals.only_in_private(), buttons=[[way]])


handlers: Handlers = [MessageHandler(~filters.ChatType.PRIVATE & NEW & OURS, invite_away)]
