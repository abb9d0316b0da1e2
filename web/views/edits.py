"""The influencer changes what they have said."""

from aiohttp import web

from services import access
from services.outgoing import edits
from web import params
from web.pages import message as message_page
from web.sessions import influencer


async def create(request: web.Request) -> web.Response:
    """Change a message, here and for the consumer."""
    me = await influencer(request)
    chat = await access.chat_for(me.id, params.path_id(request))
    message = await access.message_for(me.id, chat.id, params.path_id(request, "message_id"))
    form = await params.form(request)
    await edits.edit(chat, message, form.text("text"), form.formatting)
    return await message_page.answer(request, me, chat, message.id)
