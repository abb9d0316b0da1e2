"""A server on loopback that does to a connection whatever it is told to: what no well-behaved server would."""

import asyncio
import contextlib
import json
import socket
import ssl
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Act = Callable[[StreamWriter], Awaitable[None]]

HANGS = 3600.0  # seconds; longer than any test


@dataclass(frozen=True)
class Asked:
    """A request as it came over the wire."""

    line: str
    headers: dict[str, str]
    body: bytes


class Server:
    """Answers each request with the next act, and goes on with the last."""

    def __init__(self, *acts: Act, is_deaf: bool = False) -> None:
        self.acts = list(acts)
        self._is_deaf = is_deaf
        self.requests: list[Asked] = []
        self.connections = 0
        self.url = ""

    @contextlib.asynccontextmanager
    async def running(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["Server"]:
        """Listen while the block runs."""
        tasks: set[asyncio.Task[None]] = set()

        def connected(reader: StreamReader, writer: StreamWriter) -> None:
            self.connections += 1
            tasks.add(asyncio.create_task(self._serve(reader, writer)))

        server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            while not writer.is_closing():
                if self._is_deaf:
                    await hangs(writer)
                self.requests.append(await _read(reader))
                await (self.acts.pop(0) if len(self.acts) > 1 else self.acts[0])(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _read(reader: StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
    return Asked(head[0], headers, await reader.readexactly(int(headers.get("content-length", 0))))


def answers(status: int, body: bytes | dict[str, Any], *headers: str) -> Act:
    """Answer as one should, and keep the connection."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return sends(_head(status, f"Content-Length: {len(content)}", *headers) + content)


def sends(*pieces: bytes) -> Act:
    """Send these bytes, and keep the connection."""

    async def act(writer: StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return act


def then(first: Act, second: Act) -> Act:
    async def act(writer: StreamWriter) -> None:
        await first(writer)
        await second(writer)

    return act


async def hangs(writer: StreamWriter) -> None:
    """Say nothing more."""
    await asyncio.sleep(HANGS)


async def closes(writer: StreamWriter) -> None:
    """End the connection as one should."""
    writer.close()


async def resets(writer: StreamWriter) -> None:
    """End the connection as a crash does."""
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def cut(status: int, body: bytes, *headers: str) -> Act:
    """Announce a body, send half of it, and close."""
    head = _head(status, f"Content-Length: {len(body)}", *headers)
    return then(sends(head + body[: len(body) // 2]), closes)


def chunked(*pieces: bytes) -> Act:
    """Send a body in chunks that has no end."""
    head = _head(200, "Transfer-Encoding: chunked")
    return sends(head, *(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces))


def _head(status: int, *headers: str) -> bytes:
    return "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status} So", *headers, "")).encode()
