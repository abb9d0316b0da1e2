"""Coming in again: to where one wanted to go when one was not signed in.

That stands in a cookie of the browser that asked. It is no address, which could lead anywhere, but names a chat,
and how the list is narrowed; the address is made anew.
"""

from aiohttp import web
from yarl import URL

from models import User
from services import access
from services.errors import NotFound
from web import asked
from web.keys import PUBLIC_ORIGIN
from web.responses import see_other, wants_json

WISH = "wish"
WISH_SECONDS = 3600  # a sign-in link is good for ten minutes, but somebody may have to be asked for it
LONGEST_WISH = 2000  # characters; browsers take about twice as much

_PAGES = {"chats", "chat", "messages", "reading", "delivery"}  # whoever asks for these sees a page in the end


def to_signin(request: web.Request) -> web.HTTPException:
    """Send whoever is not signed in to where that is explained, and keep where they wanted to go."""
    if wants_json(request):
        return web.HTTPUnauthorized()
    answer = see_other(request, "signin")
    if 0 < len(wish := _wish(request)) <= LONGEST_WISH:
        _keep(request, answer, WISH, wish, WISH_SECONDS)
    return answer


async def onwards(request: web.Request, me: User) -> web.HTTPSeeOther:
    """Lead somebody who has just signed in to where they wanted to go, as far as that is theirs."""
    answer = web.HTTPSeeOther(await _wished(request, me))
    _forget(request, answer, WISH)
    return answer


def _wish(request: web.Request) -> str:
    """Say where somebody wants to go, if that is anywhere but to all of their chats."""
    if request.match_info.route.name not in _PAGES:
        return ""
    try:
        narrowing = asked.narrowing(asked.only(request))
    except web.HTTPBadRequest:
        narrowing = {}
    chat_id = asked.id_in(request.match_info)
    return URL.build(path="/", query={**({"chat": chat_id} if chat_id else {}), **narrowing}).raw_query_string


async def _wished(request: web.Request, me: User) -> URL:
    router = request.app.router
    try:
        wish = URL(f"/?{_kept(request, WISH)}").query
        narrowing = asked.narrowing(asked.only_in(wish))
        if chat_id := asked.id_in(wish, "chat"):
            chat = await access.chat_for(me.id, chat_id)
            return router["chat"].url_for(id=chat.id).with_query(narrowing)
    except (ValueError, web.HTTPBadRequest, NotFound):  # somebody has made it up, or it isn't theirs
        narrowing = {}
    return router["chats"].url_for().with_query(narrowing)


def _kept(request: web.Request, name: str) -> str:
    return request.cookies.get(_cookie(request, name), "")


def _keep(request: web.Request, answer: web.HTTPException, name: str, value: str, seconds: int) -> None:
    is_secure = _is_secure(request)
    answer.set_cookie(
        _cookie(request, name), value, max_age=seconds, httponly=True, samesite="Lax", secure=is_secure
    )


def _forget(request: web.Request, answer: web.HTTPException, name: str) -> None:
    if _kept(request, name):
        is_secure = _is_secure(request)
        answer.del_cookie(_cookie(request, name), httponly=True, samesite="Lax", secure=is_secure)


def _cookie(request: web.Request, name: str) -> str:
    return f"__Host-couponchat-{name}" if _is_secure(request) else f"couponchat-{name}"


def _is_secure(request: web.Request) -> bool:
    return request.app[PUBLIC_ORIGIN].startswith("https:")
