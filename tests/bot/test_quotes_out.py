"""An influencer answers and quotes a message: how that stands on the consumer's phone."""

import json

import pytest

from models import Chat, Message, Peer, TelegramMessage
from services.outgoing import edits, quoting, replies
from tests import cast

LONG = "".join(f"{number}. A long story, told in short sentences.\n" for number in range(150))  # two parts


async def answers(coupon, text="They do", **more) -> Message:
    chat = await Chat.get(coupon_id=coupon.id).select_related("coupon", "consumer", "influencer")
    return await replies.reply(chat, chat.influencer, text, **more)


async def last_said(coupon) -> Message:
    return await Message.filter(chat__coupon_id=coupon.id).order_by("-position", "-id").first()


async def test_a_reply_quotes_a_part_of_what_the_consumer_wrote(door, phone, shoes):
    await phone.opens(shoes)
    asked = await phone.says("Do they come in red? And in blue?")
    await phone.says("Hello?")
    question = await Message.get(text=asked["text"])
    await answers(shoes, answered=question, quote="And in blue?")
    reply = await phone.last()
    assert reply["reply_to_message"]["message_id"] == asked["message_id"]
    assert reply["quote"]["text"] == "And in blue?"
    assert (await last_said(shoes)).reply_to_id == question.id
    assert (await last_said(shoes)).quote["text"] == "And in blue?"


@pytest.mark.parametrize("quote", ["", "in green", " "])
async def test_what_is_not_in_the_message_is_not_quoted(door, phone, shoes, quote):
    await phone.opens(shoes)
    asked = await phone.says("Do they come in red?")
    await phone.says("Hello?")
    await answers(shoes, answered=await Message.get(text=asked["text"]), quote=quote)
    reply = await phone.last()
    assert reply["reply_to_message"]["message_id"] == asked["message_id"]
    assert "quote" not in reply
    assert (await last_said(shoes)).quote is None


async def test_a_quote_is_formatted_as_what_it_quotes(door, phone, shoes):
    await phone.opens(shoes)
    entities = [{"type": "bold", "offset": 3, "length": 9}, {"type": "code", "offset": 11, "length": 4}]
    await phone.tells(text="😀 do they come in red?", entities=entities)
    await answers(shoes, answered=await last_said(shoes), quote="they come")
    assert (await phone.last())["quote"]["text"] == "they come"
    asked = json.loads(door.calls("sendMessage")[-1]["reply_parameters"])
    assert asked["quote_entities"] == [{"type": "bold", "offset": 0, "length": 6}]


@pytest.mark.parametrize(("line", "part"), [("3. A long story", 0), ("140. A long story", 1)])
async def test_a_quote_is_found_in_the_right_part(door, phone, shoes, line, part):
    await phone.opens(shoes)
    said = await door.answers(shoes, LONG)
    await phone.heard()
    rows = await TelegramMessage.filter(message_id=said.id).order_by("part")
    await answers(shoes, answered=said, quote=line)
    reply = await phone.last()
    assert reply["reply_to_message"]["message_id"] == rows[part].telegram_message_id
    assert reply["quote"]["text"] == line


async def test_a_quote_across_two_parts_is_what_the_first_of_them_says_of_it(door, phone, shoes):
    await phone.opens(shoes)
    said = await door.answers(shoes, LONG)
    first, second = [text for text in await phone.heard() if "long story" in text]
    end, start = first.rpartition("\n")[2], second.partition("\n")[0]
    quote = f"\n{end}\n{start}"
    assert quote in LONG
    await answers(shoes, answered=said, quote=quote)
    reply = await phone.last()
    assert (reply["reply_to_message"]["text"], reply["quote"]["text"]) == (first, end)


async def test_a_quote_is_no_longer_than_telegram_takes(door, phone, shoes):
    await phone.opens(shoes)
    asked = await phone.says("Please tell me all about it. " * 100)
    await answers(shoes, answered=await last_said(shoes), quote=asked["text"].strip())
    quote = (await phone.last())["quote"]["text"]
    assert 900 < len(quote) <= 1024
    assert quote.endswith("about it.")


async def test_only_the_first_part_answers(door, phone, shoes):
    await phone.opens(shoes)
    asked = await phone.says("How was it?")
    await phone.says("Hello?")
    await answers(shoes, LONG, answered=await Message.get(text="How was it?"), quote="it")
    await phone.heard()
    first, second = phone.person.messages[-2:]
    assert first["reply_to_message"]["message_id"] == asked["message_id"]
    assert "reply_to_message" not in second


REFUSALS = [
    "QUOTE_TEXT_INVALID",
    "message to be replied not found",
    "REPLY_MESSAGE_ID_INVALID",
    "can't parse quote",
]


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("description", REFUSALS)
async def test_a_reply_is_said_once_without_what_is_refused(door, phone, shoes, description, times):
    await phone.opens(shoes)
    asked = await phone.says("Do they come in red?")
    door.telegram.fail_next(
        "sendMessage", {"error_code": 400, "description": f"Bad Request: {description}"}, times, words="They do"
    )
    message = await answers(shoes, answered=await last_said(shoes), quote="in red")
    assert (await phone.heard())[1:] == ["They do"]
    reply = await phone.last()
    assert reply.get("reply_to_message", {}).get("message_id") == (asked["message_id"] if times == 1 else None)
    assert "quote" not in reply
    kept = await Message.get(id=message.id)
    assert (kept.delivery_state, kept.may_be_doubled) == ("sent", False)


async def test_another_refusal_is_one(door, phone, shoes):
    await phone.opens(shoes)
    await phone.says("Do they come in red?")
    door.telegram.fail_next("sendMessage", {"error_code": 400, "description": "Bad Request: no"}, words="They do")
    message = await answers(shoes, answered=await last_said(shoes), quote="in red")
    await door.delivered()
    assert (await Message.get(id=message.id)).delivery_state == "failed"


@pytest.mark.parametrize("fault", ["timeout_after_sending", "drop", "broken_json"])
async def test_what_may_have_arrived_with_its_quote_is_said_again_with_it(door, phone, shoes, fault):
    await phone.opens(shoes)
    await phone.says("Do they come in red?")
    door.telegram.fail_next("sendMessage", fault, words="They do")
    message = await answers(shoes, answered=await last_said(shoes), quote="in red")
    assert (await phone.heard())[1:] == ["They do", "They do"]
    assert (await phone.last())["quote"]["text"] == "in red"
    assert (await Message.get(id=message.id)).may_be_doubled


async def test_what_was_edited_since_is_answered_without_what_it_says_no_more(door, phone, shoes):
    await phone.opens(shoes)
    asked = await phone.says("Do they come in red?")
    question = await last_said(shoes)
    await phone.edits(asked["message_id"], "Do they come in blue?")
    await answers(shoes, answered=question, quote="in red")
    reply = await phone.last()
    assert reply["reply_to_message"]["message_id"] == asked["message_id"]
    assert "quote" not in reply


async def test_what_was_deleted_since_is_not_answered(door, phone, shoes):
    await phone.opens(shoes)
    said = await door.answers(shoes, "They do not")
    await door.delivered()
    chat = await Chat.get(coupon_id=shoes.id).select_related("consumer", "influencer")
    await edits.delete(chat, said)
    await answers(shoes, answered=said)
    assert (await phone.heard())[1:] == ["They do"]
    assert "reply_to_message" not in await phone.last()


async def test_what_was_written_before_the_topic_is_quoted_from_within_it(door, phone, shoes):
    await phone.opens(shoes)
    await phone.says("Do they come in red?")
    question = await last_said(shoes)
    door.telegram.bot.has_topics_enabled = True
    await door.bot.look_for_topics()
    await phone.opens(shoes)
    [topic] = phone.person.topics
    await answers(shoes, answered=question, quote="in red")
    reply = await phone.last()
    assert (reply["text"], reply["quote"]["text"]) == ("They do", "in red")
    assert reply["message_thread_id"] == topic["message_thread_id"]


async def test_what_was_written_to_another_bot_is_not_answered_by_this_one(peer, maya, chat):
    said = await cast.says(peer, "Do they come in red?")
    reply = await replies.reply(chat, maya, "They do", answered=said, quote="in red")
    assert await quoting.answered(peer, reply)
    elsewhere = Peer(bot_id=peer.bot_id + 1, telegram_chat_id=peer.telegram_chat_id)
    assert await quoting.answered(elsewhere, reply) is None
