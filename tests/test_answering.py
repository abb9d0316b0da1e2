"""Rules: how soon an influencer usually answers is said once there is something to go by."""

from datetime import UTC, datetime, timedelta

import pytest

from database.ids import new_id
from database.transactions import transaction
from models import Chat, Message
from services.chats import answering, history
from services.outgoing import replies
from tests import cast

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
async def summer(maya):
    return await cast.coupon(maya)


async def answered(coupon, waits, first=0):
    """Let each of so many consumers ask in a chat of their own, and be answered after such a wait."""
    for number, wait in enumerate(waits, first):
        chat = await cast.chat(coupon, await cast.peer(8000 + number))
        asked_at = NOON + timedelta(days=number)
        await says(chat, chat.consumer_id, asked_at)
        if wait is not None:
            await says(chat, chat.influencer_id, asked_at + wait)


async def says(chat, sender_id, at):
    position = int(at.timestamp()) * history.POSITION_STEP
    message = Message(
        id=new_id(), chat_id=chat.id, sender_id=sender_id, text="Hello", timestamp=at, position=position
    )
    async with transaction():
        await history.add(chat, message)


def minutes(*numbers):
    return [timedelta(minutes=number) for number in numbers]


async def test_four_answers_say_nothing_and_five_their_median(maya, summer):
    await answered(summer, minutes(10, 1, 30, 20))
    assert await answering.usual_wait(maya.id) is None
    await answered(summer, [timedelta(hours=5)], first=4)
    assert await answering.usual_wait(maya.id) == timedelta(minutes=20)


async def test_of_thirty_one_the_first_counts_no_more(maya, summer):
    half = [timedelta(minutes=10)] * 15
    await answered(summer, [timedelta(minutes=1), *half, *[timedelta(minutes=20)] * 15])
    assert await answering.usual_wait(maya.id) == timedelta(minutes=15)


@pytest.mark.parametrize(("hours", "said"), [(24, timedelta(hours=24)), (24.01, None)])
async def test_over_a_day_nothing_is_said(maya, summer, hours, said):
    await answered(summer, [timedelta(hours=hours)] * 5)
    assert await answering.usual_wait(maya.id) == said


async def test_only_the_first_answer_of_a_chat_counts_and_only_after_a_question(maya, summer):
    await answered(summer, minutes(5, 5, 5, 5, 5))
    for chat in await Chat.all():
        await says(chat, maya.id, NOON - timedelta(days=1))
        await says(chat, chat.consumer_id, NOON + timedelta(days=30))
        await says(chat, maya.id, NOON + timedelta(days=32))
    assert await answering.usual_wait(maya.id) == timedelta(minutes=5)


async def test_what_waits_for_its_answer_and_others_answers_count_for_nobody(maya, summer, ivan_s):
    await answered(summer, [*minutes(5, 5, 5, 5), None, None])
    await answered(ivan_s, minutes(1, 1, 1, 1, 1))
    assert await answering.usual_wait(maya.id) is None
    assert await answering.usual_wait("inf-ivan") == timedelta(minutes=1)


@pytest.fixture
async def ivan_s(db):
    return await cast.coupon(await cast.outsider(), "Ivan's own")


async def test_somebody_without_chats_has_answered_nobody(maya):
    assert await answering.usual_wait(maya.id) is None


async def test_an_answer_of_the_panels_counts(maya, summer):
    for number in range(5):
        peer = await cast.peer(8000 + number)
        chat = await cast.chat(summer, peer)
        await cast.says(peer, "Hello?")
        await replies.reply(chat, maya, "Hello!")
    wait = await answering.usual_wait(maya.id)
    assert wait is not None
    assert timedelta() <= wait < timedelta(minutes=5)
