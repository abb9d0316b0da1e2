"""The influencer puts what was said into the chat where it belongs, and takes that back."""

from aiohttp import web

from models import Chat, Message, User
from services import access
from services.errors import NotFound
from services.outgoing import moving
from web import params
from web.responses import back_to_chat, wants_json
from web.sessions import influencer


async def create(request: web.Request) -> web.Response:
    """Move a message, or all since, to another chat of the same consumer."""
    me = await influencer(request)
    chat = await access.chat_for(me.id, params.path_id(request))
    form = await params.form(request)
    to = await access.chat_for(me.id, form.text("to"))
    message = await _message(me, chat, to, form.text("message_id"))
    move = await moving.move(chat, message, to, me, all_since=form.text("since") == "1")
    if wants_json(request):
        return web.json_response(_told(request, chat, to, move.id), status=201)
    raise back_to_chat(request, chat.id)


async def undo(request: web.Request) -> web.Response:
    """Put back what a move has moved; asked for twice, it has been put back, and that is what they wanted."""
    me = await influencer(request)
    chat = await access.chat_for(me.id, params.path_id(request))
    move = await moving.find(chat, params.path_number(request, "move_id"))
    await moving.undo(move, me)
    if wants_json(request):
        return web.Response(status=204)
    raise back_to_chat(request, chat.id)


async def _message(me: User, chat: Chat, to: Chat, message_id: str) -> Message:
    """Get the message where it is; a form that is sent twice finds it where it was moved to."""
    try:
        return await access.message_for(me.id, chat.id, message_id)
    except NotFound:
        return await access.message_for(me.id, to.id, message_id)


def _told(request: web.Request, chat: Chat, to: Chat, move_id: int) -> dict[str, object]:
    """Tell the script where to look for what was moved, and how to take that back."""
    routes = request.app.router
    undoing = routes["move_undoing"].url_for(id=chat.id, move_id=str(move_id))
    return {"id": move_id, "to": to.id, "url": str(routes["chat"].url_for(id=to.id)), "undoing": str(undoing)}
