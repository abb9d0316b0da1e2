"""The cable between a browser and the panel: it can be pulled, be slow, or hold back everything for a while.

Chromium's own *offline* spares open streams.
"""

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from urllib.parse import urlsplit


class Cable:
    """Carries bytes, as long as it is plugged in."""

    def __init__(self, url: str) -> None:
        target = urlsplit(url)
        self.url = ""
        self.delay = 0.0  # seconds, each way
        self._far_end = target.hostname, target.port
        self._ends: set[StreamWriter] = set()
        self._is_plugged = True
        self._passes = asyncio.Event()
        self._passes.set()

    def pull(self) -> None:
        self._is_plugged = False
        for end in self._ends:
            end.transport.abort()

    def plug(self) -> None:
        self._is_plugged = True

    def hold(self) -> None:
        """Keep back whatever comes from either end."""
        self._passes.clear()

    def release(self) -> None:
        self._passes.set()

    @contextlib.asynccontextmanager
    async def laid(self) -> AsyncIterator[None]:
        """Listen where ``url`` says, while the block runs."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield
        finally:
            server.close()
            self.release()
            self.pull()

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        if not self._is_plugged:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection(*self._far_end)
        ends = {writer, far_writer}
        self._ends |= ends
        await asyncio.gather(self._pour(reader, far_writer), self._pour(far_reader, writer))
        self._ends -= ends

    async def _pour(self, source: StreamReader, drain: StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while some := await source.read(65536):
                await asyncio.sleep(self.delay)
                await self._passes.wait()
                drain.write(some)
                await drain.drain()
        drain.close()
