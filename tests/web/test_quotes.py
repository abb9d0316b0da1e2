"""A quote leads to what it quotes: on the page, or on the page of the history that has it."""

import pytest

from models import Message
from services.chats import history
from tests import cast
from tests.web.conftest import says

HALF = history.HISTORY_PAGE // 2


@pytest.fixture
async def long_ago(ada, chat):
    """What Ada asked before so much else that the last page of the history lacks it, and as much before that."""
    for number in range(HALF + 1):
        await says(ada, f"Before {number}")
    asked = await says(ada, "Which size?")
    for number in range(history.HISTORY_PAGE):
        await says(ada, f"Behind {number}")
    return asked


async def _answers(message, *, text="44"):
    peer = await cast.peer()
    said = await says(peer, text)
    await Message.filter(id=said.id).update(reply_to_id=message.id)
    return said


async def test_a_quote_of_what_is_on_the_page_leads_there(panel, chat, ada):
    asked = await says(ada, "Which size?")
    await _answers(asked)
    page = await panel.opens(f"/chats/{chat.id}")
    assert f'href="#message-{asked.id}"' in page.text


async def test_a_quote_of_what_was_said_long_ago_leads_to_the_page_that_has_it(panel, chat, long_ago):
    await _answers(long_ago)
    page = await panel.opens(f"/chats/{chat.id}")
    assert long_ago.id not in page.said
    address = page.link(r'<blockquote class="quote"><a href="([^"]+)"')
    path, _, fragment = address.partition("#")
    assert fragment == f"message-{long_ago.id}"
    around = await panel.opens(path)
    assert around.said.index(long_ago.id) == len(around.said) // 2 == HALF
    assert "data-past" in around.text
    assert 'id="earlier"' in around.text


async def test_a_page_around_one_of_the_last_messages_ends_with_the_newest(panel, chat, ada):
    said = [await says(ada, f"Number {number}") for number in range(3)]
    page = await panel.opens(f"/chats/{chat.id}?around={said[1].id}")
    assert page.said == [message.id for message in said]
    assert "data-past" not in page.text
    assert 'id="earlier"' not in page.text


async def test_what_is_seen_around_a_message_is_read_and_nothing_else(panel, chat, long_ago):
    page = await panel.opens(f"/chats/{chat.id}?around={long_ago.id}")
    read = await Message.filter(chat_id=chat.id, is_read=True).values_list("id", flat=True)
    assert set(read) == set(page.said)


@pytest.mark.parametrize("asked", ["around", "reply"])
async def test_another_s_message_is_as_not_there(panel, chat, other_chat, asked):
    secret = await Message.get(chat_id=other_chat.id)
    page = await panel.opens(f"/chats/{chat.id}?{asked}={secret.id}")
    assert page.status == 404
    assert secret.text not in page.text


async def test_a_quote_of_another_chat_s_message_says_so_and_leads_nowhere(panel, chat, other_chat, ada):
    secret = await Message.get(chat_id=other_chat.id)
    await _answers(secret)
    page = await panel.opens(f"/chats/{chat.id}")
    assert "A message in another chat" in page.text
    assert secret.id not in page.text
