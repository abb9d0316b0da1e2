"""Transactions: all or nothing, and told to others after the commit, or never."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any

from tortoise import connections
from tortoise.transactions import in_transaction

from database import pubsub

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

Tell = Callable[[pubsub.Topic], None]
Act = Callable[[], object]

_afterwards: ContextVar[list[Act] | None] = ContextVar("afterwards", default=None)


# One order of locks, so that no two transactions ever wait for each other: people ("Users"), their peers, the
# chats, and below a chat its messages and what is owed of them, which nobody changes without holding the chat.
#
# - The update that is handled comes before all of them, and nobody waits for one: who can't have it leaves it.
#   Several people's updates may share a transaction: whoever waits too long then takes all back, and goes alone.
#   All of them are met in one statement before anything else is locked (people.meet_all), and whatever locks yet
#   another person, or makes one of them somebody else, shares a transaction with nobody (accept_invitation).
# - Whoever changes several chats of one consumer holds that person, as everything does that handles an update
#   (people.meet); then it makes no difference in which order the chats follow. Whoever changes chats of many people
#   waits for none of them, and takes what is free.
# - A chat goes to another peer only while its consumer is held: whoever holds that person knows by which bot its
#   replies leave, and may take the peer.
# - Of two people the consumer comes before the influencer whom they become (people.tie), and an influencer before
#   their links and sessions.
# - To be spoken of is no lock that anybody waits for: a message's foreign key asks only that its sender stay who
#   they are. Only people.tie changes that, and waits for nothing that whoever speaks of them could hold. A peer,
#   to which its chats point, is held FOR NO KEY UPDATE for the same reason.
@contextlib.asynccontextmanager
async def transaction() -> AsyncIterator[Tell]:
    """Commit all that the block does, or nothing; topics told inside are published after the commit, or never.

    Inside another transaction it is a part of that one.
    """
    outer = _afterwards.get()
    if outer is not None:
        yield partial(_tell_after, outer)
        return
    acts: list[Act] = []
    token = _afterwards.set(acts)
    try:
        async with in_transaction():
            yield partial(_tell_after, acts)
    finally:
        _afterwards.reset(token)
    for act in acts:
        act()


@contextlib.asynccontextmanager
async def savepoint() -> AsyncIterator[None]:
    """Set a savepoint: a block that fails takes back what it has done and told, and its transaction can go on."""
    acts = _afterwards.get()
    if acts is None:
        raise RuntimeError("a savepoint is a part of a transaction")
    before = len(acts)
    try:
        async with in_transaction():
            yield
    except BaseException:
        del acts[before:]
        raise


def after_commit(act: Act) -> None:
    """Call a function once the running transaction is committed, and never if it isn't."""
    acts = _afterwards.get()
    if acts is None:
        raise RuntimeError("what comes after a commit is said in a transaction")
    acts.append(act)


async def fetch(query: str, *values: Any) -> list[dict[str, Any]]:
    """Run plain SQL, in the running transaction if there is one, and give the rows."""
    found: list[dict[str, Any]] = await connections.get("default").execute_query_dict(query, values)
    return found


@contextlib.asynccontextmanager
async def connection() -> AsyncIterator["PoolConnectionProxy"]:
    """Lend the running transaction's own connection, for what the ORM can't say, such as COPY."""
    async with connections.get("default").acquire_connection() as lent:
        yield lent


def _tell_after(acts: list[Act], topic: pubsub.Topic) -> None:
    acts.append(partial(pubsub.publish, [topic]))
