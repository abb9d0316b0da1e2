"""The influencer moves messages to another chat of the same consumer."""

import json
from itertools import count

import pytest

from models import Chat, Message, Move, TelegramMessage
from services import telegram_messages
from services.chats import history
from services.incoming import moving
from services.media.contents import Quote
from services.outgoing import replies
from tests import cast
from tests.web.conftest import Panel, sign_in

_telegram_message_ids = count(9000)


@pytest.fixture
async def hats(maya, ada, chat) -> Chat:
    """Ada's other chat with Maya."""
    return await cast.chat(await cast.coupon(maya, "Hats"), ada)


@pytest.fixture
async def tea(ivan, ada) -> Chat:
    """Ada's chat with Ivan."""
    return await cast.chat(await cast.coupon(ivan, "Tea"), ada)


@pytest.fixture
async def wrong(ada, hats, chat) -> Message:
    """What Ada has written in her first chat, and meant for the other."""
    return await said(ada, chat, "Do they come in red?")


async def said(ada, chat, text):
    """Let Ada reply to something that the bot has said about a chat."""
    telegram_message_id = next(_telegram_message_ids)
    await telegram_messages.remember(ada, telegram_message_id, chat.id, None)
    return await cast.says(ada, text, reply_to_telegram_message_id=telegram_message_id)


async def texts_in(chat):
    return [message.text for message in await history.latest(chat)]


async def moves(panel, chat, message, to, **fields):
    return await panel.posts(f"/chats/{chat.id}/moves", message_id=message.id, to=to.id, **fields)


async def test_a_message_is_moved_and_the_page_of_its_old_chat_comes_back(panel, chat, hats, wrong):
    answer = await moves(panel, chat, wrong, hats)
    assert (answer.status, answer.headers["Location"]) == (303, f"/chats/{chat.id}")
    assert (await texts_in(chat), await texts_in(hats)) == ([], ["Do they come in red?"])
    assert (await panel.opens(f"/chats/{hats.id}")).said == [wrong.id]
    assert (await panel.opens(f"/chats/{chat.id}")).said == []


async def test_all_since_is_moved(panel, maya, ada, chat, hats, wrong):
    await replies.reply(chat, maya, "They do")
    await said(ada, chat, "Two, please")
    await moves(panel, chat, wrong, hats, since="1")
    assert await texts_in(hats) == ["Do they come in red?", "They do", "Two, please"]


async def test_the_script_is_told_where_it_is_and_how_to_undo_it(panel, chat, hats, wrong):
    answer = await moves(panel, chat, wrong, hats, by_script=True)
    move = await Move.get()
    undoing = f"/chats/{chat.id}/moves/{move.id}/undoing"
    assert answer.status == 201
    assert answer.json == {"id": move.id, "to": hats.id, "url": f"/chats/{hats.id}", "undoing": undoing}
    assert (await panel.posts(undoing, by_script=True)).status == 204
    assert await texts_in(chat) == ["Do they come in red?"]


async def test_a_form_that_is_sent_twice_moves_once(panel, chat, hats, wrong):
    answers = [await moves(panel, chat, wrong, hats, by_script=True) for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json


async def test_a_move_is_undone_from_either_chat_and_once(panel, chat, hats, wrong):
    await moves(panel, chat, wrong, hats)
    move = await Move.get()
    for _ in range(2):
        answer = await panel.posts(f"/chats/{hats.id}/moves/{move.id}/undoing")
        assert (answer.status, answer.headers["Location"]) == (303, f"/chats/{hats.id}")
    assert (await texts_in(chat), await texts_in(hats)) == (["Do they come in red?"], [])


async def test_nothing_is_moved_to_or_from_a_chat_that_is_not_ones_own(panel, ada, chat, hats, tea, wrong):
    theirs = await said(ada, tea, "For Ivan")
    own = await cast.chat(await cast.coupon(await cast.maya(), "Bags"), await cast.peer(7003, "Ben"))
    for answer in [
        await moves(panel, chat, wrong, tea),
        await moves(panel, tea, theirs, chat),
        await moves(panel, chat, theirs, hats),
        await moves(panel, chat, wrong, own),
        await moves(panel, chat, wrong, chat),
    ]:
        assert answer.status == 404
    assert await texts_in(chat) == ["Do they come in red?"]
    assert not await Move.exists()


async def test_what_is_no_id_is_not_there(panel, chat, hats, wrong):
    for fields in [{}, {"to": hats.id}, {"message_id": wrong.id}, {"message_id": "\x00", "to": "🙈" * 99}]:
        assert (await panel.posts(f"/chats/{chat.id}/moves", **fields)).status == 404
    for move_id in ("0", "x", "-1", "9" * 30, "²"):
        assert (await panel.posts(f"/chats/{chat.id}/moves/{move_id}/undoing")).status == 404


async def test_nobody_undoes_what_was_moved_to_anothers_chat(panel, ada, chat, tea, wrong):
    move = await moving.move(ada, [wrong], tea.id)
    for where in (chat, tea):
        assert (await panel.posts(f"/chats/{where.id}/moves/{move.id}/undoing")).status == 404
    assert await texts_in(tea) == ["Do they come in red?"]


async def test_a_move_is_undone_from_no_other_chat(panel, ada, chat, hats, wrong):
    await moves(panel, chat, wrong, hats)
    bags = await cast.chat(await cast.coupon(await cast.maya(), "Bags"), ada)
    move = await Move.get()
    assert (await panel.posts(f"/chats/{bags.id}/moves/{move.id}/undoing")).status == 404
    assert await texts_in(hats) == ["Do they come in red?"]


async def test_whoever_is_not_signed_in_moves_nothing(visitor, chat, hats, wrong):
    async with visitor.post(
        f"/chats/{chat.id}/moves", data={"message_id": wrong.id, "to": hats.id}, allow_redirects=False
    ) as response:
        assert (response.status, response.headers["Location"].partition("?")[0]) == (303, "/signin")
    assert await texts_in(chat) == ["Do they come in red?"]


async def test_what_was_moved_to_anothers_chat_is_seen_nowhere_by_the_first(panel, ada, chat, tea, wrong):
    page = await panel.opens(f"/chats/{chat.id}")
    assert page.said == [wrong.id]
    async with panel.listens(f"chat={chat.id}&since={page.cursor}") as stream:
        await stream.hears()
        await moving.move(ada, [wrong], tea.id)
        event, told = await stream.hears()
        assert (event, told["messages"], told["movedAway"]) == ("change", [], [wrong.id])
        assert "red" not in json.dumps(told)
    for path in (f"/chats/{chat.id}", "/chats"):
        assert "Do they come in red?" not in (await panel.opens(path)).text
    assert (await panel.opens(f"/chats/{tea.id}")).status == 404
    assert (await panel.posts(f"/chats/{chat.id}/messages/{wrong.id}/delivery")).status == 404
    assert (await panel.opens(f"/chats/{chat.id}?before={wrong.id}")).status == 404


async def test_whoever_shows_the_new_chat_sees_it_come(panel, chat, hats, wrong):
    page = await panel.opens(f"/chats/{hats.id}")
    async with panel.listens(f"chat={hats.id}&since={page.cursor}") as stream:
        await stream.hears()
        await moves(panel, chat, wrong, hats)
        _, told = await stream.hears()
        assert [message["id"] for message in told["messages"]] == [wrong.id]


async def test_what_one_influencer_has_said_is_not_quoted_to_another(visitor, keyring, maya, ivan, ada, chat, tea):
    answered = await replies.reply(chat, maya, "Maya's secret")
    await telegram_messages.remember(ada, 8000, chat.id, answered.id)
    for quote in (None, Quote(text="secret")):
        own = await cast.says(ada, "Is it organic?", reply_to_telegram_message_id=8000, quote=quote)
        await moving.move(ada, [own], tea.id)
    await sign_in(visitor, keyring, ivan)
    page = await Panel(visitor).opens(f"/chats/{tea.id}")
    assert page.text.count("Is it organic?") >= 2
    assert "secret" not in page.text


async def test_what_moves_with_what_it_answers_is_still_its_quote(panel, ada, chat, hats, wrong):
    known = await TelegramMessage.get(message_id=wrong.id)
    answer = await cast.says(ada, "Or blue?", reply_to_telegram_message_id=known.telegram_message_id)
    await moves(panel, chat, wrong, hats, since="1")
    page = await panel.opens(f"/chats/{hats.id}")
    assert page.said == [wrong.id, answer.id]
    assert page.text.count("Do they come in red?") >= 2


async def test_what_stays_in_ones_other_chat_is_quoted_still_and_leads_there(panel, ada, maya, chat, hats):
    answered = await replies.reply(chat, maya, "They come in red")
    await telegram_messages.remember(ada, 8000, chat.id, answered.id)
    own = await cast.says(ada, "And the hats?", reply_to_telegram_message_id=8000)
    await moves(panel, chat, own, hats)
    page = await panel.opens(f"/chats/{hats.id}")
    assert page.said == [own.id]
    origin = page.link(r'(?s)<blockquote class="quote"><a href="([^"#]+)[^>]*>.{0,200}They come in red')
    assert answered.id in (await panel.opens(origin)).said
