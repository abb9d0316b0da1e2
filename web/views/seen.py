"""The influencer chooses whether consumers see what they have seen."""

from aiohttp import web

from services.outgoing import reactions
from web import params
from web.responses import see_other, wants_json
from web.sessions import influencer


async def create(request: web.Request) -> web.Response:
    """Let 👀 tell it from now on, or nothing."""
    me = await influencer(request)
    form = await params.form(request)
    if form.text("shown") not in ("0", "1"):
        raise web.HTTPBadRequest
    await reactions.show_seen(me, form.text("shown") == "1")
    if wants_json(request):
        return web.Response(status=204)
    raise see_other(request, "chats")
