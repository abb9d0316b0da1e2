"""What changes while somebody looks, as a stream: being live is catching up, continued."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web
from aiohttp_sse import EventSourceResponse, sse_response

from database import pubsub
from database.errors import is_passing
from models import Chat, Message, User
from services import access, live, metrics
from services.chats import dashboard, revisions
from services.chats.dashboard import Filter, Row
from services.errors import NotFound
from services.people import blocking
from web import params
from web.keys import SIGNED_IN
from web.pages import chat as chat_page
from web.pages import chats as chats_page
from web.sessions import influencer, is_still_signed_in

POLL_INTERVAL = 20.0  # by itself: a notification may get lost, and the browser wants to know that we live
MAX_CHANGES = 120  # changes from which on loading the page anew is less work
MAX_CHANGES_HELD_BACK = 10_000  # while a long transaction holds the cursor back, a new page would be told the same
MAX_TABS = 20  # of one session, in one process; whoever has more looks at a few of them
SEND_TIMEOUT = 15.0  # a tab that takes nothing for so long is cut off; it comes back and catches up

Changed = TypeVar("Changed", Row, Message)


@dataclass(eq=False)
class Tab:
    """A browser tab that listens: what it shows, and how far it has come."""

    request: web.Request
    me: User
    chat_id: str | None
    only: Filter
    since: int
    subscription: pubsub.Subscription
    is_closing: bool = False
    is_to_rest: bool = False
    sent: dict[str, int] = field(default_factory=dict)  # revisions that the next look may find once more

    def close(self) -> None:
        """Let the stream end, even one that is stuck in a slow network."""
        self.is_closing = True
        self._leave()

    def let_rest(self) -> None:
        """Let the stream end until somebody looks at the tab again."""
        self.is_to_rest = True
        self._leave()

    def _leave(self) -> None:
        self.subscription.notify()
        if self.request.transport and self.request.transport.get_write_buffer_size():
            self.request.transport.abort()

    @property
    def is_open(self) -> bool:
        transport = self.request.transport
        return not self.is_closing and transport is not None and not transport.is_closing()


TABS: web.AppKey[list[Tab]] = web.AppKey("tabs")


def setup(app: web.Application) -> None:
    """Let streams end when the server does."""
    app[TABS] = []
    app.on_shutdown.append(_close_all)


async def stream(request: web.Request) -> web.StreamResponse:
    """Tell a tab what changes, from where it stopped listening."""
    me = await influencer(request, renews=False)
    chat_id = params.chat(request)
    if chat_id:
        await access.chat_for(me.id, chat_id)
    with _listening(request, me, chat_id) as tab:
        since = params.since(request)
        tab.since = await dashboard.cursor() if since is None else since
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
    is_notified = False
    while tab.is_open:
        if tab.is_to_rest:
            await response.send("", event="rest")
            return
        news = await _news(tab) if await is_still_signed_in(tab.request) else None
        if news is None:
            if await revisions.are_ahead(tab.me.id, tab.chat_id):  # else the new page would be told the same
                await revisions.put_right()
            await response.send("", event="reload")
            return
        if news:
            await response.send(json.dumps(news), event="change", id=str(tab.since))
        elif not is_notified:
            await response.send("", event="present", id=str(tab.since))
        is_notified = await tab.subscription.wait(POLL_INTERVAL)


async def _news(tab: Tab) -> dict[str, Any] | None:
    """See what has changed and move the tab on; nothing at all (None) when it had better load the page anew."""
    here = await dashboard.cursor()
    limit = MAX_CHANGES if tab.since < here else MAX_CHANGES_HELD_BACK
    rows = await dashboard.rows_changed_since(tab.me.id, tab.since, limit)
    chat = await access.chat_for(tab.me.id, tab.chat_id) if tab.chat_id else None
    messages = await dashboard.messages_changed_since(chat, tab.since, limit) if chat else []
    if tab.since > here or max(len(rows), len(messages)) >= limit:
        return None
    new_rows, new_messages = _unsent(tab, rows), _unsent(tab, messages)
    found: list[Row | Message] = [*rows, *messages]
    tab.sent = {thing.id: thing.revision for thing in found if thing.revision >= here}
    since, tab.since = tab.since, here
    if not new_rows and not new_messages:
        return {}
    told = await _rows_told(tab, new_rows)
    return told | await _messages_told(tab, chat, new_messages, since) if chat else told


def _unsent(tab: Tab, changed: list[Changed]) -> list[Changed]:
    """Leave out what was sent already: a look goes back to the oldest transaction that was running."""
    return [thing for thing in changed if tab.sent.get(thing.id) != thing.revision]


async def _rows_told(tab: Tab, rows: list[Row]) -> dict[str, Any]:
    """Render the changes of the list with the page's own partials."""
    matching = await dashboard.matches(tab.me.id, tab.only, [row.id for row in rows])
    shown = [row for row in rows if row.id in matching]
    labels = await chats_page.labels(tab.me, {row.coupon_id for row in shown}) if shown else {}
    return {
        "unread": await dashboard.unread_count(tab.me.id),
        "rows": [chats_page.row_partial(tab.request, row, tab.only, labels) for row in shown],
        "removed": [row.id for row in rows if row.id not in matching],
    }


async def _messages_told(tab: Tab, chat: Chat, messages: list[Message], since: int) -> dict[str, Any]:
    """Render those of the open chat."""
    return {
        "messages": await chat_page.message_partials(tab.request, chat, messages),
        "movedAway": await dashboard.moved_away_since(chat, since),
        "isBlocked": await blocking.has_blocked(chat),
    }


@contextlib.contextmanager
def _listening(request: web.Request, me: User, chat_id: str | None) -> Iterator[Tab]:
    """Subscribe before the first look, so that nothing falls in between."""
    tabs = request.app[TABS]
    with pubsub.subscribed(live.influencer(me.id)) as subscription, metrics.STREAMS.track_inprogress():
        tab = Tab(request, me, chat_id, params.only(request), since=0, subscription=subscription)
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
