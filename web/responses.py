"""How a view answers: onwards to a page, or, to the script, in JSON."""

from aiohttp import web

from web import params


def see_other(request: web.Request, name: str, **parts: str) -> web.HTTPSeeOther:
    """Make the redirect that follows a form to the page of that name."""
    return web.HTTPSeeOther(request.app.router[name].url_for(**parts))


def back_to_chat(request: web.Request, chat_id: str) -> web.HTTPSeeOther:
    """Make the redirect to a chat beside the list as it was narrowed."""
    url = request.app.router["chat"].url_for(id=chat_id)
    return web.HTTPSeeOther(url.with_query(params.narrowing(params.only(request))))


def wants_json(request: web.Request) -> bool:
    """Say whether the script asks, not the browser itself."""
    return "application/json" in request.headers.get("Accept", "")
