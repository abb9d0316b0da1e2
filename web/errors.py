"""What went wrong, said once: refusals, a database that is away, and our own mistakes."""

import asyncpg
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from tortoise.exceptions import DBConnectionError

from services.errors import LinkSpent, NotFailed, NotFound, Refusal, RequestReused
from web import asked, pages, problems
from web.responses import wants_json

# What is raised while the database can't be reached, or lets go of us.
DATABASE_AWAY = (
    OSError,  # TimeoutError is one, too
    DBConnectionError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)

RETRY_SECONDS = 5

_STATUSES: dict[type[Refusal], int] = {NotFound: 404, NotFailed: 409, RequestReused: 409, LinkSpent: 410}

log = structlog.get_logger()


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Translate whatever a view raises into an answer that a person can read."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return _answer(request, status_of(refusal), str(refusal))
    except web.HTTPException as exception:
        if exception.status < 400:
            raise
        return _answer(request, exception.status, headers=_kept(exception))
    except DATABASE_AWAY as error:
        log.warning("web.database_away", error=type(error).__name__)
        return _answer(request, 503, headers={"Retry-After": str(RETRY_SECONDS)})
    except Exception:
        # By the name of its address: the address itself may hold the token of a link.
        match = request.match_info
        log.exception("web.broke", method=request.method, route=match.route.name, chat=asked.id_in(match))
        return _answer(request, 500)


def status_of(refusal: Refusal) -> int:
    """Give the status that says best what kind of refusal it is."""
    return _STATUSES.get(type(refusal), 422)


def _answer(
    request: web.Request, status: int, sentence: str | None = None, headers: dict[str, str] | None = None
) -> web.Response:
    problem = problems.named(status, sentence)
    if wants_json(request):
        return web.json_response({"error": problem.sentence}, status=status, headers=headers)
    return pages.render(request, "error.html", {"problem": problem}, status=status, headers=headers)


def _kept(exception: web.HTTPException) -> dict[str, str]:
    return {name: exception.headers[name] for name in ("Allow", "Retry-After") if name in exception.headers}
