"""The influencer has seen what a consumer wrote."""

from aiohttp import web

from services import access
from services.outgoing import reactions
from web import params
from web.responses import back_to_chat, wants_json
from web.sessions import influencer


async def create(request: web.Request) -> web.Response:
    """Count a chat as read: what they have seen of it, or all of it."""
    me = await influencer(request)
    chat = await access.chat_for(me.id, params.path_id(request))
    form = await params.form(request)
    since, through = [
        await access.message_for(me.id, chat.id, id_) if id_ else None for id_ in (form.since, form.through)
    ]
    await reactions.mark_seen(chat, since, through)
    if wants_json(request):
        return web.Response(status=204)
    raise back_to_chat(request, chat.id)
