"""The influencer has a reply sent again that did not arrive."""

import contextlib

from aiohttp import web

from services import access
from services.errors import NotFailed
from services.outgoing import replies
from web import params
from web.pages import message as message_page
from web.sessions import influencer


async def create(request: web.Request) -> web.Response:
    """Try again; pressed twice, it is on its way, and that is what they wanted."""
    me = await influencer(request)
    chat = await access.chat_for(me.id, params.path_id(request))
    message = await access.message_for(me.id, chat.id, params.path_id(request, "message_id"))
    with contextlib.suppress(NotFailed):
        await replies.retry(chat, message)
    return await message_page.answer(request, me, chat, message.id)
