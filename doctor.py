"""Is everything right? Each check says what it found, and, where it is wrong, how to mend it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

from telegram.error import TelegramError

from bot import app as bots
from bot.app import ALLOWED_UPDATES, Bot
from bot.context import Panel
from bot.intake import webhook
from services import database, schema, updates
from services.errors import StartupError
from services.signin import Keyring
from settings import Settings

MANY_PENDING = 100
RECENT_SECONDS = 3600


@dataclass(frozen=True)
class Finding:
    """What a check has found."""

    is_right: bool
    sentence: str


async def examine(settings: Settings, url: str) -> AsyncIterator[Finding]:
    """Look at the database, the bot, and the way that updates come."""
    try:
        async with database.connected(url):
            yield Finding(True, "The database answers.")
            async for finding in _tables():
                yield finding
    except StartupError as error:
        yield Finding(False, str(error))
    async for finding in _telegram(settings):
        yield finding


async def _tables() -> AsyncIterator[Finding]:
    if missing := await schema.missing():
        yield Finding(False, f"The database is behind by {len(missing)} migration(s): run couponchat migrate.")
        return
    yield Finding(True, "The database is up to date.")
    kept = await updates.quarantined()
    if kept:
        yield Finding(False, f"{len(kept)} update(s) could not be handled: see couponchat updates.")
    else:
        yield Finding(True, "No update is in quarantine.")


async def _telegram(settings: Settings) -> AsyncIterator[Finding]:
    if not settings.bot_token:
        yield Finding(False, "TELEGRAM_BOT_TOKEN is not set: @BotFather gives one.")
        return
    panel = Panel(settings.public_url, Keyring(settings.secret()))
    try:
        async with bots.known(bots.create(settings.bot_token, settings.telegram_api_url, panel)) as bot:
            yield Finding(True, f"Telegram knows the bot as @{bot.bot.username}.")
            async for finding in _webhook(settings, bot):
                yield finding
    except (StartupError, TelegramError) as error:
        yield Finding(False, str(error))


async def _webhook(settings: Settings, bot: Bot) -> AsyncIterator[Finding]:
    info = await bot.call("getWebhookInfo", {})
    wanted = f"{settings.public_url}{webhook.PATH}" if settings.telegram_updates == "webhook" else ""
    pending = info["pending_update_count"]
    if info["url"] == wanted:
        yield Finding(True, f"Updates come by {settings.telegram_updates}.")
    elif wanted:
        found = info["url"] or "nowhere"
        yield Finding(False, f"The webhook leads to {found}, not to {wanted}: start couponchat to set it again.")
    else:
        yield Finding(False, f"A webhook to {info['url']} takes the updates: start couponchat to take it away.")
    if wanted and set(info.get("allowed_updates", [])) != set(ALLOWED_UPDATES):
        yield Finding(False, "The webhook asks for other kinds of update: start couponchat to set it again.")
    if pending > MANY_PENDING:
        yield Finding(False, f"{pending} updates wait at Telegram, which forgets them after a day.")
    last_error_at = info.get("last_error_date", 0)
    if datetime.now(UTC).timestamp() - last_error_at < RECENT_SECONDS:
        yield Finding(
            False, f"Telegram's last call failed: {info.get('last_error_message', 'it does not say why')}."
        )
