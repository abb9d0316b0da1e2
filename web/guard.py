"""What keeps other sites out: no write comes from them, and no page runs what isn't ours."""

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from web.keys import PUBLIC_ORIGIN, SAFETY

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' https:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

NAME = "couponchat"
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": NAME,
}
HEADERS_BY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}  # a year

_READS = {"GET", "HEAD", "OPTIONS"}


@web.middleware
async def refuse_other_sites(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let nobody write from another site's page; who is no browser says nothing of where they come from."""
    if request.method not in _READS and not _is_from_here(request):
        raise web.HTTPForbidden
    return await handler(request)


def setup(app: web.Application, public_origin: str = "") -> None:
    """Tell browsers with every answer how little it may do, and by HTTPS to come by nothing else."""
    app[PUBLIC_ORIGIN] = public_origin
    app[SAFETY] = {**HEADERS, **(HEADERS_BY_HTTPS if is_https(public_origin) else {})}
    app.on_response_prepare.append(_harden)


async def _harden(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in request.app[SAFETY].items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = NAME  # and of which version is nobody's business


def is_https(origin: str) -> bool:
    """Say whether a panel that is reached from there is reached by HTTPS."""
    return origin.startswith("https:")


def cookie_name(name: str, *, is_secure: bool) -> str:
    """Name a cookie so that by HTTPS no browser takes it from a neighbour of this site, or by plain HTTP."""
    return f"__Host-{name}" if is_secure else name


def origin_of(url: str) -> str | None:
    """Write down from where an address is as browsers do: small, in ASCII, without a usual port."""
    try:
        return str(URL(url).origin())
    except ValueError:
        return None


def _is_from_here(request: web.Request) -> bool:
    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    if origin := request.headers.get("Origin"):
        return origin_of(origin) in _ours(request)
    return True


def _ours(request: web.Request) -> set[str]:
    """Name where our pages come from; a panel by HTTPS has none that come by less."""
    public = request.app[PUBLIC_ORIGIN]
    here = origin_of(f"{request.scheme}://{request.host}")
    return {public} if is_https(public) or here is None else {public, here}
