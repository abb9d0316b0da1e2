"""The access log, without what must not be written down: tokens of links, and what people look for."""

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger


class AccessLogger(AbstractAccessLogger):
    """Writes a line for each request: who, what, how it ended, how long it took."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        self.logger.info(
            "%s %s %s %d %d ms",
            request.remote,
            request.method,
            discreet(request.path),
            response.status,
            time * 1000,
        )


def discreet(path: str) -> str:
    """Give a path as it may be written down."""
    return "/signin/…" if path.startswith("/signin/") else path
