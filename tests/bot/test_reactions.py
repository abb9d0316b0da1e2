"""A consumer reacts to a message, and the influencer to theirs."""

import time
from typing import Any

import pytest

from bot.reading.envelope import ALLOWED_UPDATES, envelope_of
from models import Chat, Message, Peer, Reaction, Update, UpdateState
from services.people import invitations
from tests import cast
from tests.bot.conftest import Phone

LONG = "A long story, told in short sentences. " * 250


@pytest.fixture
async def answer(door, phone, shoes):
    """What Maya has answered, as it stands on the phone."""
    await phone.opens(shoes)
    await phone.says("Do they fit?")
    await door.answers(shoes, "They do!")
    answer = await phone.hears("They do!")
    await door.delivered()
    return answer


async def test_a_reaction_stands_at_the_message(phone, answer):
    await phone.reacts(answer, "❤")
    reaction = await Reaction.get().select_related("message", "sender")
    assert (reaction.message.text, reaction.emoji) == ("They do!", "❤")
    assert reaction.sender.telegram_user_id == phone.person.id


async def test_another_takes_its_place(phone, answer):
    await phone.reacts(answer, "❤")
    await phone.reacts(answer, "🔥")
    assert await _emoji() == ["🔥"]


async def test_taken_back_it_is_empty(phone, answer):
    await phone.reacts(answer, "❤")
    await phone.reacts(answer, None)
    assert await _emoji() == [""]


async def test_any_part_of_a_long_answer_is_that_answer(door, phone, shoes, answer):
    said = await door.answers(shoes, LONG)
    await phone.heard()
    for number in range(-3, 0):
        await phone.reacts(phone.person.messages[number], "👏")
    assert (await Reaction.get()).message_id == said.id


async def test_one_can_react_to_ones_own_words(phone, answer):
    own = await phone.says("Great")
    await phone.reacts(own, "👍")
    assert (await Reaction.get().select_related("message")).message.text == "Great"


@pytest.mark.parametrize(
    ("told", "emoji"),
    [
        ([{"type": "custom_emoji", "custom_emoji_id": "5"}], "⭐"),
        ([{"type": "paid"}], "⭐"),
        ([{"type": "emoji", "emoji": "👍"}, {"type": "emoji", "emoji": "🔥"}], "👍🔥"),
        ([{"type": "of a later age", "what": 1}], "⭐"),
        ([], ""),
        (None, ""),
    ],
)
async def test_whatever_it_is_something_is_shown(door, phone, answer, told, emoji):
    await door.receives("message_reaction", _reaction(phone, answer["message_id"], new_reaction=told))
    assert await _emoji() == [emoji]


@pytest.mark.parametrize("late_by", [0, 10])
async def test_what_comes_late_changes_nothing(door, phone, answer, late_by):
    now = int(time.time())
    first = _update(1, _reaction(phone, answer["message_id"], "👍", date=now - late_by))
    second = _update(2, _reaction(phone, answer["message_id"], "🔥", date=now))
    for raw in (second, first):
        await door.take(raw)
    assert await _emoji() == ["🔥"]


async def test_one_that_comes_twice_is_one(door, phone, answer):
    raw = _update(1, _reaction(phone, answer["message_id"], "👍"))
    await door.take(raw)
    await door.take(raw)
    assert await _emoji() == ["👍"]


async def test_after_a_week_of_silence_telegram_counts_from_anywhere(door, phone, answer):
    now = int(time.time())
    await door.take(_update(900, _reaction(phone, answer["message_id"], "👍", date=now - 10)))
    await door.take(_update(5, _reaction(phone, answer["message_id"], "🔥", date=now)))
    assert await _emoji() == ["🔥"]


async def test_what_the_influencer_said_is_read_by_whoever_reacts(phone, answer):
    assert not (await Message.get(text="They do!")).is_read
    await phone.reacts(answer, "👍")
    assert (await Message.get(text="They do!")).is_read


async def test_and_by_whoever_reacts_to_the_chats_header(door, phone, shoes):
    header = await phone.opens(shoes)
    await door.answers(shoes, "Hello!")
    await phone.heard()
    await phone.reacts(header, "👍")
    assert (await Message.get(text="Hello!")).is_read
    assert not await Reaction.exists()


async def test_and_by_whoever_taps_a_button_under_it(door, phone, shoes):
    header = await phone.opens(shoes)
    await door.answers(shoes, "Hello!")
    await phone.heard()
    await phone.forges(header, "my_chats")
    assert (await Message.get(text="Hello!")).is_read


async def test_another_chat_is_not_read_by_that(door, phone, shoes, hats, answer):
    await phone.opens(hats)
    await door.answers(hats, "Hello!")
    await phone.heard()
    await phone.reacts(answer, "👍")
    assert not (await Message.get(text="Hello!")).is_read


async def test_the_chat_keeps_its_place_in_the_list_and_is_seen_to_have_changed(phone, answer):
    before = await Chat.get()
    said = await Message.get(text="They do!")
    await phone.reacts(answer, "👍")
    after = await Chat.get()
    assert (after.updated_at, after.last_message_id) == (before.updated_at, before.last_message_id)
    assert after.revision > before.revision
    assert (await Message.get(id=said.id)).revision == after.revision


async def test_nothing_is_said_of_it(phone, answer):
    said = await phone.heard()
    await phone.reacts(answer, "👍")
    assert await phone.heard() == said


@pytest.mark.parametrize(
    "changes",
    [
        {"message_id": 999_999},
        {"chat": {"id": -5, "type": "supergroup", "title": "Bargains"}},
        {"user": None, "actor_chat": {"id": -6, "type": "channel", "title": "Deals"}},
        {"message_id": "5"},
        {"message_id": 2**70},
    ],
)
async def test_what_is_nobodys_is_ignored_quietly(door, phone, answer, changes):
    told = _reaction(phone, answer["message_id"], "👍") | changes
    await door.receives("message_reaction", {name: part for name, part in told.items() if part is not None})
    assert not await Reaction.exists()
    assert not await Update.exists(state=UpdateState.QUARANTINED)


async def test_what_cannot_be_read_is_told_to_nobody(door, phone, answer):
    said = await phone.heard()
    told = _reaction(phone, answer["message_id"], "👍") | {"date": "yesterday"}
    await door.receives("message_reaction", told)
    assert await Update.exists(state=UpdateState.QUARANTINED)
    assert await phone.heard() == said


async def test_anothers_chat_hears_nothing_of_it(door, phone, answer):
    grace = door.phone("Grace", "Hopper")
    told = _reaction(grace, answer["message_id"], "👍")
    await door.receives("message_reaction", told)
    assert not await Reaction.exists()


async def test_a_reaction_goes_with_whoever_becomes_an_influencer(phone, answer, maya):
    await phone.reacts(answer, "👍")
    ivan = await cast.outsider()
    await invitations.tie(ivan.id, await Peer.get(telegram_chat_id=phone.person.id))
    assert (await Reaction.get()).sender_id == ivan.id


def test_it_is_asked_for():
    assert "message_reaction" in ALLOWED_UPDATES


def test_it_comes_from_whoever_reacts(phone_json):
    assert envelope_of(_update(1, phone_json)).sender_id == phone_json["user"]["id"]


def test_two_within_a_second_are_two(phone_json):
    changed = phone_json | {"old_reaction": phone_json["new_reaction"], "new_reaction": []}
    first, second, again = (envelope_of(_update(1, told)) for told in (phone_json, changed, phone_json))
    assert first.identity == again.identity != second.identity


@pytest.fixture
def phone_json():
    user = {"id": 7, "is_bot": False, "first_name": "Ada"}
    chat = {"id": 7, "type": "private", "first_name": "Ada"}
    new = [{"type": "emoji", "emoji": "👍"}]
    return {"chat": chat, "message_id": 3, "user": user, "date": 1, "old_reaction": [], "new_reaction": new}


def _reaction(phone: Phone, message_id: int, emoji: str = "", **changes: Any) -> dict[str, Any]:
    return {
        "chat": phone.person.chat.facts,
        "message_id": message_id,
        "user": phone.person.user.facts(),
        "date": int(time.time()),
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
        **changes,
    }


def _update(update_id: int, reaction: dict[str, Any]) -> dict[str, Any]:
    return {"update_id": update_id, "message_reaction": reaction}


async def _emoji() -> list[str]:
    return [reaction.emoji for reaction in await Reaction.all()]
