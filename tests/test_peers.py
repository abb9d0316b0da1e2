"""One person, two bots: what is said in a chat leaves by the bot by which it was opened."""

import asyncio
import contextvars
from datetime import UTC, datetime, timedelta

import pytest

from bot.outbox import results
from database import clock
from database.transactions import transaction
from models import Activation, Chat, Coupon, Delivery, DeliveryState, Message, Peer
from services.chats import history
from services.errors import NobodyThere
from services.incoming import held, opening
from services.incoming.placement import AsOf
from services.outgoing import deliveries, replies, sending
from services.outgoing.payloads import Notice
from services.outgoing.sending import Arrival
from services.people import blocking, invitations, people
from services.people.people import Profile
from tests import cast, databases

OTHER_BOT_ID = 654321

PATIENCE = 10  # seconds


@pytest.fixture
async def other_peer(peer) -> Peer:
    """The same person, who has written to the other bot since."""
    return await _met(OTHER_BOT_ID)


@pytest.fixture
async def hats(maya) -> Coupon:
    return await cast.coupon(maya, "Hats")


async def test_a_reply_leaves_by_the_bot_by_which_its_chat_was_opened(chat, maya, hats, other_peer):
    """And not by that which has heard of the person last."""
    theirs = await cast.chat(hats, other_peer)
    assert await _bot_of_a_reply(chat, maya) == cast.BOT_ID
    assert await _bot_of_a_reply(theirs, maya) == OTHER_BOT_ID


async def test_who_blocks_one_bot_is_still_reached_by_the_other(chat, maya, hats, other_peer):
    theirs = await cast.chat(hats, other_peer)
    await blocking.mark_blocked(other_peer, True)
    assert [await blocking.has_blocked(chat), await blocking.has_blocked(theirs)] == [False, True]
    assert await _bot_of_a_reply(chat, maya) == cast.BOT_ID
    await blocking.mark_blocked(await Peer.get(bot_id=cast.BOT_ID), True)
    await blocking.mark_blocked(other_peer, False)
    assert [await blocking.has_blocked(chat), await blocking.has_blocked(theirs)] == [True, False]


async def test_a_block_shows_in_the_chats_of_that_bot_alone(chat, hats, other_peer):
    theirs = await cast.chat(hats, other_peer)
    before = {row.id: row.revision for row in await Chat.all()}
    await blocking.mark_blocked(other_peer, True)
    assert {row.id for row in await Chat.all() if row.revision != before[row.id]} == {theirs.id}


async def test_a_chat_that_is_opened_by_another_bot_is_answered_there(chat, maya, peer, other_peer):
    await blocking.mark_blocked(peer, True)
    before = (await Chat.get(id=chat.id)).revision
    again = await _opened(OTHER_BOT_ID, chat.coupon_id)
    assert (again.id, again.peer_id) == (chat.id, other_peer.id)
    assert not await blocking.has_blocked(chat)
    assert (await Chat.get(id=chat.id)).revision > before  # an open tab looks again
    assert await _bot_of_a_reply(chat, maya) == OTHER_BOT_ID
    await _opened(cast.BOT_ID, chat.coupon_id)
    assert await _bot_of_a_reply(chat, maya) == cast.BOT_ID


async def test_a_message_is_answered_where_it_was_written(chat, maya, other_peer):
    await _opened(OTHER_BOT_ID, chat.coupon_id)
    await _opened(cast.BOT_ID, chat.coupon_id)
    await cast.says(other_peer, "I write to you here")
    assert await _bot_of_a_reply(chat, maya) == OTHER_BOT_ID


async def test_a_message_that_says_what_it_is_about_opens_that_chat_here(chat, maya, hats, peer, other_peer):
    await cast.chat(hats, peer)
    await cast.says(other_peer, "How much?", telegram_message_id=5)
    assert await _bot_of_a_reply(chat, maya) == cast.BOT_ID
    async with transaction():
        await held.file(await _met(OTHER_BOT_ID), 5, chat.id, cast.as_of())
    assert await _bot_of_a_reply(chat, maya) == OTHER_BOT_ID


async def test_what_is_handled_late_takes_no_chat_away(chat, maya, peer, other_peer):
    an_hour_ago = clock.now() - timedelta(hours=1)
    for late in (AsOf(1, an_hour_ago), AsOf(2, an_hour_ago)):
        async with transaction():
            await opening.activate(await _met(OTHER_BOT_ID), chat, late)
    await cast.says(other_peer, "Still there?", as_of=AsOf(3, an_hour_ago + timedelta(minutes=1)))
    assert await Message.exists(chat_id=chat.id, text="Still there?")
    assert await _bot_of_a_reply(chat, maya) == cast.BOT_ID


async def test_what_was_opened_by_another_bot_but_handled_late_is_answered_there(chat, maya, other_peer):
    await Activation.all().update(at=cast.LONG_AGO)
    async with transaction():
        await opening.activate(await _met(OTHER_BOT_ID), chat, AsOf(1, clock.now() - timedelta(hours=1)))
    assert await _bot_of_a_reply(chat, maya) == OTHER_BOT_ID


async def test_a_reply_that_is_sent_again_goes_where_the_chat_is_by_now(chat, maya, peer, other_peer):
    said = await replies.reply(chat, maya, "Hello")
    step = await cast.next_step(peer)
    await sending.failed(step, "blocked")
    await _opened(OTHER_BOT_ID, chat.coupon_id)
    await replies.retry(chat, await Message.get(id=said.id))
    [delivery] = await Delivery.filter(message_id=said.id)
    assert (delivery.bot_id, delivery.peer_id, delivery.state) == (
        OTHER_BOT_ID,
        other_peer.id,
        DeliveryState.QUEUED,
    )


async def test_a_chat_that_nobody_has_opened_has_nobody_who_would_read_a_reply(chat, maya):
    await Chat.filter(id=chat.id).update(peer_id=None)
    with pytest.raises(NobodyThere):
        await replies.reply(chat, maya, "Hello?")
    assert not await blocking.has_blocked(chat)


async def test_an_account_that_is_tied_takes_the_chats_of_every_bot_along(chat, maya, peer, other_peer):
    ivan = await cast.outsider()
    tea = await cast.chat(await cast.coupon(ivan, "Tea"), other_peer)
    own = await cast.chat(await cast.coupon(ivan, "Hats"), peer)
    tried = await Chat.get(id=chat.id)
    async with transaction():
        await invitations.tie(maya.id, await _met(cast.BOT_ID))
    assert await _bot_of_a_reply(tea, ivan) == OTHER_BOT_ID
    assert await _bot_of_a_reply(own, ivan) == cast.BOT_ID
    await blocking.mark_blocked(peer, True)
    with pytest.raises(NobodyThere):
        await replies.reply(tried, maya, "To myself")
    assert [await blocking.has_blocked(own), await blocking.has_blocked(tried)] == [True, False]


async def test_two_bots_that_open_a_chat_at_once_agree_where_it_is(chat, maya, other_peer):
    for _ in range(5):
        await asyncio.gather(_opened(cast.BOT_ID, chat.coupon_id), _opened(OTHER_BOT_ID, chat.coupon_id))
        last = await Activation.filter(chat_id=chat.id).order_by("-at", "-id").first()
        assert (await Chat.get(id=chat.id)).peer_id == last.peer_id


@pytest.mark.parametrize("bot_id", [cast.BOT_ID, OTHER_BOT_ID])
async def test_two_bots_at_which_a_coupon_is_tapped_for_the_first_time_make_one_chat(
    hats, maya, other_peer, bot_id
):
    opened = await asyncio.gather(_opened(cast.BOT_ID, hats.id), _opened(OTHER_BOT_ID, hats.id))
    assert len({chat.id for chat in opened}) == 1
    chat = await _opened(bot_id, hats.id)
    assert await _bot_of_a_reply(chat, maya) == bot_id


async def test_a_reply_that_waits_while_its_chat_is_opened_by_another_bot_leaves_by_that(chat, maya, other_peer):
    outside = contextvars.copy_context()
    async with transaction():
        await _opened(OTHER_BOT_ID, chat.coupon_id)
        replying = asyncio.create_task(_bot_of_a_reply(chat, maya), context=outside)
        await databases.until_somebody_waits()
    assert await replying == OTHER_BOT_ID


async def test_replies_and_openings_by_two_bots_never_wait_for_each_other(chat, maya, hats, other_peer):
    await cast.chat(hats, other_peer)
    deeds = [
        *(
            replies.reply(about, maya, f"{n}")
            for about in (chat, await Chat.get(coupon_id=hats.id))
            for n in range(4)
        ),
        *(_opened(bot_id, about) for bot_id in (cast.BOT_ID, OTHER_BOT_ID) for about in (chat.coupon_id, hats.id)),
        *(blocking.mark_blocked(other_peer, is_blocked) for is_blocked in (True, False)),
    ]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*deeds)


async def test_a_reply_that_was_held_is_filed_while_its_consumer_writes_to_another_bot(
    chat, hats, peer, other_peer
):
    """Whoever files it holds one of their peers, and whoever takes in what they write holds the other."""
    await cast.chat(hats, peer)
    await _opened(OTHER_BOT_ID, chat.coupon_id)
    await cast.says(peer, "Until when?", reply_to_telegram_message_id=900, sent_at=cast.LONG_AGO)
    await deliveries.queue(peer, Notice("Welcome"), chat)
    step = await cast.next_step(peer)
    outside = contextvars.copy_context()
    async with transaction():
        said = await cast.says(await _met(OTHER_BOT_ID), "And where?")
        filing = asyncio.create_task(results.sent(step, Arrival([900])), context=outside)
        await databases.until_somebody_waits()
    await filing
    assert [message.text for message in await history.latest(chat)] == ["Until when?", "And where?"]
    assert (await Chat.get(id=chat.id)).last_message_id == said.id


async def _met(bot_id: int) -> Peer:
    """Begin as everything does that handles an update of Ada's."""
    async with transaction():
        return await people.meet(bot_id, 7001, Profile(7001, "Ada Lovelace", None, "en"))


async def _opened(bot_id: int, coupon_id: str) -> Chat:
    async with transaction():
        met = await _met(bot_id)
        link = cast.link_to(await Coupon.get(id=coupon_id))
        return (await opening.by_link(link, met, datetime.now(UTC), cast.as_of())).chat


async def _bot_of_a_reply(chat: Chat, influencer) -> int:
    said = await replies.reply(chat, influencer, "Hello")
    return (await Delivery.get(message_id=said.id)).bot_id
