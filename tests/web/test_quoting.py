"""The influencer answers and quotes a message of the chat."""

import pytest

from models import Message
from services.outgoing import replies
from tests.web.conftest import says


async def test_a_reply_answers_and_quotes_a_message(panel, ada, chat):
    asked = await says(ada, "Do they come in red?\nAnd in blue?")
    answer = await panel.replies(chat, "They do", reply_to=asked.id, quote="in red?\r\nAnd")
    assert answer.status == 201
    said = await Message.get(text="They do")
    assert (said.reply_to_id, said.quote["text"]) == (asked.id, "in red?\nAnd")


@pytest.mark.parametrize("quote", ["", "in green"])
async def test_what_the_message_doesn_t_say_is_not_quoted_and_the_reply_is_sent(panel, ada, chat, quote):
    asked = await says(ada, "Do they come in red?")
    assert (await panel.replies(chat, "They do", reply_to=asked.id, quote=quote)).status == 201
    said = await Message.get(text="They do")
    assert (said.reply_to_id, said.quote) == (asked.id, None)


async def test_a_request_that_comes_twice_says_it_once(panel, ada, chat):
    asked = await says(ada, "Do they come in red?")
    for _ in range(2):
        answer = await panel.replies(chat, "They do", reply_to=asked.id, quote="red", request_id="abc")
        assert answer.status == 201
    assert await Message.filter(text="They do").count() == 1


@pytest.mark.parametrize("reply_to", ["no-such-message", "../../etc", "theirs", "elsewhere"])
async def test_nobody_quotes_anothers_message(panel, maya, ivan, ada, chat, other_chat, reply_to):
    theirs = await Message.get(chat_id=other_chat.id)
    elsewhere = await replies.reply(other_chat, ivan, "It does.")
    of = {"theirs": theirs.id, "elsewhere": elsewhere.id}.get(reply_to, reply_to)
    answer = await panel.replies(chat, "They do", reply_to=of, quote="eyes")
    assert answer.status == 404
    assert not await Message.exists(text="They do")
    assert not await Message.exists(chat_id=chat.id)
