"""Whatever stands in an update, it is handled or kept, and whoever writes next is answered."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from telegram.error import TelegramError

from bot.intake.polling import Poller
from models import HeldMessage, Message, Update
from tests.bot.conftest import eventually

NUMBERS = [0, -1, 1, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 1e308, -0.5, float("inf"), float("nan")]
TEXTS = ["", " ", "\x00", "\ud83d", "/start c_\udfff", "💬" * 4000, "2036-01-31", "-1", "true"]


def nested(depth: int) -> Any:
    thing: Any = "deep"
    for _ in range(depth):
        thing = {"reply_to_message": [thing]}
    return thing


GARBAGE = st.recursive(
    st.sampled_from([None, True, False, *NUMBERS, *TEXTS, nested(20)]),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "date", ""]), parts),
    max_leaves=5,
)

MESSAGE = {
    "message_id": 7,
    "date": 1_800_000_000,
    "chat": {"id": 501, "type": "private", "first_name": "Ada"},
    "from": {"id": 501, "is_bot": False, "first_name": "Ada", "username": "ada", "language_code": "en"},
    "text": "/start c_shoes",
    "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
    "reply_to_message": {"message_id": 3, "date": 1_800_000_000, "chat": {"id": 501, "type": "private"}},
    "media_group_id": "9",
    "edit_date": 1_800_000_001,
    "photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}],
    "location": {"latitude": 1.5, "longitude": 2.5},
    "contact": {"phone_number": "1", "first_name": "Bob"},
}
UPDATES = [
    {"update_id": 1, "message": MESSAGE},
    {"update_id": 1, "message": {**MESSAGE, "text": "Does it fit?"}},
    {"update_id": 1, "edited_message": {**MESSAGE, "text": "Does it fit me?"}},
    {"update_id": 1, "callback_query": {"id": "5", "from": MESSAGE["from"], "message": MESSAGE, "data": "chats:0"}},
    {
        "update_id": 1,
        "my_chat_member": {
            "chat": MESSAGE["chat"],
            "from": MESSAGE["from"],
            "date": 1_800_000_000,
            "old_chat_member": {"user": {"id": 1, "is_bot": True, "first_name": "Bot"}, "status": "member"},
            "new_chat_member": {
                "user": {"id": 1, "is_bot": True, "first_name": "Bot"},
                "status": "kicked",
                "until_date": 0,
            },
        },
    },
    {"update_id": 1, "channel_post": {**MESSAGE, "chat": {"id": -100, "type": "channel", "title": "News"}}},
]


def places(thing: Any) -> Iterator[tuple[Any, Any]]:
    """Name every part of a thing by what holds it."""
    keys = list(thing) if isinstance(thing, dict) else range(len(thing)) if isinstance(thing, list) else []
    for key in keys:
        yield thing, key
        yield from places(thing[key])


@st.composite
def broken(draw: st.DrawFn) -> Any:
    """Draw an update with garbage in some of its places."""
    raw = _apart(draw(st.sampled_from(UPDATES)))
    for _ in range(draw(st.integers(1, 3))):
        found = list(places(raw))
        holder, key = found[draw(st.integers(0, len(found) - 1))]
        holder[key] = _apart(draw(GARBAGE))
    return raw


def _apart(thing: Any) -> Any:
    """Copy a thing, in which nothing stands twice."""
    return json.loads(json.dumps(thing))


def dated(date: Any) -> Any:
    return {"update_id": 1, "message": {**MESSAGE, "text": "Hello", "date": date}}


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(raw=broken())
@example(raw=dated(2**63))
@example(raw=dated(-(2**63)))
@example(raw=dated(10**18))
async def test_an_update_full_of_garbage_is_handled_or_kept(door, shoes, raw):
    update_id = 1 + await Update.all().count()
    await door.take({**raw, "update_id": update_id})
    assert await Update.exists(update_id=update_id)


@pytest.mark.parametrize("depth", [50, 200, 450])
async def test_what_is_nested_without_end_is_left_out_and_the_rest_is_done(door, depth):
    message = {**MESSAGE, "text": "Does it fit?", "entities": [], "reply_to_message": nested(depth)}
    await door.take({"update_id": 1, "message": message})
    assert await Update.exists(update_id=1, state="handled")
    assert (await HeldMessage.get()).text == "Does it fit?"


async def test_whoever_writes_next_is_answered(door, shoes, phone):
    await door.take(dated(2**63))
    assert await Update.exists(state="quarantined")
    await phone.opens(shoes)
    await phone.says("Hello!")
    assert await door.said(shoes) == ["Hello!"]


@pytest.mark.parametrize(
    "garbage",
    [
        dated(2**63),
        {"update_id": 1, "message": nested(450)},
        {"update_id": 2**63},
        {"update_id": -1},
        {"update_id": "1"},
        {"update_id": 1.5},
        {"update_id": None},
        {},
        [],
        None,
        "update",
    ],
    ids=lambda garbage: repr(garbage)[:40] if not isinstance(garbage, dict) else None,
)
async def test_no_update_that_is_polled_stops_those_around_it(sleeping, shoes, monkeypatch, garbage):
    real, poller = sleeping.bot.call, Poller(sleeping.bot, sleeping.inbox)

    async def call(method, payload, **options):
        answer = await real(method, payload, **options)
        return [garbage, *answer, garbage] if method == "getUpdates" and answer else answer

    monkeypatch.setattr(sleeping.bot, "call", call)
    async with _polling(poller):
        ada, bob = sleeping.phone("Ada"), sleeping.phone("Bob")
        for person in (ada.person, bob.person):
            person.starts(f"c_{shoes.id}")
            person.says(f"{person.user.first_name} is here")
        await eventually(_both_are_kept)
        assert poller.is_polling


@pytest.mark.parametrize("error", [RecursionError(), ValueError("no JSON"), OverflowError(), AttributeError()])
async def test_an_answer_that_can_t_be_read_is_none_of_telegrams(sleeping, monkeypatch, error):
    async def fail(*_, **__):
        raise error

    monkeypatch.setattr(type(sleeping.bot.bot), "do_api_request", fail)
    with pytest.raises(TelegramError):
        await sleeping.bot.call("getUpdates", {})


@contextlib.asynccontextmanager
async def _polling(poller: Poller) -> AsyncIterator[None]:
    task = asyncio.create_task(poller.run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _both_are_kept() -> bool:
    return await Message.filter(text__endswith="is here").count() == 2
