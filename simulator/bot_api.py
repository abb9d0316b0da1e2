"""The Bot API over HTTP (Bot API: "Making requests")."""

import asyncio
import json

from aiohttp import web

from simulator.facts import UPLOAD
from simulator.faults import Dropped, Silent
from simulator.refusals import JSON, Refusal, bad_request
from simulator.telegram import Telegram

TELEGRAM = web.AppKey("telegram", Telegram)


def routes() -> list[web.RouteDef]:
    """Every method at one address, by GET or POST."""
    return [web.route("*", "/bot{token:[^/]+}/{method:[^/]+}", _call)]


async def _call(request: web.Request) -> web.StreamResponse:
    token, method = request.match_info["token"], request.match_info["method"]
    try:
        parameters = {**request.query, **await _body(request)}
        status, body = await request.app[TELEGRAM].reply(token, method, parameters)
    except Refusal as refusal:
        return web.json_response(refusal.answer(), status=refusal.code)
    except Dropped:
        return _hang_up(request)
    except Silent:
        return await _say_nothing()
    kind = "application/json" if body.startswith(b"{") else "text/html"
    return web.Response(status=status, body=body, content_type=kind)


async def _body(request: web.Request) -> JSON:
    if request.content_type == "application/json":
        return _object(await request.text())
    fields = await request.post()
    return {name: value if isinstance(value, str) else UPLOAD for name, value in fields.items()}


def _object(text: str) -> JSON:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        raise bad_request("can't parse JSON body") from None
    if not isinstance(value, dict):
        raise bad_request("JSON object expected")
    return value


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _say_nothing() -> web.StreamResponse:
    # Until the caller goes away or the server closes: both cancel this handler.
    await asyncio.Event().wait()
    raise AssertionError
