"""A consumer taps *Contact Influencer*, or an influencer their invitation."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot.context import Context, Handlers
from bot.handlers import headers, my_chats
from bot.handlers.commands import Calls, parameter_of
from bot.questions import ask
from models import Purpose
from services import start_parameters
from services.incoming import opening, questions
from services.people import access_links, invitations
from services.start_parameters import Kind, StartParameter


async def start(update: Update, context: Context) -> None:
    """The chat of a coupon opens: a new one with a welcome, an old one with its last messages."""
    text = parameter_of(update)
    if not text:
        await ask(context, await questions.to_ask_of_unasked(context.peer))
        await my_chats.show(context)
        return
    parameter = start_parameters.parse(text)
    if parameter.kind is Kind.INVITATION:
        await accept_invitation(context, parameter.name)
    else:
        await open_chat(update, context, parameter)


async def open_chat(update: Update, context: Context, parameter: StartParameter) -> None:
    message = update.effective_message
    assert message is not None  # noqa: S101 - a command is a message
    opened = await opening.by_link(parameter, context.peer, message.date, context.as_of)
    await context.lead_to_topic(opened.chat)
    await headers.say(context, opened)
    await ask(context, await questions.to_put_right(context.peer, opened.filed))
    await ask(context, await questions.to_ask_of_unasked(context.peer))


async def accept_invitation(context: Context, token: str) -> None:
    """The Telegram account becomes the influencer's own."""
    context.require_alone()  # who was the influencer until now may have been met already, as such
    influencer = await access_links.use_link(context.panel.keyring, token, Purpose.INVITATION)
    await invitations.tie(influencer.id, context.peer)
    await context.say(context.texts.influencers.tied(influencer.name))
    await context.offer_commands(context.texts.menu.influencer_commands())


# Never by an edit, of which Telegram also tells when nothing was typed: it would open a chat behind their back.
handlers: Handlers = [MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & Calls("start"), start)]
