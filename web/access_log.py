"""The access log: a line for each request, without who asked, and without what only they should know."""

import structlog
from aiohttp import hdrs, web
from aiohttp.abc import AbstractAccessLogger

from web import params

# Unless something is wrong
QUIET = {"/static/{version}/{path}", "/healthz", "/readyz", "/metrics", "/telegram/webhook"}

log = structlog.get_logger()


class AccessLogger(AbstractAccessLogger):
    """Tells which of our addresses was asked, by its form: the address itself may hold the token of a link."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        match = getattr(request, "_match_info", None)  # what is no request at all has none
        resource = match.route.resource if match is not None else None
        address = resource.canonical if resource else None
        if response.status < 400 and address in QUIET:
            return
        log.info(
            "web.answered",
            method=request.method if request.method in hdrs.METH_ALL else None,
            address=address,
            chat=params.id_in(match),
            status=response.status,
            milliseconds=round(time * 1000),
        )
