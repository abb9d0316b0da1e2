"""What an update does, in the transaction that has claimed it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from structlog.contextvars import bound_contextvars, get_contextvars
from telegram import Chat, Update

from bot import refusals
from bot.app import Bot
from bot.context import Context, Handling, handling
from bot.intake import outcomes
from bot.reading import mending, messages, nesting
from bot.reading.envelope import kind_of
from bot.reading.people import profile_of
from database.transactions import transaction
from models import Peer
from models import Update as QuarantinedUpdate
from services.errors import Refusal
from services.incoming import quarantine
from services.incoming.inbox import Claimed
from services.incoming.placement import AsOf
from services.people import blocking, people
from services.people.people import Profile

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


@dataclass(frozen=True)
class _Met:
    """An update that was read, and whom it comes from."""

    update: Update
    kind: str | None
    peer: Peer | None  # none where it tells of no chat
    is_alone: bool  # whether no other update shares its transaction


class Handler:
    """Handles updates, with the handlers of the bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def handle(self, updates: Sequence[Claimed], refusal: Refusal | None = None) -> list[Handled]:
        """Do what updates ask for; or say why that is declined, once the transaction that tried is rolled back.

        Raises:
            Refusal: it is declined.
            NotAlone: one of several has to have a transaction of its own.
            TookTooLong: one has taken more than ``TIMEOUT``.
        """
        met = await self._meet([claimed.payload for claimed in updates])
        return [await self._handle_in_time(*each, refusal) for each in zip(updates, met, strict=True)]

    async def retry(self, kept: QuarantinedUpdate) -> None:
        """Handle an update from quarantine; if that fails again it stays there, and this raises.

        Raises:
            Refusal: it came to another bot, whose peers and chats of Telegram's are not ours.
        """
        if kept.bot_id != self._bot.id:
            raise Refusal(f"It came to another bot, {kept.bot_id}, whose token is needed for it.")
        try:
            await self._retry(kept)
        except Refusal as refusal:
            await self._retry(kept, refusal)

    async def _retry(self, kept: QuarantinedUpdate, refusal: Refusal | None = None) -> None:
        async with transaction():
            if await quarantine.leave(kept):
                [met] = await self._meet([kept.payload or "{}"])
                await self._handle(met, refusal, kept.received_at)

    async def _meet(self, payloads: Sequence[str]) -> list[_Met]:
        """Read updates, and meet everybody from whom they come at once: people are locked before all else."""
        raws = [nesting.parsed(payload) for payload in payloads]
        updates = [mending.update_of(raw, self._bot.bot) for raw in raws]
        profiles = {update.effective_chat.id: _profile_in(update) for update in updates if update.effective_chat}
        peers = await people.meet_all(self._bot.id, profiles)
        return [
            _Met(
                update,
                kind_of(raw),
                peers[update.effective_chat.id] if update.effective_chat else None,
                is_alone=len(updates) == 1,
            )
            for raw, update in zip(raws, updates, strict=True)
        ]

    async def _handle_in_time(self, claimed: Claimed, met: _Met, refusal: Refusal | None) -> Handled:
        with bound_contextvars(update_id=claimed.update_id, chat=None):
            try:
                async with asyncio.timeout(TIMEOUT) as limit:
                    await self._handle(met, refusal)
            except TimeoutError as error:
                if limit.expired():
                    raise TookTooLong(f"more than {TIMEOUT:.0f} s") from error
                raise
            return Handled(claimed, met.kind, get_contextvars().get("chat"))

    async def _handle(self, met: _Met, refusal: Refusal | None, received_at: datetime | None = None) -> None:
        """Let the bot's handlers have an update, or say why it was refused before."""
        if met.peer is None:
            return
        await blocking.unblock(met.peer)
        topic = messages.topic_of(met.update.effective_message)
        as_of = AsOf(met.update.update_id, received_at)
        if topic and not self._bot.has_topics:
            self._bot.doubt_topics()
        token = handling.set(Handling(met.peer, as_of, topic, _message_id_in(met.update), met.is_alone))
        try:
            if refusal:
                await self._answer(met.update, refusal)
            else:
                await self._bot.process_update(met.update)
        finally:
            handling.reset(token)

    async def _answer(self, update: Update, refusal: Refusal) -> None:
        tap = update.callback_query.id if update.callback_query else None
        await refusals.answer(Context.from_update(update, self._bot), refusal, tap)


def _message_id_in(update: Update) -> int | None:
    """Read which message on the phone an update is about, or at which a button was tapped."""
    return update.effective_message.message_id if update.effective_message else None


def _profile_in(update: Update) -> Profile | None:
    """Read who somebody is who is alone with the bot; a group is nobody."""
    chat, user = update.effective_chat, update.effective_user
    return profile_of(user) if chat and user and chat.type == Chat.PRIVATE else None
