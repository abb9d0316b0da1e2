"""Counting what PostgreSQL is asked, where asyncpg asks it: every round trip, whoever makes it."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from asyncpg.connection import Connection

_is_unseen: ContextVar[bool] = ContextVar("is_unseen", default=False)


@dataclass
class Statements:
    """What was asked, but for what is told and listened to on a connection of its own."""

    round_trips: list[str] = field(default_factory=list)

    @property
    def asked(self) -> list[str]:
        """Leave out what only makes a connection as good as new."""
        return [query for query in self.round_trips if "UNLISTEN" not in query]

    def note(self, query: str) -> None:
        if "pg_notify" not in query and not _is_unseen.get():
            self.round_trips.append(query)


@contextlib.contextmanager
def counted() -> Iterator[Statements]:
    """Count what is asked while the block runs."""
    statements = Statements()
    execute, execute_with_values = Connection.execute, Connection._execute

    async def plain(self: Any, query: str, *values: Any, **options: Any) -> Any:
        if not values:
            statements.note(query)  # one with values goes the other way
        return await execute(self, query, *values, **options)

    async def with_values(self: Any, query: str, *values: Any, **options: Any) -> Any:
        statements.note(query)
        return await execute_with_values(self, query, *values, **options)

    with mock.patch.object(Connection, "execute", plain), mock.patch.object(Connection, "_execute", with_values):
        yield statements


@contextlib.contextmanager
def unseen() -> Iterator[None]:
    """Count nothing of what this task asks while the block runs."""
    token = _is_unseen.set(True)
    try:
        yield
    finally:
        _is_unseen.reset(token)
