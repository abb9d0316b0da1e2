"""Somebody calls the bot in a group or a channel, where no chat can be private."""

import re

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.context import Context, Handlers, link
from bot.handlers.commands import OURS, parameter_of
from bot.texts import texts_for

NEW = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
FITS_A_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}")  # Bot API: deep linking


async def invite_away(update: Update, context: Context) -> None:
    """They are shown to a private chat, with the coupon they came for."""
    texts = texts_for(update.effective_user.language_code if update.effective_user else None)
    parameter = parameter_of(update)
    query = f"?start={parameter}" if FITS_A_LINK.fullmatch(parameter) else ""
    way = link(texts.refusals.open_private_button(), f"https://t.me/{context.bot.username}{query}")
    await context.say(texts.refusals.only_in_private(), buttons=[[way]])


handlers: Handlers = [MessageHandler(~filters.ChatType.PRIVATE & NEW & OURS, invite_away)]
