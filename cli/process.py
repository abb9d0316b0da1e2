"""A process of ours: what it listens on, what runs in it, and when it ends."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

from cli import logs
from cli.signals import ending_signals
from database.errors import StartupError
from web import server as servers

T = TypeVar("T")
Work = Callable[[], Coroutine[Any, Any, None]]


def listen(host: str, port: int, setting: str = "PORT") -> socket.socket:
    """Bind a listening socket to a port; 0 takes any that is free.

    Raises:
        StartupError: it is taken, or not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(servers.WAITING_ROOM)  # only now it is surely ours
    except (OSError, UnicodeError) as error:
        listener.close()
        raise StartupError(f"Port {port} on {host} {_trouble(error, setting)}") from error
    return listener


def stop_requested() -> asyncio.Event:
    """Give an event that is set by Ctrl-C, SIGTERM or the terminal's end."""
    stopped = asyncio.Event()
    for number in ending_signals():
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


async def until_stopped(stopped: asyncio.Event, broken: asyncio.Future[None] | None = None) -> None:
    """Wait until we are told to stop, or something breaks."""
    waiting: set[asyncio.Future[Any]] = {asyncio.ensure_future(stopped.wait())}
    if broken:
        waiting.add(broken)
    done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


def _trouble(error: OSError | UnicodeError, setting: str) -> str:
    if isinstance(error, UnicodeError):
        return "can't be used: HOST is no name of a machine."
    if error.errno == errno.EADDRINUSE:
        return f"is taken; choose another with {setting}."
    return f"can't be used: {error.strerror}; choose another with HOST and {setting}."


@contextlib.asynccontextmanager
async def all_running(work: list[Work]) -> AsyncIterator[asyncio.Future[None]]:
    """Run several tasks while the block runs; the future is done only if one of them has failed."""
    tasks = [asyncio.create_task(begin()) for begin in work]
    broken = asyncio.ensure_future(_first_to_fail(tasks))
    try:
        yield broken
    finally:
        for task in (broken, *tasks):
            task.cancel()
        await asyncio.gather(broken, *tasks, return_exceptions=True)


async def _first_to_fail(tasks: list[asyncio.Task[None]]) -> None:
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, on uvloop where that exists."""
    loop_factory = None
    with contextlib.suppress(ImportError):
        import uvloop

        loop_factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        runner.get_loop().set_exception_handler(logs.unawaited)
        return runner.run(work)
