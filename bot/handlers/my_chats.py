"""A consumer looks at their chats, and switches between them."""

from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.context import Addressed, Buttons, Context, Handlers, button
from bot.handlers import headers
from bot.handlers.commands import call_of, command
from bot.handlers.questions import ask
from bot.handlers.taps import tap_of
from services.chats import listing
from services.chats.listing import ConsumerChat
from services.incoming import finding, held, moving, opening, questions

PAGE_SIZE = 8
FIND = "find"  # what a tap on *Find …* sends back, with the question that is to be answered, if it is about one


async def my_chats(update: Update, context: Context) -> None:
    """The list comes as buttons, unless what stands behind the command is found in titles."""
    message = update.effective_message
    call = call_of(message) if message else None
    if call and call.words and (search := await finding.by_title(context.peer, call.words)).chats:
        words = context.texts.finding.found(search.typed, is_all=search.is_all)
        await context.say(words, buttons=await rows(context, "open", search.chats))
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


async def choices(
    context: Context | Addressed, choose: str, turn: str, page: int, but: str | None = None, find: str | None = None
) -> Buttons:
    """Make a button for each chat, perhaps but one; ``choose`` and ``turn`` begin what a tap sends back."""
    user_id = context.peer.user_id or ""
    listed = await listing.of_consumer(user_id, limit=PAGE_SIZE + 1, offset=page * PAGE_SIZE, but=but)
    buttons = await rows(context, choose, listed[:PAGE_SIZE])
    texts, has_more = context.texts.my_chats, len(listed) > PAGE_SIZE
    newer = [button(texts.newer(), f"{turn}:{page - 1}")] if page else []
    more = [button(texts.more(), f"{turn}:{page + 1}")] if has_more else []
    newest = [button(texts.newest(), f"{turn}:0")] if page > 1 else []
    search = [button(context.texts.finding.button(), find)] if find and (page or has_more) else []
    return [*buttons, *filter(None, ([*newer, *more], newest, search))]


async def rows(context: Context | Addressed, choose: str, chats: Sequence[ConsumerChat]) -> Buttons:
    """Make a button for each of these chats, which looks like no other chat's of the same consumer."""
    texts = context.texts.my_chats
    labels = texts.labels(await listing.all_of_consumer(context.peer.user_id or ""))
    return [[button(texts.row(labels[chat.id], chat.unread_count), f"{choose}:{chat.id}")] for chat in chats]


async def _listed(context: Context, page: int) -> Buttons:
    """Make the buttons of the list, and one for what was written last, where there is another chat for it."""
    buttons = await choices(context, "open", "chats", page, find=FIND)
    if len(buttons) > 1 and await moving.written_last(context.peer):
        buttons.append([button(context.texts.moving.wrong_coupon_button(), "wrong_last")])
    return buttons


handlers: Handlers = [
    command("chats", my_chats),
    CallbackQueryHandler(turn_page, pattern=r"^chats:\d{1,4}\Z"),
    CallbackQueryHandler(switch, pattern=r"^open:[0-9a-f-]{36}\Z"),
]
