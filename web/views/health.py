"""Whoever keeps us running asks how we are."""

import asyncio

import structlog
from aiohttp import web

from database.errors import StartupError
from web.keys import READINESS, Check

CHECK_TIMEOUT = 5.0  # seconds that a check may take

log = structlog.get_logger()


async def alive(_request: web.Request) -> web.Response:
    """Answer."""
    return web.Response(text="ok")


async def ready(request: web.Request) -> web.Response:
    """Say whether everything is there that we need, or what is not."""
    answers = await asyncio.gather(*(_reason(check) for check in request.app[READINESS]))
    reasons = [answer for answer in answers if answer]
    return web.json_response(
        {"ready": not reasons, **({"reasons": reasons} if reasons else {})}, status=503 if reasons else 200
    )


async def _reason(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            return await check()
    except StartupError as error:
        return str(error)
    except Exception as error:  # whatever it is: not ready, and the log knows more than a passer-by should
        log.warning("web.not_ready", error=type(error).__name__)
        return f"A check failed: {type(error).__name__}"
