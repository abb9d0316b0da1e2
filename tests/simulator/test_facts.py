"""Every call is held against what Telegram documents."""

from simulator import Telegram
from simulator.facts import UPLOAD, read


async def test_a_call_that_fits_raises_no_complaint(telegram, bot, lina):
    await bot.gets("sendMessage", chat_id=lina.id, text="Hello", disable_notification="true")
    assert telegram.complaints == []


async def test_a_field_that_does_not_exist_is_refused_and_complained_about(telegram, bot, lina):
    assert "colour is not a field" in await bot.refusal("sendMessage", chat_id=lina.id, text="Hi", colour=1)
    assert telegram.complaints == ["sendMessage: colour is not a field"]


async def test_a_missing_field_is_refused_in_the_real_words(telegram, bot, lina):
    assert await bot.refusal("sendMessage", chat_id=lina.id) == "Bad Request: message text is empty"
    assert await bot.refusal("sendMessage", text="Hi") == "Bad Request: chat_id is empty"
    assert telegram.complaints == ["sendMessage: text is missing", "sendMessage: chat_id is missing"]


async def test_a_wrong_type_deep_inside_is_found(telegram, bot, lina):
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": 7}]]}
    await bot.refusal("sendMessage", chat_id=lina.id, text="Hi", reply_markup=keyboard)
    assert telegram.complaints == [
        "sendMessage: reply_markup.inline_keyboard[0][0].callback_data is not of type String"
    ]


async def test_a_method_that_nobody_knows_is_not_found(bot):
    answer = await bot.asks("sendPigeon")
    assert answer == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_a_method_that_the_simulator_does_not_do_is_complained_about(telegram, bot):
    assert "doesn't do sendDice" in await bot.refusal("sendDice", chat_id=1)
    assert telegram.complaints == ["sendDice was called, which the simulator doesn't do"]


async def test_a_token_that_nobody_has_is_unauthorized(telegram):
    answer = await telegram.call("1:wrong", "getMe", {})
    assert answer == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_methods_are_found_whatever_their_case(bot):
    assert await bot.gets("GETME")


def test_form_fields_become_what_they_mean():
    values, problems = read(
        "sendMessage", {"chat_id": "-5", "text": "7", "protect_content": "True", "entities": "[]"}
    )
    assert values == {"chat_id": -5, "text": "7", "protect_content": True, "entities": []}
    assert problems == []


def test_a_chat_may_be_named():
    assert read("getChat", {"chat_id": "@news"}) == ({"chat_id": "@news"}, [])


def test_a_file_fits_where_a_file_belongs():
    assert read("setWebhook", {"url": "", "certificate": UPLOAD})[1] == []
    assert read("getFile", {"file_id": UPLOAD})[1] != []


async def test_the_bot_says_whether_it_has_topics():
    telegram = Telegram()
    telegram.bot.has_topics_enabled = True
    answer = await telegram.call(telegram.bot.token, "getMe", {})
    assert answer["result"]["has_topics_enabled"] is True
