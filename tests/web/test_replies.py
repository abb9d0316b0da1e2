"""The influencer answers, and hears what became of it."""

import asyncio

import pytest

from models import Delivery, DeliveryState, Message, Peer
from services.chats import history
from services.outgoing import replies
from services.people import invitations
from tests import cast
from tests.web.conftest import fails, says


async def test_a_reply_is_queued_for_the_consumer(panel, chat, ada):
    answer = await panel.posts(f"/chats/{chat.id}/messages", text="It does!")
    assert (answer.status, answer.headers["Location"]) == (303, f"/chats/{chat.id}")
    said = await Message.get()
    assert (said.text, said.delivery_state) == ("It does!", DeliveryState.QUEUED)
    assert (await Delivery.get(message_id=said.id)).peer_id == ada.id
    assert "It does!" in (await panel.opens(f"/chats/{chat.id}")).text


async def test_the_script_gets_the_message_as_the_page_shows_it(panel, chat):
    answer = await panel.replies(chat, "It does!", request_id="abc")
    assert answer.status == 201
    said = await Message.get()
    assert (answer.json["id"], answer.json["isOwn"]) == (said.id, True)
    assert "It does!" in answer.json["html"]
    assert "Sending…" in answer.json["html"]
    assert answer.json["html"] in (await panel.opens(f"/chats/{chat.id}")).text


async def test_the_list_stays_narrowed_after_a_reply(panel, chat):
    answer = await panel.posts(f"/chats/{chat.id}/messages?unread=1&coupon=x%26y", text="It does!")
    assert answer.headers["Location"] == f"/chats/{chat.id}?coupon=x%26y&unread=1"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "Write something first."), (" \n ", "Write something first."), ("\x00", "Write something first.")],
)
async def test_nothing_is_not_sent(panel, chat, text, sentence):
    page = await panel.posts(f"/chats/{chat.id}/messages", text=text)
    assert page.status == 422
    assert sentence in page.text
    assert not await Message.exists()


async def test_what_is_too_long_comes_back_with_its_text(panel, chat):
    text = "A & B " + "x" * replies.MAX_REPLY
    page = await panel.posts(f"/chats/{chat.id}/messages", text=text)
    assert page.status == 422
    assert "This message is too long." in page.text
    assert text.replace("&", "&amp;") in page.text
    by_script = await panel.replies(chat, text)
    assert (by_script.status, by_script.json) == (422, {"error": "This message is too long."})
    assert not await Message.exists()


async def test_a_form_that_is_sent_twice_says_it_once(panel, chat):
    form = (await panel.opens(f"/chats/{chat.id}")).link(r'name="request_id" value="(\w+)"')
    answers = await asyncio.gather(*(panel.replies(chat, "It does!", request_id=form) for _ in range(2)))
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].json["id"] == answers[1].json["id"]
    assert await Message.all().count() == await Delivery.all().count() == 1


async def test_a_form_that_comes_back_with_other_words_hands_them_back_in_a_new_form(panel, chat):
    form = (await panel.opens(f"/chats/{chat.id}")).link(r'name="request_id" value="(\w+)"')
    await panel.posts(f"/chats/{chat.id}/messages", text="It does!", request_id=form)
    page = await panel.posts(f"/chats/{chat.id}/messages", text="It <doesn't>", request_id=form)
    assert page.status == 409
    assert "has sent another message already" in page.text
    assert "It &lt;doesn&#39;t&gt;</textarea>" in page.text
    assert [message.text for message in await Message.all()] == ["It does!"]

    new_form = page.link(r'name="request_id" value="(\w+)"')
    assert new_form != form
    await panel.posts(f"/chats/{chat.id}/messages", text="It <doesn't>", request_id=new_form)
    assert [message.text for message in await history.latest(chat)] == ["It does!", "It <doesn't>"]


async def test_the_script_is_told_that_an_id_is_taken(panel, chat):
    await panel.replies(chat, "It does!", request_id="abc")
    answer = await panel.replies(chat, "It doesn't", request_id="abc")
    assert (answer.status, "Here are your words again" in answer.json["error"]) == (409, True)


async def test_of_two_texts_under_one_id_at_once_one_is_said(panel, chat):
    answers = await asyncio.gather(*(panel.replies(chat, text, request_id="abc") for text in ("One", "Two")))
    assert sorted(answer.status for answer in answers) == [201, 409]
    assert await Message.all().count() == await Delivery.all().count() == 1


@pytest.mark.parametrize("again", ["It does!\r\nReally", "It does!\nReally \n", "It\x00 does!\nReally"])
async def test_what_is_said_alike_is_the_same(panel, chat, again):
    first = await panel.replies(chat, "It does!\nReally", request_id="abc")
    second = await panel.replies(chat, again, request_id="abc")
    assert (second.status, second.json["id"]) == (201, first.json["id"])


async def test_an_id_is_another_in_another_chat(panel, chat, maya, ada):
    hats = await cast.chat(await cast.coupon(maya, "Hats"), ada)
    assert (await panel.replies(chat, "About the summer", request_id="abc")).status == 201
    assert (await panel.replies(hats, "About hats", request_id="abc")).status == 201


async def test_every_form_is_another(panel, chat):
    forms = {(await panel.opens(f"/chats/{chat.id}")).link(r'name="request_id" value="(\w+)"') for _ in range(2)}
    assert len(forms) == 2


@pytest.mark.parametrize("request_id", ["x" * 65, "a b", "ä"])
async def test_an_odd_request_id_is_refused(panel, chat, request_id):
    assert (await panel.replies(chat, "It does!", request_id=request_id)).status == 400
    assert not await Message.exists()


@pytest.mark.parametrize("text", ["\u200b", "\u3164", "\u2800\n", "\U000e0041", "\u0301", "\u202e \u2066"])
async def test_a_reply_of_which_nothing_can_be_seen_is_empty(panel, chat, text):
    for by_script in (True, False):
        page = await panel.posts(f"/chats/{chat.id}/messages", by_script=by_script, text=text)
        assert "Write something first." in page.text
    assert not await Message.exists()


@pytest.mark.parametrize("text", ["👍", "🇩🇪", "👩‍👩‍👧", "1️⃣", "अ", "ا"])
async def test_a_single_sign_is_a_reply(panel, chat, text):
    assert (await panel.replies(chat, text)).status == 201
    assert (await Message.get()).text == text


async def test_nobody_answers_for_another(panel, chat, other_chat):
    missing = await panel.posts("/chats/there-is-none/messages", text="Hello")
    theirs = await panel.posts(f"/chats/{other_chat.id}/messages", text="Hello")
    assert (theirs.status, theirs.text) == (missing.status, missing.text)
    assert theirs.status == 404
    assert not await Message.exists(text="Hello")


async def test_a_chat_with_oneself_is_read_and_not_answered(panel, maya, ada, chat):
    await says(ada, "Is this on?")
    await replies.reply(chat, maya, "It is")
    await fails(ada, "gave_up")
    await invitations.tie(maya.id, await Peer.get(id=ada.id))
    page = await panel.opens(f"/chats/{chat.id}")
    assert "Is this on?" in page.text
    assert "Nobody else would read a reply" in page.text
    assert "<textarea" not in page.text
    answer = await panel.posts(f"/chats/{chat.id}/messages", text="Hello, me")
    assert (answer.status, "Nobody else would read a reply" in answer.text) == (422, True)
    said = await Message.get(text="It is")
    assert (await panel.posts(f"/chats/{chat.id}/messages/{said.id}/delivery")).status == 422
    assert (await Message.get(text="It is")).delivery_state is DeliveryState.FAILED
    assert not await Message.exists(text="Hello, me")


async def test_a_chat_with_a_consumer_can_be_answered(panel, chat):
    page = await panel.opens(f"/chats/{chat.id}")
    assert "Nobody else would read a reply" not in page.text
    assert "<textarea" in page.text


async def test_a_reply_in_the_consumers_other_chat_stays_there(panel, chat, maya, ada):
    hats = await cast.chat(await cast.coupon(maya, "Hats"), ada)
    await panel.replies(chat, "About the summer")
    await panel.replies(hats, "About hats")
    assert "About hats" not in (await panel.opens(f"/chats/{chat.id}")).text.partition('id="messages"')[2]
    assert (await panel.opens("/chats")).rows == [hats.id, chat.id]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("blocked", "They have blocked the bot."),
        ("deactivated", "Their Telegram account no longer exists."),
        ("not_found", "Telegram can’t find them any more."),
        ("never_started", "They have never started the bot."),
        ("refused", "Telegram refused this message."),
        ("gave_up", "Telegram could not be reached for too long."),
        ("expired", "It waited too long to be sent."),
        ("something new", "Telegram did not take it."),
    ],
)
async def test_a_reply_that_failed_says_why(panel, chat, ada, reason, words):
    await panel.replies(chat, "It does!")
    await fails(ada, reason)
    page = await panel.opens(f"/chats/{chat.id}")
    assert "Not delivered." in page.text
    assert words in page.text
    assert ">Try again</button>" in page.text


@pytest.mark.parametrize(
    ("state", "may_be_doubled", "words"),
    [
        ("queued", False, "Sending…"),
        ("sending", False, "Sending…"),
        ("sent", False, "Sent"),
        ("sent", True, "Sent, may have arrived twice"),
        ("uncertain", True, "Not sure it arrived, sending again"),
        ("queued", True, "Not sure it arrived, sending again"),
    ],
)
async def test_a_reply_says_how_far_it_has_come(panel, chat, state, may_be_doubled, words):
    await panel.replies(chat, "It does!")
    await Message.all().update(delivery_state=state, may_be_doubled=may_be_doubled)
    page = await panel.opens(f"/chats/{chat.id}")
    assert f">{words}<" in page.text
    assert "Try again" not in page.text


async def test_a_failed_reply_is_sent_again_once(panel, chat, ada):
    await panel.replies(chat, "It does!")
    await fails(ada, "gave_up")
    again = f"/chats/{chat.id}/messages/{(await Message.get()).id}/delivery"
    first, second = await asyncio.gather(panel.posts(again), panel.posts(again))
    assert [first.status, second.status] == [303, 303]
    assert (await Message.get()).delivery_state is DeliveryState.QUEUED
    assert await Delivery.filter(state=DeliveryState.QUEUED).count() == 1


async def test_the_script_sees_a_failed_reply_on_its_way_again(panel, chat, ada):
    await panel.replies(chat, "It does!")
    await fails(ada, "gave_up")
    message = await Message.get()
    answer = await panel.posts(f"/chats/{chat.id}/messages/{message.id}/delivery", by_script=True)
    assert (answer.status, answer.json["id"]) == (200, message.id)
    assert "Sending…" in answer.json["html"]


async def test_nobody_tries_again_for_another(panel, chat, other_chat, ivan):
    await replies.reply(other_chat, ivan, "Ivan's words")
    await fails(await cast.peer(7002), "gave_up")
    message = await Message.get(sender_id=ivan.id)
    for chat_id in (other_chat.id, chat.id):
        assert (await panel.posts(f"/chats/{chat_id}/messages/{message.id}/delivery")).status == 404
    assert (await Message.get(id=message.id)).delivery_state is DeliveryState.FAILED


async def test_what_the_consumer_said_can_not_be_sent(panel, chat, ada):
    said = await says(ada, "Hello")
    assert (await panel.posts(f"/chats/{chat.id}/messages/{said.id}/delivery")).status == 303
    assert not await Delivery.exists(message_id=said.id)
