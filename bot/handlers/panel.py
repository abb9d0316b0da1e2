"""An influencer asks for the way into the panel."""

from telegram import Update

from bot.context import Context, Handlers
from bot.handlers.commands import command
from services.outgoing import deliveries
from services.outgoing.payloads import WayIn


async def panel(update: Update, context: Context) -> None:
    """A button that signs them in once; anybody else gets a kind sentence."""
    user = context.peer.user
    if user is None or not user.is_influencer:
        await context.say(context.texts.refusals.panel_is_for_influencers())
        return
    await deliveries.queue(context.peer, WayIn(context.telegram_topic_id))


handlers: Handlers = [command("panel", panel)]
