"""Where the database is, and a connection to it of one's own, beside the pool."""

from typing import Any, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

import asyncpg

PATIENCE = 10.0  # seconds without an answer after which a database counts as away

# What an address may set on the server. What else stands there is meant for libpq, and for it alone.
_SERVER_SETTINGS = ("application_name", "options", "search_path")

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


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
        "timeout": PATIENCE,
        **({"ssl": options["sslmode"]} if "sslmode" in options else {}),
        "server_settings": {name: options[name] for name in _SERVER_SETTINGS if name in options},
    }


async def connect(url: str, command_timeout: float | None = PATIENCE) -> Connection:
    """Open a connection; the caller closes it."""
    return await asyncpg.connect(**address(url), command_timeout=command_timeout)
