"""Consumers see by 👀 what their influencer has seen, unless that is switched off."""

import pytest

from models import Delivery, DeliveryKind, Message, User
from tests.web.conftest import says


@pytest.fixture
async def question(chat, ada):
    return await says(ada, "Do they fit?")


async def test_what_is_shown_gets_it(panel, chat, question):
    await panel.opens(f"/chats/{chat.id}")
    assert await _owed() == [question.id]
    assert (await Message.get()).is_read


async def test_what_is_read_in_an_open_tab_gets_it(panel, chat, question):
    await panel.posts(f"/chats/{chat.id}/reading", since=question.id, through=question.id)
    assert await _owed() == [question.id]


async def test_what_was_read_already_does_not(panel, chat, question):
    await panel.opens(f"/chats/{chat.id}")
    await Delivery.all().delete()
    await panel.opens(f"/chats/{chat.id}")
    assert await _owed() == []


async def test_a_browser_that_only_gets_ready_shows_nothing(panel, chat, question):
    await panel.opens(f"/chats/{chat.id}", headers={"Sec-Purpose": "prefetch"})
    assert await _owed() == []


async def test_it_can_be_switched_off_and_on(panel, chat, ada, question):
    page = await panel.posts("/seen", shown="0")
    assert (page.status, page.headers["Location"]) == (303, "/chats")
    await panel.opens(f"/chats/{chat.id}")
    assert await _owed() == []
    assert (await panel.posts("/seen", shown="1", by_script=True)).status == 204
    more = await says(ada, "And wide?")
    await panel.opens(f"/chats/{chat.id}")
    assert await _owed() == [more.id]


async def test_it_is_each_influencers_own(panel, maya, ivan):
    await panel.posts("/seen", shown="0")
    assert (await User.get(id=maya.id)).seen_hidden_at
    assert not (await User.get(id=ivan.id)).seen_hidden_at


@pytest.mark.parametrize("fields", [{}, {"shown": "perhaps"}])
async def test_what_is_neither_is_refused(panel, maya, fields):
    assert (await panel.posts("/seen", **fields)).status == 400


async def test_what_the_influencer_said_is_not_read_by_being_shown(panel, chat, question, maya):
    await panel.replies(chat, "They do!")
    await panel.opens(f"/chats/{chat.id}")
    assert not (await Message.get(sender_id=maya.id)).is_read


async def _owed() -> list[str]:
    return [row.payload["messageId"] for row in await Delivery.filter(kind=DeliveryKind.REACTION)]
