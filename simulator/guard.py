"""Who may knock: this machine only, and no other web site through this machine's browser."""

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from simulator import panels

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other hosts' names, which DNS may have bent to this machine."""
    if _hostname(request.host) not in LOOPBACK:
        raise web.HTTPForbidden(text="The simulator listens to this machine only.")
    return await handler(request)


@web.middleware
async def same_site_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another web site wants to change here."""
    # The Bot API takes writes as GET too, and a way into a panel is made by following a link.
    is_write = request.method not in {"GET", "HEAD"} or request.path.startswith(("/bot", panels.PATH))
    if is_write and _is_foreign(request):
        raise web.HTTPForbidden(text="The simulator takes no orders from other web sites.")
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Tell the browser what the page may do."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _is_foreign(request: web.Request) -> bool:
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host
