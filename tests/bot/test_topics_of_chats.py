"""Where a bot has topics switched on: each chat gets a topic of its own, once, whatever goes wrong meanwhile."""

import asyncio
import io
from datetime import timedelta
from itertools import count

import pytest

import bot.app
import simulator.topics
from bot.outbox import topic_changes
from database import clock
from models import Chat, Delivery, Peer, TelegramMessage, TelegramTopic, TopicState
from services.coupons import importing
from services.outgoing import topics
from tests import cast
from tests.bot.conftest import delivering, eventually

FORBIDDEN = {"error_code": 400, "description": "Bad Request: BOT_FORUM_CREATE_FORBIDDEN"}
NO_THREAD = {"error_code": 400, "description": "Bad Request: message thread not found"}


@pytest.fixture
async def phone(door):
    return await with_topics(door)


async def with_topics(door):
    """Get a phone whose bot has topics."""
    await switch(door, is_on=True)
    return door.phone()


def names(phone):
    return [topic["name"] for topic in phone.person.topics]


def topic_of(phone, title):
    [topic] = [topic for topic in phone.person.topics if topic["name"] == f"Re: {title}"]
    return topic["message_thread_id"]


async def said_in(door, phone, where):
    """Give what the bot has said in a topic, or outside of all, once nothing is owed any more."""
    await door.delivered()
    topic = topic_of(phone, where) if isinstance(where, str) else where
    said = [message for message in phone.person.messages if message["who"] == "bot" and "text" in message]
    return [message["text"] for message in said if message.get("message_thread_id") == topic]


async def test_a_chat_lives_in_a_topic_that_is_named_like_it(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.answers(shoes, "Welcome!")
    assert names(phone) == ["Re: Shoes", "Re: Hats"]
    header, answer = await said_in(door, phone, "Shoes")
    assert header.startswith("Re: Shoes\nwith Maya")
    assert answer == "Welcome!"
    assert await said_in(door, phone, None) == []
    rows = await TelegramTopic.all().order_by("id")
    assert [(row.title, row.state, row.has_taken) for row in rows] == [
        ("Shoes", TopicState.OPEN, True),
        ("Hats", TopicState.OPEN, True),
    ]


async def test_what_is_written_there_is_of_that_chat_and_nothing_is_said_about_it(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await says(door, phone, topic_of(phone, "Shoes"), "Do they come in 44?")
    assert await door.said(shoes) == ["Do they come in 44?"]
    assert len(await said_in(door, phone, "Shoes")) == 1


async def test_a_chat_that_is_opened_again_has_one_topic(door, phone, shoes):
    for _ in range(3):
        await phone.opens(shoes)
    await door.delivered()
    assert names(phone) == ["Re: Shoes"]
    assert len(await said_in(door, phone, "Shoes")) == 3


async def test_two_taps_at_once_make_one_topic(door, phone, shoes):
    for _ in range(2):
        phone.person.starts(f"c_{shoes.id}")
    await door.handle_updates()
    await door.delivered()
    assert names(phone) == ["Re: Shoes"]
    assert len(door.calls("createForumTopic")) == 1


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("x" * 200, "Re: " + "x" * 124),
        ("x" * 123 + "👨‍👩‍👧", "Re: " + "x" * 123),
        ("😀" * 200, "Re: " + "😀" * 62),
        ("One\n  line", "Re: One line"),
    ],
)
async def test_a_name_is_cut_between_letters(door, phone, shoes, title, name):
    shoes.title = title
    await shoes.save()
    await phone.starts(f"c_{shoes.id}")
    await door.delivered()
    assert names(phone) == [name]
    assert (await TelegramTopic.get()).title == title
    await phone.starts(f"c_{shoes.id}")
    await door.delivered()
    assert not door.calls("editForumTopic")


async def test_a_topic_is_renamed_with_its_coupon(door, phone, shoes):
    await phone.opens(shoes)
    shoes.title = "Boots"
    await shoes.save()
    await phone.opens(shoes)
    await door.delivered()
    assert names(phone) == ["Re: Boots"]
    assert (await TelegramTopic.get()).title == "Boots"


async def test_an_import_renames_the_topics_of_the_coupons_that_are_called_otherwise(
    door, phone, shoes, hats, maya
):
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.delivered()
    for _ in range(2):
        await importing.run(io.BytesIO(f"coupon_id,title,influencer_id\n{shoes.id},Boots,{maya.id}\n".encode()))
    await door.delivered()
    assert names(phone) == ["Re: Boots", "Re: Hats"]
    assert len(door.calls("editForumTopic")) == 1
    assert (await Peer.get()).shown_chat_id == (await chat_about(hats)).id


async def test_an_import_makes_no_topic_anew_that_was_deleted(door, phone, shoes, maya):
    await phone.opens(shoes)
    await door.delivered()
    phone.person.deletes_topic(topic_of(phone, "Shoes"))
    await importing.run(io.BytesIO(f"coupon_id,title,influencer_id\n{shoes.id},Boots,{maya.id}\n".encode()))
    await door.delivered()
    assert names(phone) == []
    assert (await TelegramTopic.get()).state is TopicState.GONE


async def test_a_topic_that_has_its_name_already_is_renamed_too(door, phone, shoes):
    await phone.opens(shoes)
    await door.delivered()
    await TelegramTopic.all().update(title="Old shoes")
    await phone.opens(shoes)
    await door.delivered()
    assert (await TelegramTopic.get()).title == "Shoes"


@pytest.mark.parametrize("fault", ["timeout_after_sending", "drop", "broken_json", "nonsense"])
async def test_a_topic_that_was_created_though_nobody_heard_of_it_is_found(door, phone, shoes, fault):
    door.telegram.fail_next("createForumTopic", fault)
    await phone.opens(shoes)
    assert names(phone) == ["Re: Shoes"]
    assert len(await said_in(door, phone, "Shoes")) == 1
    assert len(door.calls("createForumTopic")) == 1


@pytest.mark.parametrize("fault", ["drop_before", "html"])
async def test_a_topic_that_was_not_created_is_created_after_a_search(door, phone, shoes, fault):
    door.telegram.fail_next("createForumTopic", fault)
    await phone.opens(shoes)
    assert names(phone) == ["Re: Shoes"]
    assert len(await said_in(door, phone, "Shoes")) == 1
    assert len(door.calls("editForumTopic")) <= topics.MAX_CANDIDATES


@pytest.mark.parametrize("fault", ["timeout_after_sending", "drop"])
async def test_where_topics_are_counted_apart_what_was_created_before_is_removed(
    door, phone, shoes, hats, fault, monkeypatch
):
    count_topics_apart(monkeypatch)
    await phone.opens(hats)
    await door.delivered()
    door.telegram.fail_next("createForumTopic", fault, times=2)
    await phone.opens(shoes)
    await door.delivered()
    assert names(phone) == ["Re: Hats", "Re: Shoes"]
    assert len(await said_in(door, phone, "Shoes")) == 1


async def test_a_topic_of_the_consumers_own_is_not_removed(door, phone, shoes, monkeypatch):
    count_topics_apart(monkeypatch)
    phone.person.begins_topic("Notes")
    door.telegram.fail_next("createForumTopic", "drop")
    await phone.opens(shoes)
    await door.delivered()
    assert names(phone) == ["Notes", "Re: Shoes"]


async def test_a_search_goes_on_where_it_was_left(sleeping, shoes):
    phone = await with_topics(sleeping)
    await phone.starts(f"c_{shoes.id}")
    await topics.wanted(await Peer.get(), await chat_about(shoes), 0, is_renaming=False)
    for _ in range(topics.MAX_CANDIDATES + 5):
        await phone.starts()  # of which nobody knows later that it is no topic
    await phone.says("Do they come in 44?")
    await sleeping.telegram.call(
        cast.BOT_TOKEN, "createForumTopic", {"chat_id": phone.person.id, "name": "Re: Shoes"}
    )
    async with delivering(sleeping.bot):
        await sleeping.delivered()
    assert names(phone) == ["Re: Shoes"]
    assert (await TelegramTopic.get()).telegram_topic_id == topic_of(phone, "Shoes")
    looked_at = [call["message_thread_id"] for call in sleeping.calls("editForumTopic")]
    assert len(looked_at) == len(set(looked_at)) > topics.MAX_CANDIDATES


async def test_a_search_renames_no_topic_that_is_known(door, phone, shoes, hats):
    await phone.opens(hats)
    await door.delivered()
    known = topic_of(phone, "Hats")
    door.telegram.fail_next("createForumTopic", "drop_before")
    await phone.opens(shoes)
    await door.delivered()
    assert names(phone) == ["Re: Hats", "Re: Shoes"]
    assert str(known) not in [call["message_thread_id"] for call in door.calls("editForumTopic")]


async def test_a_topic_of_which_nobody_ever_hears_keeps_nothing_waiting(door, phone, shoes, monkeypatch):
    door.telegram.fail_next("createForumTopic", "drop_before", times=100)
    await phone.opens(shoes)
    await door.answers(shoes, "Welcome!")
    _, answer = await said_in(door, phone, None)
    assert answer == "Welcome!"
    assert len(door.calls("createForumTopic")) == topic_changes.MAX_ATTEMPTS
    assert (await TelegramTopic.get()).state is TopicState.CREATING


async def test_what_is_written_in_an_orphan_binds_it_to_the_chat_whose_name_it_bears(
    door, phone, shoes, hats, monkeypatch
):
    monkeypatch.setattr(topic_changes, "MAX_ATTEMPTS", 1)
    door.telegram.fail_next("createForumTopic", "drop")
    await phone.opens(shoes)
    await phone.opens(hats)
    await says(door, phone, topic_of(phone, "Shoes"), "Do they come in 44?")
    await door.answers(shoes, "They do!")
    assert await door.said(shoes) == ["Do they come in 44?", "They do!"]
    assert await said_in(door, phone, "Shoes") == ["They do!"]
    assert (await TelegramTopic.get(chat__coupon_id=shoes.id)).title == "Shoes"


async def test_a_flood_wait_is_kept(door, phone, shoes):
    wait = {"error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
    door.telegram.fail_next("createForumTopic", wait)
    await phone.opens(shoes)
    assert len(await said_in(door, phone, "Shoes")) == 1
    assert not door.calls("editForumTopic")  # it was surely not created


@pytest.mark.parametrize(
    "refusal",
    [
        FORBIDDEN,
        {"error_code": 400, "description": "Bad Request: the chat is not a forum"},
        {"error_code": 403, "description": "Forbidden: not enough rights"},
        {"error_code": 400, "description": "Bad Request: whatever comes next year"},
    ],
)
async def test_a_refused_topic_leaves_its_chat_outside_and_no_other_is_tried_for_an_hour(
    door, phone, shoes, hats, refusal
):
    door.telegram.fail_next("createForumTopic", refusal, times=100)
    await phone.opens(shoes)
    await phone.opens(hats)
    await phone.opens(shoes)
    assert [text[:9] for text in await said_in(door, phone, None)] == ["Re: Shoes", "Re: Hats\n", "Re: Shoes"]
    assert len(door.calls("createForumTopic")) == 1
    await TelegramTopic.all().update(changed_at=clock.now() - timedelta(hours=2))
    door.telegram.faults.clear()
    await phone.opens(hats)
    await door.delivered()
    assert names(phone) == ["Re: Hats"]


async def test_on_a_day_on_which_no_topic_takes_anything_each_message_is_heard_once_outside(
    door, phone, shoes, hats
):
    door.telegram.fail_next("sendMessage", NO_THREAD, times=100, in_topic=True)
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.answers(shoes, "Welcome!")
    await door.answers(shoes, "Come in!")
    await phone.opens(shoes)
    heard = await said_in(door, phone, None)
    assert [text[:9] for text in heard] == ["Re: Shoes", "Re: Hats\n", "Re: Shoes", "Come in!", "Re: Shoes"]
    assert heard[2] == "Re: Shoes\nWelcome!"
    assert len(door.calls("createForumTopic")) == 1
    assert not await Delivery.filter(state__not="sent").exists()


async def test_what_a_topic_refuses_in_words_that_nobody_knows_is_said_once_outside(door, phone, shoes):
    await phone.opens(shoes)
    await door.delivered()
    refusal = {"error_code": 400, "description": "Bad Request: whatever comes next year"}
    door.telegram.fail_next("sendMessage", refusal, times=100, in_topic=True)
    await door.answers(shoes, "Welcome!")
    await door.answers(shoes, "Come in!")
    assert await said_in(door, phone, None) == ["Re: Shoes\nWelcome!", "Come in!"]
    assert len([call for call in door.calls("sendMessage") if "message_thread_id" in call]) == 2
    assert (await TelegramTopic.get()).state is TopicState.GONE


async def test_a_topic_is_not_given_up_for_what_is_refused_outside_of_it_too(door, phone, shoes):
    await phone.opens(shoes)
    await door.delivered()
    refusal = {"error_code": 400, "description": "Bad Request: whatever comes next year"}
    door.telegram.fail_next("sendMessage", refusal, times=2)
    await door.answers(shoes, "Welcome!")
    await door.answers(shoes, "Come in!")
    assert (await said_in(door, phone, "Shoes"))[1:] == ["Come in!"]
    assert [delivery.error for delivery in await Delivery.filter(state="failed")] == ["refused"]


async def test_on_the_day_on_which_topics_break_one_is_tried_anew(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.delivered()
    door.telegram.fail_next("sendMessage", NO_THREAD, times=100, in_topic=True)
    await phone.opens(shoes)
    await door.answers(hats, "Welcome!")
    for coupon in (hats, shoes, hats):
        await phone.opens(coupon)
    heard = await said_in(door, phone, None)
    assert [text[:9] for text in heard] == ["Re: Shoes", "Re: Hats\n", "Re: Hats\n", "Re: Shoes", "Re: Hats\n"]
    assert len(door.calls("createForumTopic")) == 3


async def test_where_telegram_has_no_method_for_it_a_chat_stays_outside(door, phone, shoes):
    door.telegram.fail_next("createForumTopic", {"error_code": 404, "description": "Not Found"}, times=100)
    await phone.opens(shoes)
    assert len(await said_in(door, phone, None)) == 1
    assert len(door.calls("createForumTopic")) == 1


async def test_a_deleted_topic_is_made_anew_when_its_chat_is_opened_next(door, phone, shoes):
    await phone.opens(shoes)
    await door.delivered()
    phone.person.deletes_topic(topic_of(phone, "Shoes"))
    await door.answers(shoes, "Welcome!")
    assert await said_in(door, phone, None) == ["Re: Shoes\nWelcome!"]
    assert names(phone) == []
    await phone.opens(shoes)
    await door.answers(shoes, "Still here?")
    assert (await said_in(door, phone, "Shoes"))[-1] == "Still here?"


async def test_a_chat_whose_topic_is_gone_opens_in_a_new_one(door, phone, shoes):
    await phone.opens(shoes)
    await door.delivered()
    phone.person.deletes_topic(topic_of(phone, "Shoes"))
    await phone.opens(shoes)
    assert len(await said_in(door, phone, "Shoes")) == 1
    assert await said_in(door, phone, None) == []


@pytest.mark.parametrize("fault", ["timeout_after_sending", "drop", "broken_json", "nonsense"])
async def test_a_topic_that_was_made_anew_though_nobody_heard_of_it_is_found(door, phone, shoes, fault):
    await phone.opens(shoes)
    await door.delivered()
    phone.person.deletes_topic(topic_of(phone, "Shoes"))
    door.telegram.fail_next("createForumTopic", fault)
    await phone.opens(shoes)
    assert len(await said_in(door, phone, "Shoes")) == 1
    assert await said_in(door, phone, None) == []
    assert [topic.state for topic in await TelegramTopic.all().order_by("id")] == [TopicState.GONE, TopicState.OPEN]


async def test_a_kill_right_after_a_topic_was_made_anew_leaves_no_orphan(sleeping, shoes):
    phone = await with_topics(sleeping)
    async with delivering(sleeping.bot):
        await phone.opens(shoes)
        await sleeping.delivered()
    phone.person.deletes_topic(topic_of(phone, "Shoes"))
    await phone.starts(f"c_{shoes.id}")
    peer = await Peer.get(telegram_chat_id=phone.person.id)
    header = await cast.next_step(peer)
    await topics.lose(peer, header.telegram_topic_id)
    assert await topics.wanted(peer, await chat_about(shoes), 0, is_renaming=False)
    await sleeping.telegram.call(
        cast.BOT_TOKEN, "createForumTopic", {"chat_id": phone.person.id, "name": "Re: Shoes"}
    )
    async with delivering(sleeping.bot):
        assert len(await said_in(sleeping, phone, "Shoes")) == 1
    assert await TelegramTopic.filter(state=TopicState.OPEN).count() == 1


async def test_what_lands_outside_says_of_which_chat_it_is_and_is_said_once(door, phone, shoes):
    await phone.opens(shoes)
    await door.delivered()
    door.telegram.fail_next("sendMessage", "lands_elsewhere", words="Welcome!")
    await door.answers(shoes, "Welcome!")
    await door.answers(shoes, "Come in!")
    assert await said_in(door, phone, None) == ["Re: Shoes\nWelcome!", "Come in!"]
    assert len([call for call in door.calls("sendMessage") if "Welcome!" in call["text"]]) == 1
    assert (await TelegramTopic.get()).state is TopicState.GONE
    known = await TelegramMessage.get(part=1).order_by("telegram_message_id").first()
    assert (known.has_label, known.telegram_topic_id) == (True, None)


async def test_what_lands_in_an_unknown_topic_makes_that_the_chats(door, phone, shoes):
    await phone.opens(shoes)
    await door.delivered()
    other = phone.person.begins_topic("Something")
    door.telegram.fail_next("sendMessage", "lands_elsewhere", words="Welcome!", elsewhere=other)
    await door.answers(shoes, "Welcome!")
    await door.answers(shoes, "Come in!")
    assert await said_in(door, phone, other) == ["Welcome!", "Come in!"]


async def test_what_lands_in_another_chats_topic_says_of_which_chat_it_is(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.delivered()
    other = topic_of(phone, "Hats")
    door.telegram.fail_next("sendMessage", "lands_elsewhere", words="Welcome!", elsewhere=other)
    await door.answers(shoes, "Welcome!")
    assert (await said_in(door, phone, other))[-1] == "Re: Shoes\nWelcome!"
    await door.answers(hats, "Hello!")
    assert (await said_in(door, phone, other))[-1] == "Hello!"


async def test_topics_that_are_switched_off_are_left_alone_and_used_again_later(door, phone, shoes):
    await phone.opens(shoes)
    await door.delivered()
    topic = topic_of(phone, "Shoes")
    await switch(door, is_on=False)
    await door.answers(shoes, "Welcome!")
    assert await said_in(door, phone, None) == ["Re: Shoes\nWelcome!"]
    assert "message_thread_id" not in door.calls("sendMessage")[-1]
    await switch(door, is_on=True)
    await door.answers(shoes, "Come in!")
    assert (await said_in(door, phone, topic))[-1] == "Come in!"


async def test_once_topics_are_switched_off_what_was_said_in_them_stands_among_all_else(door, phone, shoes, hats):
    await switch(door, is_on=False)
    await phone.opens(shoes)
    await door.delivered()
    await switch(door, is_on=True)
    await phone.opens(hats)
    await door.delivered()
    await switch(door, is_on=False)
    await door.answers(shoes, "Welcome!")
    await door.answers(hats, "Hello!")
    await door.answers(hats, "Come in!")
    assert (await said_in(door, phone, None))[-3:] == ["Re: Shoes\nWelcome!", "Re: Hats\nHello!", "Come in!"]


async def test_topics_that_are_switched_on_later_are_made_when_a_chat_opens(door, phone, shoes):
    await switch(door, is_on=False)
    await phone.opens(shoes)
    assert names(phone) == []
    await switch(door, is_on=True)
    await phone.opens(shoes)
    await door.delivered()
    assert names(phone) == ["Re: Shoes"]


async def test_what_was_switched_off_though_nobody_knows_yet_is_said_outside(door, phone, shoes):
    await phone.opens(shoes)
    await door.delivered()
    door.telegram.bot.has_topics_enabled = False
    await door.answers(shoes, "Welcome!")
    assert await said_in(door, phone, None) == ["Re: Shoes\nWelcome!"]

    await switch(door, is_on=True)
    await door.answers(shoes, "Come in!")
    assert (await said_in(door, phone, "Shoes"))[-1] == "Come in!"


async def test_a_chat_opened_in_another_ones_topic_has_its_own(door, phone, shoes, hats):
    await phone.opens(shoes)
    await door.delivered()
    await says(door, phone, topic_of(phone, "Shoes"), f"/start c_{hats.id}")
    assert len(await said_in(door, phone, "Hats")) == 1
    assert len(await said_in(door, phone, "Shoes")) == 1
    await says(door, phone, topic_of(phone, "Shoes"), "Do they come in 44?")
    assert await door.said(shoes) == ["Do they come in 44?"]


async def test_a_free_topic_in_which_a_chat_is_opened_is_its_own(door, phone, shoes):
    phone.person.says("/help")
    topic = phone.person.begins_topic("Shopping")
    await says(door, phone, topic, f"/start c_{shoes.id}")
    assert len(await said_in(door, phone, topic)) == 1
    assert names(phone) == ["Shopping"]


async def test_an_answer_to_a_question_stays_there_and_leads_into_the_topic(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.answers(shoes, "Still interested?")
    await door.delivered()
    await says(door, phone, None, "Are they warm?")
    question = await phone.hears("Which coupon")
    await phone.taps(question, "Hats")
    assert (await said_in(door, phone, None)) == ["Passed on to Maya Okafor.\nRe: Hats"]
    assert (await said_in(door, phone, "Hats"))[-1] == "Re: Hats\n\nYou\nAre they warm?"


async def test_a_reply_that_is_filed_elsewhere_is_told_where_it_was_written_and_in_the_topic(
    door, phone, shoes, hats
):
    await phone.opens(shoes)
    await door.delivered()
    phone.person.deletes_topic(topic_of(phone, "Shoes"))
    await door.answers(shoes, "Still interested?")
    offer = await phone.hears("Still interested?")
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.after(phone.person.says("Yes", offer["message_id"]))
    assert (await said_in(door, phone, None))[-1] == "Passed on to Maya Okafor.\nRe: Shoes"
    assert (await said_in(door, phone, "Shoes"))[-1] == "Re: Shoes\n\nYou\nYes"


async def test_what_telegram_tells_of_topics_is_nobodys_message(door, phone, shoes):
    await phone.opens(shoes)
    await door.delivered()
    topic = topic_of(phone, "Shoes")
    await door.after(phone.person.renames_topic(topic, "Mine"))
    for notice in ({"forum_topic_closed": {}}, {"forum_topic_reopened": {}}, {"general_forum_topic_hidden": {}}):
        await phone.tells(message_thread_id=topic, is_topic_message=True, **notice)
    await door.delivered()
    assert await door.said(shoes) == []
    await phone.opens(shoes)
    await door.delivered()
    assert names(phone) == ["Mine"]


async def test_a_bot_that_was_blocked_makes_its_topic_when_it_is_let_in_again(door, phone, shoes):
    await phone.starts()
    await door.delivered()
    blocked = {"error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    door.telegram.fail_next("createForumTopic", blocked)
    door.telegram.fail_next("sendMessage", blocked)
    await phone.starts(f"c_{shoes.id}")
    await door.delivered()
    assert not await TelegramTopic.exists()
    await phone.opens(shoes)
    await door.delivered()
    assert names(phone) == ["Re: Shoes"]


async def test_a_kill_right_after_creating_makes_no_second_topic(sleeping, shoes, monkeypatch):
    phone = await with_topics(sleeping)
    await phone.starts(f"c_{shoes.id}")
    peer = await Peer.get(telegram_chat_id=phone.person.id)
    chat = await chat_about(shoes)
    wanted = await topics.wanted(peer, chat, 0, is_renaming=False)
    assert wanted
    assert not wanted.may_exist
    await sleeping.telegram.call(
        cast.BOT_TOKEN, "createForumTopic", {"chat_id": phone.person.id, "name": "Re: Shoes"}
    )
    async with delivering(sleeping.bot):
        await sleeping.delivered()
    assert names(phone) == ["Re: Shoes"]
    assert (await TelegramTopic.get()).telegram_topic_id == topic_of(phone, "Shoes")


async def chat_about(coupon):
    return await Chat.get(coupon_id=coupon.id).select_related("coupon", "consumer", "influencer")


async def says(door, phone, topic, text):
    await door.after(phone.person.says(text, topic=topic))


async def switch(door, *, is_on):
    door.telegram.bot.has_topics_enabled = is_on
    await door.bot.look_for_topics()


@pytest.mark.parametrize("is_told", [True, False])
async def test_what_telegram_switches_is_noticed_by_itself(door, shoes, monkeypatch, is_told):
    monkeypatch.setattr(bot.app, "TOPICS_INTERVAL", 1000 if is_told else 0.01)
    phone = door.phone()
    await phone.starts()
    watching = asyncio.create_task(door.bot.watch_topics())
    door.telegram.bot.has_topics_enabled = True
    topic = phone.person.begins_topic("Shopping")
    if is_told:
        await says(door, phone, topic, "Hello")
    await eventually(lambda: asyncio.sleep(0, door.bot.has_topics))
    watching.cancel()


async def test_a_server_that_knows_no_topics_has_none(door):
    door.bot.has_topics = True
    door.telegram.fail_next("getMe", {"ok": True, "result": {"id": 1, "is_bot": True, "first_name": "Sunny"}})
    await door.bot.look_for_topics()
    assert not door.bot.has_topics


def count_topics_apart(monkeypatch):
    """Let Telegram number topics by themselves, and not by the messages that begin them."""
    numbers = count(1_000_000)

    def begin(chat, who, whose, topic):
        number = next(numbers)
        chat.topics[number] = {"message_thread_id": number, **topic}
        return chat.add(who, {"from": whose, "message_thread_id": number, "forum_topic_created": topic})

    monkeypatch.setattr(simulator.topics, "begin", begin)
