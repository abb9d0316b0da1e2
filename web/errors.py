"""What went wrong, said once: refusals, a database that is away, and our own mistakes."""

import time

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from database.errors import is_passing, reason_of
from services.errors import LinkSpent, NotFailed, NotFound, Refusal, RequestReused
from web import params, problems
from web.pages import problem as problem_page
from web.responses import wants_json

RETRY_AFTER = 5
AT_ONCE = 1.0  # seconds: a connection that was cut is noticed in less, one that is silent is not

_STATUSES: dict[type[Refusal], int] = {NotFound: 404, NotFailed: 409, RequestReused: 409, LinkSpent: 410}

log = structlog.get_logger()


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Translate whatever a view raises into an answer that a person can read."""
    try:
        return await _answered(request, handler)
    except Refusal as refusal:
        return _answer(request, status_of(refusal), str(refusal))
    except web.HTTPException as exception:
        if exception.status < 400:
            raise
        return _answer(request, exception.status, headers=_kept(exception))
    except (ConnectionError, web.RequestPayloadError):  # of what was sent not all has come
        return _answer(request, 400)
    except Exception as error:
        if is_passing(error):
            log.warning("web.database_away", error=reason_of(error))
            return _answer(request, 503, headers={"Retry-After": str(RETRY_AFTER)})
        # By the name of its address: the address itself may hold the token of a link.
        match = request.match_info
        log.exception("web.broke", method=request.method, route=match.route.name, chat=params.id_in(match))
        return _answer(request, 500)


def status_of(refusal: Refusal) -> int:
    """Give the status that says best what kind of refusal it is."""
    return _STATUSES.get(type(refusal), 422)


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Look once more where only a look was cut off; what was to be done is for whoever asked to do again."""
    began_at = time.monotonic()
    try:
        return await handler(request)
    except Exception as error:
        is_cut_off = is_passing(error) and time.monotonic() - began_at < AT_ONCE
        if request.method not in ("GET", "HEAD") or not is_cut_off:
            raise
    return await handler(request)


def _answer(
    request: web.Request, status: int, sentence: str | None = None, headers: dict[str, str] | None = None
) -> web.Response:
    problem = problems.named(status, sentence)
    if wants_json(request):
        return web.json_response({"error": problem.sentence}, status=status, headers=headers)
    return problem_page.show(request, problem, headers)


def _kept(exception: web.HTTPException) -> dict[str, str]:
    return {name: exception.headers[name] for name in ("Allow", "Retry-After") if name in exception.headers}
