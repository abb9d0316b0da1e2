"""Ways in which a database falls silent: on a wire that swallows everything, or stopped in the middle of a word."""

import asyncio
import contextlib
import signal
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil


class Wire:
    """Carries bytes to PostgreSQL's socket, as long as it is not silent; what was open then is dead for good."""

    def __init__(self, database_url: str) -> None:
        socket = parse_qs(urlsplit(database_url).query)
        self._socket = f"{socket['host'][0]}/.s.PGSQL.{socket['port'][0]}"
        self._user = urlsplit(database_url).username
        self._name = urlsplit(database_url).path
        self._is_silent = False
        self._silences = 0
        self._ends: set[StreamWriter] = set()
        self.url = ""

    def fall_silent(self) -> None:
        """Carry nothing any more, and close nothing."""
        self._is_silent = True
        self._silences += 1

    def speak(self) -> None:
        """Carry what connects from now on."""
        self._is_silent = False

    @contextlib.asynccontextmanager
    async def laid(self) -> AsyncIterator["Wire"]:
        """Listen where ``url`` says, while the block runs."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        self.url = f"postgres://{self._user}@127.0.0.1:{port}{self._name}?sslmode=disable"
        try:
            yield self
        finally:
            server.close()
            for end in self._ends:
                end.transport.abort()

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._ends.add(writer)
        if self._is_silent:
            return
        far_reader, far_writer = await asyncio.open_unix_connection(self._socket)
        self._ends.add(far_writer)
        born = self._silences
        await asyncio.gather(self._pour(reader, far_writer, born), self._pour(far_reader, writer, born))

    async def _pour(self, source: StreamReader, drain: StreamWriter, born: int) -> None:
        with contextlib.suppress(ConnectionError):
            while some := await source.read(65536):
                if born == self._silences:
                    drain.write(some)
                    await drain.drain()
        if born == self._silences:
            drain.close()


class Stopped:
    """A PostgreSQL of our own that is held in the middle of whatever it does."""

    def __init__(self, database_url: str) -> None:
        self.url = database_url
        self._folder = Path(parse_qs(urlsplit(database_url).query)["host"][0])

    def fall_silent(self) -> None:
        """Hold it."""
        self._send(signal.SIGSTOP)

    def speak(self) -> None:
        """Let it go on where it was."""
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        with contextlib.suppress(psutil.Error, FileNotFoundError):
            server = psutil.Process(int((self._folder / "postmaster.pid").read_text().split()[0]))
            server.send_signal(number)  # the first: it begins nobody then who would not be in the list
            for process in server.children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(number)
