"""The influencer changes what they have said."""

import json

import pytest

from database import clock
from models import Delivery, Message
from services.outgoing import edits, replies
from tests import cast


@pytest.fixture
async def message(maya, chat) -> Message:
    return await replies.reply(chat, maya, "In shrt: yes.")


async def changes(panel, message, text, **fields):
    return await panel.posts(f"/chats/{message.chat_id}/messages/{message.id}/edits", text=text, **fields)


async def test_a_form_leads_back_to_the_chat_that_says_the_new_text(panel, chat, message):
    answer = await changes(panel, message, "In short:\r\nyes.")
    assert (answer.status, answer.headers["Location"]) == (303, f"/chats/{chat.id}")
    assert "In short:\nyes." in (await panel.opens(f"/chats/{chat.id}")).text


async def test_the_script_gets_the_message_as_the_page_shows_it(panel, chat, message):
    bold = json.dumps([{"style": "bold", "start": 3, "length": 5}])
    answer = await changes(panel, message, "In short: yes.", formatting=bold, by_script=True)
    assert (answer.status, answer.json["id"]) == (200, message.id)
    assert answer.json["html"] in (await panel.opens(f"/chats/{chat.id}")).text
    assert (await Message.get()).formatting == [{"style": "bold", "start": 3, "length": 5}]


@pytest.mark.parametrize(
    "formatting", ["{", "{}", "[1]", '[{"style": "huge", "start": 0, "length": 1}]', "[" * 9999]
)
@pytest.mark.parametrize("address", ["messages", "messages/{}/edits"])
async def test_formatting_that_is_none_is_a_damaged_form(panel, chat, message, formatting, address):
    path = f"/chats/{chat.id}/{address.format(message.id)}"
    answer = await panel.posts(path, by_script=True, text="In short: yes.", formatting=formatting)
    assert answer.status == 400
    assert [said.text for said in await Message.all()] == ["In shrt: yes."]


async def test_what_is_refused_says_why(panel, ada, chat, message):
    theirs = await cast.says(ada, "Hello")
    for of, text, sentence in [
        (message, " ", "Write something first."),
        (message, "x" * (replies.MAX_REPLY + 1), "This message is too long."),
        (theirs, "Bye", "You can change and delete only what you have written yourself."),
    ]:
        answer = await changes(panel, of, text, by_script=True)
        assert (answer.status, answer.json) == (422, {"error": sentence})
    await Message.filter(id=message.id).update(timestamp=clock.now() - 2 * edits.CHANGEABLE_FOR)
    answer = await changes(panel, message, "In short: yes.")
    assert answer.status == 422
    assert "older than 48 hours" in answer.text


async def test_nobody_changes_anothers_message(panel, ivan, chat, message, other_chat):
    foreign = await replies.reply(other_chat, ivan, "It does.")
    for of in (
        foreign,
        Message(id="no-such-message", chat_id=chat.id),
        Message(id=message.id, chat_id=other_chat.id),
    ):
        assert (await changes(panel, of, "It does not.")).status == 404
    assert (await Message.get(id=foreign.id)).text == "It does."
    assert not await Delivery.exists(kind="message_edit")


async def test_nobody_changes_anything_without_being_signed_in(visitor, message):
    async with visitor.post(
        f"/chats/{message.chat_id}/messages/{message.id}/edits", data={"text": "No."}, allow_redirects=False
    ) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/signin")
    assert (await Message.get()).text == "In shrt: yes."
