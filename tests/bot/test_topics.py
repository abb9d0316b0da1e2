"""Where a bot has topics switched on: what is said goes into the topic in which somebody wrote."""

import pytest

from bot.reading.messages import replied_to
from models import Chat, HeldMessage, Peer, TelegramMessage, TelegramTopic
from tests.bot.deeds import tap

NO_THREAD = {"error_code": 400, "description": "Bad Request: message thread not found"}


@pytest.fixture
async def topic(door, phone):
    """Begin a topic on the phone."""
    door.telegram.bot.has_topics_enabled = True
    await door.bot.look_for_topics()
    phone.person.says("/help")
    return phone.person.begins_topic("Shoes")


async def said_in(door, phone, topic):
    """Give what the bot has said in a topic, once nothing is owed any more."""
    await door.delivered()
    messages = [message for message in phone.person.messages if message["who"] == "bot" and "text" in message]
    return [message["text"] for message in messages if message.get("message_thread_id") == topic]


async def test_a_chat_that_is_opened_in_a_topic_is_talked_about_there(door, phone, shoes, topic):
    await says(door, phone, topic, f"/start c_{shoes.id}")
    await door.answers(shoes, "Welcome!")
    header, answer = await said_in(door, phone, topic)
    assert header.startswith("Re: Shoes\nwith Maya")
    assert answer == "Welcome!"


async def test_an_answer_goes_into_the_topic_one_wrote_in_whoever_has_made_it(door, phone, shoes, topic):
    await phone.opens(shoes)
    await says(door, phone, topic, "Do they come in 44?")
    await door.answers(shoes, "They do!")
    assert await said_in(door, phone, topic) == ["They do!"]
    assert await door.said(shoes) == ["Do they come in 44?", "They do!"]


async def test_a_chat_that_has_a_topic_keeps_it_though_it_is_opened_in_another(door, phone, shoes, topic):
    await says(door, phone, topic, f"/start c_{shoes.id}")
    other = phone.person.begins_topic("Shoes, too")
    await says(door, phone, other, f"/start c_{shoes.id}")
    await door.answers(shoes, "They do!")
    assert (await said_in(door, phone, topic))[-1] == "They do!"
    assert await said_in(door, phone, other) == []


async def test_of_two_topics_of_a_chat_the_one_that_was_written_in_last_has_the_answer(door, phone, shoes, topic):
    await says(door, phone, topic, f"/start c_{shoes.id}")
    await door.delivered()
    other = phone.person.begins_topic("Shoes, too")
    await says(door, phone, other, "Do they come in 44?")
    await door.answers(shoes, "They do!")
    assert await said_in(door, phone, other) == ["They do!"]
    await says(door, phone, topic, "And in 45?")
    await door.answers(shoes, "That, too!")
    assert (await said_in(door, phone, topic))[-1] == "That, too!"


@pytest.mark.parametrize("words", ["/help", "/chats", "/panel", "/start c_sandals"])
async def test_what_the_bot_says_to_a_command_is_said_where_that_was_given(door, phone, shoes, topic, words):
    await says(door, phone, topic, words)
    assert len(await said_in(door, phone, topic)) == 1


async def test_a_question_is_asked_in_the_topic_and_its_answer_leads_into_the_chats_own(
    door, phone, shoes, hats, topic
):
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.answers(shoes, "Still interested?")
    await says(door, phone, None, "Yes")
    await says(door, phone, topic, "Are they warm?")
    await says(door, phone, topic, "Really warm?")
    asked = await said_in(door, phone, topic)
    assert [text.partition("\n")[2][:10] for text in asked] == ["2 messages"]
    question = [m for m in phone.person.messages if m["who"] == "bot" and m.get("message_thread_id") == topic][-1]
    await phone.taps(question, "Hats")
    assert await door.said(hats) == ["Are they warm?", "Really warm?"]
    assert [message.text for message in await HeldMessage.all()] == ["Yes"]
    assert (await said_in(door, phone, topic))[-1] == "Passed on to Maya Okafor.\nRe: Hats"
    await door.answers(hats, "Very!")
    [own] = [each["message_thread_id"] for each in phone.person.topics if each["name"] == "Re: Hats"]
    assert (await said_in(door, phone, own))[-2:] == ["Re: Hats\n\nYou\nAre they warm?", "Very!"]


async def test_a_tap_in_a_topic_gives_it_to_the_chat_that_was_tapped(door, phone, shoes, hats, topic):
    await phone.opens(shoes)
    await phone.opens(hats)
    await says(door, phone, topic, "/chats")
    await door.delivered()
    await phone.taps(phone.person.messages[-1], "Shoes")
    await says(door, phone, topic, "Do they come in 44?")
    await phone.opens(hats)
    await says(door, phone, topic, "Or 45?")
    assert await door.said(shoes) == ["Do they come in 44?", "Or 45?"]


async def test_a_tap_that_comes_late_gives_the_topic_to_its_chat_too(door, phone, shoes, hats, topic):
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.handle_updates()
    tap(phone, f"open:{(await Chat.get(coupon_id=shoes.id)).id}")
    phone.person.says("Do they come in 44?", topic=topic)
    phone.person.says("Or 45?", topic=topic)
    tapped, *said = await door.pending_updates()
    for raw in [*said, tapped]:
        await door.take(raw)
    await says(door, phone, topic, "Or 46?")
    assert await door.said(shoes) == ["Do they come in 44?", "Or 45?", "Or 46?"]
    assert await door.said(hats) == []


async def test_what_telegram_does_not_take_in_a_topic_is_said_outside_once(door, phone, shoes, topic):
    await says(door, phone, topic, f"/start c_{shoes.id}")
    await door.delivered()
    phone.person.deletes_topic(topic)
    await door.answers(shoes, "Welcome!")
    await door.answers(shoes, "Still here?")
    await door.delivered()
    heard = [message for message in phone.person.messages if message["who"] == "bot"][-2:]
    assert [message["text"] for message in heard] == ["Re: Shoes\nWelcome!", "Still here?"]
    assert all("message_thread_id" not in message for message in heard)
    assert [call.get("message_thread_id") for call in door.calls("sendMessage")][-3:] == [str(topic), None, None]


async def test_what_is_written_in_a_topic_that_took_nothing_still_belongs_there(door, phone, shoes, hats, topic):
    await says(door, phone, topic, f"/start c_{shoes.id}")
    await phone.opens(hats)
    door.telegram.fail_next("sendMessage", NO_THREAD, words="Welcome!")
    await door.answers(shoes, "Welcome!")
    await door.delivered()
    await says(door, phone, topic, "Do they come in 44?")
    assert await door.said(shoes) == ["Welcome!", "Do they come in 44?"]
    await door.answers(shoes, "They do!")
    assert (await said_in(door, phone, topic))[-1] == "They do!"


@pytest.mark.parametrize("words", ["TOPIC_DELETED", "TOPIC_CLOSED", "the chat is not a forum", "TOPIC_ID_INVALID"])
async def test_in_whatever_words_telegram_says_so(door, phone, shoes, topic, words):
    await says(door, phone, topic, f"/start c_{shoes.id}")
    await door.delivered()
    refusal = {"error_code": 400, "description": f"Bad Request: {words}"}
    door.telegram.fail_next("sendMessage", refusal, words="Welcome!")
    await door.answers(shoes, "Welcome!")
    await phone.hears("Welcome!")
    await door.delivered()


async def test_in_a_topic_nothing_is_quoted_or_labelled_by_itself(door, phone, shoes, hats, topic):
    await says(door, phone, topic, f"/start c_{shoes.id}")
    await phone.opens(hats)
    await says(door, phone, topic, "Do they fit?")
    await door.answers(shoes, "They do!")
    assert (await said_in(door, phone, topic))[-1] == "They do!"
    assert "reply_parameters" not in door.calls("sendMessage")[-1]


async def test_what_has_arrived_is_known_by_its_part_and_its_topic(door, phone, shoes, hats, topic):
    door.bot.has_topics = False
    await phone.opens(hats)
    door.bot.has_topics = True
    await says(door, phone, topic, f"/start c_{shoes.id}")
    await door.answers(hats, "Welcome!" + " And more." * 400)
    await door.answers(shoes, "Welcome!")
    await door.delivered()
    known = await TelegramMessage.filter(message_id__not_isnull=True).order_by("telegram_message_id")
    told = [(each.part, each.has_label, each.telegram_topic_id) for each in known]
    assert told == [(1, True, None), (2, False, None), (1, False, topic)]
    assert (await Peer.get(telegram_chat_id=phone.person.id)).spoken_chat_id is None
    header = await TelegramMessage.filter(chat_id=known[0].chat_id).order_by("telegram_message_id").first()
    assert (header.message_id, header.part, header.has_label) == (None, None, None)


async def test_nothing_is_ever_said_in_thread_1(door, phone, shoes):
    await phone.tells(text=f"/start c_{shoes.id}", message_thread_id=1, is_topic_message=True)
    await door.answers(shoes, "Welcome!")
    await door.delivered()
    assert not await TelegramTopic.exists()
    assert not [call for call in door.calls("sendMessage") if "message_thread_id" in call]


async def test_a_thread_of_a_private_chat_is_a_topic_though_no_word_says_so(door, phone, shoes, hats, topic):
    await says(door, phone, topic, f"/start c_{shoes.id}")
    await phone.opens(hats)
    await phone.tells(text="Do they come in 44?", message_thread_id=topic)
    assert await door.said(shoes) == ["Do they come in 44?"]
    assert await door.said(hats) == []


async def test_what_cannot_be_read_is_told_and_kept_in_its_topic(door, phone, shoes, hats, topic):
    await says(door, phone, topic, f"/start c_{shoes.id}")
    await phone.opens(hats)
    broken = phone.writes(text="Broken", message_thread_id=topic, is_topic_message=True)
    await door.receives("message", {**broken, "date": 2**62})
    assert "went wrong" in (await said_in(door, phone, topic))[-1]


async def says(door, phone, topic, text):
    await door.after(phone.person.says(text, topic=topic))


def test_what_only_stands_in_a_topic_replies_to_nothing():
    began = {"message_id": 7, "forum_topic_created": {"name": "Shoes", "icon_color": 7322096}}
    assert replied_to({"reply_to_message": began, "message_thread_id": 7, "is_topic_message": True}) is None
    assert replied_to({"reply_to_message": {"message_id": 8}}) == 8
