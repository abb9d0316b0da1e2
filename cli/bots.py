"""The bot, for a command that needs no more of it than its name."""

from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager

from bot import app as bots
from bot.context import Panel
from database.errors import StartupError
from services import start_parameters
from services.people.keyring import Keyring
from services.start_parameters import StartParameter
from settings import Settings


async def deep_link(settings: Settings, parameter: Awaitable[StartParameter]) -> str:
    """Make the link by which a start parameter is given to the bot."""
    name = await parameter
    async with known_bot(settings) as bot_:
        return start_parameters.deep_link(bot_.bot.username, name)


def known_bot(settings: Settings) -> AbstractAsyncContextManager[bots.Bot]:
    """Let Telegram tell who the bot is.

    Raises:
        StartupError: there is no token, or Telegram doesn't know it, or can't be reached.
    """
    if not settings.bot_token:
        raise StartupError("TELEGRAM_BOT_TOKEN is not set: @BotFather gives one.")
    panel = Panel(settings.public_url, Keyring(settings.secret()))
    return bots.identified(bots.create(settings.bot_token, settings.telegram_api_url, panel))
