"""A consumer looks at their chats, and switches between them."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Addressed, Buttons, Context, Handlers, button
from bot.handlers import headers
from bot.handlers.commands import command
from bot.handlers.questions import ask
from bot.handlers.taps import tap_of
from services.chats import listing
from services.incoming import held, opening, questions

PAGE_SIZE = 8


async def my_chats(update: Update, context: Context) -> None:
    """The list comes as buttons."""
    await show(context)


async def show(context: Context) -> None:
    """Say which chats there are."""
    held_count = len(await held.on(context.peer))
    buttons = await choices(context, "open", "chats", page=0)
    texts = context.texts.my_chats
    await context.say(texts.heading(held_count) if buttons else texts.no_chats(held_count), buttons=buttons)


async def turn_page(update: Update, context: Context) -> None:
    """*More chats* shows the next of them in the same place."""
    tap = tap_of(update)
    buttons = await choices(context, "open", "chats", page=int(tap.data.split(":")[1]))
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


async def choices(
    context: Context | Addressed, choose: str, turn: str, page: int, but: str | None = None
) -> Buttons:
    """Make a button for each chat, perhaps but one; ``choose`` and ``turn`` begin what a tap sends back."""
    user_id = context.peer.user_id or ""
    listed = await listing.of_consumer(user_id, limit=PAGE_SIZE + 1, offset=page * PAGE_SIZE, but=but)
    texts = context.texts.my_chats
    labels = texts.labels(await listing.all_of_consumer(user_id))  # of every page: each button tells one chat
    buttons: Buttons = [
        [button(texts.row(labels[chat.id], chat.unread_count), f"{choose}:{chat.id}")]
        for chat in listed[:PAGE_SIZE]
    ]
    if len(listed) > PAGE_SIZE:
        buttons.append([button(texts.more(), f"{turn}:{page + 1}")])
    if page:
        buttons.append([button(texts.newest(), f"{turn}:0")])
    return buttons


handlers: Handlers = [
    command("chats", my_chats),
    CallbackQueryHandler(turn_page, pattern=r"^chats:\d{1,4}\Z"),
    CallbackQueryHandler(switch, pattern=r"^open:[0-9a-f-]{36}\Z"),
]
