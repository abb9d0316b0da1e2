"""Somebody blocks the bot, or lets it in again."""

from telegram import ChatMember, Update
from telegram.ext import ChatMemberHandler

from bot.context import Context, Handlers
from services.people import blocking


async def note(update: Update, context: Context) -> None:
    """The panel can say so."""
    changed = update.my_chat_member
    assert changed is not None  # noqa: S101 - the handler is for these only
    await blocking.mark_blocked(context.peer, changed.new_chat_member.status == ChatMember.BANNED)


handlers: Handlers = [ChatMemberHandler(note, ChatMemberHandler.MY_CHAT_MEMBER)]
