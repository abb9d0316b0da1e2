"""An influencer's feed: what changes in their chats, looked for once for all of their tabs in this process."""

import asyncio
import contextlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import structlog

from database import pubsub
from models import Chat, Message
from services import access, live
from services.chats import annotations, changes, dashboard
from services.chats.annotations import Annotations
from services.chats.changes import Change, Changes, Limit
from services.chats.dashboard import Row
from services.chats.labels import Label
from services.errors import NotFound
from services.people import blocking, sessions
from web.pages import chats as chats_page

POLL_INTERVAL = 20.0  # by itself: a notification may get lost, and the browser wants to know that we live
MAX_CHANGES = 120  # changes from which on loading the page anew is less work
MAX_CHANGES_HELD_BACK = 10_000  # while a long transaction holds the cursor back, a new page would be told the same


@dataclass(eq=False)
class Follower:
    """Somebody who follows a feed: by which session, with which chat open, and how far they have come."""

    session_id: str
    chat_id: str | None
    since: int = 0
    notified: int = -1  # how often that was when the last look began that was for them, too
    sent: dict[str, int] = field(default_factory=dict)  # revisions that the next look may find once more

    def unsent(self, found: Iterable[Change]) -> set[str]:
        """Leave out what was sent already: a look goes back to the oldest transaction that was running."""
        return {
            each.id for each in found if each.revision >= self.since and self.sent.get(each.id) != each.revision
        }


@dataclass(frozen=True)
class Reading:
    """What is read of all that has changed, for everybody who has to be told of some of it."""

    rows: list[Row]
    labels: dict[str, Label]
    unread_count: int
    chats: dict[str, Chat]
    messages: dict[str, list[Message]]
    annotations: dict[str, Annotations]
    blocked: set[str]


@dataclass
class News:
    """What a look has found for one of its followers."""

    is_poll: bool
    is_too_much: bool = False  # or nothing of it may be told: the page is to be loaded anew
    chat_ids: set[str] = field(default_factory=set)
    message_ids: set[str] = field(default_factory=set)
    moved_away: list[str] = field(default_factory=list)
    reading: Reading | None = None  # where there is nothing to tell, nothing is read

    @property
    def is_any(self) -> bool:
        return bool(self.chat_ids or self.message_ids)


class Feed:
    """Looks at the database once for all who wait, one look at a time; what is notified meanwhile is next."""

    def __init__(self, influencer_id: str) -> None:
        self.follower_count = 0
        self._influencer_id = influencer_id
        self._waiting: dict[Follower, asyncio.Future[News | None]] = {}
        self._is_over = False
        self._stack = contextlib.ExitStack()
        self._subscription = self._stack.enter_context(pubsub.subscribed(live.influencer(influencer_id)))

    async def news(self, follower: Follower) -> News | None:
        """Wait for the next look that is for this follower, too; give nothing when they are only woken.

        Raises:
            NotFound: the chat that they have open is not the influencer's any more.
        """
        future: asyncio.Future[News | None] = asyncio.get_running_loop().create_future()
        self._waiting[follower] = future
        if follower.notified < self._subscription.count:  # they are new, or were busy when something came
            self._subscription.wake()
        try:
            return await future
        finally:
            self._waiting.pop(follower, None)

    def wake(self, follower: Follower) -> None:
        """Let a follower who waits look at what has become of themselves."""
        if future := self._waiting.pop(follower, None):
            _resolve(future, None)

    async def run(self) -> None:
        """Look whenever something is notified, and now and then by itself, until nobody follows any more."""
        structlog.contextvars.clear_contextvars()  # it was begun by the first of many
        while not self._is_over:
            is_notified = await self._subscription.wait(POLL_INTERVAL)
            waiting, self._waiting = self._waiting, {}
            if not waiting:
                continue
            try:
                found = await self._looked(waiting, is_poll=not is_notified)
            except Exception as error:  # each of them knows what to do about it
                found = dict.fromkeys(waiting, error)
            for follower, future in waiting.items():
                _resolve(future, found[follower])

    def end(self) -> None:
        self._is_over = True
        self._subscription.wake()
        self._stack.close()

    async def _looked(self, followers: Collection[Follower], *, is_poll: bool) -> dict[Follower, News | Exception]:
        """Look at who may still be told, and at what has changed; read only what somebody has yet to be told."""
        for follower in followers:
            follower.notified = self._subscription.count
        good = await sessions.still_good({follower.session_id for follower in followers})
        admitted = [follower for follower in followers if follower.session_id in good]
        found: dict[Follower, News | Exception] = {
            follower: News(is_poll, is_too_much=True) for follower in followers if follower not in admitted
        }
        if admitted:
            changed = await self._changed(admitted)
            found |= {follower: _share(follower, changed, is_poll=is_poll) for follower in admitted}
            await self._read({who: news for who, news in found.items() if isinstance(news, News) and news.is_any})
        return found

    async def _changed(self, followers: Collection[Follower]) -> Changes:
        open_ids = {follower.chat_id for follower in followers if follower.chat_id}
        limit = Limit(MAX_CHANGES, MAX_CHANGES_HELD_BACK)
        return await changes.since(self._influencer_id, [each.since for each in followers], open_ids, limit)

    async def _read(self, news: dict[Follower, News]) -> None:
        """Read what these are to be told, each thing once."""
        if not news:
            return
        open_ids = {follower.chat_id for follower in news if follower.chat_id}
        rows = await dashboard.rows_of(self._influencer_id, set().union(*(each.chat_ids for each in news.values())))
        chats = await access.chats_for(self._influencer_id, open_ids)
        changed = await changes.messages(set().union(*(each.message_ids for each in news.values())), chats)
        messages = {id_: [message for message in changed if message.chat_id == id_] for id_ in chats}
        reading = Reading(
            rows=rows,
            labels=await chats_page.labels(self._influencer_id, {row.coupon_id for row in rows}) if rows else {},
            unread_count=await dashboard.unread_count(self._influencer_id),
            chats=chats,
            messages=messages,
            annotations={id_: await annotations.of(chat, messages[id_]) for id_, chat in chats.items()},
            blocked={id_ for id_, chat in chats.items() if await blocking.has_blocked(chat)},
        )
        for follower, each in news.items():
            each.reading = reading
            _note_as_sent(follower, reading, each)


def _share(follower: Follower, changed: Changes, *, is_poll: bool) -> News | Exception:
    """Give a follower their part of what was found, and move them on."""
    here = changed.cursor
    if follower.chat_id and follower.chat_id not in changed.chat_ids:
        return NotFound()
    messages = changed.messages[follower.chat_id] if follower.chat_id else []
    limit = MAX_CHANGES if follower.since < here else MAX_CHANGES_HELD_BACK
    counts = [sum(each.revision >= follower.since for each in found) for found in (changed.chats, messages)]
    if follower.since > here or max(counts) >= limit:
        return News(is_poll, is_too_much=True)
    moved = changed.moved_away[follower.chat_id] if follower.chat_id else []
    news = News(
        is_poll,
        chat_ids=follower.unsent(changed.chats),
        message_ids=follower.unsent(messages),
        moved_away=[each.id for each in moved if each.revision >= follower.since],
    )
    follower.sent = {each.id: each.revision for each in (*changed.chats, *messages) if each.revision >= here}
    follower.since = here
    return news


def _note_as_sent(follower: Follower, reading: Reading, news: News) -> None:
    """Note what was read though it has changed once more since it was found: then that needn't be told again."""
    for row in reading.rows:
        if row.id in news.chat_ids and row.revision >= follower.since:
            follower.sent[row.id] = row.revision
    for message in reading.messages.get(follower.chat_id or "", []):
        if message.id in news.message_ids and message.revision >= follower.since:
            follower.sent[message.id] = message.revision


def _resolve(future: asyncio.Future[News | None], found: News | Exception | None) -> None:
    if future.done():  # they have gone
        return
    if isinstance(found, Exception):
        future.set_exception(found)
    else:
        future.set_result(found)


class Feeds:
    """The feeds that somebody follows in this process."""

    def __init__(self) -> None:
        self._feeds: dict[str, Feed] = {}
        self._running: set[asyncio.Task[None]] = set()

    @contextlib.contextmanager
    def followed(self, influencer_id: str) -> Iterator[Feed]:
        """Follow an influencer's feed while the block runs; the first to come begins it, the last to go ends it."""
        feed = self._feeds.get(influencer_id) or self._begun(influencer_id)
        feed.follower_count += 1
        try:
            yield feed
        finally:
            feed.follower_count -= 1
            if not feed.follower_count:
                del self._feeds[influencer_id]
                feed.end()

    def _begun(self, influencer_id: str) -> Feed:
        feed = self._feeds[influencer_id] = Feed(influencer_id)
        running = asyncio.create_task(feed.run())
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return feed

    async def close(self) -> None:
        """Wait for looks that have begun, now that nobody follows any more."""
        await asyncio.gather(*self._running, return_exceptions=True)
