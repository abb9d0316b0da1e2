"""A consumer writes or sends something; the influencer of that chat reads it."""

from dataclasses import replace

from telegram import Message as TelegramMessage
from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.context import Context, Handlers
from bot.handlers import finding
from bot.handlers.commands import SAYS_SOMETHING, call_of
from bot.handlers.topics import recognise_topic, tell_in_topic
from bot.questions import ask
from bot.reading.commands import words_in
from bot.reading.messages import incoming_of
from models import HeldMessage, Message, MessageKind
from services import access
from services.incoming import edits, questions, receiving
from services.incoming.finding import Search
from services.incoming.placement import Incoming
from services.text import spans
from services.text.shortening import utf16_length


async def relay(update: Update, context: Context) -> None:
    """What a consumer says goes to its chat."""
    assert update.message is not None  # noqa: S101 - the filter lets nothing else through
    await recognise_topic(update.message, context)
    await receive(update.message, said_in(update.message, context), context)


async def edit(update: Update, context: Context) -> None:
    """What a consumer changes is changed where it is; what says something only now comes as new."""
    message = update.edited_message
    assert message is not None  # noqa: S101 - the filter lets nothing else through
    incoming = said_in(message, context)
    edited_at = incoming.edited_at or incoming.sent_at  # one that is not dated is as old as its message
    incoming = replace(incoming, edited_at=edited_at, edited_as_of=context.as_of.update_id)
    known = await edits.edit(context.peer, incoming)
    if known is None and SAYS_SOMETHING.filter(message):
        await receive(message, incoming, context)
    elif isinstance(known, HeldMessage):
        await ask(context, await questions.to_ask_of_unasked(context.peer))


def said_in(message: TelegramMessage, context: Context) -> Incoming:
    """Read what somebody says, without the command before it: that is for the bot."""
    incoming = incoming_of(message, context.as_of)
    if incoming.kind is not MessageKind.TEXT:
        return incoming
    words = words_in(incoming.text, context.bot.username) or incoming.text
    start = utf16_length(incoming.text[: incoming.text.rfind(words)])
    formatting = spans.cut(incoming.formatting, start, start + utf16_length(words))
    return replace(incoming, text=words, formatting=formatting)


async def receive(message: TelegramMessage, incoming: Incoming, context: Context) -> None:
    """Pass a message on, unless it is a search, which is for the bot."""
    search = await finding.search_in(message, context)
    if search is None:
        await respond(context, await receiving.receive(context.peer, incoming))
    elif call_of(message) is None:  # a command is answered by itself
        await finding.answer(context, search)


async def respond(context: Context, received: Message | HeldMessage | Search | None) -> None:
    """Ask where a message belongs, or tell of a chat that the consumer has not seen last."""
    if isinstance(received, Search):
        await finding.answer(context, received)
    elif isinstance(received, HeldMessage):
        await ask(context, await questions.to_ask(context.peer, received))
    elif received and received.chat_id != context.peer.shown_chat_id:
        chat = await access.chat_of_consumer(context.peer.user_id, received.chat_id)
        if not await context.is_in_topic_of(chat):
            await context.say(context.texts.which_chat.filed(chat), about=chat, place="here")
            await tell_in_topic(context, chat, received)


# What has a text is no notice of Telegram's: of those there are many kinds, asked for one after another.
SAID = filters.ChatType.PRIVATE & (filters.TEXT | ~filters.StatusUpdate.ALL)

handlers: Handlers = [
    MessageHandler(filters.UpdateType.MESSAGE & SAID & SAYS_SOMETHING, relay),
    MessageHandler(filters.UpdateType.EDITED_MESSAGE & SAID, edit),
]
