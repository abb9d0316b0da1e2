"""One update, one transaction: its id, everything that it changes, and everything that is said because of it."""

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Literal, ParamSpec, TypeGuard
from weakref import WeakValueDictionary

import structlog
from structlog.contextvars import bound_contextvars
from telegram import Chat, Update

from bot import refusals
from bot.app import ALLOWED_UPDATES, Bot
from bot.context import Context, Handling, handling, notice_of
from bot.handlers.commands import words_in
from bot.reading import mending, messages
from bot.reading.people import language_of, profile_of
from bot.reading.values import clean, is_id
from bot.texts import texts_for
from database.errors import DatabaseAway, is_contended, is_passing, is_retryable, reason_of
from database.transactions import savepoint, transaction
from models import Peer
from models import Update as QuarantinedUpdate
from services import metrics
from services.errors import Refusal
from services.incoming import receiving, updates
from services.incoming.placement import AsOf, Incoming
from services.outgoing import deliveries
from services.people import blocking, people
from services.people.people import Profile

MAX_TRIES = 3  # two updates that get in each other's way can both be handled, one after the other

log = structlog.get_logger()

P = ParamSpec("P")
Raw = dict[str, Any]
_INVITATION = re.compile(r"(/start(?:@\w+)?\s+i_)[\w-]+", re.IGNORECASE)

Outcome = Literal["handled", "known", "quarantined"]


class Unavailable(Exception):
    """Something that we need is away: the update was not taken in, and must come again."""


class Intake:
    """Takes updates in, whichever way they come; one person's one at a time."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def take(self, raw: Raw, arrived_at: float | None = None) -> None:
        """Handle an update, or keep it in quarantine; only then may Telegram forget it.

        It has arrived now, or when ``time.monotonic`` said ``arrived_at``.

        Raises:
            Unavailable: neither could be done.
        """
        arrived_at = time.monotonic() if arrived_at is None else arrived_at
        with bound_contextvars(update_id=raw["update_id"], chat=None):
            try:
                outcome = await self._take_in_turn(raw)
            except Unavailable as why:
                log.warning("update.waits", hint=str(why))
                raise
            _count(raw, outcome, time.monotonic() - arrived_at)

    async def retry(self, kept: QuarantinedUpdate) -> None:
        """Handle an update from quarantine; if that fails again it stays there, and this raises.

        Raises:
            Refusal: it came to another bot, whose peers and chats of Telegram's are not ours.
        """
        if kept.bot_id != self._bot.id:
            raise Refusal(f"It came to another bot, {kept.bot_id}, whose token is needed for it.")
        update = self._read(json.loads(kept.payload or "{}"))
        async with transaction():
            if await updates.release(kept):
                await self._handle(update, kept.received_at)

    async def _take_in_turn(self, raw: Raw) -> Outcome:
        if not self._bot.is_identified:
            raise Unavailable("Telegram has not been reached yet")
        turn = self._turns.setdefault(sender_of(raw), asyncio.Lock())  # forgotten when nobody waits for it
        async with turn:
            return await self._take_or_keep(raw)

    async def _take_or_keep(self, raw: Raw) -> Outcome:
        for tries_left in reversed(range(MAX_TRIES)):
            try:
                return await self._take_in(raw)
            except DatabaseAway as away:
                if not tries_left:
                    raise Unavailable(f"the database is away: {away.reason}") from away
            except Exception as error:
                if tries_left and is_retryable(error):
                    continue
                if is_contended(error):
                    raise Unavailable(f"others have the database: {reason_of(error)}") from error
                log.exception("update.failed")
                return await self._keep(raw, error)
        raise AssertionError("the last try returns or raises")

    async def _take_in(self, raw: Raw) -> Outcome:
        update = self._read(raw)
        async with transaction():
            if not await updates.take_in(self._bot.id, raw["update_id"], identity_of(raw)):
                return "known"
            await self._handle(update)
        return "handled"

    def _read(self, raw: Raw) -> Update:
        return mending.update_of(raw, self._bot.bot)

    async def _handle(self, update: Update, received_at: datetime | None = None) -> None:
        peer = await self._peer_of(update)
        if peer is None:
            return
        topic = messages.topic_of(update.effective_message)
        token = handling.set(Handling(peer, AsOf(update.update_id, received_at), topic))
        try:
            await self._process(update)
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

    async def _process(self, update: Update) -> None:
        try:
            async with savepoint():
                await self._bot.process_update(update)
        except Refusal as refusal:
            tap = update.callback_query.id if update.callback_query else None
            await refusals.answer(Context.from_update(update, self._bot), refusal, tap)

    async def _keep(self, raw: Raw, error: Exception) -> Outcome:
        """Keep what could not be handled, and tell its sender once."""
        try:
            reason = clean(f"{type(error).__name__}: {error}")
            async with transaction():
                kept = await updates.quarantine(
                    self._bot.id, raw["update_id"], identity_of(raw), _without_token(raw), reason
                )
                if kept and (sender := _private_sender(raw)):
                    await _unless_it_fails(self._tell, raw, sender, kept)
        except Exception as trouble:
            if not is_passing(trouble):
                log.exception("update.unkept")
            raise Unavailable(f"it can't be kept: {reason_of(trouble)}") from trouble
        return "quarantined"

    async def _tell(self, raw: Raw, sender: Profile, kept: QuarantinedUpdate) -> None:
        """Tell the sender, and show the influencer that there is something."""
        peer = await people.meet(self._bot.id, sender.telegram_user_id, sender)
        if incoming := _incoming_of(raw, self._bot.bot.username):
            await _unless_it_fails(receiving.keep_unreadable, peer, incoming)
        texts = texts_for(sender.language_code)
        words = texts.failures.broken() if kept.payload else texts.failures.too_large()
        notice = notice_of(words, telegram_topic_id=messages.topic_in(_message_in(raw)))
        await deliveries.queue(peer, notice)


async def _unless_it_fails(work: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> None:
    """Do something on which nothing else depends: an update that can't be handled may break anything."""
    try:
        async with savepoint():
            await work(*args, **kwargs)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("update.untold")


def _count(raw: Raw, outcome: Outcome, seconds: float) -> None:
    """Let whoever keeps us running know of an update, now that what became of it is committed."""
    metrics.UPDATES.labels(outcome).inc()
    metrics.UPDATE_SECONDS.observe(seconds)
    kind = next((kind for kind in ALLOWED_UPDATES if kind in raw), None)
    log.info("update.taken", kind=kind, outcome=outcome, milliseconds=round(seconds * 1000))


def is_update(raw: Any) -> TypeGuard[Raw]:
    """Say whether something is an update, whatever is in it: it has a number by which it is known."""
    return isinstance(raw, dict) and is_id(raw.get("update_id")) and raw["update_id"] >= 0


def sender_of(raw: Raw) -> int:
    """Tell whose update this is, without trusting its form: their Telegram id, or 0."""
    return _id_of(_content_of(raw).get("from"))


def identity_of(raw: Raw) -> str:
    """Tell an update apart from another with the same number, by what no repetition of it changes."""
    kinds = [name for name, content in raw.items() if isinstance(content, dict)]
    content = _content_of(raw)
    chat = content.get("chat")
    about = [content.get(name) for name in ("id", "message_id", "date", "edit_date")]
    about.append(chat.get("id") if isinstance(chat, dict) else None)
    known = [part if isinstance(part, int | str) else None for part in about]
    return hashlib.sha256(json.dumps([kinds[:1], known]).encode()).hexdigest()[:32]


def _private_sender(raw: Raw) -> Profile | None:
    """Find whom to tell, in an update that could not be read."""
    sender_id = sender_of(raw)
    if not sender_id or _id_of(_message_in(raw).get("chat")) != sender_id:
        return None
    sender = _content_of(raw)["from"]
    name = " ".join(sender[key] for key in ("first_name", "last_name") if isinstance(sender.get(key), str))
    return Profile(sender_id, clean(name), None, language_of(sender.get("language_code")))


def _incoming_of(raw: Raw, bot_name: str) -> Incoming | None:
    """Find where a message that could not be read would have stood; a command alone is none."""
    message = raw.get("message")
    if not isinstance(message, dict) or not words_in(str(message.get("text") or "?"), bot_name):
        return None
    message_id, date = message.get("message_id"), message.get("date")
    if not is_id(message_id) or type(date) is not int or not 0 <= date < 2**32:
        return None
    return Incoming(
        telegram_message_id=message_id,
        sent_at=datetime.fromtimestamp(date, UTC),
        as_of=AsOf(raw["update_id"]),
        reply_to_telegram_message_id=messages.replied_to(message),
        telegram_topic_id=messages.topic_in(message),
    )


def _content_of(raw: Raw) -> dict[str, Any]:
    """Give the one field of an update that holds something: its message, its tap, …"""
    return next((content for content in raw.values() if isinstance(content, dict)), {})


def _without_token(raw: Raw) -> Raw:
    """Leave out what an invitation is known by: whoever reads the database, or a backup of it, could use it."""
    content = _content_of(raw)
    if not isinstance(content.get("text"), str):
        return raw
    hidden = {**content, "text": _INVITATION.sub(r"\1…", content["text"])}
    return {name: hidden if value is content else value for name, value in raw.items()}


def _message_in(raw: Raw) -> dict[str, Any]:
    """Give the message that an update is, or is about, as far as it has a form."""
    content = _content_of(raw)
    return content["message"] if isinstance(content.get("message"), dict) else content


def _id_of(thing: Any) -> int:
    telegram_id = thing.get("id") if isinstance(thing, dict) else None
    return telegram_id if is_id(telegram_id) else 0
