"""A consumer types a part of a coupon's title, and finds the chat about it."""

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler

from bot.choices import FIND, chat_buttons
from bot.context import Context, Handlers
from bot.handlers.commands import call_of
from bot.handlers.taps import tap_of
from bot.texts import Texts
from services.incoming import finding
from services.incoming.finding import Search
from services.outgoing import deliveries
from services.outgoing.payloads import FindPrompt


async def ask_for_title(update: Update, context: Context) -> None:
    """*Find …* asks for a part of the title."""
    tap = tap_of(update)
    _, _, about = tap.data.partition(":")
    await context.acknowledge(tap.id)
    await prompt(context, int(about) if about else None)


async def prompt(context: Context, about: int | None) -> None:
    """Ask for a part of a title, unless that is what was said last."""
    payload = FindPrompt(about, context.telegram_topic_id)
    await deliveries.queue(context.peer, payload, once=f"{FIND}:{about or ''}")


async def answer(context: Context, search: Search) -> None:
    """Show what was found; where nothing was, let them try again."""
    texts = context.texts.finding
    if search.chats:
        buttons = await chat_buttons(context, f"file:{search.about}" if search.about else "open", search.chats)
        await context.say(texts.found(search.typed, is_all=search.is_all), buttons=buttons)
    else:
        await context.say(texts.nothing_found(search.typed))
        await prompt(context, search.about)


async def search_in(message: Message, context: Context) -> Search | None:
    """Find what a message looks for that is known as a search by its words alone: it answers nothing that we know.

    It begins with */chats*, and something is found; or it replies to a prompt of which we have yet to hear that it
    has arrived.
    """
    call = call_of(message)
    if call and call.name == "chats" and call.words:
        search = await finding.by_title(context.peer, call.words)
        return search if search.chats else None
    asked = _prompt_replied_to(message, context.texts)
    if asked is None:
        return None
    about = await finding.question_in_doubt(context.peer) if asked == "question" else None
    return await finding.by_title(context.peer, message.text or message.caption or "", about)


def _prompt_replied_to(message: Message, texts: Texts) -> str | None:
    """Say what a message of ours asks for a title for, if a message replies to one: a question, or My chats."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.id != message.get_bot().id:
        return None
    for kind in ("question", "chats"):
        if replied.text == texts.finding.prompt(is_for_question=kind == "question").text:
            return kind
    return None


handlers: Handlers = [CallbackQueryHandler(ask_for_title, pattern=rf"^{FIND}(:\d{{1,18}})?\Z")]
