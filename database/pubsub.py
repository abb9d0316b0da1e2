"""Who is told when something has changed: other processes by NOTIFY, waiting tasks by a subscription."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator

import asyncpg
import structlog

from database import clock
from database.connection import Connection, connect, watched
from database.errors import DatabaseAway, StartupError

CHANNEL = "couponchat"
TRIAL = "couponchat_trial"
TRIAL_TIMEOUT = 5.0
RECONNECT_INTERVAL = 1.0
FLUSH_TIMEOUT = 1.0
HEARTBEAT_INTERVAL = 5.0  # a connection may die without a word
ANSWER_TIMEOUT = 5.0

# How asyncpg fails where one connection is not one connection.
POOLED = (
    TimeoutError,
    asyncpg.ProtocolViolationError,
    asyncpg.InvalidSQLStatementNameError,
    asyncpg.DuplicatePreparedStatementError,
)

log = structlog.get_logger()

Topic = str


class Subscription:
    """Rings when its topic is told; ringing twice before anybody looks is ringing once."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Wait to be notified, no longer than that; say whether it was notified."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Broadcaster:
    """Passes topics on: to this process at once, to the others through PostgreSQL.

    A notification may get lost; whoever waits looks again by itself, and everybody is notified on reconnecting.
    """

    def __init__(self) -> None:
        self._subscriptions: defaultdict[Topic, set[Subscription]] = defaultdict(set)
        self._untold: set[Topic] = set()
        self._has_news = asyncio.Event()
        self._has_told_all = asyncio.Event()
        self._has_told_all.set()
        self._own_pid = 0

    @contextlib.contextmanager
    def subscribed(self, topic: Topic) -> Iterator[Subscription]:
        subscription = Subscription()
        self._subscriptions[topic].add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions[topic].discard(subscription)
            if not self._subscriptions[topic]:
                del self._subscriptions[topic]

    def tell(self, topics: Iterable[Topic]) -> None:
        for topic in topics:
            self._notify(topic)
            self._untold.add(topic)
            self._has_told_all.clear()
            self._has_news.set()

    async def told_all(self, seconds: float) -> None:
        """Wait until the other processes know everything, no longer than that."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._has_told_all.wait()

    async def run(self, url: str) -> None:
        """Stay connected for as long as the process lives."""
        while True:
            try:
                await self._exchange(url)
            except DatabaseAway as away:
                log.warning("live.disconnected", error=away.reason)
            except asyncpg.PostgresError:
                log.exception("live.broke")
            await asyncio.sleep(RECONNECT_INTERVAL)

    async def _exchange(self, url: str) -> None:
        # Telling nobody is no loss.
        connection = await connect(url, command_timeout=ANSWER_TIMEOUT, synchronous_commit="off")
        try:
            with watched(connection):
                self._own_pid = connection.get_server_pid()
                connection.add_termination_listener(lambda _: self._has_news.set())
                await connection.add_listener(CHANNEL, self._heard)
                self._notify_all()
                while True:
                    await self._pass_on(connection)
                    await self._news()
        finally:
            connection.terminate()

    async def _pass_on(self, connection: Connection) -> None:
        """Tell the other processes, and ask the time; nothing to tell shows that the connection still lives."""
        self._has_news.clear()
        topics, self._untold = self._untold, set()
        asked_at = clock.own()
        try:
            told_at = await connection.fetchval(
                "SELECT clock_timestamp(), count(pg_notify($1, topic)) FROM unnest($2::text[]) AS topic",
                CHANNEL,
                list(topics),
            )
        except BaseException:
            self._untold |= topics
            raise
        clock.follow(told_at, asked_at)
        if not self._untold:
            self._has_told_all.set()

    async def _news(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT_INTERVAL):
                await self._has_news.wait()

    def _heard(self, _connection: object, pid: int, _channel: str, payload: object) -> None:
        if pid != self._own_pid:
            self._notify(str(payload))

    def _notify(self, topic: Topic) -> None:
        for subscription in self._subscriptions.get(topic, ()):
            subscription.notify()

    def _notify_all(self) -> None:
        for topic in self._subscriptions:
            self._notify(topic)


_broadcaster: Broadcaster | None = None


@contextlib.asynccontextmanager
async def listening(url: str) -> AsyncIterator[None]:
    """Pass on what is told, here and elsewhere, while the block runs."""
    global _broadcaster
    _broadcaster = Broadcaster()
    running = asyncio.create_task(_broadcaster.run(url))
    try:
        yield
    finally:
        await _broadcaster.told_all(FLUSH_TIMEOUT)  # a command is over before it has connected
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        _broadcaster = None


@contextlib.contextmanager
def subscribed(topic: Topic) -> Iterator[Subscription]:
    """Get a subscription that rings when the topic is told by any process."""
    if _broadcaster is None:
        raise RuntimeError("the database is not open")
    with _broadcaster.subscribed(topic) as subscription:
        yield subscription


def tell(topics: Iterable[Topic]) -> None:
    """Ring everybody who waits for these topics; called by a transaction once it is committed."""
    if _broadcaster is not None:
        _broadcaster.tell(topics)


async def require(url: str) -> None:
    """Make sure that what one connection tells reaches another that listens.

    Raises:
        StartupError: it doesn't, as behind a connection pooler in transaction mode.
    """
    with contextlib.ExitStack() as stack:
        listener = await connect(url)  # that a database is away is another story
        stack.callback(listener.terminate)
        speaker = await connect(url)
        stack.callback(speaker.terminate)
        try:
            async with asyncio.timeout(TRIAL_TIMEOUT):
                await _try_out(listener, speaker)
        except (TimeoutError, DatabaseAway, asyncpg.PostgresError) as error:
            if not isinstance(error.seen if isinstance(error, DatabaseAway) else error, POOLED):
                raise
            raise StartupError(
                "DATABASE_URL leads through a connection pooler that drops notifications and locks: "
                "let it pool sessions, not transactions, or connect directly."
            ) from error


async def _try_out(listener: Connection, speaker: Connection) -> None:
    arrived = asyncio.Event()
    await listener.add_listener(TRIAL, lambda *_: arrived.set())
    await speaker.execute(f"NOTIFY {TRIAL}")
    await arrived.wait()
