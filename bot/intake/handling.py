"""What an update does, in the transaction that has claimed it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from structlog.contextvars import bound_contextvars, get_contextvars
from telegram import Chat, Update

from bot import refusals
from bot.app import Bot
from bot.context import Context, Handling, handling
from bot.intake import outcomes
from bot.reading import mending, messages, nesting
from bot.reading.envelope import JSON, kind_of
from bot.reading.people import profile_of
from database.transactions import transaction
from models import Peer
from models import Update as QuarantinedUpdate
from services.errors import Refusal
from services.incoming import quarantine
from services.incoming.inbox import Claimed
from services.incoming.placement import AsOf
from services.people import blocking, people

# Seconds that a handler may take: more than a statement may (database/connection.py), and fewer than those after
# which PostgreSQL ends a transaction in which nothing happens, as if it were away.
TIMEOUT = 9.0


class TookTooLong(Exception):
    """A handler has taken more time than any may."""


@dataclass(frozen=True)
class Handled:
    """An update that was handled, once its transaction is committed."""

    claimed: Claimed
    kind: str | None
    chat: str | None  # where it went

    def tell(self) -> None:
        """Count it, and log it."""
        outcomes.tell("handled", self.claimed.received_at, self.claimed.update_id, self.kind, self.chat)


class Handler:
    """Handles updates, with the handlers of the bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def handle(self, claimed: Claimed, refusal: Refusal | None = None) -> Handled:
        """Do what an update asks for; or say why that is declined, once the transaction that tried is rolled back.

        Raises:
            Refusal: it is declined.
            TookTooLong: it has taken more than ``TIMEOUT``.
        """
        raw = nesting.parsed(claimed.payload)
        with bound_contextvars(update_id=claimed.update_id, chat=None):
            try:
                async with asyncio.timeout(TIMEOUT) as limit:
                    await self._handle(raw, refusal)
            except TimeoutError as error:
                if limit.expired():
                    raise TookTooLong(f"more than {TIMEOUT:.0f} s") from error
                raise
            return Handled(claimed, kind_of(raw), get_contextvars().get("chat"))

    async def retry(self, kept: QuarantinedUpdate) -> None:
        """Handle an update from quarantine; if that fails again it stays there, and this raises.

        Raises:
            Refusal: it came to another bot, whose peers and chats of Telegram's are not ours.
        """
        if kept.bot_id != self._bot.id:
            raise Refusal(f"It came to another bot, {kept.bot_id}, whose token is needed for it.")
        raw = nesting.parsed(kept.payload or "{}")
        try:
            async with transaction():
                if await quarantine.leave(kept):
                    await self._handle(raw, received_at=kept.received_at)
        except Refusal as refusal:
            async with transaction():
                if await quarantine.leave(kept):
                    await self._handle(raw, refusal, kept.received_at)

    async def _handle(self, raw: JSON, refusal: Refusal | None = None, received_at: datetime | None = None) -> None:
        """Let the bot's handlers have an update, or say why it was refused before."""
        update = mending.update_of(raw, self._bot.bot)
        peer = await self._peer_of(update)
        if peer is None:
            return
        topic = messages.topic_of(update.effective_message)
        token = handling.set(Handling(peer, AsOf(update.update_id, received_at), topic))
        try:
            if refusal:
                await self._answer(update, refusal)
            else:
                await self._bot.process_update(update)
        finally:
            handling.reset(token)

    async def _peer_of(self, update: Update) -> Peer | None:
        chat, user = update.effective_chat, update.effective_user
        if chat is None:
            return None
        profile = profile_of(user) if user and chat.type == Chat.PRIVATE else None
        peer = await people.meet(self._bot.id, chat.id, profile)
        await blocking.unblock(peer)
        return peer

    async def _answer(self, update: Update, refusal: Refusal) -> None:
        tap = update.callback_query.id if update.callback_query else None
        await refusals.answer(Context.from_update(update, self._bot), refusal, tap)
