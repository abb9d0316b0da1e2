"""A consumer says that what they wrote is about another coupon; an influencer says so of it."""

import pytest

from models import Chat, HeldMessage, Message, Move
from services.outgoing import moving
from tests import cast
from tests.bot.conftest import delivering


@pytest.fixture
async def tea(db):
    """A coupon of Ivan's."""
    return await cast.coupon(await cast.outsider(), "Tea")


def buttons_of(message):
    return {button["text"]: button["callback_data"] for row in rows_of(message) for button in row}


def rows_of(message):
    return message.get("reply_markup", {}).get("inline_keyboard", [])


async def chat_about(coupon):
    return await Chat.get(coupon_id=coupon.id).select_related("coupon", "influencer")


async def asked(door, phone, *coupons):
    """Let two messages of theirs be asked about, and the question be the last thing said."""
    for coupon in coupons:
        await phone.opens(coupon)
    await door.answers(coupons[0], "Are you still there?")
    await phone.hears("Are you still there?")
    await phone.says("Do they come in red?")
    await phone.says("And in 44?")
    assert await HeldMessage.all().count() == 2
    return await phone.last()


@pytest.fixture
async def filed(door, phone, shoes, hats, tea):
    """What the question has become, which was answered with Shoes."""
    await phone.taps(await asked(door, phone, shoes, hats, tea), "● 1 · Shoes")
    answer = await phone.last()
    assert list(buttons_of(answer)) == ["Wrong coupon?"]
    return answer


async def test_what_an_answer_has_filed_is_moved_to_another_influencers_chat(door, phone, filed, shoes, tea):
    await phone.taps(await phone.last(), "Wrong coupon?")
    choice = await phone.last()
    assert choice["message_id"] == filed["message_id"]
    assert choice["text"] == "Which coupon are your 2 messages about?\nDo they come in red?"
    assert set(buttons_of(choice)) == {"Hats", "Tea", "Cancel"}
    assert all(len(data) <= 64 for data in buttons_of(choice).values())
    await phone.taps(choice, "Tea")
    moved = await phone.last()
    assert (moved["message_id"], moved["text"]) == (filed["message_id"], "Moved to Re: Tea")
    assert list(buttons_of(moved)) == ["Undo"]
    assert await door.said(tea) == ["Do they come in red?", "And in 44?"]
    assert await door.said(shoes) == ["Are you still there?"]


async def test_from_then_on_they_write_where_it_was_moved_to(door, phone, filed, hats):
    await phone.taps(await phone.last(), "Wrong coupon?")
    await phone.taps(await phone.last(), "Hats")
    await phone.says("In blue?")
    await phone.says("Or in green?", reply_to=filed["message_id"])
    assert await door.said(hats) == ["Do they come in red?", "And in 44?", "In blue?", "Or in green?"]


async def test_it_is_undone_and_they_write_where_it_was(door, phone, filed, shoes, hats):
    await phone.taps(await phone.last(), "Wrong coupon?")
    await phone.taps(await phone.last(), "Hats")
    await phone.taps(await phone.last(), "Undo")
    back = await phone.last()
    assert (back["message_id"], back["text"]) == (filed["message_id"], "Moved back to Re: Shoes")
    await phone.says("In blue?")
    assert await door.said(hats) == []
    assert await door.said(shoes) == ["Are you still there?", "Do they come in red?", "And in 44?", "In blue?"]


async def test_what_was_moved_back_can_be_moved_again(door, phone, filed, tea):
    for button in ("Wrong coupon?", "Hats", "Undo", "Wrong coupon?", "Tea"):
        await phone.taps(await phone.last(), button)
    assert (await phone.last())["text"] == "Moved to Re: Tea"
    assert await door.said(tea) == ["Do they come in red?", "And in 44?"]


async def test_whoever_cancels_has_moved_nothing(door, phone, filed, shoes):
    await phone.taps(await phone.last(), "Wrong coupon?")
    await phone.taps(await phone.last(), "Cancel")
    again = await phone.last()
    assert (again["text"], buttons_of(again)) == (filed["text"], buttons_of(filed))
    assert len(await door.said(shoes)) == 3


async def test_the_last_message_is_moved_from_my_chats(door, phone, shoes, hats, tea):
    for coupon in (hats, tea, shoes):
        await phone.opens(coupon)
    await phone.says("About the shoes")
    await phone.says("About the hats")
    await phone.says("/chats")
    listed = await phone.last()
    await phone.taps(listed, "Wrong coupon?")
    choice = await phone.last()
    assert choice["text"] == "Which coupon is your message about?\nAbout the hats"
    assert set(buttons_of(choice)) == {"Hats", "Tea", "Cancel"}
    assert all(len(data) <= 64 for data in buttons_of(choice).values())
    await phone.taps(choice, "Cancel")
    again = await phone.last()
    assert (again["text"], buttons_of(again)) == (listed["text"], buttons_of(listed))
    await phone.taps(again, "Wrong coupon?")
    await phone.taps(await phone.last(), "Hats")
    assert (await phone.last())["text"] == "Moved to Re: Hats"
    assert (await door.said(shoes), await door.said(hats)) == (["About the shoes"], ["About the hats"])
    await phone.taps(await phone.last(), "Undo")
    assert await door.said(shoes) == ["About the shoes", "About the hats"]


async def test_an_album_is_moved_whole(door, phone, shoes, hats):
    await phone.opens(hats)
    await phone.opens(shoes)
    for number in (1, 2, 3):
        await phone.sends("photo", f"Photo {number}", media_group_id="album")
    await phone.says("/chats")
    await phone.forges(await phone.last(), "wrong_last")
    assert (await phone.last())["text"].startswith("Which coupon is your message about?\n[photo]")
    await phone.taps(await phone.last(), "Hats")
    assert await door.said(hats) == ["Photo 1", "Photo 2", "Photo 3"]


async def test_many_chats_come_in_pages(door, phone, maya, filed, shoes):
    for number in range(1, 13):
        await phone.starts(f"c_{(await cast.coupon(maya, f'Coupon {number}')).id}")
    await phone.taps(filed, "Wrong coupon?")
    seen = list(buttons_of(choice := await shown(door, phone, filed)))
    while "More chats …" in buttons_of(choice):
        await phone.taps(choice, "More chats …")
        seen += buttons_of(choice := await shown(door, phone, filed))
    others = ("More chats …", "Newer chats", "Newest chats", "Cancel")
    labels = [label for label in seen if label not in others]
    assert len(labels) == len(set(labels)) == 14
    assert "Shoes" not in labels
    await phone.taps(choice, labels[-1])
    assert (await shown(door, phone, filed))["text"] == f"Moved to Re: {labels[-1]}"


async def shown(door, phone, message):
    """Give a message as it is by now."""
    await door.delivered()
    return next(each for each in phone.person.messages if each["message_id"] == message["message_id"])


async def test_whoever_has_one_chat_only_is_told_how_to_get_another(door, phone, shoes):
    await phone.opens(shoes)
    await phone.says("About the hats")
    last = await phone.last()
    await phone.forges(last, "wrong_last")
    await door.delivered()
    assert "no other chat yet" in door.calls("answerCallbackQuery")[-1]["text"]
    assert (await phone.last())["text"] == last["text"]


async def test_whoever_has_written_nothing_has_nothing_to_move(door, phone, shoes):
    await phone.opens(shoes)
    await phone.forges(await phone.last(), "wrong_last")
    await door.delivered()
    assert door.calls("answerCallbackQuery")[-1]["text"] == "That isn't there any more."


async def test_two_taps_move_once(door, phone, filed, hats):
    await phone.taps(await phone.last(), "Wrong coupon?")
    data = buttons_of(await phone.last())["Hats"]
    await phone.taps(await phone.last(), "Hats")
    await phone.forges(filed, data)
    await door.delivered()
    assert await Move.filter(from_chat_id__not_isnull=True).count() == 1
    assert door.calls("answerCallbackQuery")[-1]["text"] == "This message has already been moved."
    await phone.taps(await phone.last(), "Undo")
    await phone.forges(filed, f"undo:{(await Move.all().order_by('-id').first()).id}")
    await door.delivered()
    assert await door.said(hats) == []
    assert (await shown(door, phone, filed))["text"] == "Moved back to Re: Shoes"


async def test_nobody_moves_what_another_has_written_nor_to_anothers_chat(door, phone, filed, shoes, hats):
    own = (await Move.get()).id
    ben = door.phone("Ben", None)
    await ben.opens(shoes)
    await ben.says("Mine")
    bens = await Chat.get(coupon_id=shoes.id, consumer__telegram_user_id=ben.person.user.id)
    adas = await Chat.get(coupon_id=hats.id)
    for data in (f"wrong:{own}", f"move:{own}:{bens.id}", f"keep:{own}", f"undo:{own}"):
        await ben.forges(await ben.last(), data)
    await phone.forges(filed, f"move:{own}:{bens.id}")
    written = await Message.get(text="Mine").prefetch_related("telegram_messages")
    await phone.forges(filed, f"move_one:{written.telegram_messages[0].telegram_message_id}:{bens.id}")
    assert await Move.all().count() == 1
    assert await Message.filter(chat_id=bens.id).values_list("text", flat=True) == ["Mine"]
    await phone.forges(filed, f"move:{own}:{adas.id}")
    assert await door.said(hats) == ["Do they come in red?", "And in 44?"]


async def test_the_consumer_is_told_what_an_influencer_has_moved(door, phone, shoes, hats):
    await phone.opens(hats)
    await phone.opens(shoes)
    await phone.says("Do they come in red?")
    chat, to = await chat_about(shoes), await chat_about(hats)
    move = await moving.move(chat, await Message.get(), to, chat.influencer, all_since=False)
    told = await phone.last()
    assert told["text"] == "Maya Okafor has moved your message to Re: Hats"
    assert [span["type"] for span in told["entities"]] == ["bold"]
    await phone.says("In blue?", reply_to=told["message_id"])
    assert await door.said(hats) == ["Do they come in red?", "In blue?"]
    await moving.undo(move, chat.influencer)
    assert (await phone.last())["text"] == "Maya Okafor has moved your message to Re: Shoes"


async def test_the_consumer_is_told_in_their_language_how_many(door, maya, shoes, hats):
    phone = door.phone("Jo", language_code="de")
    await phone.starts(f"c_{hats.id}")
    await phone.starts(f"c_{shoes.id}")
    await phone.says("Eins")
    await phone.says("Zwei")
    chat, to = await chat_about(shoes), await chat_about(hats)
    first = await Message.get(text="Eins")
    await moving.move(chat, first, to, maya, all_since=True)
    assert (await phone.last())["text"] == "Maya Okafor hat 2 Nachrichten von dir nach Re: Hats verschoben"
    reply = await door.answers(hats, "Drei")
    await moving.move(to, reply, chat, maya, all_since=False)
    assert (await phone.last())["text"] == "Maya Okafor hat eine Antwort nach Re: Shoes verschoben"


async def test_what_has_not_been_sent_yet_is_said_about_the_chat_where_it_was_moved(sleeping, shoes, hats):
    phone = sleeping.phone()
    for coupon in (hats, shoes):
        await phone.starts(f"c_{coupon.id}")
    reply = await sleeping.answers(shoes, "They come in red")
    await moving.move(await chat_about(shoes), reply, to := await chat_about(hats), to.influencer, all_since=False)
    async with delivering(sleeping.bot):
        said = await phone.hears("They come in red")
    assert said["text"] == "Re: Hats\nThey come in red"


async def test_with_topics_what_was_moved_is_told_in_the_topic_of_its_new_chat(door, phone, shoes, hats):
    door.telegram.bot.has_topics_enabled = True
    await door.bot.look_for_topics()
    await phone.opens(hats)
    await phone.opens(shoes)
    await door.delivered()
    of_shoes, of_hats = [topic["message_thread_id"] for topic in sorted(phone.person.topics, key=by_name)][::-1]
    await door.after(phone.person.says("Do they come in red?", topic=of_shoes))
    chat, to = await chat_about(shoes), await chat_about(hats)
    move = await moving.move(chat, await Message.get(), to, chat.influencer, all_since=False)
    told = await phone.last()
    assert (told["text"], told["message_thread_id"]) == ("Maya Okafor has moved your message to Re: Hats", of_hats)
    await moving.undo(move, chat.influencer)
    assert (await phone.last())["message_thread_id"] == of_shoes
    await phone.says("/chats")
    await phone.forges(await phone.last(), "wrong_last")
    await phone.taps(await phone.last(), "Hats")
    told = await phone.last()
    assert "Do they come in red?" in told["text"]
    assert told["message_thread_id"] == of_hats
    assert await door.said(hats) == ["Do they come in red?"]


def by_name(topic):
    return topic["name"]
