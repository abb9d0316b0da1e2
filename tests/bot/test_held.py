"""What may belong to several chats waits until its consumer says to which."""

import asyncio

import pytest

from bot.intake.inbox import Inbox
from bot.outbox import results
from models import Chat, Delivery, HeldMessage, Message, Move, Peer
from services.incoming import held
from services.outgoing import sending
from services.outgoing.sending import Arrival
from tests import cast
from tests.bot.conftest import delivering, handling, in_envelope, until_handled
from tests.bot.deeds import tap

QUESTION = "Which coupon is this about?"


@pytest.fixture
async def torn(door, phone, shoes, hats):
    """A phone on which a plain message may be about the shoes or about the hats."""
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.answers(shoes, "Still interested?")
    await phone.hears("Still interested?")
    return phone


async def test_the_question_has_a_button_for_each_chat(torn):
    said = await torn.says("Yes")
    question = await torn.hears(QUESTION)
    assert sorted(_buttons(question)) == ["Hats", "● 1 · Shoes"]
    assert question["reply_to_message"]["message_id"] == said["message_id"]


async def test_a_tap_files_it_at_its_place(door, torn, shoes):
    await torn.says("Yes")
    question = await torn.hears(QUESTION)
    await door.answers(shoes, "Hello?")
    await torn.taps(question, "● 1 · Shoes")
    assert await door.said(shoes) == ["Still interested?", "Yes", "Hello?"]
    assert not await HeldMessage.exists()


async def test_the_question_turns_into_its_answer(torn):
    await torn.says("Yes")
    question = await torn.hears(QUESTION)
    await torn.taps(question, "● 1 · Shoes")
    answered = await torn.last()
    assert answered["message_id"] == question["message_id"]
    assert answered["text"] == "Passed on to Maya Okafor.\nRe: Shoes"
    assert _buttons(answered) == ["Wrong coupon?"]


async def test_what_an_answer_has_filed_can_be_moved_as_one(torn, shoes):
    await torn.says("Yes")
    await torn.says("In 44")
    await torn.taps(await torn.hears(QUESTION), "● 1 · Shoes")
    move = await Move.get().select_related("to_chat").prefetch_related("messages")
    assert (move.from_chat_id, move.to_chat.coupon_id) == (None, shoes.id)
    assert move.moved_by_id == move.to_chat.consumer_id
    assert [message.text for message in move.messages] == ["Yes", "In 44"]
    [[button]] = (await torn.last())["reply_markup"]["inline_keyboard"]
    assert button["callback_data"] == f"wrong:{move.id}"


async def test_the_chat_that_was_tapped_is_open_now(door, torn, shoes):
    await torn.says("Yes")
    await torn.taps(await torn.hears(QUESTION), "● 1 · Shoes")
    await torn.says("In 44")
    assert await door.said(shoes) == ["Still interested?", "Yes", "In 44"]


async def test_a_reply_to_the_answer_stays_in_its_chat_though_the_answer_had_to_be_given_twice(
    door, torn, shoes, hats
):
    await torn.says("Yes")
    question = await torn.hears(QUESTION)
    door.telegram.fail_next("editMessageText", "drop")
    await torn.taps(question, "● 1 · Shoes")
    await door.answers(hats, "And the hat?")
    await door.delivered()
    await torn.says("In 44", reply_to=question["message_id"])
    assert await door.said(shoes) == ["Still interested?", "Yes", "In 44"]


@pytest.mark.parametrize("parameter", ["c_shoes", None])
async def test_a_question_that_never_arrived_is_asked_when_they_come_back(door, torn, hats, parameter):
    blocked = {"error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    door.telegram.fail_next("sendMessage", blocked, words=QUESTION)
    await torn.says("Yes")
    assert QUESTION not in await torn.heard()
    await torn.starts(parameter)
    await torn.taps(await torn.hears(QUESTION), "Hats")
    assert await door.said(hats) == ["Yes"]


async def test_a_question_that_has_arrived_is_not_asked_again(torn):
    await torn.says("Yes")
    await torn.starts()
    await torn.starts("c_shoes")
    assert (await torn.heard()).count(QUESTION) == 1


async def test_tapped_twice_it_is_filed_once(door, torn, shoes, hats):
    await torn.says("Yes")
    question = await torn.hears(QUESTION)
    torn.person.taps(question["message_id"], "● 1 · Shoes")
    torn.person.taps(question["message_id"], "Hats")
    await asyncio.gather(*(door.take(raw) for raw in await door.pending_updates()))
    await door.delivered()
    assert len(await door.said(shoes) + await door.said(hats)) == 2
    assert [notice.text for notice in torn.person.notices] == ["This message has already been passed on."]


async def test_an_answer_to_what_waits_no_more_says_so(torn):
    await torn.says("Yes")
    question = await torn.hears(QUESTION)
    await HeldMessage.all().delete()
    await torn.taps(question, "Hats")
    await torn.last()
    assert [notice.text for notice in torn.person.notices] == ["That isn't there any more."]


async def test_a_forged_tap_on_anothers_chat_files_nothing(door, torn, shoes):
    ben = door.phone("Ben", None)
    await ben.opens(shoes)
    theirs = await Chat.get(consumer__telegram_user_id=ben.person.id)
    said = await torn.says("Yes")
    await torn.forges(await torn.hears(QUESTION), f"file:{said['message_id']}:{theirs.id}")
    assert (await HeldMessage.get()).text == "Yes"
    assert not await Message.exists(chat_id=theirs.id)


async def test_a_forged_tap_files_nobody_elses_message(door, torn):
    said = await torn.says("Yes")
    ben = door.phone("Ben", None)
    await ben.opens(await cast.coupon(await cast.outsider(), "Tea"))
    chat = await Chat.get(consumer__telegram_user_id=ben.person.id)
    await ben.forges(await ben.last(), f"file:{said['message_id']}:{chat.id}")
    assert (await HeldMessage.get()).text == "Yes"


@pytest.mark.parametrize(
    "data", ["file:1:2", "file:x", "which:" + "9" * 30 + ":0", "open:", f"open:{'a' * 36}\n", "\x00", "🛍" * 16]
)
async def test_nonsense_on_a_button_does_nothing(torn, data):
    await torn.says("Yes")
    await torn.forges(await torn.hears(QUESTION), data)
    await torn.last()
    assert [notice.text for notice in torn.person.notices] == ["That isn't there any more."]
    assert await HeldMessage.exists()


async def test_what_is_written_while_the_question_stands_is_counted_in_it_and_filed_with_it(door, torn, shoes):
    said = await torn.says("Yes")
    question = await torn.hears(QUESTION)
    for number in range(2, 7):
        await torn.says(f"Message {number}")
    counted = await torn.last()
    assert counted["message_id"] == question["message_id"]
    assert (
        counted["text"]
        == f"{QUESTION}\n6 messages of yours wait, from this one on: your answer counts for all of them."
    )
    assert counted["reply_to_message"]["message_id"] == said["message_id"]
    await torn.taps(counted, "● 1 · Shoes")
    assert await door.said(shoes) == ["Still interested?", "Yes", *(f"Message {number}" for number in range(2, 7))]
    assert not await HeldMessage.exists()
    assert [text for text in await torn.heard() if QUESTION in text] == []


async def test_while_a_question_waits_to_be_sent_nothing_more_is_owed(sleeping, shoes, hats):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    await phone.starts(f"c_{hats.id}")
    await sleeping.answers(shoes, "Still interested?")
    for number in range(40):
        await phone.says(f"Message {number}")
    assert await Delivery.filter(kind="question").count() == 1
    async with delivering(sleeping.bot):
        assert "40 messages" in (await phone.last())["text"]
    assert len(sleeping.calls("editMessageText")) == 0


async def test_a_message_that_comes_while_the_question_is_on_its_way_is_counted_after_it(sleeping, shoes, hats):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    await phone.starts(f"c_{hats.id}")
    await sleeping.answers(shoes, "Still interested?")
    await phone.says("Yes")
    await Delivery.exclude(kind="question").update(state="sent")
    step = await cast.next_step(await Peer.get())
    await phone.says("Or no")
    assert await results.sent(step, Arrival([phone.person.chat.add("bot", {"text": QUESTION})["message_id"]]))
    async with delivering(sleeping.bot):
        assert (await phone.last())["text"].startswith(f"{QUESTION}\n2 messages")
    assert len(sleeping.calls("editMessageText")) == 1


async def test_what_is_written_after_something_else_was_said_is_asked_with_it_at_the_bottom(
    door, torn, shoes, hats
):
    said = await torn.says("Yes")
    first = await torn.hears(QUESTION)
    await door.answers(hats, "And the hat?")
    heard = await torn.hears("And the hat?")
    await torn.says("Are they warm?")
    asked = await torn.hears(f"{QUESTION}\n2 messages", after=heard["message_id"])
    assert asked["reply_to_message"]["message_id"] == said["message_id"]
    assert _questions(torn) == [asked["message_id"]] != [first["message_id"]]
    await torn.taps(asked, "● 1 · Hats")
    assert await door.said(hats) == ["Yes", "And the hat?", "Are they warm?"]


async def test_seven_messages_in_doubt_with_answers_in_between_are_one_question(door, torn, shoes, hats):
    for number in range(1, 8):
        await torn.says(f"Message {number}")
        await door.answers(hats if number % 2 else shoes, f"Answer {number}")
        await torn.hears(f"Answer {number}")
    question = await torn.hears(f"{QUESTION}\n7 messages")
    await door.delivered()
    assert _questions(torn) == [question["message_id"]]
    assert question["reply_to_message"]["text"] == "Message 1"
    await torn.taps(question, "● 4 · Shoes")
    said = [text for text in await door.said(shoes) if text.startswith("Message")]
    assert said == [f"Message {number}" for number in range(1, 8)]
    assert not await HeldMessage.exists()
    await door.delivered()
    assert _questions(torn) == []


async def test_a_question_that_waits_behind_nothing_is_asked_once_at_the_bottom(sleeping, shoes, hats):
    phone = await _torn(sleeping, shoes, hats)
    await phone.says("Yes")
    await sleeping.answers(hats, "And the hat?")
    await phone.says("Are they warm?")
    async with delivering(sleeping.bot):
        assert (await phone.heard())[-2:] == ["Re: Hats\nAnd the hat?", _counted(2)]
    assert len(_questions(phone)) == 1
    assert sleeping.calls("deleteMessage") == []


async def test_a_question_that_is_being_sent_while_more_is_said_and_written_is_taken_back_once_it_arrives(
    sleeping, shoes, hats
):
    phone = await _torn(sleeping, shoes, hats)
    await phone.says("Yes")
    step = await _question_begins(sleeping)
    await sleeping.answers(hats, "And the hat?")
    await phone.says("Are they warm?")
    early = _appears(phone)
    await results.sent(step, Arrival([early]))
    async with delivering(sleeping.bot):
        assert (await phone.heard())[-2:] == ["Re: Hats\nAnd the hat?", _counted(2)]
    assert early not in _questions(phone)
    assert len(_questions(phone)) == 1


async def test_a_question_is_taken_back_before_it_is_asked_anew(door, torn, hats):
    await torn.says("Yes")
    await torn.hears(QUESTION)
    await door.answers(hats, "And the hat?")
    await torn.hears("And the hat?")
    await torn.says("Are they warm?")
    await door.delivered()
    methods = [name for name, _, _ in door.telegram.calls if name in ("deleteMessage", "sendMessage")]
    assert methods[-2:] == ["deleteMessage", "sendMessage"]


async def test_a_question_that_was_sent_by_two_stands_once(sleeping, shoes, hats):
    """Whoever sends it first is slow to hear of it, and somebody else sends it again."""
    phone = await _torn(sleeping, shoes, hats)
    await phone.says("Yes")
    slow = await _question_begins(sleeping)
    early = _appears(phone)
    await sending.recover(sleeping.bot.id)
    quick = await cast.next_step(await Peer.get())
    late = _appears(phone)
    await results.sent(quick, Arrival([late]))
    await results.sent(slow, Arrival([early]))
    async with delivering(sleeping.bot):
        await sleeping.delivered()
    assert _questions(phone) == [late]


async def test_messages_that_come_in_another_order_are_asked_about_with_the_first_quoted(door, torn, shoes):
    first, second = torn.writes(text="Yes"), torn.writes(text="In 44")
    await door.receives("message", second)
    await torn.hears(QUESTION)
    await door.receives("message", first)
    question = await torn.hears(_counted(2))
    await door.delivered()
    assert question["reply_to_message"]["message_id"] == first["message_id"]
    assert _questions(torn) == [question["message_id"]]
    await torn.taps(question, "● 1 · Shoes")
    assert await door.said(shoes) == ["Still interested?", "Yes", "In 44"]


async def test_turning_its_page_says_nothing_new_after_a_question(door, torn):
    await torn.says("Yes")
    question = await torn.hears(QUESTION)
    await torn.forges(question, f"which:{question['reply_to_message']['message_id']}:0")
    await torn.says("In 44")
    assert (await torn.last())["message_id"] == question["message_id"]


async def test_a_question_whose_doubt_a_late_tap_takes_away_is_taken_back(door, torn, shoes, hats):
    """Telegram has both, the tap first, and sends the message first."""
    shoes_id = (await Chat.get(coupon_id=shoes.id)).id
    await door.delivered()
    tap(torn, f"open:{shoes_id}")
    torn.person.says("Yes")
    tapped, said = await door.pending_updates()
    await door.take(said)
    await torn.hears(QUESTION)
    await door.take(tapped)
    assert await door.said(shoes) == ["Still interested?", "Yes"]
    await door.delivered()
    assert _questions(torn) == []
    assert not await HeldMessage.exists()


async def test_what_is_left_of_a_question_is_asked_about_in_reply_to_its_first_message(door, torn, shoes):
    await torn.says("Yes")
    await torn.says("In 44")
    shoes_id = (await Chat.get(coupon_id=shoes.id)).id
    tap(torn, f"open:{shoes_id}")
    torn.person.says("Or 45")
    tapped, said = await door.pending_updates()
    await door.take(said)
    await torn.hears(_counted(3))
    await door.take(tapped)
    assert await door.said(shoes) == ["Still interested?", "Or 45"]
    question = await torn.hears(_counted(2))
    await door.delivered()
    assert _questions(torn) == [question["message_id"]]
    assert question["reply_to_message"]["text"] == "Yes"


async def test_a_question_is_asked_in_reply_to_the_next_message_when_its_first_is_filed(door, torn, shoes):
    first = await torn.says("Yes")
    second = await torn.says("In 44")
    await torn.hears(_counted(2))
    await HeldMessage.filter(telegram_message_id=second["message_id"]).update(active_as_of=1)
    await HeldMessage.filter(telegram_message_id=first["message_id"]).update(active_as_of=2**40)
    await torn.opens(shoes)
    await door.delivered()
    assert await door.said(shoes) == ["Still interested?", "Yes"]
    [left] = _questions(torn)
    question = next(message for message in torn.person.messages if message["message_id"] == left)
    assert (question["text"], question["reply_to_message"]["text"]) == (QUESTION, "In 44")


async def test_a_question_on_its_way_is_taken_back_when_it_arrives_for_nothing(sleeping, shoes, hats):
    phone = await _torn(sleeping, shoes, hats)
    shoes_id = (await Chat.get(coupon_id=shoes.id)).id
    tap(phone, f"open:{shoes_id}")
    phone.person.says("Yes")
    tapped, said = await sleeping.pending_updates()
    await sleeping.take(said)
    step = await _question_begins(sleeping)
    await sleeping.take(tapped)
    assert await sleeping.said(shoes) == ["Still interested?", "Yes"]
    await results.sent(step, Arrival([_appears(phone)]))
    async with delivering(sleeping.bot):
        await sleeping.delivered()
    assert _questions(phone) == []


async def test_a_question_that_waits_is_not_asked_when_its_doubt_is_gone(sleeping, shoes, hats):
    phone = await _torn(sleeping, shoes, hats)
    shoes_id = (await Chat.get(coupon_id=shoes.id)).id
    tap(phone, f"open:{shoes_id}")
    phone.person.says("Yes")
    tapped, said = await sleeping.pending_updates()
    await sleeping.take(said)
    await sleeping.take(tapped)
    async with delivering(sleeping.bot):
        assert QUESTION not in await phone.heard()
    assert sleeping.calls("deleteMessage") == []


async def test_an_answer_to_a_question_whose_arrival_we_have_not_heard_of_stays(sleeping, shoes, hats):
    """Its consumer is quicker than our record of it, which comes after all, or never."""
    phone = await _torn(sleeping, shoes, hats)
    said = await phone.says("Yes")
    step = await _question_begins(sleeping)
    question = _appears(phone)
    shoes_id = (await Chat.get(coupon_id=shoes.id)).id
    message = {"message_id": question, "chat": phone.person.chat.facts, "date": 1, "text": QUESTION}
    await phone.forges(message, f"file:{said['message_id']}:{shoes_id}")
    await results.sent(step, Arrival([question]))
    async with delivering(sleeping.bot):
        await sleeping.delivered()
    answered = next(message for message in phone.person.messages if message["message_id"] == question)
    assert answered["text"] == "Passed on to Maya Okafor.\nRe: Shoes"


async def test_a_question_that_is_too_old_to_be_taken_back_says_that_it_is_closed(door, torn, hats):
    await torn.says("Yes")
    question = await torn.hears(QUESTION)
    await door.answers(hats, "And the hat?")
    await torn.hears("And the hat?")
    refusal = {"error_code": 400, "description": "Bad Request: message can't be deleted for everyone"}
    door.telegram.fail_next("deleteMessage", refusal)
    await torn.says("Are they warm?")
    await door.delivered()
    old = next(message for message in torn.person.messages if message["message_id"] == question["message_id"])
    assert old["text"] == "This question is closed."
    assert not _buttons(old)
    assert len(_questions(torn)) == 1


async def test_a_tap_on_a_question_that_is_there_no_more_is_answered_below(door, torn, shoes, hats):
    await torn.says("Yes")
    old = await torn.hears(QUESTION)
    await door.answers(hats, "And the hat?")
    await torn.hears("And the hat?")
    await torn.says("Are they warm?")
    await torn.hears(_counted(2))
    [[_, data], *_] = [
        [button["text"], button["callback_data"]]
        for row in old["reply_markup"]["inline_keyboard"]
        for button in row
        if "Shoes" in button["text"]
    ]
    await torn.forges(old, data)
    await door.delivered()
    assert (await torn.last())["text"] == "Passed on to Maya Okafor.\nRe: Shoes"
    assert _questions(torn) == []
    assert not await HeldMessage.exists()


async def test_turning_the_page_of_an_answered_question_changes_nothing(door, torn):
    said = await torn.says("Yes")
    question = await torn.hears(QUESTION)
    await torn.taps(question, "● 1 · Shoes")
    await torn.forges(question, f"which:{said['message_id']}:0")
    assert (await torn.last())["text"] == "Passed on to Maya Okafor.\nRe: Shoes"


async def test_two_processes_ask_one_question(sleeping, shoes, hats):
    phone = await _torn(sleeping, shoes, hats)
    for number in range(1, 8):
        phone.person.says(f"Message {number}")
    raws = await sleeping.pending_updates()
    async with handling(Inbox(sleeping.bot)) as other:
        for raw in raws:
            inbox = sleeping.inbox if raw["update_id"] % 2 else other
            await inbox.receive([in_envelope(raw)])
        await until_handled()
        async with delivering(sleeping.bot), delivering(sleeping.bot):
            await phone.hears(_counted(7))
            await sleeping.delivered()
    assert len(_questions(phone)) == 1


async def test_a_doubt_about_a_reply_is_a_question_about_that_one_alone(door, torn, shoes, hats):
    help_ = await _help(torn)
    await torn.says("Yes")
    question = await torn.hears(QUESTION)
    await torn.says("Thanks", reply_to=help_["message_id"])
    alone = await torn.hears(QUESTION, after=question["message_id"])
    assert alone["text"] == QUESTION
    await torn.says("Really")
    await torn.taps(alone, "Hats")
    assert await door.said(hats) == ["Thanks"]
    await torn.taps(await torn.hears(_counted(2)), "● 1 · Shoes")
    assert await door.said(shoes) == ["Still interested?", "Yes", "Really"]
    assert not await HeldMessage.exists()
    await door.delivered()
    assert _questions(torn) == []


async def test_a_question_that_the_consumer_has_deleted_is_asked_anew(door, torn, shoes):
    await torn.says("Yes")
    question = await torn.hears(QUESTION)
    torn.person.chat.remove(question["message_id"])
    await torn.says("Hello?")
    asked = await torn.hears(f"{QUESTION}\n2 messages", after=question["message_id"])
    await torn.taps(asked, "● 1 · Shoes")
    assert await door.said(shoes) == ["Still interested?", "Yes", "Hello?"]


async def test_the_next_message_asks_about_what_could_not_be_asked_about_before(door, torn, shoes):
    blocked = {"error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    door.telegram.fail_next("sendMessage", blocked, words=QUESTION)
    await torn.says("Yes")
    await door.delivered()
    await torn.says("Hello?")
    await torn.taps(await torn.hears(f"{QUESTION}\n2 messages"), "● 1 · Shoes")
    assert await door.said(shoes) == ["Still interested?", "Yes", "Hello?"]


async def test_an_earlier_versions_button_files_what_it_was_under(door, torn, shoes):
    said = await torn.says("Yes")
    chat = await Chat.get(coupon_id=shoes.id)
    await torn.forges(await torn.hears(QUESTION), f"file:{said['message_id']}:{chat.id}")
    assert await door.said(shoes) == ["Still interested?", "Yes"]


async def test_as_many_wait_as_one_can_keep_waiting_and_who_has_more_is_told_once(door, torn, shoes, monkeypatch):
    monkeypatch.setattr(held, "MAX_HELD", 3)
    for number in range(1, 7):
        await torn.says(f"Message {number}")
    heard = await torn.heard()
    assert [text for text in heard if "was not kept" in text] == heard[-1:]
    assert heard[-1].startswith("3 messages of yours wait already")
    question = await torn.hears(QUESTION)
    await torn.taps(question, "● 1 · Shoes")
    assert await door.said(shoes) == ["Still interested?", "Message 1", "Message 2", "Message 3"]
    await torn.says("Message 4")
    assert (await door.said(shoes))[-1] == "Message 4"


async def test_whoever_waits_for_their_first_chat_is_told_once_what_is_kept_and_once_what_is_not(
    door, phone, shoes, monkeypatch
):
    monkeypatch.setattr(held, "MAX_HELD", 3)
    for number in range(1, 7):
        await phone.says(f"Message {number}")
    assert ["keeping" in text for text in await phone.heard()] == [True, False]
    other = door.phone("Ben", None)
    await other.says("Hello?")
    assert ["keeping" in text for text in await other.heard()] == [True]
    await phone.opens(shoes)
    await phone.taps(await phone.hears(f"{QUESTION}\n3 messages"), "Shoes")
    assert await door.said(shoes) == ["Message 1", "Message 2", "Message 3"]


async def _help(phone):
    await phone.says("/help")
    return await phone.hears("How this works")


async def test_a_reply_to_what_is_held_is_held_too(torn):
    said = await torn.says("Yes")
    await torn.says("Size 44", reply_to=said["message_id"])
    assert await HeldMessage.all().count() == 2


async def test_an_edit_of_what_is_held_is_filed_as_edited(door, torn, shoes):
    said = await torn.says("Yos")
    question = await torn.hears(QUESTION)
    await torn.edits(said["message_id"], "Yes")
    assert [text for text in await torn.heard() if text == QUESTION] == [QUESTION]
    await torn.taps(question, "● 1 · Shoes")
    message = await Message.get(text="Yes")
    assert message.edited_at
    assert not await Message.exists(text="Yos")


async def test_more_chats_turn_the_page_and_back(door, phone, maya):
    coupons = [await cast.coupon(maya, f"Coupon {number}") for number in range(1, 21)]
    for coupon in coupons:
        await phone.starts(f"c_{coupon.id}")
    await door.answers(coupons[0], "Hello?")
    await phone.hears("Hello?")
    await phone.says("Yes")
    question = await phone.hears(QUESTION)
    assert [len(_buttons(question)), _buttons(question)[-2:]] == [10, ["More chats …", "Find …"]]
    seen = set(_buttons(question))
    for _ in range(2):
        await phone.taps(question, "More chats …")
        question = await phone.last()
        seen |= set(_buttons(question))
    assert {f"Coupon {number}" for number in range(2, 21)} <= seen
    assert "More chats …" not in _buttons(question)
    target = _buttons(question)[0]
    await phone.taps(question, "Newest chats")
    await phone.taps(await phone.last(), "More chats …")
    await phone.taps(await phone.last(), "More chats …")
    await phone.taps(await phone.last(), target)
    assert (await Message.get(text="Yes").select_related("chat__coupon")).chat.coupon.title == target


async def test_two_coupons_of_one_title_are_told_apart(door, phone, maya):
    ivan = await cast.outsider()
    await phone.opens(await cast.coupon(maya, "10% Off", id="a"))
    await phone.opens(await cast.coupon(ivan, "10% Off", id="b"))
    await phone.says("/chats")
    assert sorted(_buttons(await phone.last())) == ["10% Off · Ivan Petrov", "10% Off · Maya Okafor"]


async def test_what_is_written_before_any_chat_is_asked_about_at_the_first_in_one_question(door, phone, shoes):
    texts = [f"Message {number}" for number in range(40)]
    for text in texts:
        await phone.says(text)
    assert len(await phone.heard()) == 1
    await phone.opens(shoes)
    question = await phone.hears(QUESTION)
    assert [QUESTION in text for text in await phone.heard()].count(True) == 1
    assert "40 messages" in question["text"]
    assert question["reply_to_message"]["text"] == "Message 0"
    await phone.taps(question, "Shoes")
    assert await door.said(shoes) == texts
    assert not await HeldMessage.exists()


async def test_an_edit_before_any_chat_is_kept_and_says_nothing(phone):
    said = await phone.says("Helo?")
    before = await phone.heard()
    await phone.edits(said["message_id"], "Hello?")
    assert await phone.heard() == before
    assert (await HeldMessage.get()).text == "Hello?"


async def test_a_refused_link_does_not_ask(phone, shoes):
    await phone.says("Hello?")
    await phone.starts("c_sandals")
    assert QUESTION not in await phone.heard()
    assert await HeldMessage.exists()


def _buttons(message):
    return [button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def _counted(count):
    return f"{QUESTION}\n{count} messages of yours wait, from this one on: your answer counts for all of them."


def _questions(phone):
    """Find the questions that are on the phone now."""
    said = [message for message in phone.person.messages if message["who"] == "bot"]
    return [message["message_id"] for message in said if QUESTION in message.get("text", "")]


async def _torn(door, shoes, hats):
    """Give a phone like the torn one, on which nothing has been heard yet."""
    phone = door.phone()
    await phone.starts(f"c_{shoes.id}")
    await phone.starts(f"c_{hats.id}")
    await door.answers(shoes, "Still interested?")
    return phone


async def _question_begins(door):
    """Let all that was said before a question be there, and the question be on its way."""
    await Delivery.exclude(kind="question").update(state="sent")
    return await cast.next_step(await Peer.get())


def _appears(phone):
    """Let a question be on the phone of which we don't know yet that it is there."""
    return phone.person.chat.add("bot", {"text": QUESTION})["message_id"]
