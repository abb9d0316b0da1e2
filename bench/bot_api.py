"""A Bot API server that does nothing but answer, as fast as it can: whoever calls it is what is measured.

``bench.calls`` and ``bench.outbox`` run it in a process of its own.
"""

import argparse
import asyncio
import json
import re
import time
from contextlib import AbstractAsyncContextManager
from itertools import count
from typing import Any, cast

from bench import server
from cli import process

TOKEN = "123456789:AAthe-token-of-a-bench"  # noqa: S105 - it guards nothing
BOT_ID = int(TOKEN.partition(":")[0])

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CHAT_ID = re.compile(rb"chat_id=(-?\d+)")
_message_ids = count(1)


def running() -> AbstractAsyncContextManager[str]:
    """Run it in a process of its own; give its address, which is what a bot calls."""
    return server.running("bench.bot_api")


class Connection(asyncio.Protocol):
    """The little of HTTP that is needed."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own are of no such class

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, is_whole, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if is_whole and self._transport and len(body) >= int(length[1] if length else 0):
            self._received = b""
            answer = json.dumps({"ok": True, "result": _result(head, body)}).encode()
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (len(answer), answer)
            )


def _result(head: bytes, body: bytes) -> dict[str, Any]:
    bot = {"id": BOT_ID, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
    if b"/getMe " in head:
        return bot
    chat_id = _CHAT_ID.search(body)
    chat = {"id": int(chat_id[1]) if chat_id else 1, "type": "private", "first_name": "Ada"}
    message = {"message_id": next(_message_ids), "date": int(time.time())}
    return {**message, "from": bot, "chat": chat, "text": "what was sent"}


async def serve(port: int) -> None:
    """Answer until killed."""
    listening = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", port)
    await listening.serve_forever()


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    process.run(serve(parser.parse_args().port))


if __name__ == "__main__":
    main()
