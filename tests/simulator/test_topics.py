"""Topics in a private chat, and what goes wrong with them."""

import pytest

REFUSED = {"error_code": 400, "description": "Bad Request: message thread not found"}


@pytest.fixture
def topics(telegram):
    """Switch topics on."""
    telegram.bot.has_topics_enabled = True


@pytest.fixture
async def summer(topics, bot, lina):
    """A topic that the bot has made."""
    created = await bot.gets("createForumTopic", chat_id=lina.id, name="Summer")
    return created["message_thread_id"]


async def say(bot, lina, topic, **more):
    return await bot.gets("sendMessage", chat_id=lina.id, text="Hi", message_thread_id=topic, **more)


async def test_without_topics_there_is_none_to_write_to_and_none_is_made(bot, lina):
    refusal = await bot.refusal("sendMessage", chat_id=lina.id, text="Hi", message_thread_id=1)
    assert refusal == "Bad Request: message thread not found"
    refusal = await bot.refusal("createForumTopic", chat_id=lina.id, name="Summer")
    assert refusal == "Bad Request: BOT_FORUM_CREATE_FORBIDDEN"
    with pytest.raises(ValueError, match="no topics"):
        lina.begins_topic("Shoes")


async def test_what_is_sent_into_a_topic_says_so(bot, lina, summer):
    sent = await say(bot, lina, summer)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (summer, True)
    assert "message_thread_id" not in await bot.gets("sendMessage", chat_id=lina.id, text="Outside")
    await bot.gets("sendChatAction", chat_id=lina.id, message_thread_id=summer, action="typing")
    assert lina.chat.actions == {summer: "typing"}


async def test_what_a_person_writes_in_a_topic_answers_the_message_that_began_it(lina, summer):
    said = lina.says("Hello", topic=summer)
    assert (said["message_thread_id"], said["is_topic_message"]) == (summer, True)
    began = said["reply_to_message"]
    assert (began["message_id"], began["forum_topic_created"]["name"]) == (summer, "Summer")
    replied = lina.says("Hello?", reply_to=said["message_id"], topic=summer)
    assert replied["reply_to_message"]["text"] == "Hello"
    assert "message_thread_id" not in lina.says("Outside")


async def test_a_person_begins_renames_and_deletes_topics(bot, lina, topics):
    shoes = lina.begins_topic("Shoes")
    lina.renames_topic(shoes, "Boots")
    lina.says("Do they fit?", topic=shoes)
    assert [topic["name"] for topic in lina.topics] == ["Boots"]
    lina.deletes_topic(shoes)
    assert [message["text"] for message in lina.messages] == ["/start"]
    refusal = await bot.refusal("sendMessage", chat_id=lina.id, text="Hi", message_thread_id=shoes)
    assert refusal == "Bad Request: message thread not found"
    updates = [update["message"] for update in await bot.gets("getUpdates")]
    assert updates[0]["forum_topic_created"] == {"name": "Shoes", "icon_color": 7322096}
    assert updates[1]["forum_topic_edited"] == {"name": "Boots"}
    assert len(updates) == 3  # and not a word of the deletion


async def test_a_topic_that_is_gone_cannot_be_written_in(lina, summer):
    lina.deletes_topic(summer)
    with pytest.raises(ValueError, match="gone"):
        lina.says("Hello?", topic=summer)


async def test_a_bot_renames_and_deletes_its_topic(bot, lina, summer):
    where = {"chat_id": lina.id, "message_thread_id": summer}
    assert await bot.refusal("editForumTopic", **where, name="Summer") == "Bad Request: TOPIC_NOT_MODIFIED"
    await bot.gets("editForumTopic", **where, name="Winter")
    assert [topic["name"] for topic in lina.topics] == ["Winter"]
    assert "INVALID" in await bot.refusal("editForumTopic", **where, name="x" * 129)
    await bot.gets("deleteForumTopic", **where)
    assert [message["text"] for message in lina.messages] == ["/start"]
    assert await bot.refusal("editForumTopic", **where, name="Spring") == "Bad Request: TOPIC_ID_INVALID"


async def test_switched_off_topics_stay_but_take_nothing(telegram, bot, lina, summer):
    telegram.bot.has_topics_enabled = False
    where = {"chat_id": lina.id, "message_thread_id": summer}
    assert await bot.refusal("sendMessage", **where, text="Hi") == "Bad Request: message thread not found"
    assert await bot.refusal("editForumTopic", **where, name="Winter") == "Bad Request: the chat is not a forum"
    assert "message_thread_id" not in lina.says("Hello?", topic=summer)
    assert not (await bot.gets("getMe"))["has_topics_enabled"]
    telegram.bot.has_topics_enabled = True
    assert (await say(bot, lina, summer))["message_thread_id"] == summer


@pytest.mark.parametrize("is_in_another", [True, False])
async def test_what_is_meant_for_a_topic_can_land_elsewhere(telegram, bot, lina, summer, is_in_another):
    other = lina.begins_topic("Other") if is_in_another else None
    telegram.fail_next("sendMessage", "lands_elsewhere", elsewhere=other)
    await bot.gets("sendMessage", chat_id=lina.id, text="Outside")
    assert (await say(bot, lina, summer)).get("message_thread_id") == other
    assert (await say(bot, lina, summer))["message_thread_id"] == summer


async def test_on_a_bad_day_every_send_into_a_topic_is_refused(telegram, bot, lina, summer):
    telegram.fail_next("send*", REFUSED, times=1000, in_topic=True)
    for _ in range(3):
        refusal = await bot.refusal("sendMessage", chat_id=lina.id, text="Hi", message_thread_id=summer)
        assert refusal == REFUSED["description"]
    await bot.gets("sendMessage", chat_id=lina.id, text="Outside")
    telegram.faults.clear()
    await say(bot, lina, summer)
