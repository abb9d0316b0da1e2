"""Is everything right? Each check says what it found, and, where it is wrong, how to mend it."""

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import typer
from telegram.error import TelegramError

import settings as environment
from bot import app as bots
from bot.app import Bot
from bot.context import Panel
from bot.intake import registration
from cli import databases
from cli.process import run
from cli.terminal import say
from database import pool, schema
from database.errors import StartupError
from services.incoming import inbox, quarantine
from services.incoming.inbox import Backlog
from services.people.keyring import Keyring
from settings import Settings

RECENT = timedelta(hours=1)
LONGEST_WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Finding:
    """What a check has found."""

    is_right: bool
    sentence: str


async def examine(settings: Settings, url: str) -> AsyncIterator[Finding]:
    """Look at the database, the bot, and the way that updates come."""
    heard_at = None
    try:
        async with pool.connected(url):
            yield Finding(True, "The database answers.")
            async for finding in _tables():
                yield finding
            heard_at = await _heard_at(settings)
    except StartupError as error:
        yield Finding(False, str(error))
    async for finding in _telegram(settings, heard_at):
        yield finding


async def _heard_at(settings: Settings) -> datetime | None:
    if settings.bot_id is None or await schema.missing():
        return None
    return await inbox.heard_at(settings.bot_id)


async def _tables() -> AsyncIterator[Finding]:
    if missing := await schema.missing():
        yield Finding(False, f"The database is behind by {len(missing)} migration(s): run couponchat migrate.")
        return
    yield Finding(True, "The database is up to date.")
    if count := await quarantine.count():
        yield Finding(False, f"{count} update(s) could not be handled: see couponchat updates.")
    else:
        yield Finding(True, "No update is in quarantine.")
    yield _backlog(await inbox.backlog())


def _backlog(backlog: Backlog) -> Finding:
    if not backlog.count:
        return Finding(True, "No update waits to be handled.")
    told = f"{backlog.count} update(s) wait to be handled, the oldest for {backlog.oldest_seconds:.0f} s"
    if backlog.oldest_seconds < LONGEST_WAIT.total_seconds():
        return Finding(True, f"{told}.")
    return Finding(False, f"{told}. Is couponchat running, and does its log say what they wait for?")


async def _telegram(settings: Settings, heard_at: datetime | None) -> AsyncIterator[Finding]:
    if not settings.bot_token:
        yield Finding(False, "TELEGRAM_BOT_TOKEN is not set: @BotFather gives one.")
        return
    panel = Panel(settings.public_url, Keyring(settings.secret()))
    try:
        async with bots.identified(bots.create(settings.bot_token, settings.telegram_api_url, panel)) as bot:
            yield Finding(True, f"Telegram knows the bot as @{bot.bot.username}.")
            async for finding in _way_in(settings, bot, heard_at):
                yield finding
    except (StartupError, TelegramError) as error:
        yield Finding(False, str(error))


async def _way_in(settings: Settings, bot: Bot, heard_at: datetime | None) -> AsyncIterator[Finding]:
    """Compare what Telegram says of the webhook with what it should be."""
    info = await bot.call("getWebhookInfo", {})
    wrong = _misled(settings, info)
    yield Finding(not wrong, wrong or f"Updates come by {settings.telegram_updates}.")
    late = registration.lateness(info.get("pending_update_count", 0), heard_at)
    yield Finding(not late, late or "No update waits too long at Telegram.")
    last_error_at = datetime.fromtimestamp(info.get("last_error_date", 0), UTC)
    if datetime.now(UTC) - last_error_at < RECENT:
        reason = info.get("last_error_message", "it does not say why")
        yield Finding(
            False, f"Telegram's last call failed: {reason}. Is {settings.public_url} reachable from outside?"
        )


def _misled(settings: Settings, info: dict[str, Any]) -> str:
    if settings.telegram_updates == "webhook":
        wrong = registration.faults(info, f"{settings.public_url}{registration.PATH}")
        return f"{wrong[0]} couponchat serve sets it again." if wrong else ""
    if info.get("url"):
        return f"A webhook to {info['url']} takes the updates away: couponchat serve ends it."
    return ""


def doctor() -> None:
    """Check the database, the migrations, the token and the webhook."""
    settings = environment.read()

    async def examined(url: str) -> bool:
        is_right = True
        async for finding in examine(settings, url):
            say(f"{_mark(finding.is_right)} {finding.sentence}")
            is_right &= finding.is_right
        return is_right

    with databases.running(settings) as url:
        if not run(examined(url)):
            raise typer.Exit(1)


def _mark(is_right: bool) -> str:
    """Mark what the doctor found, in words where the output has no such signs."""
    try:
        "✓✗".encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        return "right:" if is_right else "wrong:"
    return "✓" if is_right else "✗"
