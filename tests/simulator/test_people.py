"""The consumer's side."""

import asyncio

import pytest
from telegram import Update

from simulator import attachments

KEYBOARD = {
    "inline_keyboard": [
        [{"text": "Summer", "callback_data": "chat:1"}],
        [{"text": "Shop", "url": "https://example.com"}],
    ]
}
KINDS = list(attachments._MAKERS)


async def test_a_deep_link_starts_the_bot_with_its_parameter(telegram, bot):
    robin = telegram.user("Robin", username="robin")
    robin.starts("c_summer-50")
    (update,) = await bot.gets("getUpdates")
    message = update["message"]
    assert message["text"] == "/start c_summer-50"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"]["username"] == "robin"
    assert message["chat"] == {
        "id": robin.id,
        "type": "private",
        "first_name": "Robin",
        "username": "robin",
    }


async def test_a_button_leads_to_an_answer(bot, lina):
    sent = await bot.gets("sendMessage", chat_id=lina.id, text="Which?", reply_markup=KEYBOARD)
    lina.taps(sent["message_id"], "Summer")
    (update,) = await bot.gets("getUpdates")
    query = update["callback_query"]
    assert (query["data"], query["message"]["text"]) == ("chat:1", "Which?")
    await bot.gets("answerCallbackQuery", callback_query_id=query["id"], text="Done", show_alert=True)
    assert [(notice.text, notice.is_alert) for notice in lina.notices] == [("Done", True)]


async def test_a_query_is_answered_in_time_or_not_at_all(telegram, bot, lina):
    words = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await bot.refusal("answerCallbackQuery", callback_query_id="1") == words
    sent = await bot.gets("sendMessage", chat_id=lina.id, text="Which?", reply_markup=KEYBOARD)
    query_id = lina.taps(sent["message_id"], "chat:1")
    telegram.bot.query_lifetime = -1
    assert await bot.refusal("answerCallbackQuery", callback_query_id=query_id) == words


async def test_a_button_that_is_not_there_cannot_be_pressed(bot, lina):
    sent = await bot.gets("sendMessage", chat_id=lina.id, text="Which?", reply_markup=KEYBOARD)
    with pytest.raises(ValueError, match="no button"):
        lina.taps(sent["message_id"], "Winter")


@pytest.mark.parametrize("kind", KINDS)
async def test_whatever_is_sent_is_what_the_library_expects(bot, lina, kind):
    lina.sends(kind, caption="Look")
    (raw,) = await bot.gets("getUpdates")
    message = Update.de_json(raw, None).message
    assert message.effective_attachment
    assert message.caption == "Look"
    assert not message.api_kwargs


async def test_what_nobody_has_thought_of_is_sent_as_it_is(bot, lina):
    lina.sends("rich_message", blocks=[])
    (raw,) = await bot.gets("getUpdates")
    assert raw["message"]["rich_message"] == {"blocks": []}


async def test_an_edit_reaches_the_bot(bot, lina):
    said = lina.says("Helo")
    lina.edits(said["message_id"], "Hello")
    before, after = await bot.gets("getUpdates")
    assert before["message"]["text"] == "Helo"
    assert after["edited_message"]["text"] == "Hello"
    assert after["edited_message"]["edit_date"] >= said["date"]


async def test_a_reply_carries_what_it_replies_to(bot, lina):
    sent = await bot.gets("sendMessage", chat_id=lina.id, text="Which?")
    said = lina.says("That one", reply_to=sent["message_id"])
    assert said["reply_to_message"]["text"] == "Which?"
    assert lina.says("And", reply_to=said["message_id"])["reply_to_message"].get("reply_to_message") is None


async def test_one_hears_what_was_said_and_what_will_be(bot, lina):
    listening = asyncio.create_task(lina.hears("coming"))
    await asyncio.sleep(0)
    await bot.gets("sendMessage", chat_id=lina.id, text="It is coming")
    heard = await listening
    assert heard["text"] == "It is coming"
    assert (await lina.hears("coming"))["message_id"] == heard["message_id"]
    with pytest.raises(TimeoutError, match="didn't hear"):
        await lina.hears("coming", timeout=0, after=heard["message_id"])


async def test_one_does_not_hear_oneself(lina):
    lina.says("Echo?")
    with pytest.raises(TimeoutError):
        await lina.hears("Echo?", timeout=0)


async def test_groups_and_channels_are_told_apart_from_people(telegram, bot, lina):
    telegram.group("Fans").says(lina, "/start")
    telegram.channel("News").posts("Hello, world")
    in_group, in_channel = await bot.gets("getUpdates")
    assert in_group["message"]["chat"]["type"] == "supergroup"
    assert in_group["message"]["chat"]["id"] < 0
    assert in_channel["channel_post"]["chat"]["type"] == "channel"


async def test_people_see_the_commands_that_are_meant_for_them(telegram, bot, lina):
    from simulator.profile import commands_for

    chats = [{"command": "chats", "description": "My chats"}]
    await bot.gets("setMyCommands", commands=chats, scope={"type": "all_private_chats"})
    assert commands_for(telegram.bot, lina.id, "en") == chats
    assert await bot.gets("getMyCommands") == []
    await bot.gets("deleteMyCommands", scope={"type": "all_private_chats"})
    assert commands_for(telegram.bot, lina.id, "en") == []
