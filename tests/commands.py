"""The command couponchat in processes of its own, as people run it."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from simulator import Server
from tests import cast

PATIENCE = 20.0  # seconds


@dataclass(frozen=True)
class Ended:
    """What a process has said, and how it ended."""

    code: int
    out: str
    err: str


class Pipe:
    """What comes out of a process."""

    def __init__(self, reader: asyncio.StreamReader, transport: asyncio.BaseTransport) -> None:
        self._reader = reader
        self._transport = transport

    @classmethod
    async def reading(cls, file: int) -> "Pipe":
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(file, "rb", 0)
        )
        return cls(reader, transport)

    async def line_with(self, words: str) -> str:
        """Read on until a line has these words; at the end, give all that was said instead."""
        said = []
        while line := (await self._reader.readline()).decode():
            said.append(line)
            if words in line:
                return line.strip()
        return "".join(said)

    async def rest(self) -> bytes:
        """Read to the end."""
        rest = await self._reader.read()
        self._transport.close()
        return rest


class Running:
    """A command that runs, until it ends or is told to."""

    def __init__(self, pid: int, state: Pipe, out: Pipe, err: Pipe) -> None:
        self.pid = pid
        self.has_ended = False
        self._pipes = state, out, err

    async def says(self, words: str) -> str:
        """Wait for a line with these words, on either stream, and give it."""
        readers = [asyncio.create_task(pipe.line_with(words)) for pipe in self._pipes[1:]]
        done, waiting = await asyncio.wait(readers, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        said = [task.result() for task in done]
        assert any(words in line for line in said), f"{words!r} was not said, but {said}"
        return next(line for line in said if words in line)

    async def ends(self, number: signal.Signals | None = None) -> Ended:
        """Tell it to end, if a signal is given, and wait until it has."""
        if number:
            os.kill(self.pid, number)
        async with asyncio.timeout(PATIENCE):
            code, out, err = await asyncio.gather(*(pipe.rest() for pipe in self._pipes))
        self.has_ended = True
        return Ended(int(code), out.decode(), err.decode())


class Nursery:
    """The process in which commands are born: see tests/nursery.py."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    async def begin(
        self, arguments: tuple[str, ...], folder: Path, environment: dict[str, str], given: str
    ) -> Running:
        """Start a command with something on its standard input."""
        with contextlib.ExitStack() as theirs:
            (stdin, write_in), (out, stdout), (err, stderr), (state, write_state) = (os.pipe() for _ in range(4))
            for file in (stdin, stdout, stderr, write_state):
                theirs.callback(os.close, file)
            request = {"arguments": arguments, "folder": str(folder), "environment": environment}
            socket.send_fds(self._control, [json.dumps(request).encode()], [stdin, stdout, stderr, write_state])
        with os.fdopen(write_in, "wb") as file:
            file.write(given.encode())
        pipes = [await Pipe.reading(file) for file in (state, out, err)]
        return Running(int(await pipes[0].line_with("")), *pipes)


@contextlib.contextmanager
def nursery() -> Iterator[Nursery]:
    """Keep a nursery for as long as the block runs."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        command = [sys.executable, "-m", "tests.nursery", str(theirs.fileno())]
        with subprocess.Popen(command, pass_fds=[theirs.fileno()], cwd=Path(__file__).parent.parent):
            theirs.close()
            yield Nursery(ours)
            ours.close()


class Shell:
    """A folder and an environment in which commands are run."""

    def __init__(self, nursery: Nursery, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | environment
        self._nursery = nursery
        self._running: list[Running] = []

    async def begin(self, *arguments: str, given: str = "", **environment: str) -> Running:
        """Start a command and leave it running."""
        running = await self._nursery.begin(arguments, self.folder, self.environment | environment, given)
        self._running.append(running)
        return running

    async def run(self, *arguments: str, given: str = "", **environment: str) -> Ended:
        """Run a command to its end, with something on its standard input."""
        return await (await self.begin(*arguments, given=given, **environment)).ends()

    async def close(self) -> None:
        """End what a test has left running."""
        for running in self._running:
            if not running.has_ended:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(running.pid, signal.SIGTERM)
                await running.ends()


@contextlib.asynccontextmanager
async def shell(nursery: Nursery, folder: Path, server: Server, **environment: str) -> AsyncIterator[Shell]:
    """Open a shell whose Telegram is the simulator, and leave nothing running."""
    opened = Shell(
        nursery, folder, TELEGRAM_BOT_TOKEN=cast.BOT_TOKEN, TELEGRAM_API_URL=server.api_url, **environment
    )
    yield opened
    await opened.close()


def left_running(folder: Path) -> list[str]:
    """Name the processes that have to do with a folder."""
    lines = (" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))
    return [line for line in lines if str(folder) in line]
