"""The influencer takes back what they have said."""

import pytest

from database import clock
from models import Message
from services.outgoing import edits, replies
from tests import cast


@pytest.fixture
async def message(maya, chat) -> Message:
    return await replies.reply(chat, maya, "In short: yes.")


async def deletes(panel, message, **fields):
    return await panel.posts(f"/chats/{message.chat_id}/messages/{message.id}/deletion", **fields)


async def test_a_form_leads_back_to_the_chat_that_says_it_no_more(panel, chat, message):
    answer = await deletes(panel, message)
    assert (answer.status, answer.headers["Location"]) == (303, f"/chats/{chat.id}")
    page = await panel.opens(f"/chats/{chat.id}")
    assert "In short: yes." not in page.text
    assert page.said == [message.id]


async def test_pressed_twice_it_is_gone(panel, chat, message):
    for _ in range(2):
        answer = await deletes(panel, message, by_script=True)
        assert (answer.status, answer.json["id"]) == (200, message.id)
    assert answer.json["html"] in (await panel.opens(f"/chats/{chat.id}")).text
    assert (await Message.get()).deleted_at


async def test_what_is_refused_says_why(panel, ada, chat, message):
    theirs = await cast.says(ada, "Hello")
    answer = await deletes(panel, theirs, by_script=True)
    assert (answer.status, answer.json["error"]) == (
        422,
        "You can change and delete only what you have written yourself.",
    )
    await Message.filter(id=message.id).update(timestamp=clock.now() - 2 * edits.CHANGEABLE_FOR)
    answer = await deletes(panel, message)
    assert answer.status == 422
    assert "older than 48 hours" in answer.text
    assert not await Message.exists(deleted_at__isnull=False)


async def test_nobody_deletes_anothers_message(panel, ivan, chat, message, other_chat):
    foreign = await replies.reply(other_chat, ivan, "It does.")
    for of in (
        foreign,
        Message(id="no-such-message", chat_id=chat.id),
        Message(id=message.id, chat_id=other_chat.id),
    ):
        assert (await deletes(panel, of)).status == 404
    assert not await Message.exists(deleted_at__isnull=False)


async def test_nobody_deletes_anything_without_being_signed_in(visitor, message):
    async with visitor.post(
        f"/chats/{message.chat_id}/messages/{message.id}/deletion", allow_redirects=False
    ) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/signin")
    assert not await Message.exists(deleted_at__isnull=False)
