"""The address that Telegram calls with each update."""

import hmac
import json
from typing import Any

import structlog
from aiohttp import web

from bot.app import ALLOWED_UPDATES, Bot
from bot.intake.updates import Intake, Raw, Unavailable
from services.signin import Keyring

PATH = "/telegram/webhook"
LIMIT = 1024 * 1024  # bytes; what Telegram sends stays far below
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
COME_BACK = {"Retry-After": "2"}

log = structlog.get_logger()


def secret(keyring: Keyring, bot_id: int) -> str:
    """Derive the secret that Telegram shows with each call: every process knows the same."""
    return keyring.derived(f"the webhook of {bot_id}")


async def register(bot: Bot, public_url: str, keyring: Keyring) -> None:
    """Tell Telegram where to call, and for what; what is pending stays."""
    await bot.call(
        "setWebhook",
        {
            "url": f"{public_url}{PATH}",
            "secret_token": secret(keyring, bot.bot.id),
            "allowed_updates": ALLOWED_UPDATES,
            "drop_pending_updates": False,
        },
    )


def route(intake: Intake, expected_secret: str) -> web.RouteDef:
    """Make the route that takes updates in: 200 only once they are kept."""

    async def receive(request: web.Request) -> web.Response:
        shown = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(errors="replace"), expected_secret.encode()):
            raise web.HTTPUnauthorized(text="wrong secret")
        raw = _update_in(await _body(request))
        try:
            await intake.take(raw)
        except Unavailable:
            raise web.HTTPServiceUnavailable(text="come again", headers=COME_BACK) from None
        return web.Response(text="ok")

    return web.post(PATH, receive)


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > LIMIT:
        raise web.HTTPRequestEntityTooLarge(max_size=LIMIT, actual_size=request.content_length or 0)
    body = b""
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > LIMIT:
            raise web.HTTPRequestEntityTooLarge(max_size=LIMIT, actual_size=len(body))
    return body


def _update_in(body: bytes) -> Raw:
    try:
        raw: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest(text="not JSON") from None
    update_id = raw.get("update_id") if isinstance(raw, dict) else None
    if type(update_id) is not int or not 0 <= update_id < 2**63:
        raise web.HTTPBadRequest(text="not an update")
    return dict(raw)
