"""A consumer writes or sends something; the influencer of that chat reads it."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.context import Context, Handlers
from bot.handlers import held
from bot.handlers.commands import OURS
from bot.reading import incoming_of
from models import HeldMessage, Message
from services import access, messages


async def relay(update: Update, context: Context) -> None:
    """What a consumer says goes to its chat."""
    assert update.message is not None  # noqa: S101 - the filter lets nothing else through
    await respond(context, await messages.receive(context.line, incoming_of(update.message, context.moment)))


async def edit(update: Update, context: Context) -> None:
    """What a consumer changes is changed where it is."""
    assert update.edited_message is not None  # noqa: S101 - the filter lets nothing else through
    known = await messages.edit(context.line, incoming_of(update.edited_message, context.moment))
    if isinstance(known, HeldMessage):
        await respond(context, known)


async def respond(context: Context, received: Message | HeldMessage | None) -> None:
    """Ask where a message belongs, or tell of a chat that the consumer has not seen last."""
    if isinstance(received, HeldMessage):
        await held.ask(context, received)
    elif received and received.chat_id != context.line.shown_chat_id:
        chat = await access.chat_of_consumer(context.line.user_id, received.chat_id)
        await context.say(context.texts.filed(chat), about=chat)


PRIVATE = filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL & ~OURS

handlers: Handlers = [
    MessageHandler(PRIVATE & filters.UpdateType.MESSAGE, relay),
    MessageHandler(PRIVATE & filters.UpdateType.EDITED_MESSAGE, edit),
]
