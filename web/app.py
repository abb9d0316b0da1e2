"""The panel, assembled."""

from collections.abc import Callable, Sequence

from aiohttp import web
from aiohttp_session import session_middleware

from services.people import keyring
from web import assets, errors, guard, live, routes
from web.keys import BOT_USERNAME, KEYRING, READINESS, Check
from web.pages import rendering
from web.sessions import Sessions


def create(
    keyring: keyring.Keyring,
    public_url: str,
    *,
    bot_username: Callable[[], str | None] = lambda: None,
    readiness: Sequence[Check] = (),
) -> web.Application:
    """Make the panel; the caller opens the database, and may add routes of its own before the start."""
    public_origin = guard.origin_of(public_url) or ""
    sessions = Sessions(keyring, is_secure=guard.is_https(public_origin))
    app = web.Application(middlewares=[errors.middleware, session_middleware(sessions), guard.refuse_other_sites])
    app[KEYRING] = keyring
    app[BOT_USERNAME] = bot_username
    app[READINESS] = readiness
    assets.setup(app)
    rendering.setup(app)
    routes.setup(app)
    live.setup(app)
    guard.setup(app, public_origin)
    return app


def create_watch(readiness: Sequence[Check]) -> web.Application:
    """Make what answers whoever keeps us running, and nobody else: a bot alone has no panel."""
    app = web.Application()
    app[READINESS] = readiness
    routes.setup_watch(app)
    guard.setup(app)
    return app
