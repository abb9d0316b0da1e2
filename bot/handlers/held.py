"""A message that may belong to several chats waits for its consumer to say to which."""

from collections.abc import Iterable

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context, Handlers
from bot.handlers.my_chats import choices
from bot.handlers.taps import tap_of
from models import Peer
from services import telegram_messages
from services.errors import NotFound
from services.incoming import held
from services.incoming.held import ToAsk, ToKeep
from services.outgoing import deliveries
from services.outgoing.payloads import Question


async def ask(context: Context, decided: Iterable[ToAsk | ToKeep]) -> None:
    """*Which coupon is this about?*, with a button for each chat; once for all that is written meanwhile."""
    for what in decided:
        if isinstance(what, ToAsk):
            await queue_question(context.peer, what)
        else:
            words = context.texts.which_chat.keep_until_chosen(what.days)
            await context.say(words, reply_to=what.telegram_message_id, once="kept")


async def queue_question(peer: Peer, what: ToAsk) -> None:
    """Queue what was decided to be asked; the words are found when it is sent."""
    await deliveries.queue_question(peer, Question(what.about), what.once)


async def file(update: Update, context: Context) -> None:
    """A tap puts the message where it belongs."""
    tap = tap_of(update)
    _, about, chat_id = tap.data.split(":")
    try:
        chat = await held.file(context.peer, int(about), chat_id, context.as_of)
    except NotFound:
        is_filed = await telegram_messages.find(context.peer, int(about))
        texts = context.texts
        why = texts.which_chat.filed_already() if is_filed else texts.refusals.not_there()
        await context.acknowledge(tap.id, why)
        return
    await context.acknowledge(tap.id)
    await context.rewrite(tap.telegram_message_id, context.texts.which_chat.filed(chat), about=chat)


async def turn_page(update: Update, context: Context) -> None:
    """*More chats* shows the next of them under the same question."""
    tap = tap_of(update)
    _, about, page = tap.data.split(":")
    question = await held.question(context.peer, int(about))
    buttons = await choices(context, f"file:{about}", f"which:{about}", int(page))
    words = context.texts.which_chat.which_coupon(question.count if question else 1)
    await context.rewrite(tap.telegram_message_id, words, buttons=buttons)
    await context.acknowledge(tap.id)


handlers: Handlers = [
    CallbackQueryHandler(file, pattern=r"^file:\d{1,18}:[0-9a-f-]{36}\Z"),
    CallbackQueryHandler(turn_page, pattern=r"^which:\d{1,18}:\d{1,4}\Z"),
]
