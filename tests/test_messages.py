"""Rules: what is said lands in its chat, once, at its place."""

import asyncio
import contextvars
from datetime import UTC, datetime, timedelta

from bench.statements import counted
from database.ids import new_id
from database.transactions import transaction
from models import Chat, Coupon, Delivery, DeliveryState, HeldMessage, Message, MessageKind
from services.chats import dashboard, history
from services.chats.dashboard import Filter
from services.outgoing import replies
from tests import cast, databases


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


async def test_a_message_is_kept_with_all_that_it_says(db):
    maya = await cast.maya()
    peer = await cast.peer()
    chat = await cast.chat(await cast.coupon(maya), peer)
    other = await cast.chat(await cast.coupon(maya, "Hats"), peer)
    values = {
        "chat_id": chat.id,
        "id": new_id(),
        "sender_id": peer.user_id,
        "text": "Where is it?",
        "formatting": [{"style": "bold", "start": 0, "length": 5}],
        "timestamp": cast.LONG_AGO,
        "is_read": True,
        "position": 7,
        "kind": MessageKind.LOCATION,
        "details": {"latitude": 52.5, "title": "Über “allem” \u2028 😀"},
        "forwarded_from": "Grace",
        "quote": {"text": "It's there"},
        "album_id": "an album",
        "reply_to_id": (await cast.says(peer, "Hello")).id,
        "moved_from_id": other.id,
        "edited_at": cast.LONG_AGO + timedelta(microseconds=1),
        "edited_as_of": 7,
        "delivery_state": DeliveryState.FAILED,
        "delivery_error": "blocked",
        "may_be_doubled": True,
        "request_id": "a-request",
    }
    later = {"revision", "move_id", "former_chat_ids", "deleted_at", "edit_error"}  # of one that is there already
    assert set(values) == set(Message._meta.fields_db_projection) - later
    await _adds(chat, Message(**values))
    kept = await Message.get(id=values["id"])
    assert {name: getattr(kept, name) for name in values} == values


async def test_a_message_and_its_chat_are_one_statement(chat, maya):
    async with transaction():
        with counted() as statements:
            await history.add(chat, _said(chat, maya.id, datetime.now(UTC)))
    assert len(statements.asked) == 1, statements.asked


async def test_a_message_that_comes_late_leaves_its_chat_where_it_is(chat, maya, peer):
    hats = await cast.chat(await cast.coupon(maya, "Hats"), peer)
    last = await _adds(chat, _said(chat, peer.user_id, datetime.now(UTC)))
    await _adds(hats, _said(hats, peer.user_id, datetime.now(UTC)))
    before = await Chat.get(id=chat.id)
    late = await _adds(chat, _said(chat, peer.user_id, datetime.now(UTC) - timedelta(hours=1)))
    after = await Chat.get(id=chat.id)
    assert (after.last_message_id, after.updated_at) == (last.id, before.updated_at)
    assert after.revision > before.revision
    assert [message.id for message in await history.latest(chat)] == [late.id, last.id]
    assert await _order(maya) == [hats.id, chat.id]


async def test_of_messages_at_one_place_the_later_id_is_the_last(chat, peer):
    at = datetime.now(UTC)
    first, second, third = [_said(chat, peer.user_id, at) for _ in range(3)]
    for message in (second, first, third):
        await _adds(chat, message)
        assert (await Chat.get(id=chat.id)).last_message_id == (await history.latest(chat))[-1].id
    assert [message.id for message in await history.latest(chat)] == [first.id, second.id, third.id]


async def test_a_message_puts_its_chat_above_those_of_its_two_people_whatever_the_clock_says(chat, maya, peer):
    ivans = await cast.chat(await cast.coupon(await cast.outsider(), "Tea"), peer)
    marys = await cast.chat(await Coupon.get(id=chat.coupon_id), await cast.peer(7003, "Mary"))
    at = datetime.now(UTC)
    for other, minutes in ((ivans, 2), (marys, 1)):
        await _adds(other, _said(other, other.consumer_id, at + timedelta(minutes=minutes)))
    await _adds(chat, _said(chat, peer.user_id, at))
    assert await _order(maya) == [chat.id, marys.id]
    assert (await Chat.get(id=chat.id)).updated_at > (await Chat.get(id=ivans.id)).updated_at


async def test_a_message_that_waits_for_its_chat_sees_whose_it_is_by_then(chat, maya, peer):
    ivan = await cast.outsider()
    tea = await cast.chat(await cast.coupon(ivan, "Tea"), await cast.peer(7003, "Mary"))
    await _adds(tea, _said(tea, tea.consumer_id, datetime.now(UTC) + timedelta(minutes=1)))
    outside = contextvars.copy_context()
    async with transaction():
        await Chat.filter(id=chat.id).update(influencer_id=ivan.id)
        adding = _adds(chat, _said(chat, peer.user_id, datetime.now(UTC)))
        waiting = asyncio.create_task(adding, context=outside)
        await databases.until_somebody_waits()
    await waiting
    assert await _order(ivan) == [chat.id, tea.id]


async def test_answers_and_messages_at_once_stand_in_one_order(chat, maya, peer):
    said = [_writes(peer, f"question {number}") for number in range(8)]
    answered = [replies.reply(chat, maya, f"answer {number}") for number in range(8)]
    await asyncio.gather(*(deed for pair in zip(said, answered, strict=True) for deed in pair))
    found = await history.latest(chat)
    assert len(found) == 16
    kept = await Chat.get(id=chat.id)
    assert kept.last_message_id == found[-1].id
    assert kept.updated_at >= max(message.timestamp for message in found)
    deliveries_ = await Delivery.all().order_by("sequence")
    answers = [message.id for message in found if message.sender_id == maya.id]
    assert [delivery.message_id for delivery in deliveries_] == answers
    assert [delivery.sequence for delivery in deliveries_] == list(range(1, 9))


def _said(chat: Chat, sender_id: str, at: datetime) -> Message:
    position = int(at.timestamp()) * history.POSITION_STEP
    return Message(id=new_id(), chat_id=chat.id, sender_id=sender_id, text="Hello", timestamp=at, position=position)


async def _writes(peer, text: str) -> None:
    async with transaction():
        await cast.says(await cast.peer(peer.telegram_chat_id), text)


async def _adds(chat: Chat, message: Message) -> Message:
    async with transaction():
        await history.add(chat, message)
    return message


async def _order(influencer) -> list[str]:
    return [row.id for row in await dashboard.rows(influencer.id, Filter())]
