"""Updates that can't be handled: kept in quarantine, and their senders told once."""

from collections.abc import Awaitable, Callable
from typing import ParamSpec

import structlog

from bot.app import Bot
from bot.context import notice_of
from bot.intake import outcomes
from bot.reading import nesting, unreadable
from bot.reading.envelope import Envelope, envelope_of, kind_of
from bot.reading.values import clean
from bot.texts import texts_for
from database.errors import is_passing
from database.transactions import savepoint, transaction
from models import UpdateState
from services.incoming import quarantine, receiving
from services.incoming.inbox import Claimed
from services.outgoing import deliveries
from services.people import people
from services.people.people import Profile

log = structlog.get_logger()

P = ParamSpec("P")


async def keep(bot: Bot, claimed: Claimed, error: Exception) -> None:
    """Keep what could not be handled, unless another process was quicker, and tell its sender once."""
    envelope = envelope_of(nesting.parsed(claimed.payload))
    assert envelope is not None  # noqa: S101 - it was received in one
    reason = clean(f"{type(error).__name__}: {error}")
    payload = nesting.written(unreadable.without_token(envelope))
    async with transaction():
        state = await quarantine.keep(claimed, payload, reason)
        if state and (sender := unreadable.sender_of(envelope)):
            await _unless_it_fails(_tell, bot, envelope, sender, state)
    if state:
        outcomes.tell("quarantined", claimed.received_at, claimed.update_id, kind_of(envelope.raw))


async def _tell(bot: Bot, envelope: Envelope, sender: Profile, state: UpdateState) -> None:
    """Tell the sender, and show the influencer that there is something."""
    peer = await people.meet(bot.id, sender.telegram_user_id, sender)
    if incoming := unreadable.incoming_of(envelope, bot.bot.username):
        await _unless_it_fails(receiving.keep_unreadable, peer, incoming)
    texts = texts_for(sender.language_code)
    words = texts.failures.broken() if state is UpdateState.QUARANTINED else texts.failures.too_large()
    await deliveries.queue(peer, notice_of(words, telegram_topic_id=unreadable.topic_of(envelope)))


async def _unless_it_fails(work: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs) -> None:
    """Do something on which nothing else depends: an update that can't be handled may break anything."""
    try:
        async with savepoint():
            await work(*args, **kwargs)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("update.untold")
