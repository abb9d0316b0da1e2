"""Whoever keeps us running watches how we do, over time."""

import hmac
from ipaddress import IPv6Address, ip_address

from aiohttp import HttpVersion11, web
from prometheus_client import CONTENT_TYPE_LATEST

from services import metrics
from web.keys import KEYRING

PURPOSE = "metrics"  # of the token that opens them

# What a reverse proxy says of whom it asks for.
PASSED_ON = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


async def show(_request: web.Request) -> web.Response:
    """Answer in the words of Prometheus; nobody is named in them."""
    return web.Response(body=await metrics.exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def show_to_us(request: web.Request) -> web.Response:
    """Answer this machine, and who has the token; for everybody else there is nothing here."""
    if not _is_from_this_machine(request) and not _has_token(request):
        raise web.HTTPNotFound
    return await show(request)


def _is_from_this_machine(request: web.Request) -> bool:
    """Say whether somebody here asks, and not a proxy for somebody elsewhere; nginx speaks HTTP/1.0 to us."""
    is_passed_on = request.version < HttpVersion11 or any(name in request.headers for name in PASSED_ON)
    return not is_passed_on and _is_loopback(request.remote or "")


def _is_loopback(remote: str) -> bool:
    try:
        address = ip_address(remote)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _has_token(request: web.Request) -> bool:
    expected = f"Bearer {request.app[KEYRING].derived(PURPOSE)}"
    return hmac.compare_digest(request.headers.get("Authorization", "").encode(errors="replace"), expected.encode())
