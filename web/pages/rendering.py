"""Templates, made ready once, and rendered: whole pages, and pieces of them."""

from pathlib import Path
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web

from database import clock
from services.outgoing import replies
from web import formatted, formatting
from web.assets import ASSETS
from web.keys import BOT_USERNAME

TEMPLATES = Path(__file__).parent.parent / "templates"


def setup(app: web.Application) -> None:
    """Make the templates ready."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = app[ASSETS].address
    environment.globals["bot_username"] = app[BOT_USERNAME]
    environment.globals["formatting"] = formatting
    environment.globals["formatted"] = formatted
    environment.globals["max_reply"] = replies.MAX_REPLY


def render(
    request: web.Request,
    template: str,
    context: dict[str, Any],
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> web.Response:
    """Render a whole page."""
    context = {"now": clock.now(), **context}
    response = aiohttp_jinja2.render_template(template, request, context, status=status)
    response.headers.update(headers or {})
    return response


def partial(request: web.Request, template: str, **context: Any) -> str:
    """Render a piece of a page."""
    return aiohttp_jinja2.render_string(template, request, {"now": clock.now(), **context}).strip()
