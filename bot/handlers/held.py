"""A message that may belong to several chats waits for its consumer to say to which."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.choices import question_choices
from bot.context import Context, Handlers
from bot.handlers.moving import wrong_coupon_button
from bot.handlers.taps import Tap, tap_of
from bot.handlers.topics import show_in_topic
from bot.questions import ask
from services import telegram_messages
from services.errors import NotFound
from services.incoming import held, questions
from services.incoming.questions import ToTakeBack


async def file(update: Update, context: Context) -> None:
    """A tap puts the messages where they belong; what asked for it says from then on where they are."""
    tap = tap_of(update)
    _, about, chat_id = tap.data.split(":")
    try:
        answered = await held.file(context.peer, int(about), chat_id, context.as_of)
    except NotFound:
        await refuse(context, tap, int(about))
        return
    chat = answered.chat
    await context.acknowledge(tap.id)
    await telegram_messages.remember(context.peer, tap.telegram_message_id, chat.id, None)
    words = context.texts.which_chat.filed(chat)
    buttons = wrong_coupon_button(context, answered.move.id)
    await context.rewrite(tap.telegram_message_id, words, buttons=buttons, about=chat)
    await show_in_topic(context, chat, answered.filed[0])
    decided = await questions.to_put_right(context.peer, answered.filed)
    tapped = ToTakeBack(tap.telegram_message_id)
    await ask(context, [what for what in decided if what != tapped])


async def refuse(context: Context, tap: Tap, about: int) -> None:
    """Say kindly that nothing waits for this answer any more."""
    is_filed = await telegram_messages.find(context.peer, about)
    texts = context.texts
    await context.acknowledge(tap.id, texts.which_chat.filed_already() if is_filed else texts.refusals.not_there())


async def turn_page(update: Update, context: Context) -> None:
    """*More chats* shows the next of them under the same question."""
    tap = tap_of(update)
    _, about, page = tap.data.split(":")
    question = await questions.current(context.peer, int(about))
    if question is None:
        await refuse(context, tap, int(about))
        return
    buttons = await question_choices(context, int(about), int(page))
    words = context.texts.which_chat.which_coupon(question.count)
    await context.rewrite(tap.telegram_message_id, words, buttons=buttons)
    await context.acknowledge(tap.id)


handlers: Handlers = [
    CallbackQueryHandler(file, pattern=r"^file:\d{1,18}:[0-9a-f-]{36}\Z"),
    CallbackQueryHandler(turn_page, pattern=r"^which:\d{1,18}:\d{1,4}\Z"),
]
