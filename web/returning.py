"""Coming in again: to where one wanted to go when one was not signed in, with what one wanted to say there.

Where that is stands in a cookie of the browser that asked. It is no address, which could lead anywhere, but names a
chat, and how the list is narrowed; the address is made anew.

Words can be longer than all cookies together, and a page that handed them back would show them to whoever comes to
the browser next. So they are kept in the database, but only for a browser in which an influencer has been signed in
before: it has a cookie that says so, signed by us, and good for nothing else. Whoever has none can neither fill the
database nor read from it, and words come back only to the same influencer in the same browser.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass

from aiohttp import web
from yarl import URL

from models import Chat, User
from services import access
from services.chats import drafts
from services.errors import NotFound
from services.people import sessions
from web import guard, params
from web.keys import KEYRING, PUBLIC_ORIGIN
from web.responses import see_other, wants_json

WISH = "wish"
WISH_MAX_AGE = 3600  # a sign-in link is good for ten minutes, but somebody may have to be asked for it
LONGEST_WISH = 2000  # characters; browsers take about twice as much
BROWSER = "browser"
BROWSER_MAX_AGE = int((sessions.SESSION_END + sessions.SESSION_LIFE).total_seconds())  # it outlives every session
DRAFTS = "drafts"  # that there are some: most pages needn't look
DRAFTS_MAX_AGE = int(drafts.KEPT_FOR.total_seconds())

# Whoever asks for these sees a page in the end.
_PAGES = {"chats", "chat", "messages", "reading", "delivery", "edits", "deletion"}


async def to_signin(request: web.Request) -> web.HTTPException:
    """Send whoever is not signed in to where that is explained; what they wanted is kept for when they are."""
    is_kept = request.match_info.route.name == "messages" and await _keep_words(request)
    if wants_json(request):
        return web.HTTPUnauthorized()
    answer = see_other(request, "signin")
    if is_kept:
        _keep(request, answer, DRAFTS, "1", DRAFTS_MAX_AGE)
    if 0 < len(wish := _wish(request)) <= LONGEST_WISH:
        _keep(request, answer, WISH, wish, WISH_MAX_AGE)
    return answer


async def onwards(request: web.Request, me: User) -> web.HTTPSeeOther:
    """Lead somebody who has just signed in to where they wanted to go, as far as that is theirs."""
    browser = _browser_of(request, me) or Browser(secrets.token_urlsafe(24), me.id)
    draft = await drafts.latest(browser.id(request), me.id)
    answer = web.HTTPSeeOther(await _wished(request, me, draft.chat_id if draft else None))
    _forget(request, answer, WISH)
    _keep(request, answer, BROWSER, browser.signed(request), BROWSER_MAX_AGE)
    if draft:
        _keep(request, answer, DRAFTS, "1", DRAFTS_MAX_AGE)
    return answer


async def has_words(request: web.Request) -> bool:
    """Say whether something is kept that was to be said from this browser."""
    browser = _browser(request) if _kept(request, DRAFTS) else None
    return bool(browser and await drafts.latest(browser.id(request), browser.influencer_id))


async def words_for(request: web.Request, me: User, chat: Chat) -> str:
    """Give what this influencer wanted to say in a chat when they were not signed in."""
    browser = _browser_of(request, me) if _kept(request, DRAFTS) else None
    return await drafts.text_for(browser.id(request), me.id, chat.id) if browser else ""


async def have_said(request: web.Request, me: User, chat: Chat) -> None:
    """Forget what this influencer wanted to say in a chat, now that they have said something."""
    browser = _browser_of(request, me) if _kept(request, DRAFTS) else None
    if browser:
        await drafts.drop(browser.id(request), chat.id)


@dataclass(frozen=True)
class Browser:
    """A browser in which an influencer has been signed in."""

    key: str
    influencer_id: str

    def id(self, request: web.Request) -> str:
        """Give what is kept of it."""
        return request.app[KEYRING].fingerprint(f"browser {self.key}")

    def signed(self, request: web.Request) -> str:
        """Write it down so that only we can have written it."""
        who = base64.urlsafe_b64encode(self.influencer_id.encode()).decode()
        return f"{self.key}.{who}.{request.app[KEYRING].fingerprint(f'browser {self.key} of {who}')}"


def _browser(request: web.Request) -> Browser | None:
    """Read which browser this is, if it says so and we have said so before."""
    written = _kept(request, BROWSER)
    try:
        key, who, _ = written.split(".")
        browser = Browser(key, base64.urlsafe_b64decode(who).decode())
        is_ours = hmac.compare_digest(browser.signed(request).encode(), written.encode())
    except ValueError:  # somebody has made it up
        return None
    return browser if is_ours else None


def _browser_of(request: web.Request, me: User) -> Browser | None:
    browser = _browser(request)
    return browser if browser and browser.influencer_id == me.id else None


async def _keep_words(request: web.Request) -> bool:
    """Keep what was to be said, if it is known by whom; what can't be read, or isn't theirs, is as never said."""
    browser = _browser(request)
    if browser is None:
        return False
    try:
        chat_id, form = params.path_id(request), await params.form(request)
        return await drafts.keep(browser.id(request), browser.influencer_id, chat_id, form.text("text"))
    except (web.HTTPException, NotFound):
        return False


def _wish(request: web.Request) -> str:
    """Say where somebody wants to go, if that is anywhere but to all of their chats."""
    if request.match_info.route.name not in _PAGES:
        return ""
    try:
        narrowing = params.narrowing(params.only(request))
    except web.HTTPBadRequest:
        narrowing = {}
    chat_id = params.id_in(request.match_info)
    return URL.build(path="/", query={**({"chat": chat_id} if chat_id else {}), **narrowing}).raw_query_string


async def _wished(request: web.Request, me: User, otherwise: str | None) -> URL:
    """Make the address of the page that was wished for, or else of a chat, or else of all of them."""
    router = request.app.router
    try:
        wish = URL(f"/?{_kept(request, WISH)}").query
        narrowing = params.narrowing(params.only_in(wish))
        if chat_id := params.id_in(wish, "chat") or otherwise:
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
    return guard.cookie_name(f"couponchat-{name}", is_secure=_is_secure(request))


def _is_secure(request: web.Request) -> bool:
    return guard.is_https(request.app[PUBLIC_ORIGIN])
