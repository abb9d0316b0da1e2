"""The influencer types."""

from aiohttp import web

from services import access
from services.outgoing import typing
from web import params
from web.sessions import influencer


async def create(request: web.Request) -> web.Response:
    """Let the consumer see that an answer is being written."""
    me = await influencer(request)
    await typing.tell(await access.chat_for(me.id, params.path_id(request)))
    return web.Response(status=204)
