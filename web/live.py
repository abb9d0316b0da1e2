"""What changes while somebody looks, as a stream: being live is catching up, continued."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from database.errors import is_passing
from models import User
from services import access, metrics
from services.chats import changes, revisions
from services.chats.dashboard import Filter
from services.errors import NotFound
from web import params
from web.feeds import POLL_INTERVAL, Feed, Feeds, Follower, News, Reading
from web.keys import SIGNED_IN
from web.pages import chat as chat_page
from web.pages import chats as chats_page
from web.sessions import influencer

MAX_TABS = 20  # of one session, in one process; whoever has more looks at a few of them
SEND_TIMEOUT = 15.0  # a tab that takes nothing for so long is cut off; it comes back and catches up


@dataclass(eq=False)
class Tab:
    """A browser tab that listens: what it shows, and how far it has come."""

    request: web.Request
    me: User
    only: Filter
    feed: Feed
    follower: Follower
    is_closing: bool = False
    is_to_rest: bool = False

    def close(self) -> None:
        """Let the stream end, even one that is stuck in a slow network."""
        self.is_closing = True
        self._leave()

    def let_rest(self) -> None:
        """Let the stream end until somebody looks at the tab again."""
        self.is_to_rest = True
        self._leave()

    def _leave(self) -> None:
        self.feed.wake(self.follower)
        if self.request.transport and self.request.transport.get_write_buffer_size():
            self.request.transport.abort()

    @property
    def is_open(self) -> bool:
        transport = self.request.transport
        return not self.is_closing and transport is not None and not transport.is_closing()


TABS: web.AppKey[list[Tab]] = web.AppKey("tabs")
FEEDS = web.AppKey("feeds", Feeds)


def setup(app: web.Application) -> None:
    """Let streams end when the server does."""
    app[TABS], app[FEEDS] = [], Feeds()
    app.on_shutdown.append(_close_all)
    app.on_cleanup.append(_await_looks)


async def stream(request: web.Request) -> web.StreamResponse:
    """Tell a tab what changes, from where it stopped listening."""
    me = await influencer(request, renews=False)
    chat_id = params.chat(request)
    if chat_id:
        await access.chat_for(me.id, chat_id)
    with _listening(request, me, chat_id) as tab:
        since = params.since(request)
        tab.follower.since = await changes.cursor() if since is None else since
        if not tab.is_open:
            raise web.HTTPServiceUnavailable  # nobody is there to hear it any more
        async with sse_response(request, ping_interval=POLL_INTERVAL, send_timeout=SEND_TIMEOUT) as response:
            # The tab is gone, or the database is: either way the browser comes back and catches up.
            try:
                await _follow(tab, response)
            except NotFound:
                pass
            except Exception as error:
                if not isinstance(error, ConnectionError | TimeoutError) and not is_passing(error):
                    raise
    return response


async def _follow(tab: Tab, response: EventSourceResponse) -> None:
    is_new = True
    while tab.is_open:
        if tab.is_to_rest:
            await response.send("", event="rest")
            return
        news = await tab.feed.news(tab.follower)
        if news is None or not tab.is_open:
            continue
        if news.is_too_much:
            # Else the new page would be told the same.
            if await revisions.are_ahead(tab.me.id, tab.follower.chat_id):
                await revisions.put_right()
            await response.send("", event="reload")
            return
        if news.reading:
            told = _rows_told(tab, news, news.reading) | _messages_told(tab, news, news.reading)
            await response.send(json.dumps(told), event="change", id=str(tab.follower.since))
        elif is_new or news.is_poll:
            await response.send("", event="present", id=str(tab.follower.since))
        is_new = False


def _rows_told(tab: Tab, news: News, reading: Reading) -> dict[str, Any]:
    """Render the changes of the list with the page's own partials."""
    shown = [row for row in reading.rows if row.id in news.chat_ids and tab.only.lets_through(row)]
    return {
        "unread": reading.unread_count,
        "rows": [chats_page.row_partial(tab.request, row, tab.only, reading.labels) for row in shown],
        "removed": list(news.chat_ids - {row.id for row in shown}),
    }


def _messages_told(tab: Tab, news: News, reading: Reading) -> dict[str, Any]:
    """Render those of the open chat, if there is one."""
    chat = reading.chats.get(tab.follower.chat_id or "")
    if chat is None:
        return {}
    messages = [message for message in reading.messages[chat.id] if message.id in news.message_ids]
    return {
        "messages": chat_page.rendered(tab.request, chat, messages, reading.annotations[chat.id]),
        "movedAway": news.moved_away,
        "isBlocked": chat.id in reading.blocked,
    }


@contextlib.contextmanager
def _listening(request: web.Request, me: User, chat_id: str | None) -> Iterator[Tab]:
    """Subscribe before the first look, so that nothing falls in between."""
    tabs = request.app[TABS]
    with request.app[FEEDS].followed(me.id) as feed, metrics.STREAMS.track_inprogress():
        tab = Tab(request, me, params.only(request), feed, Follower(request[SIGNED_IN].id, chat_id))
        tabs.append(tab)
        _let_the_oldest_rest(tabs, tab)
        try:
            yield tab
        finally:
            tabs.remove(tab)


def _let_the_oldest_rest(tabs: list[Tab], newest: Tab) -> None:
    session = newest.request[SIGNED_IN].id
    awake = [tab for tab in tabs if tab.request[SIGNED_IN].id == session and not tab.is_to_rest]
    for tab in awake[:-MAX_TABS]:
        tab.let_rest()


async def _close_all(app: web.Application) -> None:
    for tab in app[TABS]:
        tab.close()


async def _await_looks(app: web.Application) -> None:
    await app[FEEDS].close()
