"""The address that Telegram calls with each update."""

import hmac

from aiohttp import web

from bot.intake.inbox import Inbox
from bot.intake.receiving import Unavailable
from bot.intake.registration import PATH
from bot.reading import nesting
from bot.reading.envelope import Envelope, envelope_of

MAX_BODY = 1024 * 1024  # bytes; what Telegram sends stays far below
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
RETRY_HEADERS = {"Retry-After": "2"}


def route(inbox: Inbox, expected_secret: str) -> web.RouteDef:
    """Make the route that takes updates in: 200 only once they are stored."""

    async def receive(request: web.Request) -> web.Response:
        shown = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(errors="replace"), expected_secret.encode()):
            raise web.HTTPUnauthorized(text="wrong secret")
        envelope = _envelope_in(await _body(request))
        try:
            await inbox.receive([envelope])
        except Unavailable:
            raise web.HTTPServiceUnavailable(text="come again", headers=RETRY_HEADERS) from None
        return web.Response(text="ok")

    return web.post(PATH, receive)


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > MAX_BODY:
        raise web.HTTPRequestEntityTooLarge(max_size=MAX_BODY, actual_size=request.content_length or 0)
    body = b""
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            raise web.HTTPRequestEntityTooLarge(max_size=MAX_BODY, actual_size=len(body))
    return body


def _envelope_in(body: bytes) -> Envelope:
    try:
        envelope = envelope_of(nesting.parsed(body))
    except ValueError:
        raise web.HTTPBadRequest(text="not JSON") from None
    if envelope is None:
        raise web.HTTPBadRequest(text="not an update")
    return envelope
