"""Serving: to many at once, and to nobody for whom all others would have to wait."""

import asyncio
import contextlib
import resource
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import StreamReader

from web.access_log import AccessLogger
from web.keys import SAFETY

HEAD_TIMEOUT = 15.0  # in which a request's line and headers must come
BODY_TIMEOUT = 30.0  # in which its body must come behind them
SEND_TIMEOUT = 30.0  # in which some of an answer must be taken
IDLE_TIMEOUT = 75.0  # between requests; a proxy before us lets go after 60, and must be the first
SHUTDOWN_TIMEOUT = 1.0  # in which requests that have begun may end
WAITING_ROOM = 128  # connections that wait to be accepted
MOST_CONNECTIONS = 5000
OTHER_FILES = 200  # for the database, for Telegram, and for what else is open

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def serving(app: web.Application, listener: socket.socket) -> AsyncIterator[web.Server]:
    """Serve an application while the block runs."""
    runner = web.AppRunner(app, shutdown_timeout=SHUTDOWN_TIMEOUT)
    await runner.setup()
    try:
        assert runner.server is not None  # noqa: S101 - it is set up
        loop = asyncio.get_running_loop()
        connect = partial(Connection, runner.server, app[SAFETY], most_connections(), loop)
        accepting = await loop.create_server(connect, sock=listener, backlog=WAITING_ROOM)
        try:
            yield runner.server
        finally:
            accepting.close()
    finally:
        await runner.cleanup()


def most_connections() -> int:
    """Say how many connections there may be, so that files are left for everything else."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        MOST_CONNECTIONS if files == resource.RLIM_INFINITY else max(10, min(MOST_CONNECTIONS, files - OTHER_FILES))
    )


class Connection(web.RequestHandler):
    """A connection that ends when somebody keeps us waiting on it."""

    def __init__(
        self, server: web.Server, safety: Mapping[str, str], most: int, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(
            server,
            loop=loop,
            keepalive_timeout=IDLE_TIMEOUT,
            access_log_class=AccessLogger,
            auto_decompress=False,  # neither browsers nor Telegram compress what they send
        )
        self._server = server
        self._safety = safety
        self._most = most
        self._head, self._body, self._answer = _Timer(loop), _Timer(loop), _Timer(loop)
        self._coming: StreamReader | None = None

    @property
    def is_idle(self) -> bool:
        """Say whether no request is there that is whole but for its body."""
        return self._waiter is not None and not self._waiter.done()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        _make_room(self._server, self._most)
        super().connection_made(transport)
        self._head.start(HEAD_TIMEOUT, self.force_close)

    def data_received(self, data: bytes) -> None:
        count = self._request_count
        super().data_received(data)
        if self._request_count > count:
            self._head.stop()
            self._give_up(web.HTTPBadRequest())  # something else came where a body should have gone on
            self._coming = self._messages[-1][1]
            if not self._coming.is_eof():
                self._body.start(BODY_TIMEOUT, partial(self._give_up, web.HTTPRequestTimeout()))
        elif self.is_idle and not self._head.is_running:
            self._head.start(HEAD_TIMEOUT, self.force_close)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        self._body.stop()  # what is left of it has its own time
        return await super().finish_response(request, resp, start_time)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._answer.start(SEND_TIMEOUT, self._cut)

    def resume_writing(self) -> None:
        self._answer.stop()
        super().resume_writing()

    def connection_lost(self, exc: BaseException | None) -> None:
        for timer in (self._head, self._body, self._answer):
            timer.stop()
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no request; strangers send anything, and that is nothing to be woken by."""
        response: web.StreamResponse
        if isinstance(exc, HttpProcessingError):
            log.info("web.unreadable", error=type(exc).__name__)
            response = web.Response(status=status, text=f"{status}: {web.Response(status=status).reason}")
            response.force_close()
        else:
            response = super().handle_error(request, status, exc, message)
        response.headers.update(self._safety)
        return response

    def _give_up(self, answer: web.HTTPException) -> None:
        """Let whoever reads a body that doesn't come answer so; nothing is waited for after that."""
        if self._coming is not None and not self._coming.is_eof():
            self._lingering_time = 0.0
            self._coming.set_exception(answer)

    def _cut(self) -> None:
        if self.transport is not None:
            self.transport.abort()


def _make_room(server: web.Server, most: int) -> None:
    """Let the oldest connection go on which nothing happens, or else the oldest."""
    connections = server.connections
    if len(connections) >= most:
        idle = (each for each in connections if isinstance(each, Connection) and each.is_idle)
        next(idle, connections[0]).force_close()


class _Timer:
    """Does something later, unless it is stopped before."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._handle: asyncio.TimerHandle | None = None

    @property
    def is_running(self) -> bool:
        return self._handle is not None

    def start(self, seconds: float, act: Callable[[], None]) -> None:
        self.stop()
        self._handle = self._loop.call_later(seconds, act)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
