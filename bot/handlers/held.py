"""A message that may belong to several chats waits for its consumer to say to which."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Context, Handlers
from bot.handlers.my_chats import choices
from bot.handlers.taps import tap_of
from models import HeldMessage
from services import messages
from services.errors import NotFound


async def ask(context: Context, message: HeldMessage) -> None:
    """*Which coupon is this about?*, with a button for each chat; an album is asked about once."""
    if await messages.is_asked_about(message):
        return
    if not await _put_question(context, message) and await _is_news(context, message):
        await context.say(context.texts.keep_until_chosen(), reply_to=message.telegram_message_id)


async def ask_about_unasked(context: Context) -> None:
    """Ask what could not be asked before there was a chat to choose, or did not arrive when it was asked."""
    for message in await messages.held_on(context.line):
        if not await messages.is_asked_about(message):
            await _put_question(context, message)


async def file(update: Update, context: Context) -> None:
    """A tap puts the message where it belongs."""
    tap = tap_of(update)
    _, telegram_message_id, chat_id = tap.data.split(":")
    try:
        chat = await messages.file_held(context.line, int(telegram_message_id), chat_id, context.moment)
    except NotFound:
        await context.acknowledge(tap.id, context.texts.filed_already())
        return
    await context.acknowledge(tap.id)
    await context.rewrite(tap.telegram_message_id, context.texts.filed(chat), about=chat)


async def turn_page(update: Update, context: Context) -> None:
    """*More chats* shows the next of them under the same question."""
    tap = tap_of(update)
    _, telegram_message_id, page = tap.data.split(":")
    buttons = await _buttons(context, int(telegram_message_id), int(page))
    await context.rewrite(tap.telegram_message_id, context.texts.which_coupon(), buttons=buttons)
    await context.acknowledge(tap.id)


async def _put_question(context: Context, message: HeldMessage) -> bool:
    """Ask, if there is a chat to choose."""
    if buttons := await _buttons(context, message.telegram_message_id, page=0):
        await context.say(context.texts.which_coupon(), buttons=buttons, reply_to=message.telegram_message_id)
        await messages.asked_about(message)
    return bool(buttons)


async def _is_news(context: Context, message: HeldMessage) -> bool:
    """Neither an edit nor another part of an album: nothing has been said about it yet."""
    firsts = [first.id for first in await messages.held_on(context.line)]
    return message.edited_at is None and message.id in firsts


async def _buttons(context: Context, telegram_message_id: int, page: int) -> list[list[dict[str, str]]]:
    return await choices(context, f"file:{telegram_message_id}", f"which:{telegram_message_id}", page)


handlers: Handlers = [
    CallbackQueryHandler(file, pattern=r"^file:\d{1,18}:[0-9a-f-]{36}\Z"),
    CallbackQueryHandler(turn_page, pattern=r"^which:\d{1,18}:\d{1,4}\Z"),
]
