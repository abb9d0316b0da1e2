"""The bot, assembled: python-telegram-bot's Application with our handlers, and nothing of its own traffic."""

import asyncio
import contextlib
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import Any

import structlog
from telegram import MenuButtonCommands
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes, ExtBot
from telegram.request import BaseRequest
from telegram.warnings import PTBUserWarning

from bot import handlers, texts
from bot.api import UNREADABLE, AiohttpRequest
from bot.context import Context, Panel
from database.errors import StartupError

CONNECTIONS = 32
UNORDERED_CONNECTIONS = 8  # beside them, for what can't wait until one of those is free
TYPING_CONNECTIONS = 4  # and for what is worth nothing a moment later
NOT_TELEGRAMS = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
TOPICS_INTERVAL = 30.0  # seconds between looks whether topics are switched on
FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 30.0  # seconds between tries to reach Telegram

log = structlog.get_logger()

Work = Callable[[], Awaitable[None]]


class Unreachable(StartupError):
    """Telegram is away; the same may well work later."""


class Bot(Application[Any, Any, Any, Any, Any, Any]):
    """An Application whose failures are seen by the transaction around it."""

    def __init__(self, *, panel: Panel, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.panel = panel
        self.is_identified = False
        self.has_topics = False  # in private chats, as Telegram has said last
        self._topics_doubted = asyncio.Event()
        self.retry_delay: float | None = None  # seconds for which Telegram wants to be left alone, while it is away

    @property
    def id(self) -> int:
        """Give the bot's Telegram id, with which its token begins."""
        return int(self.bot.token.partition(":")[0])

    async def watch_topics(self) -> None:
        """Ask Telegram now and then whether topics are switched on, until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TOPICS_INTERVAL):
                    await self._topics_doubted.wait()
            self._topics_doubted.clear()
            try:
                await self.look_for_topics()
            except TelegramError as error:
                log.warning("telegram.unreachable", error=type(error).__name__)
            await asyncio.sleep(FIRST_BACKOFF)

    async def look_for_topics(self) -> None:
        """Ask Telegram whether topics are switched on; a server that has no word for them has none."""
        me = await self.call("getMe", {})
        self.has_topics = isinstance(me, dict) and me.get("has_topics_enabled") is True

    def doubt_topics(self) -> None:
        """Let Telegram be asked soon: something looks as if topics had been switched on or off."""
        self._topics_doubted.set()

    async def process_error(self, update: object | None, error: Exception, *_: Any, **__: Any) -> bool:
        """Pass on what a handler raised, which PTB itself would only log."""
        raise error

    async def call(self, method: str, payload: dict[str, Any], **options: Any) -> Any:
        """Call a method of the Bot API by its own name, and give its plain answer."""
        try:
            return await self.bot.do_api_request(method, api_kwargs=payload, **options)
        except NOT_TELEGRAMS as error:  # it was JSON, but whose?
            raise TelegramError(UNREADABLE) from error


def create(token: str, api_url: str, panel: Panel, request: BaseRequest | None = None) -> Bot:
    """Build the bot; it says nothing to Telegram yet."""
    # It would rather have its own methods called, which hide the plain JSON that we keep.
    warnings.filterwarnings("ignore", "Please use 'Bot", PTBUserWarning)
    builder = (
        ApplicationBuilder()
        .application_class(Bot, kwargs={"panel": panel})
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .updater(None)
        .context_types(ContextTypes(context=Context))
        .request(request or AiohttpRequest(api_url, CONNECTIONS + UNORDERED_CONNECTIONS + TYPING_CONNECTIONS))
        .get_updates_request(request or AiohttpRequest(api_url, 2))
    )
    bot: Bot = builder.build()  # type: ignore[assignment]
    bot.add_handlers(handlers.ALL)
    return bot


@contextlib.asynccontextmanager
async def identified(bot: Bot) -> AsyncIterator[Bot]:
    """Connect to Telegram, which tells the bot its own name.

    Raises:
        StartupError: Telegram doesn't know the token, or can't be reached.
    """
    try:
        with telling_why():
            await bot.initialize()
        bot.is_identified = True
        yield bot
    finally:
        await bot.bot.shutdown()


@contextlib.asynccontextmanager
async def opened(bot: Bot) -> AsyncIterator[Bot]:
    """Connect to Telegram. If it is unreachable, keep the delay it asked for, so that ``keep_trying`` can go on.

    Raises:
        StartupError: Telegram doesn't know the token.
    """
    try:
        bot.retry_delay = await try_once(partial(identify, bot))
        yield bot
    finally:
        await bot.bot.shutdown()


async def identify(bot: Bot) -> None:
    """Ask Telegram for the bot's name, and give it the menu, without which the bot can do as well."""
    await bot.initialize()
    bot.has_topics = bot.bot.bot.has_topics_enabled is True
    try:
        await set_commands(bot.bot)
    except (InvalidToken, BadRequest, Forbidden) as error:  # a server that has no such method says 404
        log.warning("telegram.no_menu", error=type(error).__name__)
    await show_menu_button(bot.bot)
    bot.is_identified = True


async def try_once(work: Work) -> float | None:
    """Ask something of Telegram once. If it is unreachable, return the seconds for which it wants to be left alone.

    Raises:
        StartupError: Telegram refuses it.
    """
    try:
        with telling_why():
            await work()
    except Unreachable as away:
        log.warning("telegram.unreachable", error=type(away.__cause__).__name__)
        return retry_after(away.__cause__)
    return None


async def keep_trying(work: Work, delay: float | None) -> None:
    """Ask something of Telegram, after what ``try_once`` returned, until Telegram has answered.

    Raises:
        StartupError: Telegram refuses it.
    """
    backoff = FIRST_BACKOFF
    while delay is not None:
        await asyncio.sleep(max(backoff, delay))
        backoff = min(backoff * 2, LONGEST_BACKOFF)
        delay = await try_once(work)


@contextlib.contextmanager
def telling_why() -> Iterator[None]:
    """Turn Telegram's errors at the start into one line.

    Raises:
        Unreachable: it is away.
        StartupError: it refuses us.
    """
    try:
        yield
    except InvalidToken as error:
        raise StartupError("TELEGRAM_BOT_TOKEN: Telegram doesn't know this token.") from error
    except (TelegramError, KeyError, TypeError) as error:
        is_page = isinstance(error, BadRequest | Forbidden) and error.__cause__  # somebody else's
        if isinstance(error, BadRequest | Forbidden | EndPointNotFound) and not is_page:
            raise StartupError(f"Telegram refused to start the bot: {error.message}") from error
        raise Unreachable("Telegram can't be reached at TELEGRAM_API_URL.") from error  # or it is not Telegram


async def set_commands(bot: ExtBot[None]) -> None:
    """Put our commands into the menu, in every language that we speak."""
    for code in texts.codes():
        commands = [(entry.name, entry.description) for entry in texts.texts_for(code).menu.commands()]
        await bot.set_my_commands(commands, language_code=None if code == "en" else code)


async def show_menu_button(bot: ExtBot[None]) -> None:
    """Let the menu be one tap away, beside the field in which somebody writes; Telegram may do so by itself."""
    try:
        await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    except (TelegramError, *NOT_TELEGRAMS) as error:
        log.warning("telegram.no_menu_button", error=type(error).__name__)


def retry_after(error: BaseException | None) -> float:
    """Tell for how many seconds Telegram wants to be left alone."""
    if not isinstance(error, RetryAfter):
        return 0.0
    told = error.retry_after
    return float(told if isinstance(told, int) else told.total_seconds())
