"""*is typing…* on the consumer's phone: at once or not at all, beside everything that is owed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from time import monotonic as now

import structlog
from telegram.error import TelegramError

from bot.app import TYPING_CONNECTIONS, Bot, retry_after
from bot.outbox.methods import TOPIC, Call
from database import pubsub
from database.errors import is_fault
from services import live
from services.outgoing import typing
from services.outgoing.typing import Place

INTERVAL = 5.0  # seconds for which Telegram shows it; in a chat it is not said more often
CALL_TIMEOUT = 4.0  # seconds, after which it is worth nothing
POLL_INTERVAL = 60.0  # seconds between looks at what may be forgotten

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def shown(bot: Bot) -> AsyncIterator[None]:
    """Show where influencers type while the block runs; nothing waits for that, or ends by it."""
    running = asyncio.create_task(Typing(bot).run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


class Typing:
    """Shows for one bot where influencers type."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._shown_at: dict[str, float] = {}  # by chat
        self._quiet_until = 0.0  # Telegram wants to be left alone
        self._showing: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Show it until cancelled."""
        try:
            with pubsub.subscribed(live.typing(self._bot.id)) as subscription:
                while True:
                    await subscription.wait(POLL_INTERVAL)
                    self._begin(subscription.take_subjects())
        finally:
            for task in self._showing:
                task.cancel()

    def _begin(self, chat_ids: set[str]) -> None:
        """Begin with what may be shown now, as far as there is room for it; the rest is too late a moment later."""
        moment = now()
        self._shown_at = {chat_id: at for chat_id, at in self._shown_at.items() if moment - at < INTERVAL}
        for chat_id in chat_ids - self._shown_at.keys():
            if moment < self._quiet_until or len(self._showing) >= TYPING_CONNECTIONS:
                return
            self._shown_at[chat_id] = moment
            task = asyncio.create_task(self._show(chat_id))
            self._showing.add(task)
            task.add_done_callback(self._showing.discard)

    async def _show(self, chat_id: str) -> None:
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                if place := await typing.place_of(self._bot.id, chat_id):
                    call = _call_at(place, has_topics=self._bot.has_topics)
                    await self._bot.call(call.method, call.fields)
        except TelegramError as error:
            self._quiet_until = now() + retry_after(error)
            log.info("typing.refused", chat=chat_id, error=type(error).__name__)
        except Exception as error:
            if not isinstance(error, TimeoutError) and not is_fault(error):
                raise
            log.info("typing.lost", chat=chat_id, error=type(error).__name__)


def _call_at(place: Place, *, has_topics: bool) -> Call:
    """Bot API: sendChatAction."""
    topic = {TOPIC: place.telegram_topic_id} if has_topics and place.telegram_topic_id else {}
    return Call("sendChatAction", {"chat_id": place.telegram_chat_id, "action": "typing", **topic})
