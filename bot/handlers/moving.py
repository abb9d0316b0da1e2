"""A consumer says that what they wrote is in the wrong chat, and in which it belongs."""

from collections.abc import Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler

from bot.choices import chat_page
from bot.context import Buttons, Context, Handlers, button
from bot.handlers.taps import Tap, tap_of
from bot.handlers.topics import show_in_topic
from bot.questions import ask
from models import Chat, Message, Peer
from services import access, telegram_messages
from services.errors import NotFound
from services.incoming import moving, opening, questions

# What is meant, as the data of buttons say it: all that a move has moved, or one message on the phone.
WRONG, WRONG_ONE = "wrong", "wrong_one"
MOVE, MOVE_ONE = "move", "move_one"


async def choose(update: Update, context: Context) -> None:
    """*Wrong coupon?*, or another page of what it has become: a choice of their other chats."""
    tap = tap_of(update)
    what, number, *page = tap.data.split(":")
    await _offer(context, tap, what, int(number), page=int(page[0]) if page else 0)


async def choose_for_last(update: Update, context: Context) -> None:
    """The same of what they have written last, wherever that is."""
    tap = tap_of(update)
    number = await moving.written_last(context.peer)
    await _offer(context, tap, WRONG_ONE, number or 0, page=0)


async def move(update: Update, context: Context) -> None:
    """A tap on a chat moves it there, and that is the active one now."""
    tap = tap_of(update)
    what, number, chat_id = tap.data.split(":")
    messages = await _meant(context.peer, what, int(number))
    try:
        made = await moving.move(context.peer, messages, chat_id)
    except NotFound:
        await context.acknowledge(tap.id, context.texts.moving.moved_already())
        return
    chat = await access.chat_of_consumer(context.peer.user_id, chat_id)
    texts = context.texts.moving
    await context.acknowledge(tap.id)
    undo_ = button(texts.undo_button(), f"undo:{made.id}")
    await context.rewrite(tap.telegram_message_id, texts.moved(chat), buttons=[[undo_]], about=chat)
    await show_in_topic(context, chat, messages[0])
    await _go_on_in(context, tap, chat)


async def undo(update: Update, context: Context) -> None:
    """A tap on *Undo* moves it back; the chat in which it was is the active one again."""
    tap = tap_of(update)
    number = int(tap.data.split(":")[1])
    try:
        chat = await moving.undo(context.peer, number)
    except NotFound:
        await context.acknowledge(tap.id, context.texts.refusals.not_there())
        return
    await context.acknowledge(tap.id)
    words = context.texts.moving.moved_back(chat)
    buttons = wrong_coupon_button(context, number)
    await context.rewrite(tap.telegram_message_id, words, buttons=buttons, about=chat)
    await _go_on_in(context, tap, chat)


async def keep(update: Update, context: Context) -> None:
    """A tap on *Cancel* leaves it where it is."""
    tap = tap_of(update)
    number = int(tap.data.split(":")[1])
    messages = await moving.moved_by(context.peer, number)
    await context.acknowledge(tap.id, None if messages else context.texts.refusals.not_there())
    if messages:
        chat = await access.chat_of_consumer(context.peer.user_id, messages[0].chat_id)
        words = context.texts.which_chat.filed(chat)
        buttons = wrong_coupon_button(context, number)
        await context.rewrite(tap.telegram_message_id, words, buttons=buttons, about=chat)


def wrong_coupon_button(context: Context, move_id: int) -> Buttons:
    """Make the button by which a consumer says that what a move has moved is in the wrong chat."""
    return [[button(context.texts.moving.wrong_coupon_button(), f"{WRONG}:{move_id}")]]


async def _offer(context: Context, tap: Tap, what: str, number: int, page: int) -> None:
    """Turn a message into a choice of all chats but the one in which they stand that are meant."""
    texts = context.texts
    messages = await _meant(context.peer, what, number)
    if not messages:
        await context.acknowledge(tap.id, texts.refusals.not_there())
        return
    choose_ = MOVE_ONE if what == WRONG_ONE else MOVE
    buttons = await chat_page(context, f"{choose_}:{number}", f"{what}:{number}", page, but=messages[0].chat_id)
    if not buttons:
        await context.acknowledge(tap.id, texts.moving.no_other_chat())
        return
    cancel = button(texts.moving.cancel_button(), f"keep:{number}" if what == WRONG else "chats:0")
    words = texts.moving.where_to(messages[0], len({message.album_id or message.id for message in messages}))
    await context.rewrite(tap.telegram_message_id, words, buttons=[*buttons, [cancel]])
    await context.acknowledge(tap.id)


async def _meant(peer: Peer, what: str, number: int) -> Sequence[Message]:
    """List the consumer's own messages that are meant: those of a move, or one on the phone with its album."""
    return await (moving.written_as if what in (WRONG_ONE, MOVE_ONE) else moving.moved_by)(peer, number)


async def _go_on_in(context: Context, tap: Tap, chat: Chat) -> None:
    """Let what they write from then on go to a chat, also as a reply to what has been tapped."""
    await telegram_messages.stand_for(context.peer, tap.telegram_message_id, chat.id)
    filed = await opening.activate(context.peer, chat, context.as_of)
    await ask(context, await questions.to_put_right(context.peer, filed))


handlers: Handlers = [
    CallbackQueryHandler(choose, pattern=r"^(wrong:\d{1,18}(:\d{1,4})?|wrong_one:\d{1,16}:\d{1,4})\Z"),
    CallbackQueryHandler(choose_for_last, pattern=r"^wrong_last\Z"),
    CallbackQueryHandler(move, pattern=r"^(move:\d{1,18}|move_one:\d{1,16}):[0-9a-f-]{36}\Z"),
    CallbackQueryHandler(keep, pattern=r"^keep:\d{1,18}\Z"),
    CallbackQueryHandler(undo, pattern=r"^undo:\d{1,18}\Z"),
]
