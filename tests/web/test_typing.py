"""The influencer types, and whoever delivers for the chat's bot hears of it."""

import pytest

from database import pubsub
from models import Delivery, Peer
from services import live
from tests import cast


@pytest.fixture
def told(db):
    with pubsub.subscribed(live.typing(cast.BOT_ID)) as subscription:
        yield subscription


async def test_it_is_told_and_not_stored(panel, chat, told):
    assert (await panel.posts(f"/chats/{chat.id}/typing")).status == 204
    assert told.take_subjects() == {chat.id}
    assert not await Delivery.exists()


async def test_in_anothers_chat_nobody_types(panel, other_chat, told):
    assert (await panel.posts(f"/chats/{other_chat.id}/typing")).status == 404
    assert told.take_subjects() == set()


async def test_a_stranger_types_nowhere(visitor, chat, told):
    async with visitor.post(f"/chats/{chat.id}/typing", allow_redirects=False) as response:
        assert response.status == 303
    assert told.take_subjects() == set()


async def test_whoever_has_blocked_the_bot_is_told_nothing(panel, chat, told):
    await Peer.all().update(is_blocked=True)
    assert (await panel.posts(f"/chats/{chat.id}/typing")).status == 204
    assert told.take_subjects() == set()
