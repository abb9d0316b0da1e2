"""Serving: the panel, the bot, or both, in a process that ends when it is told to."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from functools import partial

import structlog
from aiohttp.web import Application

import settings as environment
from bot import app as bots
from bot.app import Bot
from bot.context import Panel
from bot.intake import registration, webhook
from bot.intake.inbox import Inbox
from bot.intake.polling import Poller
from bot.outbox.loop import Outbox
from cli import databases, process, sentry
from cli.process import Work, all_running, run
from cli.terminal import tell
from database import errors, schema
from database.errors import StartupError
from database.leader import LeaderLock
from services import pruning
from services.chats import drafts
from services.incoming import quarantine
from services.people import sessions
from services.people.keyring import Keyring
from settings import Settings
from web import app as panels
from web import server as servers
from web.keys import Check

HOUSEKEEPING_INTERVAL = 3600.0

log = structlog.get_logger()


class Service:
    """One process of couponchat: the panel, the bot, or both."""

    def __init__(self, settings: Settings, database_url: str, *, has_panel: bool, has_bot: bool) -> None:
        self._settings = settings
        self._url = database_url
        self._keyring = Keyring(settings.secret())
        self._has_panel = has_panel
        self._has_bot = has_bot
        self._bot: Bot | None = None
        self._checks: list[Check] = [self._check_database]
        self._work: list[Work] = [_keep_house]

    @contextlib.asynccontextmanager
    async def running(self, listener: socket.socket | None) -> AsyncIterator[asyncio.Future[None]]:
        """Serve while the block runs; the future is done only if something has broken."""
        async with contextlib.AsyncExitStack() as stack:
            inbox = None
            if self._settings.bot_token:
                self._bot = await stack.enter_async_context(bots.opened(self._new_bot(self._settings.bot_token)))
                inbox = Inbox(self._bot)
                await self._add_bot_work(self._bot, inbox)
            broken = await stack.enter_async_context(all_running(self._work))
            # The last to come and the first to go: no browser is kept waiting for what Telegram has to say.
            if listener:
                app = self._panel(inbox) if self._has_panel else panels.create_watch(self._checks)
                await stack.enter_async_context(servers.serving(app, listener))
            yield broken

    def _new_bot(self, token: str) -> Bot:
        return bots.create(token, self._settings.telegram_api_url, Panel(self._settings.public_url, self._keyring))

    def _panel(self, inbox: Inbox | None) -> Application:
        app = panels.create(
            self._keyring,
            self._settings.public_url,
            bot_username=lambda: self._bot.bot.username if self._bot and self._bot.is_identified else None,
            readiness=self._checks,
        )
        if inbox and self._bot and self._takes_webhook:
            app.add_routes([webhook.route(inbox, registration.secret(self._keyring, self._bot.id))])
        return app

    async def _add_bot_work(self, bot: Bot, inbox: Inbox) -> None:
        """Add the bot's work, which begins once Telegram has identified it."""
        duties: list[Work] = []
        if self._has_bot or self._takes_webhook:
            duties += [inbox.run, bot.watch_topics]
            self._checks.append(_identified(bot))
        if self._has_bot:
            leader_lock = LeaderLock(self._url, f"deliver for {bot.id}")
            duties += [await self._updates_work(bot, inbox), partial(leader_lock.run, Outbox(bot).run)]
        self._work.append(partial(_serve_telegram, bot, duties))

    @property
    def _takes_webhook(self) -> bool:
        return self._settings.telegram_updates == "webhook"

    async def _updates_work(self, bot: Bot, inbox: Inbox) -> Work:
        """Choose polling or the webhook; a webhook that Telegram refuses ends the start."""
        if self._takes_webhook:
            registered = registration.Registration(bot, self._settings.public_url, self._keyring)
            await registered.begin()
            self._checks.append(_registered(registered))
            return registered.run
        poller = Poller(bot, inbox)
        leader_lock = LeaderLock(self._url, f"poll for {bot.id}")
        self._checks.append(_polling(poller, leader_lock))
        return partial(leader_lock.run, poller.run)

    async def _check_database(self) -> str | None:
        missing = await schema.missing()
        return f"the database is behind by {len(missing)} migration(s)" if missing else None


async def _keep_house() -> None:
    """Delete what nobody can use any more, every hour."""
    while True:
        try:
            await sessions.forget_the_expired()
            await drafts.forget_the_old()
            await quarantine.bound()
            await pruning.forget_what_is_done_with()
        except Exception as error:
            if not errors.is_fault(error):
                raise
            log.warning("housekeeping.failed", error=type(error).__name__)
        await asyncio.sleep(HOUSEKEEPING_INTERVAL)


async def _serve_telegram(bot: Bot, duties: list[Work]) -> None:
    """Wait until Telegram has identified the bot, however long that takes; then do its work."""
    await bots.keep_trying(partial(bots.identify, bot), bot.retry_delay)
    if duties:
        async with all_running(duties) as broken:
            await broken


def _identified(bot: Bot) -> Check:
    async def check() -> str | None:
        return None if bot.is_identified else "Telegram has not been reached yet"

    return check


def _registered(registered: registration.Registration) -> Check:
    async def check() -> str | None:
        return registered.complaint

    return check


def _polling(poller: Poller, leader_lock: LeaderLock) -> Check:
    async def check() -> str | None:
        return (
            None
            if poller.is_polling or leader_lock.is_held_elsewhere
            else "Telegram's updates are not taken in yet"
        )

    return check


def serve() -> None:
    """Run the panel and the bot in one process."""
    _serve(has_panel=True, has_bot=True)


def web() -> None:
    """Run the panel alone, as many times as wanted; with webhooks it takes Telegram's updates in."""
    _serve(has_panel=True, has_bot=False)


def bot() -> None:
    """Run the bot alone, as many times as wanted: one polls and delivers, the others stand by."""
    _serve(has_panel=False, has_bot=True)


def _serve(*, has_panel: bool, has_bot: bool) -> None:
    settings = environment.read()
    if has_bot and not settings.bot_token:
        raise StartupError("TELEGRAM_BOT_TOKEN is not set: @BotFather gives one; couponchat demo needs none.")
    listener, told = _listener(settings, has_panel=has_panel)

    async def work(url: str) -> None:
        async with databases.kept_running(settings), databases.opened(settings, url, is_serving=True):
            service = Service(settings, url, has_panel=has_panel, has_bot=has_bot)
            async with service.running(listener) as broken:
                stopped = process.stop_requested()
                if told:
                    tell(told)
                await process.until_stopped(stopped, broken)

    dsn = settings.sentry_dsn.get_secret_value() if settings.sentry_dsn else None
    with sentry.reporting(dsn), databases.running(settings) as url:
        run(work(url))


def _listener(settings: Settings, *, has_panel: bool) -> tuple[socket.socket | None, str]:
    """Take the panel's port, or the one of a bot alone if it is to have one; say where that is."""
    if has_panel:
        listener = process.listen(settings.host, settings.port)
        settings.at_port(listener.getsockname()[1])
        return listener, f"The panel is at {settings.public_url}"
    if settings.metrics_port is None:
        return None, ""
    listener = process.listen(settings.host, settings.metrics_port, "METRICS_PORT")
    return listener, f"The metrics are at {settings.address(listener.getsockname()[1])}/metrics"
