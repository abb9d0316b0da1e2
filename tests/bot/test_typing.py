"""*is typing…* reaches the consumer while the influencer types."""

import pytest

import bot.outbox.typing
from database import pubsub
from models import Chat, Delivery, Peer, TelegramTopic
from services import access, live
from services.outgoing import typing
from tests.bot.conftest import eventually

FLOOD = {"error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1000}}
GONE = {"error_code": 400, "description": "Bad Request: message thread not found"}


@pytest.fixture
async def chat(door, phone, shoes, maya) -> Chat:
    await phone.opens(shoes)
    await door.delivered()
    return await access.chat_for(maya.id, (await Chat.get()).id)


@pytest.fixture
def clock(monkeypatch):
    """Let a test say what time it is."""
    now = [1000.0]
    monkeypatch.setattr(bot.outbox.typing, "now", lambda: now[0])
    return now


async def test_the_consumer_sees_it(door, phone, chat):
    await typing.tell(chat)
    [asked] = await _calls(door, 1)
    assert (int(asked["chat_id"]), asked["action"]) == (phone.person.id, "typing")
    assert "message_thread_id" not in asked


async def test_nothing_of_it_is_stored(door, chat):
    before = await Delivery.all().count()
    await typing.tell(chat)
    await _calls(door, 1)
    assert await Delivery.all().count() == before


async def test_it_is_not_said_more_often_than_every_five_seconds(clock, door, chat):
    await typing.tell(chat)
    await _calls(door, 1)
    clock[0] += 4.9
    await typing.tell(chat)
    await _have_looked()
    assert len(door.calls("sendChatAction")) == 1
    clock[0] += 0.2
    await typing.tell(chat)
    await _calls(door, 2)


async def test_it_is_shown_in_the_chats_topic(door, chat):
    door.bot.has_topics = True
    peer = await Peer.get()
    await TelegramTopic.create(peer=peer, chat_id=chat.id, telegram_topic_id=77, used_at=peer.seen_at)
    await typing.tell(chat)
    [asked] = await _calls(door, 1)
    assert int(asked["message_thread_id"]) == 77


async def test_where_the_bot_has_no_topics_any_more_it_is_shown_outside(door, chat):
    peer = await Peer.get()
    await TelegramTopic.create(peer=peer, chat_id=chat.id, telegram_topic_id=77, used_at=peer.seen_at)
    door.bot.has_topics = False
    await typing.tell(chat)
    [asked] = await _calls(door, 1)
    assert "message_thread_id" not in asked


async def test_what_goes_wrong_is_nobodys_trouble(clock, door, phone, shoes, chat):
    door.telegram.fail_next("sendChatAction", GONE)
    await typing.tell(chat)
    await _calls(door, 1)
    await door.answers(shoes, "They do!")
    await phone.hears("They do!")
    clock[0] += 5
    await typing.tell(chat)
    await _calls(door, 2)


async def test_telegram_is_left_alone_for_as_long_as_it_says(clock, door, chat):
    door.telegram.fail_next("sendChatAction", FLOOD)
    await typing.tell(chat)
    await _calls(door, 1)
    await _have_looked()
    clock[0] += 999
    await typing.tell(chat)
    await _have_looked()
    assert len(door.calls("sendChatAction")) == 1


async def test_one_who_has_blocked_the_bot_is_shown_nothing(door, phone, chat):
    phone.person.blocks()
    await door.handle_updates()
    await typing.tell(chat)
    pubsub.publish([live.typing((await Peer.get()).bot_id, chat.id)])
    await _have_looked()
    assert door.calls("sendChatAction") == []


async def test_another_bots_chat_is_not_its_business(door, chat):
    await Peer.all().update(bot_id=4711)
    pubsub.publish([live.typing(door.bot.id, chat.id)])
    await _have_looked()
    assert door.calls("sendChatAction") == []


async def _calls(door, count):
    async def are_made() -> bool:
        await Peer.exists()  # meanwhile
        return len(door.calls("sendChatAction")) >= count

    await eventually(are_made)
    return door.calls("sendChatAction")


async def _have_looked() -> None:
    """Let everything happen that can, short of waiting for a moment to come."""
    for _ in range(50):
        await Peer.exists()
