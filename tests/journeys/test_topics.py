"""Two coupons on one phone: each in a topic of its own, or both in one conversation, whatever becomes of topics."""

import asyncio

import pytest

from models import Chat, Delivery, HeldMessage, Message, TelegramTopic, TopicState
from simulator.people import words
from tests.journeys.conftest import until

SUMMER, BOOKS = "50% Off Summer Collection", "Half Price Books"
LINKS = {SUMMER: "c_50-off-summer-collection", BOOKS: "c_half-price-books"}
NO_THREAD = {"error_code": 400, "description": "Bad Request: message thread not found"}
FORBIDDEN = {"error_code": 400, "description": "Bad Request: BOT_FORUM_CREATE_FORBIDDEN"}


@pytest.fixture(params=[True, False], ids=["in topics", "flat"])
def has_topics(request, telegram) -> bool:
    """Play the same story with topics and without."""
    telegram.bot.has_topics_enabled = request.param
    return request.param


@pytest.fixture
def topics(telegram) -> None:
    """Switch topics on."""
    telegram.bot.has_topics_enabled = True


async def test_what_is_said_of_two_coupons_stays_apart(house, telegram, maya, ivan, has_topics):
    ada = telegram.user("Ada")
    async with house.open(), house.panel(maya) as mayas, house.panel(ivan) as ivans:
        summer, books = await opens(ada, SUMMER), await opens(ada, BOOKS)
        writes(ada, summer, "Does it work on sale items?")
        writes(ada, books, "Is it for new ones only?")
        await until(lambda: _said_about(SUMMER, ["Does it work on sale items?"]))
        await until(lambda: _said_about(BOOKS, ["Is it for new ones only?"]))
        await mayas.replies(await chat_of(SUMMER), "It does!")
        await ivans.replies(await chat_of(BOOKS), "For all.")
        it_does, for_all = await ada.hears("It does!"), await ada.hears("For all.")
        ada.quotes(it_does["message_id"], "does", "Really?")
        ada.says("Great.", for_all["message_id"])
        await until(lambda: _said_about(SUMMER, ["Does it work on sale items?", "It does!", "Really?"]))
        await until(lambda: _said_about(BOOKS, ["Is it for new ones only?", "For all.", "Great."]))
        really = await Message.get(text="Really?").select_related("reply_to")
        assert (really.reply_to.text, really.quote["text"]) == ("It does!", "does")
    places = [(message.get("message_thread_id"), words(message)) for message in (it_does, for_all)]
    if has_topics:
        assert places == [(topic_of(ada, SUMMER), "It does!"), (topic_of(ada, BOOKS), "For all.")]
    else:
        assert places == [(None, f"Re: {SUMMER}\nIt does!"), (None, f"Re: {BOOKS}\nFor all.")]


async def test_what_is_changed_on_either_side_is_changed_on_the_other(house, telegram, maya, has_topics):
    ada = telegram.user("Ada")
    async with house.open(), house.panel(maya) as panel:
        question = writes(ada, await opens(ada, SUMMER), "Does it work on sail items?")
        await until(lambda: _said_about(SUMMER, ["Does it work on sail items?"]))
        ada.edits(question["message_id"], "Does it work on sale items?")
        await until(lambda: _said_about(SUMMER, ["Does it work on sale items?"]))
        chat = await chat_of(SUMMER)
        for text in ("It dose!", "Ask me anything."):
            await panel.replies(chat, text)
            await ada.hears(text)
        await does(panel, await Message.get(text="It dose!"), "edits", text="It does!")
        await ada.hears("It does!")
        await does(panel, await Message.get(text="Ask me anything."), "deletion")
        await until(lambda: _is_gone(ada, "Ask me anything."))
        assert "Does it work on sale items?" in await panel.page(f"/chats/{chat.id}")
    assert len(heard(ada, "It does!")) == 1
    assert not heard(ada, "It dose!")


async def test_a_question_that_is_asked_outside_leads_into_the_topic(house, telegram, maya, ivan, topics):
    ada = telegram.user("Ada")
    async with house.open(), house.panel(maya) as panel:
        await opens(ada, SUMMER)
        await opens(ada, BOOKS)
        await panel.replies(await chat_of(SUMMER), "Still interested?")
        await ada.hears("Still interested?")
        for text in ("Yes", "very much"):
            ada.says(text)
        await until(lambda: _are_held(2))
        asked = await ada.hears("2 messages of yours wait")
        assert "message_thread_id" not in asked
        ada.taps(asked["message_id"], f"● 1 · {SUMMER}")
        await until(lambda: _said_about(SUMMER, ["Still interested?", "Yes", "very much"]))
        led = await ada.hears("You\nYes")
        assert led["message_thread_id"] == topic_of(ada, SUMMER)
        await panel.replies(await chat_of(SUMMER), "Good!")
        assert (await ada.hears("Good!"))["message_thread_id"] == topic_of(ada, SUMMER)


async def test_a_topic_that_its_consumer_deletes_is_done_without_until_they_come_back(
    house, telegram, maya, topics
):
    ada = telegram.user("Ada")
    async with house.open(), house.panel(maya) as panel:
        await opens(ada, SUMMER)
        ada.deletes_topic(topic_of(ada, SUMMER))
        await panel.replies(await chat_of(SUMMER), "It does!")
        flat = await ada.hears("It does!")
        assert (words(flat), flat.get("message_thread_id")) == (f"Re: {SUMMER}\nIt does!", None)
        ada.says("Really?", flat["message_id"])
        await until(lambda: _said_about(SUMMER, ["It does!", "Really?"]))
        await opens(ada, SUMMER)
        await panel.replies(await chat_of(SUMMER), "Really.")
        assert (await ada.hears("Really."))["message_thread_id"] == topic_of(ada, SUMMER)
    assert await TelegramTopic.filter(state=TopicState.OPEN).count() == 1


async def test_topics_that_are_switched_off_and_on_again_cost_nothing(house, telegram, maya, topics):
    ada = telegram.user("Ada")
    async with house.open(), house.panel(maya) as panel:
        await opens(ada, SUMMER)
        telegram.bot.has_topics_enabled = False
        await panel.replies(await chat_of(SUMMER), "It does!")
        flat = await ada.hears("It does!")
        assert (words(flat), flat.get("message_thread_id")) == (f"Re: {SUMMER}\nIt does!", None)
        ada.says("Really?", flat["message_id"])
        await until(lambda: _said_about(SUMMER, ["It does!", "Really?"]))
        telegram.bot.has_topics_enabled = True
        ada.says("I see the topic again.", topic=topic_of(ada, SUMMER))
        await until(lambda: _said_about(SUMMER, ["It does!", "Really?", "I see the topic again."]))
        await panel.replies(await chat_of(SUMMER), "So do I.")
        await ada.hears("So do I.")
    assert len(ada.topics) == 1
    assert [len(heard(ada, text)) for text in ("It does!", "So do I.")] == [1, 1]


@pytest.mark.parametrize("fault", [NO_THREAD, FORBIDDEN, "nothing is created"], ids=str)
async def test_a_day_on_which_no_topic_takes_anything_is_a_day_like_any_other(
    house, telegram, maya, ivan, topics, fault
):
    if fault == "nothing is created":
        telegram.fail_next("createForumTopic", FORBIDDEN, times=1000)
    else:
        telegram.fail_next("send*", fault, times=1000, in_topic=True)
    ada = telegram.user("Ada")
    async with house.open(), house.panel(maya) as mayas, house.panel(ivan) as ivans:
        headers = [await opens(ada, title) for title in (SUMMER, BOOKS)]
        for header, text in zip(headers, ("Does it work on sale items?", "For new ones?"), strict=True):
            ada.says(text, header["message_id"])
        await until(lambda: _said_about(SUMMER, ["Does it work on sale items?"]))
        await until(lambda: _said_about(BOOKS, ["For new ones?"]))
        await mayas.replies(await chat_of(SUMMER), "It does!")
        await ivans.replies(await chat_of(BOOKS), "For all.")
        replies = [await ada.hears("It does!"), await ada.hears("For all.")]
        telegram.faults.clear()
        await mayas.replies(await chat_of(SUMMER), "Ask me anything.")
        await ada.hears("Ask me anything.")
        await until(_nothing_is_owed)
    assert [words(reply) for reply in replies] == [f"Re: {SUMMER}\nIt does!", f"Re: {BOOKS}\nFor all."]
    assert not any("message_thread_id" in message for message in [*headers, *replies])
    assert [len(heard(ada, text)) for text in ("It does!", "For all.", "Ask me anything.")] == [1, 1, 1]


async def test_what_lands_elsewhere_has_arrived(house, telegram, maya, topics):
    ada = telegram.user("Ada")
    async with house.open(), house.panel(maya) as panel:
        await opens(ada, SUMMER)
        telegram.fail_next("sendMessage", "lands_elsewhere", words="It does!")
        await panel.replies(await chat_of(SUMMER), "It does!")
        landed = await ada.hears("It does!")
        assert "message_thread_id" not in landed
        ada.says("Really?", landed["message_id"])
        await until(lambda: _said_about(SUMMER, ["It does!", "Really?"]))
        await panel.replies(await chat_of(SUMMER), "Really.")
        await ada.hears("Really.")
        await until(_nothing_is_owed)
    assert [len(heard(ada, text)) for text in ("It does!", "Really.")] == [1, 1]


@pytest.mark.parametrize("fault", ["timeout_after_sending", "drop", "broken_json", "drop_before"])
async def test_a_topic_is_created_once_whatever_becomes_of_the_answer(
    house, telegram, maya, topics, fault, monkeypatch
):
    monkeypatch.setattr("bot.outbox.loop.FIRST_BACKOFF", 0.05)
    telegram.fail_next("createForumTopic", fault)
    ada = telegram.user("Ada")
    async with house.open(), house.panel(maya) as panel:
        ada.starts(LINKS[SUMMER])
        async with asyncio.timeout(30):
            header = await ada.hears(f"Re: {SUMMER}\nwith", timeout=30)
        await panel.replies(await chat_of(SUMMER), "It does!")
        reply = await ada.hears("It does!")
    assert header["message_thread_id"] == reply["message_thread_id"] == topic_of(ada, SUMMER)


async def opens(person, title):
    """Open a chat by its link; its header says where it is."""
    last = person.messages[-1]["message_id"] if person.messages else 0
    person.starts(LINKS[title])
    return await person.hears(f"Re: {title}\nwith", after=last)


def writes(person, header, text):
    """Write in a chat's topic, or, where it has none, as a reply to its header."""
    if topic := header.get("message_thread_id"):
        return person.says(text, topic=topic)
    return person.says(text, header["message_id"])


def topic_of(person, title) -> int:
    """Find the one topic that is named like a chat."""
    [topic] = [topic["message_thread_id"] for topic in person.topics if topic["name"] == f"Re: {title}"]
    return topic


def heard(person, text):
    """List what the bot has said with these words at its end."""
    said = [message for message in person.messages if message["who"] == "bot"]
    return [message for message in said if words(message).endswith(text) and "\nwith " not in words(message)]


async def does(panel, message, deed, **fields):
    """Do something to a message in the panel."""
    path = f"{panel.url}/chats/{message.chat_id}/messages/{message.id}/{deed}"
    async with panel.browser.post(path, data=fields) as answer:
        assert (answer.status, answer.url.path) == (200, f"/chats/{message.chat_id}")


async def chat_of(title) -> Chat:
    return await Chat.get(coupon__title=title)


async def _said_about(title, texts) -> bool:
    said = await Message.filter(chat__coupon__title=title).order_by("position", "id")
    return [message.text for message in said] == texts


async def _are_held(count) -> bool:
    return await HeldMessage.all().count() == count


async def _is_gone(person, text) -> bool:
    return not heard(person, text)


async def _nothing_is_owed() -> bool:
    return not await Delivery.exclude(state="sent").exists()
