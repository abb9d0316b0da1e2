"""Putting the rooms together: a database, a bot, a panel, and a process that ends when it is told to."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import partial
from typing import Any

import structlog
from aiohttp import web

from bot import app as bots
from bot.app import Bot
from bot.context import Panel
from bot.intake import webhook
from bot.intake.polling import Poller
from bot.intake.updates import Intake
from bot.outbox import Outbox
from cli import ending_signals
from database import embedded, errors, pool, schema
from database.errors import StartupError
from database.leader import Office
from services import drafts, pruning, revisions, signin, updates
from services.signin import Keyring
from settings import Settings
from web import app as panels
from web import server as servers
from web.keys import Check

HOUSEKEEPING_SECONDS = 3600.0

log = structlog.get_logger()

Work = Callable[[], Coroutine[Any, Any, None]]


@contextlib.contextmanager
def database_running(settings: Settings) -> Iterator[str]:
    """Give the database's address: the given one, or an embedded PostgreSQL that runs meanwhile."""
    if settings.database_url:
        yield settings.database_url.get_secret_value()
    else:
        with embedded.running(settings.data_dir) as url:
            yield url


@contextlib.asynccontextmanager
async def database_kept_running(settings: Settings) -> AsyncIterator[None]:
    """Get an embedded database up again whenever it falls, while the block runs."""
    if settings.database_url:
        yield
        return
    async with _all_running([partial(embedded.keep_running, settings.data_dir)]):
        yield


@contextlib.asynccontextmanager
async def database_open(settings: Settings, url: str, *, is_serving: bool = False) -> AsyncIterator[None]:
    """Open the database with all its tables; an embedded one is brought up to date by itself.

    Who serves waits for nothing long: see ``database.connected``.

    Raises:
        StartupError: it can't be reached, or is behind.
    """
    if not settings.database_url:
        async with pool.connected(url):
            await schema.upgrade(url)
    async with pool.connected(url, is_serving=is_serving):
        await schema.require()
        if is_serving and await revisions.are_ahead():
            await revisions.put_right()
        yield


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
        """Serve while the block runs; what is given is done only if something has broken."""
        async with contextlib.AsyncExitStack() as stack:
            intake = None
            if self._settings.bot_token:
                self._bot = await stack.enter_async_context(bots.opened(self._make_bot(self._settings.bot_token)))
                intake = Intake(self._bot)
                await self._employ(self._bot, intake)
            broken = await stack.enter_async_context(_all_running(self._work))
            # The last to come and the first to go: no browser is kept waiting for what Telegram has to say.
            if listener:
                app = self._panel(intake) if self._has_panel else panels.create_watch(self._checks)
                await stack.enter_async_context(servers.serving(app, listener))
            yield broken

    def _make_bot(self, token: str) -> Bot:
        return bots.create(token, self._settings.telegram_api_url, Panel(self._settings.public_url, self._keyring))

    def _panel(self, intake: Intake | None) -> web.Application:
        app = panels.create(
            self._keyring,
            self._settings.public_url,
            bot_username=lambda: self._bot.bot.username if self._bot and self._bot.is_known else None,
            readiness=self._checks,
        )
        if intake and self._bot and self._settings.telegram_updates == "webhook":
            app.add_routes([webhook.route(intake, webhook.secret(self._keyring, self._bot.id))])
        return app

    async def _employ(self, bot: Bot, intake: Intake) -> None:
        """Give the bot its work, which begins once Telegram knows it."""
        duties: list[Work] = []
        if self._has_bot:
            office = Office(self._url, f"deliver for {bot.id}")
            duties = [await self._way_in(bot, intake), partial(office.run, Outbox(bot).run)]
        self._work.append(partial(_serve_telegram, bot, duties))
        if self._has_bot or self._settings.telegram_updates == "webhook":
            self._checks.append(_known(bot))

    async def _way_in(self, bot: Bot, intake: Intake) -> Work:
        """Choose how updates come; a webhook that Telegram won't have ends the start."""
        if self._settings.telegram_updates == "webhook":
            registration = webhook.Registration(bot, self._settings.public_url, self._keyring)
            await registration.begin()
            self._checks.append(_registered(registration))
            return registration.run
        poller = Poller(bot, intake)
        office = Office(self._url, f"poll for {bot.id}")
        self._checks.append(_polling(poller, office))
        return partial(office.run, poller.run)

    async def _check_database(self) -> str | None:
        missing = await schema.missing()
        return f"the database is behind by {len(missing)} migration(s)" if missing else None


def listen(host: str, port: int, setting: str = "PORT") -> socket.socket:
    """Take a port; 0 takes any that is free.

    Raises:
        StartupError: it is taken, or not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(servers.WAITING_ROOM)  # only now it is surely ours
    except (OSError, UnicodeError) as error:
        listener.close()
        raise StartupError(f"Port {port} on {host} {_trouble(error, setting)}") from error
    return listener


def stop_requested() -> asyncio.Event:
    """Be told of Ctrl-C, SIGTERM or the terminal's end, from now on."""
    stopped = asyncio.Event()
    for number in ending_signals():
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


async def until_stopped(stopped: asyncio.Event, broken: asyncio.Future[None] | None = None) -> None:
    """Wait until we are told to stop, or something breaks."""
    waiting: set[asyncio.Future[Any]] = {asyncio.ensure_future(stopped.wait())}
    if broken:
        waiting.add(broken)
    done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


def _trouble(error: OSError | UnicodeError, setting: str) -> str:
    if isinstance(error, UnicodeError):
        return "can't be used: HOST is no name of a machine."
    if error.errno == errno.EADDRINUSE:
        return f"is taken; choose another with {setting}."
    return f"can't be used: {error.strerror}; choose another with HOST and {setting}."


@contextlib.asynccontextmanager
async def _all_running(work: list[Work]) -> AsyncIterator[asyncio.Future[None]]:
    tasks = [asyncio.create_task(begin()) for begin in work]
    broken = asyncio.ensure_future(_first_to_fail(tasks))
    try:
        yield broken
    finally:
        for task in (broken, *tasks):
            task.cancel()
        await asyncio.gather(broken, *tasks, return_exceptions=True)


async def _first_to_fail(tasks: list[asyncio.Task[None]]) -> None:
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()


async def _keep_house() -> None:
    """Forget what nobody can use any more."""
    while True:
        try:
            await signin.forget_the_expired()
            await drafts.forget_the_old()
            await updates.bound_quarantine()
            await pruning.forget_what_is_done_with()
        except Exception as error:
            if not errors.is_fault(error):
                raise
            log.warning("housekeeping.failed", error=type(error).__name__)
        await asyncio.sleep(HOUSEKEEPING_SECONDS)


async def _serve_telegram(bot: Bot, duties: list[Work]) -> None:
    """Get to know Telegram, however long it is away, and do what the bot is here for."""
    await bots.insist(partial(bots.introduce, bot), bot.rest)
    if duties:
        async with _all_running(duties) as broken:
            await broken


def _known(bot: Bot) -> Check:
    async def check() -> str | None:
        return None if bot.is_known else "Telegram has not been reached yet"

    return check


def _registered(registration: webhook.Registration) -> Check:
    async def check() -> str | None:
        return registration.complaint

    return check


def _polling(poller: Poller, office: Office) -> Check:
    async def check() -> str | None:
        return None if poller.is_polling or office.is_held_elsewhere else "Telegram's updates are not taken in yet"

    return check
