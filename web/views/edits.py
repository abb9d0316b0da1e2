"""The influencer changes what they have said."""

from aiohttp import web

from services import access
from services.errors import Refusal
from services.outgoing import edits
from web import params
from web.pages import chat as chat_page
from web.pages import message as message_page
from web.responses import wants_json
from web.sessions import influencer


async def create(request: web.Request) -> web.Response:
    """Change a message, here and for the consumer."""
    me = await influencer(request)
    chat = await access.chat_for(me.id, params.path_id(request))
    message = await access.message_for(me.id, chat.id, params.path_id(request, "message_id"))
    form = await params.form(request)
    try:
        await edits.edit(chat, message, form.text("text"), form.formatting)
    except Refusal as refusal:
        if wants_json(request):
            raise  # the script has kept the words
        return await chat_page.hand_back(request, me, chat, refusal, text=form.text("text"), edited=message)
    return await message_page.answer(request, me, chat, message.id)
