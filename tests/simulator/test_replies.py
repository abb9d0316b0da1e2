"""Replies and quotes, from both sides."""

import pytest


async def replies_to(bot, lina, message_id, **parameters):
    reply = {"message_id": message_id, **parameters}
    return await bot.asks("sendMessage", chat_id=lina.id, text="Yes", reply_parameters=reply)


async def test_a_reply_needs_its_message_unless_told_otherwise(bot, lina):
    answer = await replies_to(bot, lina, 99)
    assert answer["description"] == "Bad Request: message to be replied not found"
    sent = (await replies_to(bot, lina, 99, allow_sending_without_reply=True))["result"]
    assert "reply_to_message" not in sent


async def test_a_quote_has_to_be_in_the_message(bot, lina):
    asked = lina.says("Does it work on sale items?")
    sent = (await replies_to(bot, lina, asked["message_id"], quote="on sale"))["result"]
    assert sent["quote"] == {"text": "on sale", "position": 13, "is_manual": True}
    assert sent["reply_to_message"]["text"] == "Does it work on sale items?"
    answer = await replies_to(bot, lina, asked["message_id"], quote="on Mars", allow_sending_without_reply=True)
    assert answer["description"] == "Bad Request: QUOTE_TEXT_INVALID"


async def test_a_quote_has_the_formatting_of_what_it_quotes(bot, lina):
    asked = lina.says("Does it *do* that?", entities=[{"type": "bold", "offset": 8, "length": 4}])["message_id"]
    quote = {"quote": "it *do* that"}
    assert not (await replies_to(bot, lina, asked, **quote))["ok"]
    bold = [{"type": "bold", "offset": 3, "length": 4}]
    sent = (await replies_to(bot, lina, asked, **quote, quote_entities=bold))["result"]
    assert sent["quote"]["entities"] == bold


async def test_of_several_such_parts_the_nearest_is_quoted(bot, lina):
    asked = lina.says("😀 so so so")["message_id"]
    for wanted, found in ((0, 3), (7, 6), (99, 9)):
        sent = (await replies_to(bot, lina, asked, quote="so", quote_position=wanted))["result"]
        assert sent["quote"]["position"] == found
    assert lina.quotes(asked, "so", "Is it?", position=8)["quote"]["position"] == 9


async def test_a_person_quotes_a_part_of_a_message(bot, lina):
    sent = await bot.gets("sendMessage", chat_id=lina.id, text="<b>Half</b> price, until Sunday", parse_mode="HTML")
    said = lina.quotes(sent["message_id"], "Half price", "Off what?")
    bold = {"type": "bold", "offset": 0, "length": 4}
    assert said["quote"] == {"text": "Half price", "position": 0, "is_manual": True, "entities": [bold]}
    assert said["reply_to_message"]["message_id"] == sent["message_id"]
    with pytest.raises(ValueError, match="can be quoted"):
        lina.quotes(sent["message_id"], "Full price", "Off what?")


async def test_a_reply_goes_into_the_topic_of_what_it_answers(telegram, bot, lina):
    telegram.bot.has_topics_enabled = True
    topic = lina.begins_topic("Shoes")
    said = lina.says("Do they fit?", topic=topic)
    replied = lina.says("Do they?", reply_to=said["message_id"])
    assert replied["message_thread_id"] == topic
    assert replied["reply_to_message"]["message_id"] == said["message_id"]


async def test_a_reply_across_topics_tells_only_from_whom_it_came(telegram, bot, lina):
    telegram.bot.has_topics_enabled = True
    topic = lina.begins_topic("Shoes")
    outside = lina.says("Do they fit?")["message_id"]
    said = lina.quotes(outside, "fit", "Well?", topic=topic)
    assert said["external_reply"]["origin"]["sender_user"]["id"] == lina.id
    assert (said["quote"]["text"], "reply_to_message" in said) == ("fit", False)
    assert lina.messages[-1]["answered_id"] == outside
    sent = await replies_to(bot, lina, lina.says("In here", topic=topic)["message_id"], quote="here")
    assert sent["result"]["external_reply"]["origin"]["type"] == "user"


async def test_a_message_of_another_chat_can_be_answered(telegram, bot, lina):
    omar = telegram.user("Omar")
    omar.starts()
    said = omar.says("Mine")
    sent = (await replies_to(bot, lina, said["message_id"], chat_id=omar.id, quote="Mine"))["result"]
    assert sent["external_reply"]["origin"]["sender_user"]["first_name"] == "Omar"
