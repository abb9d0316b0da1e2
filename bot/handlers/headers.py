"""The header of a chat, said when a consumer has opened it."""

from bot.context import Buttons, Context, button, copying, link
from models import Coupon
from services.chats import answering, history
from services.incoming.opening import Opened

HISTORY_SHOWN = 5


async def say(context: Context, opened: Opened) -> None:
    """A new chat opens with a welcome; an old one with its last messages, and with what has changed."""
    chat, texts = opened.chat, context.texts.chats
    usual_wait = await answering.usual_wait(chat.influencer_id)
    if opened.is_new:
        words = texts.opened_new(chat, usual_wait)
    else:
        said = await history.last_said(chat, limit=HISTORY_SHOWN)
        words = texts.opened_again(chat, said, opened.unread_count, usual_wait)
    await context.say(words, buttons=_buttons(context, chat.coupon), about=chat)


def _buttons(context: Context, coupon: Coupon) -> Buttons:
    """Let the coupon be used, as far as we know how, and other chats be found."""
    texts = context.texts
    uses = [
        *([copying(texts.chats.copy_button(coupon.code), coupon.code)] if coupon.code else []),
        *([link(texts.chats.open_coupon_button(), coupon.url)] if coupon.url else []),
    ]
    way = [button(texts.my_chats.button(), "my_chats")]
    return [uses, way] if uses else [way]
