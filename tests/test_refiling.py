"""Rules: what was filed before an earlier tap was known is put right as soon as it is."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from database.transactions import fetch, transaction
from models import Chat, HeldMessage, Message, TelegramMessage
from services.chats import dashboard, history
from services.incoming import opening, receiving
from services.incoming.placement import AsOf
from services.outgoing import replies
from tests import cast


@pytest.fixture
async def ada(db):
    return await cast.peer()


@pytest.fixture
async def shoes(ada):
    return await cast.chat(await cast.coupon(await cast.maya(), "Shoes"), ada)


@pytest.fixture
async def hats(ada, shoes):
    chat = await cast.chat(await cast.coupon(await cast.outsider(), "Hats"), ada)
    await opens(ada, shoes, cast.as_of())
    return chat


async def opens(peer, chat, as_of):
    async with transaction():
        await opening.activate(peer, chat, as_of)


async def said_in(chat):
    return [message.text for message in await history.latest(chat)]


async def test_what_was_written_after_a_late_tap_moves_to_its_chat(ada, shoes, hats):
    await cast.says(ada, "About the shoes")
    tapped = cast.as_of()
    about_hats = await cast.says(ada, "About the hats")
    assert await said_in(shoes) == ["About the shoes", "About the hats"]
    await opens(ada, hats, tapped)
    assert await said_in(shoes) == ["About the shoes"]
    assert await said_in(hats) == ["About the hats"]
    known = await TelegramMessage.get(message_id=about_hats.id)
    assert known.chat_id == hats.id


async def test_both_chats_end_with_what_is_in_them(ada, shoes, hats):
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
    first = await cast.says(ada, "About the shoes", sent_at=at)
    tapped = cast.as_of()
    second = await cast.says(ada, "About the hats", sent_at=at + timedelta(minutes=1))
    await history.mark_read(shoes)
    await opens(ada, hats, tapped)
    shoes, hats = await Chat.get(id=shoes.id), await Chat.get(id=hats.id)
    assert (shoes.last_message_id, shoes.updated_at) == (first.id, at)
    assert (hats.last_message_id, hats.updated_at) == (second.id, at + timedelta(minutes=1))
    assert await dashboard.unread_count(shoes.influencer_id) == 0
    assert await dashboard.unread_count(hats.influencer_id) == 1


async def test_a_chat_that_is_left_empty_is_as_old_as_its_beginning(ada, shoes, hats):
    tapped = cast.as_of()
    await cast.says(ada, "About the hats", sent_at=datetime.now(UTC) + timedelta(minutes=1))
    await opens(ada, hats, tapped)
    left = await Chat.get(id=shoes.id)
    assert (left.last_message_id, left.updated_at) == (None, left.created_at)


async def test_what_says_itself_where_it_belongs_stays(ada, shoes, hats):
    first = await cast.says(ada, "About the shoes", telegram_message_id=501)
    tapped = cast.as_of()
    await cast.says(ada, "A reply", telegram_message_id=502, reply_to_telegram_message_id=501)
    await opens(ada, hats, tapped)
    assert await said_in(shoes) == ["About the shoes", "A reply"]
    assert first.chat_id == shoes.id


async def test_a_reply_goes_with_what_it_replies_to(ada, shoes, hats):
    tapped = cast.as_of()
    await cast.says(ada, "About the hats", telegram_message_id=501)
    await cast.says(ada, "In red", telegram_message_id=502, reply_to_telegram_message_id=501)
    await cast.says(ada, "Or blue", telegram_message_id=503, reply_to_telegram_message_id=502)
    await replies.reply(shoes, await cast.maya(), "I sell shoes")
    await opens(ada, hats, tapped)
    assert await said_in(hats) == ["About the hats", "In red", "Or blue"]
    assert await said_in(shoes) == ["I sell shoes"]


async def test_an_album_is_never_torn_apart(ada, shoes, hats):
    album = {"album_id": "a", "content": cast.content("photo", {"telegramFileId": "x"})}
    tapped = cast.as_of()
    for number in (601, 602, 603):
        await cast.says(ada, f"Photo {number}", telegram_message_id=number, **album)
    await opens(ada, hats, tapped)
    assert await said_in(hats) == ["Photo 601", "Photo 602", "Photo 603"]


async def test_what_was_written_before_the_tap_stays(ada, shoes, hats):
    await cast.says(ada, "About the shoes")
    await opens(ada, hats, cast.as_of())
    assert await said_in(shoes) == ["About the shoes"]


async def test_a_tap_counts_for_a_message_whose_transaction_began_before_it_and_waited(ada, shoes, hats):
    tapped, written = cast.as_of(), cast.as_of()
    has_begun, has_tapped = asyncio.Event(), asyncio.Event()

    async def write():
        async with transaction():
            await fetch("SELECT now()")
            has_begun.set()
            await has_tapped.wait()
            await receiving.receive(ada, cast.incoming("About the hats", as_of=written))

    writing = asyncio.create_task(write())
    await has_begun.wait()
    await opens(ada, hats, tapped)
    has_tapped.set()
    await writing
    assert await said_in(hats) == ["About the hats"]


async def test_a_message_whose_edit_was_quicker_stands_where_it_was_written(ada, shoes, hats):
    written = cast.as_of()
    await opens(ada, hats, cast.as_of())
    async with transaction():
        await receiving.receive(ada, cast.incoming("Or not?", telegram_message_id=501, edited_at=datetime.now(UTC)))
    assert await said_in(hats) == ["Or not?"]
    await cast.says(ada, "Do they fit?", telegram_message_id=501, as_of=written)
    assert (await said_in(shoes), await said_in(hats)) == (["Or not?"], [])


async def test_a_later_opening_counts_for_what_came_after_it(ada, shoes, hats):
    late = cast.as_of()
    await opens(ada, shoes, cast.as_of())
    await cast.says(ada, "About the shoes")
    await opens(ada, hats, late)
    assert await said_in(shoes) == ["About the shoes"]


async def test_what_was_held_is_filed_when_the_tap_makes_it_certain(ada, shoes, hats):
    await replies.reply(hats, await cast.outsider(), "Still interested?")
    tapped = cast.as_of()
    await cast.says(ada, "Yes")
    assert await HeldMessage.exists()
    await opens(ada, hats, tapped)
    assert await said_in(hats) == ["Still interested?", "Yes"]
    assert not await HeldMessage.exists()


async def test_a_tap_that_failed_and_is_handled_again_moves_nothing(ada, shoes, hats):
    """Whoever made it was told that it had failed."""
    tapped = cast.as_of().update_id
    await cast.says(ada, "About the shoes")
    await opens(ada, hats, AsOf(tapped, datetime.now(UTC) - timedelta(hours=3)))
    assert await said_in(shoes) == ["About the shoes"]


async def test_telegram_may_count_anew_after_a_week(ada, shoes, hats):
    await cast.says(ada, "About the shoes", sent_at=datetime.now(UTC) - timedelta(days=8))
    await opens(ada, hats, AsOf(7))
    assert await said_in(shoes) == ["About the shoes"]


async def test_somebody_elses_messages_stay(ada, shoes, hats):
    tapped = cast.as_of()
    ben = await cast.peer(7002, "Ben")
    await cast.chat(await shoes.coupon, ben)
    await cast.says(ben, "About the shoes")
    await opens(ada, hats, tapped)
    assert (await Message.get()).chat_id != hats.id
