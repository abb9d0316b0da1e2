"""The influencer reacts to a message."""

from aiohttp import web

from services import access
from services.outgoing import reactions
from web import params
from web.pages import message as message_page
from web.sessions import influencer


async def create(request: web.Request) -> web.Response:
    """React to a message, or take that back, here and for the consumer."""
    me = await influencer(request)
    chat = await access.chat_for(me.id, params.path_id(request))
    message = await access.message_for(me.id, chat.id, params.path_id(request, "message_id"))
    form = await params.form(request)
    await reactions.react(chat, me, message, form.text("emoji"))
    return await message_page.answer(request, me, chat, message.id)
