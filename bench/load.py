"""Posts updates as Telegram does: over kept-alive connections, each person's in order, until it is acknowledged."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlsplit

from cli import process

RETRY_DELAY = 0.1  # seconds; Telegram comes again, too


@dataclass(frozen=True)
class Post:
    """One update, ready to be posted."""

    sender_id: int
    name: str  # by which it is found in what ``post`` gives back
    body: bytes


@dataclass(frozen=True)
class Load:
    """What is posted, where, and how fast."""

    urls: list[str]  # the connections are spread over these
    secret: str
    posts: list[Post]
    connections: int
    rate: float | None  # posts a second, whatever the answers take; none: each as soon as a connection is free


@dataclass
class Posted:
    """When each update was posted and acknowledged, by ``time.time``."""

    posted_at: dict[str, float] = field(default_factory=dict)
    acknowledged_at: dict[str, float] = field(default_factory=dict)
    refused_count: int = 0


def post(load: Load) -> Posted:
    """Post everything; in a process of its own, so that it takes nothing away from whoever measures."""
    return process.run(_post(load))


async def _post(load: Load) -> Posted:
    posted = Posted()
    began_at = time.time()
    due = ((p, began_at + number / load.rate if load.rate else 0.0) for number, p in enumerate(load.posts))
    turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
    urls = [load.urls[number % len(load.urls)] for number in range(load.connections)]
    connections = [await _connect(url, load.secret) for url in urls]
    try:
        await asyncio.gather(*(_work(connection, due, turns, posted) for connection in connections))
    finally:
        for connection in connections:
            connection.close()
    return posted


async def _work(
    connection: "_Connection",
    due: Iterator[tuple[Post, float]],
    turns: dict[int, asyncio.Lock],
    posted: Posted,
) -> None:
    """Post one after another over one connection, as long as there is something left."""
    for next_, due_at in due:
        posted_at = await _until(due_at)
        async with turns[next_.sender_id]:
            posted.posted_at[next_.name] = posted_at
            while await connection.post(next_.body) != 200:
                posted.refused_count += 1
                await asyncio.sleep(RETRY_DELAY)
            posted.acknowledged_at[next_.name] = time.time()


async def _until(due_at: float) -> float:
    """Wait until it is time; what is late because every connection was busy counts from when it was due."""
    delay = due_at - time.time()
    if delay > 0:
        await asyncio.sleep(delay)
    return due_at if due_at and delay <= 0 else time.time()


async def _connect(url: str, secret: str) -> "_Connection":
    parts = urlsplit(url)
    connection = _Connection(parts.path or "/", parts.netloc, secret)
    host, port = parts.hostname or "", parts.port or 80
    await asyncio.get_running_loop().create_connection(lambda: connection, host, port)
    return connection


class _Connection(asyncio.Protocol):
    """The little of HTTP that is needed: costs so little that the server is what is measured."""

    def __init__(self, path: str, host: str, secret: str) -> None:
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: "
        ).encode()
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._answered: asyncio.Future[int] | None = None

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    async def post(self, body: bytes) -> int:
        """Post, and give the answer's status."""
        assert self._transport
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(self._head + b"%d\r\n\r\n%b" % (len(body), body))
        return await self._answered

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own are of no such class

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, is_whole, body = self._received.partition(b"\r\n\r\n")
        if not is_whole or len(body) < _length_in(head) or self._answered is None:
            return
        self._received = b""
        self._answered.set_result(int(head.split(b" ", 2)[1]))

    def connection_lost(self, error: Exception | None) -> None:
        if self._answered and not self._answered.done():
            self._answered.set_exception(ConnectionError("the server has gone"))


def _length_in(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
