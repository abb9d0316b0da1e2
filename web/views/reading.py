"""The influencer has seen what a consumer wrote."""

from aiohttp import web

from services import access, dashboard, messages
from services.dashboard import Filter
from web import asked
from web.responses import back_to_chat, wants_json
from web.sessions import influencer


async def create(request: web.Request) -> web.Response:
    """Count a chat as read: as far as they have seen, or all of it."""
    me = await influencer(request)
    chat = await access.chat_for(me.id, asked.path_id(request))
    through = (await asked.form(request)).through
    message = await access.message_for(me.id, chat.id, through) if through else None
    if await dashboard.matches(me.id, Filter(is_unread=True), [chat.id]):
        await messages.mark_read(chat, message)
    if wants_json(request):
        return web.Response(status=204)
    raise back_to_chat(request, chat.id)
