"""The influencer answers."""

from aiohttp import web

from services import access
from services.chats.annotations import Annotations
from services.errors import Refusal
from services.outgoing import replies
from web import params, returning
from web.pages import chat as chat_page
from web.responses import back_to_chat, wants_json
from web.sessions import influencer


async def create(request: web.Request) -> web.Response:
    """Say something in a chat; what can't be said comes back with the reason."""
    me = await influencer(request)
    chat = await access.chat_for(me.id, params.path_id(request))
    form = await params.form(request)
    answered = await access.message_for(me.id, chat.id, form.reply_to) if form.reply_to else None
    try:
        message = await replies.reply(
            chat,
            me,
            form.text("text"),
            form.request_id,
            formatting=form.formatting,
            answered=answered,
            quote=form.text("quote"),
        )
    except Refusal as refusal:
        if wants_json(request):
            raise  # the script has kept the words
        text, quote = form.text("text"), form.text("quote")
        return await chat_page.hand_back(request, me, chat, refusal, text=text, answered=answered, quote=quote)
    await returning.have_said(request, me, chat)
    if wants_json(request):
        # Of what was said just now all is known.
        known = Annotations(answered={answered.id: answered} if answered else {})
        return web.json_response(chat_page.rendered(request, chat, [message], known)[0], status=201)
    raise back_to_chat(request, chat.id)
