"""A consumer looks at their chats, and switches between them."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.choices import FIND, chat_buttons, chat_page
from bot.context import Buttons, Context, Handlers, button
from bot.handlers import headers
from bot.handlers.commands import call_of, command
from bot.handlers.taps import tap_of
from bot.questions import ask
from services.incoming import finding, held, moving, opening, questions


async def my_chats(update: Update, context: Context) -> None:
    """The list comes as buttons, unless what stands behind the command is found in titles."""
    message = update.effective_message
    call = call_of(message) if message else None
    if call and call.words and (search := await finding.by_title(context.peer, call.words)).chats:
        words = context.texts.finding.found(search.typed, is_all=search.is_all)
        await context.say(words, buttons=await chat_buttons(context, "open", search.chats))
    else:
        await show(context)


async def show(context: Context) -> None:
    """Say which chats there are."""
    held_count = len(await held.on(context.peer))
    buttons = await _listed(context, page=0)
    texts = context.texts.my_chats
    await context.say(texts.heading(held_count) if buttons else texts.no_chats(held_count), buttons=buttons)


async def turn_page(update: Update, context: Context) -> None:
    """*More chats* shows the next of them in the same place, *Newer chats* those before."""
    tap = tap_of(update)
    buttons = await _listed(context, page=int(tap.data.split(":")[1]))
    await context.rewrite(tap.telegram_message_id, context.texts.my_chats.heading(0), buttons=buttons)
    await context.acknowledge(tap.id)


async def switch(update: Update, context: Context) -> None:
    """A tap on a chat opens it."""
    tap = tap_of(update)
    opened = await opening.by_choice(tap.data.split(":")[1], context.peer, context.as_of)
    await context.lead_to_topic(opened.chat)
    await context.acknowledge(tap.id)
    await headers.say(context, opened)
    await ask(context, await questions.to_put_right(context.peer, opened.filed))


async def _listed(context: Context, page: int) -> Buttons:
    """Make the buttons of the list, and one for what was written last, where there is another chat for it."""
    buttons = await chat_page(context, "open", "chats", page, find=FIND)
    if len(buttons) > 1 and await moving.written_last(context.peer):
        buttons.append([button(context.texts.moving.wrong_coupon_button(), "wrong_last")])
    return buttons


handlers: Handlers = [
    command("chats", my_chats),
    CallbackQueryHandler(turn_page, pattern=r"^chats:\d{1,4}\Z"),
    CallbackQueryHandler(switch, pattern=r"^open:[0-9a-f-]{36}\Z"),
]
