"""Things that go wrong on purpose."""

import pytest

from simulator.faults import Dropped, Silent


async def test_an_error_comes_as_often_as_planned(telegram, bot, lina):
    telegram.fail_next("sendMessage", {"error_code": 500, "description": "Internal Server Error"}, times=2)
    answers = [await bot.asks("sendMessage", chat_id=lina.id, text="Hi") for _ in range(3)]
    assert [answer["ok"] for answer in answers] == [False, False, True]
    assert len(lina.messages) == 2


async def test_a_fault_can_be_meant_for_one_chat(telegram, bot, lina):
    other = telegram.user("Other")
    other.starts()
    telegram.fail_next("sendMessage", "drop_before", chat_id=lina.id)
    await bot.gets("sendMessage", chat_id=other.id, text="Hi")
    with pytest.raises(Dropped):
        await bot.asks("sendMessage", chat_id=lina.id, text="Hi")


async def test_a_fault_in_one_chat_strikes_its_taps_too(telegram, bot, lina):
    other = telegram.user("Other")
    other.starts()
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    taps = []
    for person in (lina, other):
        asked = await bot.gets("sendMessage", chat_id=person.id, text="Hi", reply_markup=keyboard)
        taps.append(person.taps(asked["message_id"], "Go"))
    telegram.fail_next("answerCallbackQuery", "drop_before", chat_id=lina.id)
    await bot.gets("answerCallbackQuery", callback_query_id=taps[1])
    with pytest.raises(Dropped):
        await bot.asks("answerCallbackQuery", callback_query_id=taps[0])


async def test_a_fault_can_be_meant_for_certain_words(telegram, bot, lina):
    telegram.fail_next("sendMessage", "drop_before", words="Hello")
    await bot.gets("sendMessage", chat_id=lina.id, text="Hi")
    with pytest.raises(Dropped):
        await bot.asks("sendMessage", chat_id=lina.id, text="Hello again")


@pytest.mark.parametrize(
    ("fault", "error", "count"),
    [
        ("timeout_after_sending", Silent, 1),
        ("drop", Dropped, 1),
        ("drop_before", Dropped, 0),
        ("html", ValueError, 0),
        ("firewall", ValueError, 0),
        ("broken_json", ValueError, 1),
    ],
)
async def test_a_named_fault_does_what_it_says(telegram, bot, lina, fault, error, count):
    telegram.fail_next("sendMessage", fault)
    with pytest.raises(error):
        await bot.asks("sendMessage", chat_id=lina.id, text="Hi")
    assert len([message for message in lina.messages if message["who"] == "bot"]) == count


async def test_nonsense_is_no_answer_though_it_was_done(telegram, bot, lina):
    telegram.fail_next("sendMessage", "nonsense")
    assert await bot.asks("sendMessage", chat_id=lina.id, text="Hi") == {"status": "fine"}
    assert lina.messages[-1]["text"] == "Hi"


def test_a_fault_without_a_name_is_a_mistake(telegram):
    with pytest.raises(ValueError, match="no fault is called"):
        telegram.fail_next("sendMessage", "earthquake")


async def test_calls_are_kept(telegram, bot, lina):
    await bot.gets("sendChatAction", chat_id=lina.id, action="typing")
    method, parameters, _ = telegram.calls[-1]
    assert (method, parameters["action"]) == ("sendChatAction", "typing")
    assert lina.chat.action == "typing"
