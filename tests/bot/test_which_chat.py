"""Which chat a message belongs to, where the bot need not ask."""

from models import Chat, HeldMessage, Message, Peer, TelegramTopic
from services.incoming import topics


async def test_the_chat_opened_last_is_meant(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await phone.says("Are they warm?")
    assert await door.said(hats) == ["Are they warm?"]
    assert await door.said(shoes) == []


async def test_opening_a_chat_again_makes_it_the_one_that_is_meant(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await phone.opens(shoes)
    await phone.says("Do they come in 44?")
    assert await door.said(shoes) == ["Do they come in 44?"]


async def test_an_answer_in_the_open_chat_leaves_it_certain(door, phone, shoes):
    await phone.opens(shoes)
    await door.answers(shoes, "Can I help?")
    await phone.says("Yes!")
    assert await door.said(shoes) == ["Can I help?", "Yes!"]


async def test_a_reply_to_a_header_goes_to_its_chat(door, phone, shoes, hats):
    header = await phone.opens(shoes)
    await phone.opens(hats)
    await door.delivered()
    await phone.says("About these", reply_to=header["message_id"])
    assert await door.said(shoes) == ["About these"]


async def test_a_reply_to_an_influencers_message_goes_to_its_chat_and_names_it(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.says("Do they come in 44?")
    answer = await door.answers(shoes, "They do!")
    heard = await phone.hears("They do!")
    await phone.opens(hats)
    await door.delivered()
    await phone.says("Great", reply_to=heard["message_id"])
    assert await door.said(shoes) == ["Do they come in 44?", "They do!", "Great"]
    assert (await Message.get(text="Great")).reply_to_id == answer.id


async def test_a_reply_to_ones_own_older_message_goes_to_its_chat(door, phone, shoes, hats):
    await phone.opens(shoes)
    mine = await phone.says("Do they come in 44?")
    await phone.opens(hats)
    await phone.says("Or 45", reply_to=mine["message_id"])
    assert await door.said(shoes) == ["Do they come in 44?", "Or 45"]


async def test_a_reply_to_what_is_about_no_chat_goes_to_the_open_one(door, phone, shoes):
    await phone.opens(shoes)
    await phone.says("/help")
    help_ = await phone.hears("How this works")
    await phone.says("Thanks", reply_to=help_["message_id"])
    assert await door.said(shoes) == ["Thanks"]


async def test_a_reply_to_an_older_chat_says_where_it_went(door, phone, shoes, hats):
    header = await phone.opens(shoes)
    await phone.opens(hats)
    await door.delivered()
    await phone.says("About these", reply_to=header["message_id"])
    assert (await phone.last())["text"] == "Passed on to Maya Okafor.\nRe: Shoes"


async def test_a_reply_in_the_chat_that_is_shown_says_nothing(door, phone, shoes):
    header = await phone.opens(shoes)
    await door.delivered()
    before = await phone.heard()
    await phone.says("About these", reply_to=header["message_id"])
    assert await phone.heard() == before


async def test_after_a_reply_elsewhere_the_open_chat_is_named_again(door, phone, shoes, hats):
    header = await phone.opens(shoes)
    await phone.opens(hats)
    await door.delivered()
    await phone.says("About these", reply_to=header["message_id"])
    await phone.says("And the hats?")
    assert await door.said(hats) == ["And the hats?"]
    assert (await phone.last())["text"] == "Passed on to Maya Okafor.\nRe: Hats"


async def test_a_reply_to_passed_on_goes_there_too(door, phone, shoes, hats):
    header = await phone.opens(shoes)
    await phone.opens(hats)
    await door.delivered()
    await phone.says("About these", reply_to=header["message_id"])
    notice = await phone.last()
    await phone.says("And these", reply_to=notice["message_id"])
    assert await door.said(shoes) == ["About these", "And these"]


async def test_another_influencers_word_makes_a_plain_message_uncertain(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.answers(shoes, "Still interested?")
    await phone.hears("Still interested?")
    await phone.says("Yes")
    assert (await HeldMessage.get()).text == "Yes"
    assert not await Message.exists(text="Yes")


async def test_opening_a_chat_makes_it_certain_again(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.answers(shoes, "Still interested?")
    await phone.opens(hats)
    await phone.says("Warm?")
    assert await door.said(hats) == ["Warm?"]


async def test_a_topic_belongs_to_one_chat(door, phone, shoes, hats):
    await phone.opens(shoes)
    await topics.bind(await Peer.get(), 77, await Chat.get(coupon_id=shoes.id))
    header = await phone.opens(hats)
    await door.delivered()
    in_topic = {"message_thread_id": 77, "is_topic_message": True}
    await phone.tells(text="In the topic", **in_topic)
    await phone.tells(text="A reply in it", reply_to_message={**header, "from": header["from"]}, **in_topic)
    await phone.tells(text="Not in it")
    assert await door.said(shoes) == ["In the topic", "A reply in it"]
    assert await door.said(hats) == ["Not in it"]


async def test_starting_in_a_topic_gives_it_to_that_chat(phone, shoes):
    await phone.tells(text=f"/start c_{shoes.id}", message_thread_id=5, is_topic_message=True)
    topic = await TelegramTopic.get().select_related("chat")
    assert (topic.telegram_topic_id, topic.chat.coupon_id) == (5, shoes.id)


async def test_a_thread_of_a_private_chat_is_a_topic_also_where_the_word_is_missing(phone, shoes):
    await phone.tells(text=f"/start c_{shoes.id}", message_thread_id=5)
    topic = await TelegramTopic.get().select_related("chat")
    assert (topic.telegram_topic_id, topic.chat.coupon_id) == (5, shoes.id)


async def test_two_consumers_never_share_a_chat(door, phone, shoes):
    other = door.phone("Ben", None)
    header = await phone.opens(shoes)
    await other.opens(shoes)
    await door.delivered()
    forged = {**header, "chat": other.person.chat.facts}
    await other.tells(text="Mine", reply_to_message=forged)
    [chat] = await Chat.filter(consumer__telegram_user_id=other.person.id)
    assert (await Message.get()).chat_id == chat.id
