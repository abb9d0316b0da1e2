"""The influencer takes back what they have said."""

import contextlib

from aiohttp import web

from services import access
from services.errors import AlreadyDeleted
from services.outgoing import edits
from web import params
from web.pages import message as message_page
from web.sessions import influencer


async def create(request: web.Request) -> web.Response:
    """Delete a message, here and for the consumer; pressed twice, it is gone, and that is what they wanted."""
    me = await influencer(request)
    chat = await access.chat_for(me.id, params.path_id(request))
    message = await access.message_for(me.id, chat.id, params.path_id(request, "message_id"))
    with contextlib.suppress(AlreadyDeleted):
        await edits.delete(chat, message)
    return await message_page.answer(request, me, chat, message.id)
