"""A consumer finds a chat by typing a part of its coupon's title."""

from datetime import timedelta

import pytest

from bot.outbox import results
from database import clock
from models import HeldMessage, Message, Peer, Prompt
from services import pruning
from services.outgoing import sending
from services.outgoing.sending import Arrival
from tests import cast
from tests.bot.conftest import delivering

QUESTION = "Which coupon is this about?"
PROMPT = "Which chat are you looking for? Type a part of the coupon's title."
WHICH = "Which coupon do you mean? Type a part of its title."

TITLES = ["Crème Brûlée", "50% Off Shoes", "Running Shoes", "Hats", "Tea", "Coffee", "Socks", "Gloves", "Scarves"]


@pytest.fixture
async def coupons(maya):
    """Nine coupons, which is one more than a page has."""
    return {title: await cast.coupon(maya, title, id=f"c{number}") for number, title in enumerate(TITLES)}


async def opens_all(phone, coupons):
    for coupon in coupons.values():
        await phone.starts(f"c_{coupon.id}")


@pytest.fixture
async def shopper(door, phone, coupons):
    await opens_all(phone, coupons)
    await door.delivered()
    return phone


async def asks_to_find(phone):
    await phone.says("/chats")
    await phone.taps(await phone.last(), "Find …")
    return await phone.last()


async def test_where_all_chats_are_on_one_page_there_is_nothing_to_find(phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await phone.says("/chats")
    assert "Find …" not in buttons_of(await phone.last())


async def test_find_asks_for_a_part_of_the_title(door, shopper):
    prompt = await asks_to_find(shopper)
    assert prompt["text"] == PROMPT
    asked = [call for call in door.calls("sendMessage") if "force_reply" in str(call)][-1]
    assert "input_field_placeholder" in str(asked["reply_markup"])
    assert (await Prompt.get()).telegram_message_id == prompt["message_id"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("creme", ["Crème Brûlée"]),
        ("BRÛLÉE crè", ["Crème Brûlée"]),
        ("shoes", ["Running Shoes", "50% Off Shoes"]),
        ("shoes run", ["Running Shoes"]),
        ("maya scarves", ["Scarves"]),
    ],
)
async def test_a_reply_to_it_is_the_search(shopper, typed, found):
    prompt = await asks_to_find(shopper)
    await shopper.says(typed, reply_to=prompt["message_id"])
    assert buttons_of(await shopper.last()) == found
    assert not await Message.exists()
    assert not await HeldMessage.exists()


async def test_what_is_found_opens_by_a_tap(door, shopper, coupons):
    prompt = await asks_to_find(shopper)
    await shopper.says("hats", reply_to=prompt["message_id"])
    await shopper.taps(await shopper.last(), "Hats")
    await shopper.says("Are they warm?")
    assert await door.said(coupons["Hats"]) == ["Are they warm?"]


async def test_what_is_not_found_can_be_typed_again(shopper):
    prompt = await asks_to_find(shopper)
    await shopper.says("sandals {typed}", reply_to=prompt["message_id"])
    heard = await shopper.heard()
    assert heard[-2:] == ["None of your chats is about a coupon with “sandals {typed}” in its title.", PROMPT]
    await shopper.says("hats", reply_to=(await shopper.last())["message_id"])
    assert buttons_of(await shopper.last()) == ["Hats"]


async def test_at_most_eight_are_shown(shopper):
    prompt = await asks_to_find(shopper)
    await shopper.says("Maya", reply_to=prompt["message_id"])
    found = await shopper.last()
    assert buttons_of(found) == TITLES[:0:-1]
    assert "These are the newest." in found["text"]


async def test_a_photo_in_reply_to_it_is_no_message(door, shopper):
    prompt = await asks_to_find(shopper)
    shopper.person.sends("photo", reply_to=prompt["message_id"])
    await door.handle_updates()
    assert (await shopper.heard())[-1] == PROMPT
    assert not await Message.exists()


async def test_a_search_that_comes_twice_or_is_edited_is_no_message(door, shopper):
    prompt = await asks_to_find(shopper)
    shopper.person.says("hats", reply_to=prompt["message_id"])
    [raw] = await door.pending_updates()
    await door.take(raw)
    await door.take(raw)
    await door.take({**raw, "update_id": raw["update_id"] + 1000})
    await shopper.edits(raw["message"]["message_id"], "tea")
    assert buttons_of(await shopper.last()) == ["Tea"]
    assert not await Message.exists()
    assert not await HeldMessage.exists()


async def test_a_search_that_cannot_be_read_leaves_no_trace_in_a_chat(door, shopper):
    prompt = await asks_to_find(shopper)
    broken = shopper.writes(text="hats", reply_to_message=prompt)
    await door.receives("message", {**broken, "date": 2**62})
    assert not await Message.exists()


async def test_somebody_elses_chats_are_not_found(door, shopper, maya):
    ben = door.phone("Ben", None)
    await ben.opens(await cast.coupon(maya, "Hats of Ben", id="ben"))
    prompt = await asks_to_find(shopper)
    await shopper.says("hats", reply_to=prompt["message_id"])
    assert buttons_of(await shopper.last()) == ["Hats"]


async def test_the_answer_to_a_question_is_found_too(door, shopper, coupons):
    await is_torn(door, shopper, coupons)
    question = await shopper.hears(QUESTION)
    await shopper.taps(question, "Find …")
    prompt = await shopper.last()
    assert prompt["text"] == WHICH
    await shopper.says("creme", reply_to=prompt["message_id"])
    await shopper.taps(await shopper.last(), "Crème Brûlée")
    assert await door.said(coupons["Crème Brûlée"]) == ["Yes"]
    await door.delivered()
    assert [m for m in shopper.person.messages if QUESTION in m.get("text", "")] == []
    assert (await shopper.heard())[-1].startswith("Passed on to Maya Okafor.\nRe: Crème")


async def test_a_search_for_a_question_that_was_answered_meanwhile_opens_a_chat(door, shopper, coupons):
    await is_torn(door, shopper, coupons)
    question = await shopper.hears(QUESTION)
    await shopper.taps(question, "Find …")
    prompt = await shopper.last()
    await shopper.taps(question, "Scarves")
    await shopper.says("tea", reply_to=prompt["message_id"])
    await shopper.taps(await shopper.last(), "Tea")
    await shopper.says("Green?")
    assert await door.said(coupons["Tea"]) == ["Green?"]


async def test_a_reply_to_the_question_finds(door, shopper, coupons):
    await is_torn(door, shopper, coupons)
    question = await shopper.hears(QUESTION)
    await shopper.says("Creme", reply_to=question["message_id"])
    await shopper.taps(await shopper.last(), "Crème Brûlée")
    assert await door.said(coupons["Crème Brûlée"]) == ["Yes"]


async def test_a_reply_to_the_question_that_is_in_no_title_waits(door, shopper, coupons):
    await is_torn(door, shopper, coupons)
    question = await shopper.hears(QUESTION)
    await shopper.says("The one from yesterday", reply_to=question["message_id"])
    assert await HeldMessage.filter(text="The one from yesterday").exists()


async def test_words_behind_chats_find(shopper):
    await shopper.says("/chats crème")
    assert buttons_of(await shopper.last()) == ["Crème Brûlée"]
    assert (await shopper.heard())[-1] == "Found for “crème”:"
    assert not await Message.exists()


async def test_a_reply_is_a_search_though_we_have_not_heard_that_its_prompt_has_arrived(sleeping, coupons):
    phone = sleeping.phone()
    async with delivering(sleeping.bot):
        await opens_all(phone, coupons)
        await phone.says("/chats")
        listed = await phone.last()
    await phone.taps(listed, "Find …")
    step = await cast.next_step(await Peer.get())
    prompt = phone.person.chat.add("bot", {"text": PROMPT, "from": sleeping.telegram.bot.facts()})
    await phone.says("hats", reply_to=prompt["message_id"])
    await sending.recover(sleeping.bot.id)
    await results.sent(step, Arrival([prompt["message_id"]]))
    async with delivering(sleeping.bot):
        assert "Hats" in buttons_of(await phone.last())
    assert not await Message.exists()
    assert not await HeldMessage.exists()


async def test_a_prompt_is_said_in_the_topic_where_it_was_asked_for(door, telegram, phone, coupons):
    telegram.bot.has_topics_enabled = True
    await door.bot.look_for_topics()
    await opens_all(phone, coupons)
    topic = phone.person.begins_topic("Anything")
    await door.after(phone.person.says("/chats", topic=topic))
    await door.delivered()
    listed = [m for m in phone.person.messages if m["who"] == "bot" and m.get("text", "").startswith("Your chats")][
        -1
    ]
    await phone.taps(listed, "Find …")
    prompt = await phone.hears(PROMPT)
    assert prompt.get("message_thread_id") == topic


async def test_a_page_can_be_turned_back(shopper, maya):
    await shopper.says("/chats")
    first = buttons_of(await shopper.last())
    await shopper.taps(await shopper.last(), "More chats …")
    assert buttons_of(await shopper.last()) == ["Crème Brûlée", "Newer chats", "Find …"]
    await shopper.taps(await shopper.last(), "Newer chats")
    assert buttons_of(await shopper.last()) == first


async def test_prompts_are_forgotten_after_thirty_days(shopper):
    await asks_to_find(shopper)
    await pruning.forget_what_is_done_with()
    assert await Prompt.exists()
    await Prompt.all().update(sent_at=clock.now() - timedelta(days=31))
    await pruning.forget_what_is_done_with()
    assert not await Prompt.exists()


async def is_torn(door, phone, coupons):
    """Let a plain message be in doubt."""
    await door.answers(coupons["Hats"], "Still interested?")
    await phone.hears("Still interested?")
    await phone.says("Yes")


def buttons_of(message):
    return [button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]
