"""Where the database is, what a connection to it is, and the only place that says that it is away."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import asyncpg

from database.errors import DatabaseAway

CONNECT_TIMEOUT = 5.0  # without an answer after which a database counts as away
ANSWER_TIMEOUT = 10.0  # without an answer to a statement, after which its connection counts as broken

# What an address may set on the server. What else stands there is meant for libpq, and for it alone.
_SERVER_SETTINGS = ("application_name", "options", "search_path")

# What the server does when we have fallen silent. On the way here, a pooler would refuse these.
_SILENCE = {
    "tcp_keepalives_idle": "5s",
    "tcp_keepalives_interval": "3s",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10s",
}

# Who serves waits for nothing long: each of these ends before we give the connection itself up.
_SERVING = {
    **_SILENCE,
    "lock_timeout": "5s",
    "statement_timeout": "8s",
    "idle_in_transaction_session_timeout": "10s",
}

# All that asyncpg raises of its own, and lets through of the network's.
FAILURES = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

# By these the server ends a connection, or can't be written to: it is starting, stopping, or not the primary one.
_ENDINGS = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.DatabaseDroppedError,
    asyncpg.IdleSessionTimeoutError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,
)


if TYPE_CHECKING:
    _Plain = asyncpg.Connection[asyncpg.Record]
else:
    _Plain = asyncpg.Connection  # it has type parameters in its stubs alone


class Connection(_Plain):
    """A connection whose statements raise ``DatabaseAway`` where it is broken, and is of no use from then on."""

    async def execute(self, *args: Any, **kwargs: Any) -> str:
        with watched(self):
            return await super().execute(*args, **kwargs)

    async def executemany(self, *args: Any, **kwargs: Any) -> None:
        with watched(self):
            await super().executemany(*args, **kwargs)

    async def fetch(self, *args: Any, **kwargs: Any) -> Any:
        with watched(self):
            return await super().fetch(*args, **kwargs)

    async def fetchrow(self, *args: Any, **kwargs: Any) -> Any:
        with watched(self):
            return await super().fetchrow(*args, **kwargs)

    async def fetchval(self, *args: Any, **kwargs: Any) -> Any:
        with watched(self):
            return await super().fetchval(*args, **kwargs)

    async def copy_records_to_table(self, *args: Any, **kwargs: Any) -> str:
        with watched(self):
            return await super().copy_records_to_table(*args, **kwargs)


class PooledConnection(Connection):
    """A connection that is lent again and again, each time as it was.

    asyncpg would spend a round trip on that, whenever one comes back: as many as everything else takes. But nothing
    of ours leaves anything behind that outlives its transaction: advisory locks are the transaction's
    (``pg_advisory_xact_lock``) or are held on connections of their own, as is LISTEN; settings are ``SET LOCAL``;
    cursors end with their transactions; an import drops its temporary tables before its commit.
    A transaction that was left open is rolled back by asyncpg all the same.
    """

    def get_reset_query(self) -> str:
        """Say that nothing has to be asked for."""
        return ""


async def begin_serving(connection: PooledConnection) -> None:
    """Set on a new connection, once and for as long as it lives, that nothing on it takes long."""
    await connection.execute(_set(_SERVING))


def address(url: str) -> dict[str, Any]:
    """Take ``postgres://user:password@host:5432/name?option=value`` apart, for asyncpg."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    user = unquote(parts.username or "")
    return {
        "host": options.get("host") or unquote(parts.hostname or "") or "localhost",
        "port": parts.port or int(options.get("port", 5432)),
        "user": user or None,
        "password": unquote(parts.password or ""),
        "database": unquote(parts.path.lstrip("/")) or user or None,
        "timeout": CONNECT_TIMEOUT,
        **({"ssl": options["sslmode"]} if "sslmode" in options else {}),
        "server_settings": {name: options[name] for name in _SERVER_SETTINGS if name in options},
    }


async def connect(url: str, command_timeout: float | None = ANSWER_TIMEOUT, **settings: str) -> Connection:
    """Open a connection of one's own; the caller closes it.

    Raises:
        DatabaseAway: there is none to be had.
    """
    with reached():
        connection = await asyncpg.connect(
            **address(url), command_timeout=command_timeout, connection_class=Connection
        )
    try:
        await connection.execute(_set({**_SILENCE, **settings}))
    except BaseException:
        discard(connection)
        raise
    return connection


@contextlib.contextmanager
def reached() -> Iterator[None]:
    """Say that the database is away where no connection to it can be had, unless its address is wrong."""
    try:
        yield
    except asyncpg.ClientConfigurationError:
        raise
    except FAILURES as error:
        raise DatabaseAway from error


@contextlib.contextmanager
def watched(connection: Any) -> Iterator[None]:
    """Say that the database is away where a statement has failed because its connection is broken, and break it."""
    try:
        yield
    except DatabaseAway:
        discard(connection)
        raise
    except Exception as error:
        if not _is_broken(connection, error):
            raise
        discard(connection)
        raise DatabaseAway from error


def discard(connection: Any) -> None:
    """Let go of a connection at once: on one that is silent a goodbye would wait for an answer."""
    with contextlib.suppress(asyncpg.InterfaceError):  # the pool has it back already
        if connection is not None:
            connection.terminate()


def _is_broken(connection: Any, error: Exception) -> bool:
    if isinstance(error, asyncpg.PostgresError):
        is_end = isinstance(error, _ENDINGS) or error.severity_en in ("FATAL", "PANIC")
    elif isinstance(error, ValueError):  # asyncpg tells of values that don't fit as if its interface were at fault
        is_end = False
    else:
        is_end = isinstance(error, OSError | asyncpg.InterfaceError | asyncpg.InternalClientError)
    return is_end or _is_closed(connection)


def _is_closed(connection: Any) -> bool:
    try:
        return connection is not None and bool(connection.is_closed())
    except (asyncpg.InterfaceError, AttributeError):  # the pool has it back already, or it was just let go
        return True


def _set(settings: dict[str, str]) -> str:
    return " ".join(f"SET {name} = '{value}';" for name, value in settings.items())
