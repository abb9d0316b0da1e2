"""Somebody calls the bot in a group or a channel, where no chat can be private."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.context import Context, Handlers, link

OURS = filters.Regex(r"^/(start|chats|help|panel)(@\w+)?(\s|$)")
NEW = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST


async def invite_away(update: Update, context: Context) -> None:
    """They are shown to a private chat, with the coupon they came for."""
    message = update.effective_message
    assert message is not None  # noqa: S101 - the filter lets nothing else through
    words = (message.text or "").split()
    parameter = f"?start={words[1]}" if len(words) == 2 and words[1].replace("-", "_").isidentifier() else ""
    way = link(context.texts.open_private_button(), f"https://t.me/{context.bot.username}{parameter}")
    await context.say(context.texts.only_in_private(), buttons=[[way]])


handlers: Handlers = [MessageHandler(~filters.ChatType.PRIVATE & NEW & OURS, invite_away)]
