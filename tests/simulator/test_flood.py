"""Who comes too fast is told to wait, and whoever does not wait is complained about."""

import pytest

from simulator import flood

WAIT = {"error_code": 429, "description": "Too Many Requests: retry after 3", "parameters": {"retry_after": 3}}
TOO_EARLY = "sendMessage came for {} before the retry_after that it was told had passed"


@pytest.fixture
def omar(telegram):
    """Somebody else who has pressed START."""
    person = telegram.user("Omar")
    person.starts()
    return person


async def test_too_fast_is_told_when_to_come_back(telegram, bot, lina):
    telegram.flood_limits = True
    answers = [await bot.asks("sendMessage", chat_id=lina.id, text="Hi") for _ in range(5)]
    assert [answer["ok"] for answer in answers] == [True, True, True, True, False]
    assert answers[-1] == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    assert telegram.complaints == []


async def test_whoever_waits_is_welcome_again(telegram, bot, lina):
    telegram.flood_limits = True
    for _ in range(5):
        await bot.asks("sendMessage", chat_id=lina.id, text="Hi")
    telegram.skip(1)
    await bot.gets("sendMessage", chat_id=lina.id, text="Hi")
    assert telegram.complaints == []


async def test_whoever_does_not_wait_is_refused_and_complained_about(telegram, bot, lina):
    telegram.flood_limits = True
    for _ in range(5):
        await bot.asks("sendMessage", chat_id=lina.id, text="Hi")
    assert await bot.refusal("sendMessage", chat_id=lina.id, text="Hi") == "Too Many Requests: retry after 1"
    assert telegram.complaints == [TOO_EARLY.format(lina.id)]


async def test_a_planned_wait_is_watched_as_well(telegram, bot, lina):
    telegram.fail_next("sendMessage", WAIT)
    await bot.refusal("sendMessage", chat_id=lina.id, text="Hi")
    telegram.skip(1.5)
    assert await bot.asks("sendMessage", chat_id=str(lina.id), text="Hi") == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 2",
        "parameters": {"retry_after": 2},
    }
    assert telegram.complaints == [TOO_EARLY.format(lina.id)]
    telegram.skip(2)
    await bot.gets("sendMessage", chat_id=lina.id, text="Hi")
    assert len(telegram.complaints) == 1


async def test_every_early_call_is_a_complaint(telegram, bot, lina):
    telegram.fail_next("sendMessage", WAIT)
    for _ in range(4):
        await bot.refusal("sendMessage", chat_id=lina.id, text="Hi")
    assert telegram.complaints == [TOO_EARLY.format(lina.id)] * 3
    assert [status for _, _, status in telegram.answers] == [429] * 4


async def test_a_chat_that_is_to_be_left_alone_keeps_no_other_waiting(telegram, bot, lina, omar):
    telegram.fail_next("sendMessage", WAIT)
    await bot.refusal("sendMessage", chat_id=lina.id, text="Hi")
    await bot.gets("sendMessage", chat_id=omar.id, text="Hi")
    assert telegram.complaints == []


async def test_a_tap_is_answered_beside_what_is_said_in_its_chat(telegram, bot, lina):
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    asked = await bot.gets("sendMessage", chat_id=lina.id, text="Hi", reply_markup=keyboard)
    query_id = lina.taps(asked["message_id"], "Go")
    telegram.fail_next("answerCallbackQuery", WAIT)
    await bot.refusal("answerCallbackQuery", callback_query_id=query_id)
    await bot.gets("sendMessage", chat_id=lina.id, text="Hi")
    telegram.fail_next("sendMessage", WAIT)
    await bot.refusal("sendMessage", chat_id=lina.id, text="Hi")
    assert telegram.complaints == []
    await bot.refusal("answerCallbackQuery", callback_query_id=query_id)
    assert len(telegram.complaints) == 1
    telegram.skip(5)
    telegram.fail_next("sendMessage", WAIT)
    await bot.refusal("sendMessage", chat_id=lina.id, text="Hi")
    await bot.gets("answerCallbackQuery", callback_query_id=query_id)
    assert len(telegram.complaints) == 1


async def test_what_is_in_no_chat_is_waited_with_by_itself(telegram, bot, lina):
    telegram.fail_next("getUpdates", WAIT)
    await bot.refusal("getUpdates")
    await bot.gets("sendMessage", chat_id=lina.id, text="Hi")
    assert telegram.complaints == []
    await bot.refusal("getUpdates")
    assert telegram.complaints == ["getUpdates came before the retry_after that it was told had passed"]


async def test_a_bot_that_comes_too_fast_leaves_everybody_alone(telegram, bot, monkeypatch):
    monkeypatch.setattr(flood, "PER_BOT", 1.0)
    monkeypatch.setattr(flood, "BURST_PER_BOT", 2.0)
    monkeypatch.setattr(flood, "IN_FLIGHT", 0)
    telegram.flood_limits = True
    people = [telegram.user(name) for name in ("Lina", "Omar", "Zoe", "Noah")]
    for person in people:
        person.starts()
    answers = [await bot.asks("sendMessage", chat_id=person.id, text="Hi") for person in people]
    assert [answer["ok"] for answer in answers] == [True, True, False, False]
    assert telegram.complaints == [TOO_EARLY.format(people[3].id)]
    await bot.gets("getUpdates")
    telegram.skip(1)
    await bot.gets("sendMessage", chat_id=people[3].id, text="Hi")
    assert len(telegram.complaints) == 1


async def test_what_was_on_its_way_to_others_before_the_bot_could_know_is_forgiven(telegram, bot, monkeypatch):
    monkeypatch.setattr(flood, "PER_BOT", 1.0)
    monkeypatch.setattr(flood, "BURST_PER_BOT", 1.0)
    monkeypatch.setattr(flood, "IN_FLIGHT", 60)
    telegram.flood_limits = True
    people = [telegram.user(name) for name in ("Lina", "Omar", "Zoe")]
    for person in people:
        person.starts()
        await bot.asks("sendMessage", chat_id=person.id, text="Hi")
    assert [status for _, _, status in telegram.answers] == [200, 429, 429]
    assert telegram.complaints == []
