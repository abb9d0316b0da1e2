"""The influencer comes in by a link that works once, and goes."""

from aiohttp import web

from models import Purpose
from services.people import access_links
from web import returning, sessions
from web.keys import KEYRING
from web.pages import signin as signin_page
from web.responses import see_other


async def explain(request: web.Request) -> web.Response:
    """Say how to get a link."""
    return signin_page.explain(request, has_words=await returning.has_words(request))


async def offer(request: web.Request) -> web.Response:
    """Show a button: messengers open links by themselves, and must not use them up."""
    user = await access_links.owner_of_link(request.app[KEYRING], request.match_info["token"], Purpose.SIGNIN)
    return signin_page.offer(request, user)


async def create(request: web.Request) -> web.Response:
    """Sign in, and go on to where they wanted to go."""
    me = await sessions.begin(request, request.match_info["token"])
    raise await returning.onwards(request, me)


async def end(request: web.Request) -> web.Response:
    """Sign out, in the browser and here."""
    await sessions.end(request)
    raise see_other(request, "signin")
