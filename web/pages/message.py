"""A message to which something was done."""

from aiohttp import web

from models import Chat, User
from services import access
from web.pages import chat as chat_page
from web.responses import back_to_chat, wants_json


async def answer(request: web.Request, me: User, chat: Chat, message_id: str) -> web.Response:
    """Give the script a message as the page shows it by now; a form leads back to the page."""
    if not wants_json(request):
        raise back_to_chat(request, chat.id)
    now = await access.message_for(me.id, chat.id, message_id)
    partials = await chat_page.message_partials(request, chat, [now])
    return web.json_response(partials[0])
