"""Rules: what is said lands in its chat, once, at its place."""

from models import Chat, Delivery, HeldMessage, Message
from services.chats import dashboard
from services.chats.dashboard import Filter
from services.outgoing import replies
from tests import cast


async def test_a_consumers_message_lands_in_the_open_chat(db):
    maya = await cast.maya()
    peer = await cast.peer()
    chat = await cast.chat(await cast.coupon(maya), peer)
    message = await cast.says(peer, "Does it work on sale items?")
    assert message.chat_id == chat.id
    assert message.sender_id == peer.user_id
    [row] = await dashboard.rows(maya.id, Filter())
    assert (row.title, row.last_text, row.unread_count) == (
        "50% Off Summer Collection",
        "Does it work on sale items?",
        1,
    )


async def test_a_reply_is_queued_for_the_consumer(db):
    maya = await cast.maya()
    peer = await cast.peer()
    chat = await cast.chat(await cast.coupon(maya), peer)
    message = await replies.reply(chat, maya, "It does!")
    delivery = await Delivery.get(message_id=message.id)
    assert (delivery.peer_id, delivery.state) == (peer.id, "queued")
    assert (await Chat.get(id=chat.id)).updated_at == (await Message.get(id=message.id)).timestamp


async def test_what_may_be_meant_for_either_chat_is_held(db):
    maya = await cast.maya()
    peer = await cast.peer()
    shoes = await cast.chat(await cast.coupon(maya, "Shoes"), peer)
    await cast.chat(await cast.coupon(maya, "Hats"), peer)
    await replies.reply(shoes, maya, "Which size?")
    assert isinstance(await cast.says(peer, "44"), HeldMessage)
