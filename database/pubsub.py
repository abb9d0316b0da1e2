"""Publish and subscribe: tasks of this process by a subscription, other processes by NOTIFY."""

import asyncio
import contextlib
import time
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
SUBJECT = "#"  # what follows it in a topic says what it is about, for whoever wants to know
MAX_SUBJECTS = 1000  # that wait to be taken; more of them are lost, like any notification


class Subscription:
    """Waits for its topic to be published; what is published twice before anybody waits counts once."""

    def __init__(self) -> None:
        self.count = 0  # how often it was notified
        self._subjects: set[str] = set()
        self._event = asyncio.Event()

    def notify(self, subject: str = "") -> None:
        self.count += 1
        if subject and len(self._subjects) < MAX_SUBJECTS:
            self._subjects.add(subject)
        self._event.set()

    def take_subjects(self) -> set[str]:
        """Give what it was notified about since it was asked for that."""
        taken, self._subjects = self._subjects, set()
        return taken

    def wake(self) -> None:
        """Let whoever waits go on though nothing was published."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Wait to be notified, no longer than that; say whether it was notified, or woken."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Broadcaster:
    """Publishes topics: to this process at once, to the others through PostgreSQL.

    A notification may get lost; whoever waits looks again by itself, and everybody is notified on reconnecting.
    """

    def __init__(self) -> None:
        self._subscriptions: defaultdict[Topic, set[Subscription]] = defaultdict(set)
        self._unsent: set[Topic] = set()
        self._has_topics = asyncio.Event()
        self._is_flushed = asyncio.Event()
        self._is_flushed.set()
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

    def publish(self, topics: Iterable[Topic]) -> None:
        for topic in topics:
            self._notify(topic)
            self._unsent.add(topic)
            self._is_flushed.clear()
            self._has_topics.set()

    async def flush(self, seconds: float) -> None:
        """Wait until every topic has been sent to the other processes, for at most so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_flushed.wait()

    async def run(self, url: str) -> None:
        """Keep a connection to PostgreSQL that publishes and listens, for as long as the process lives."""
        while True:
            try:
                await self._stay_connected(url)
            except DatabaseAway as away:
                log.warning("live.disconnected", error=away.reason)
            except asyncpg.PostgresError:
                log.exception("live.broke")
            await asyncio.sleep(RECONNECT_INTERVAL)

    async def _stay_connected(self, url: str) -> None:
        # Telling nobody is no loss.
        connection = await connect(url, command_timeout=ANSWER_TIMEOUT, synchronous_commit="off")
        try:
            with watched(connection):
                self._own_pid = connection.get_server_pid()
                connection.add_termination_listener(lambda _: self._has_topics.set())
                await connection.add_listener(CHANNEL, self._heard)
                self._notify_all()
                while True:
                    await self._send(connection)
                    await self._wait_for_topics()
        finally:
            connection.terminate()

    async def _send(self, connection: Connection) -> None:
        """Send the topics to the other processes, and ask for the time; with no topic, it is a heartbeat."""
        self._has_topics.clear()
        topics, self._unsent = self._unsent, set()
        asked_at = time.monotonic()
        try:
            told_at = await connection.fetchval(
                "SELECT clock_timestamp(), count(pg_notify($1, topic)) FROM unnest($2::text[]) AS topic",
                CHANNEL,
                list(topics),
            )
        except BaseException:
            self._unsent |= topics
            raise
        clock.follow(told_at, time.monotonic() - asked_at)
        if not self._unsent:
            self._is_flushed.set()

    async def _wait_for_topics(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT_INTERVAL):
                await self._has_topics.wait()

    def _heard(self, _connection: object, pid: int, _channel: str, payload: object) -> None:
        if pid != self._own_pid:
            self._notify(str(payload))

    def _notify(self, topic: Topic) -> None:
        name, _, subject = topic.partition(SUBJECT)
        for subscription in self._subscriptions.get(name, ()):
            subscription.notify(subject)

    def _notify_all(self) -> None:
        for topic in self._subscriptions:
            self._notify(topic)


_broadcaster: Broadcaster | None = None


@contextlib.asynccontextmanager
async def listening(url: str) -> AsyncIterator[None]:
    """Publish to this process and to others, and listen to theirs, while the block runs."""
    global _broadcaster
    _broadcaster = Broadcaster()
    running = asyncio.create_task(_broadcaster.run(url))
    try:
        yield
    finally:
        await _broadcaster.flush(FLUSH_TIMEOUT)  # a command is over before it has connected
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        _broadcaster = None


@contextlib.contextmanager
def subscribed(topic: Topic) -> Iterator[Subscription]:
    """Subscribe to a topic, whichever process publishes it."""
    if _broadcaster is None:
        raise RuntimeError("the database is not open")
    with _broadcaster.subscribed(topic) as subscription:
        yield subscription


def publish(topics: Iterable[Topic]) -> None:
    """Publish topics; called by a transaction once it is committed."""
    if _broadcaster is not None:
        _broadcaster.publish(topics)


async def require(url: str) -> None:
    """Make sure that a notification of one connection reaches another that listens.

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
