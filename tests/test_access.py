"""Rules: a chat comes through the person who may see it, with all that is shown of it."""

import pytest

from models import Coupon
from services import access
from services.errors import NotFound
from tests import cast


async def test_a_chat_comes_with_its_people_and_its_coupon_with_whose_that_is_by_now(maya, peer, chat):
    ivan = await cast.outsider()
    await Coupon.filter(id=chat.coupon_id).update(influencer_id=ivan.id)
    for found in (
        await access.chat_for(maya.id, chat.id),
        (await access.chats_for(maya.id, [chat.id, "none"]))[chat.id],
        await access.chat_of_consumer(peer.user_id, chat.id),
    ):
        assert (found.id, found.peer_id, found.updated_at) == (chat.id, peer.id, chat.updated_at)
        assert (found.influencer.id, found.consumer.id) == (maya.id, peer.user_id)
        assert (found.coupon.id, found.coupon.influencer.id) == (chat.coupon_id, ivan.id)


async def test_a_chat_is_there_for_nobody_else(maya, peer, chat):
    ivan, grace = await cast.outsider(), await cast.peer(7002, "Grace")
    for nobody in (ivan.id, peer.user_id, grace.user_id, ""):
        with pytest.raises(NotFound):
            await access.chat_for(nobody, chat.id)
        assert await access.chats_for(nobody, [chat.id]) == {}
    for nobody in (ivan.id, maya.id, grace.user_id, None):
        with pytest.raises(NotFound):
            await access.chat_of_consumer(nobody, chat.id)
