"""The influencer looks at their chats, and into one of them."""

from aiohttp import web

from models import Chat
from services import access
from services.outgoing import reactions
from web import params, returning
from web.pages import chat as chat_page
from web.pages import chats as chats_page
from web.pages.chat import History
from web.responses import see_other
from web.sessions import influencer

_NAMED = (params.before, params.around, params.answered, params.edited, params.moved)


async def home(request: web.Request) -> web.Response:
    """Lead to the chats."""
    raise see_other(request, "chats")


async def index(request: web.Request) -> web.Response:
    """Show all chats, or those that are asked for."""
    me = await influencer(request)
    return await chats_page.show(request, me)


async def show(request: web.Request) -> web.Response:
    """Show a chat; what is shown is read."""
    me = await influencer(request)
    chat = await access.chat_for(me.id, params.path_id(request))
    before, around, answered, edited, moved = [
        await access.message_for(me.id, chat.id, id_) if (id_ := named(request)) else None for named in _NAMED
    ]
    shown = await (chat_page.read_around(chat, around) if around else chat_page.read(chat, before))
    if _is_seen(request):
        await _read(chat, shown)
    if edited:
        return await chat_page.show_edited(request, me, chat, shown, edited)
    text = await returning.words_for(request, me, chat)
    return await chat_page.show(request, me, chat, shown, text=text, answered=answered, moved=moved)


async def _read(chat: Chat, shown: History) -> None:
    """Count as read what is shown, and nothing before or behind it."""
    if shown.messages:
        await reactions.mark_seen(chat, shown.messages[0], shown.messages[-1])
    for message in shown.messages:
        message.is_read = message.is_read or message.sender_id == chat.consumer_id


def _is_seen(request: web.Request) -> bool:
    """Say whether somebody looks, not only a browser that is getting ready."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")  # as our script says
    return request.method == "GET" and "prefetch" not in purpose
