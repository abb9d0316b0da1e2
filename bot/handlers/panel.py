"""An influencer asks for the way into the panel."""

from telegram import Update

from bot.context import Context, Handlers, link
from bot.handlers.commands import command
from models import Purpose
from services import signin


async def panel(update: Update, context: Context) -> None:
    """A button that signs them in once; anybody else gets a kind sentence."""
    user = context.line.user
    if user is None or not user.is_influencer:
        await context.say(context.texts.panel_is_for_influencers())
        return
    token = await signin.make_link(context.panel.keyring, user, Purpose.SIGNIN)
    way_in = link(context.texts.panel_button(), f"{context.panel.url}/signin/{token}")
    await context.say(context.texts.panel(), buttons=[[way_in]])


handlers: Handlers = [command("panel", panel)]
