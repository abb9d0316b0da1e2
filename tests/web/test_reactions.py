"""The influencer reacts to messages in the panel, and sees how consumers do."""

import pytest

from models import Delivery, DeliveryKind, Message, Reaction
from tests.web.conftest import says


@pytest.fixture
async def question(chat, ada):
    return await says(ada, "Do they fit?")


async def test_a_reaction_is_kept_and_owed(panel, chat, question, maya):
    page = await _reacts(panel, chat, question, "👍", by_script=True)
    assert (page.status, page.json["id"]) == (200, question.id)
    reaction = await Reaction.get()
    assert (reaction.message_id, reaction.sender_id, reaction.emoji) == (question.id, maya.id, "👍")
    assert (await Delivery.get(kind=DeliveryKind.REACTION)).payload == {"messageId": question.id}


async def test_without_the_script_it_leads_back(panel, chat, question):
    page = await _reacts(panel, chat, question, "👍")
    assert (page.status, page.headers["Location"]) == (303, f"/chats/{chat.id}")


async def test_empty_takes_it_back(panel, chat, question):
    for emoji in ("👍", ""):
        await _reacts(panel, chat, question, emoji)
    assert (await Reaction.get()).emoji == ""


@pytest.mark.parametrize("emoji", ["🧦", "👍👍", "yes", "\x00", "👍" * 5000])
async def test_what_telegram_does_not_have_is_refused(panel, chat, question, emoji):
    page = await _reacts(panel, chat, question, emoji, by_script=True)
    if emoji == "\x00":  # nothing that can be read is nothing
        assert page.status == 200
        return
    assert (page.status, page.json["error"]) == (422, "Telegram has no such reaction.")
    assert not await Reaction.exists()


async def test_anothers_message_is_as_not_there(panel, chat, other_chat):
    message = await Message.get(chat_id=other_chat.id)
    for shown in (chat, other_chat):
        assert (await _reacts(panel, shown, message, "👍")).status == 404
    assert not await Reaction.exists()


async def test_a_tab_is_told(panel, chat, question):
    page = await panel.opens(f"/chats/{chat.id}")
    async with panel.listens(f"chat={chat.id}&since={page.cursor}") as tab:
        await _reacts(panel, chat, question, "👍")
        told = await tab.is_told()
        while question.id not in [message["id"] for message in told["messages"]]:
            told = await tab.is_told()


async def test_how_both_react_is_shown_and_how_anybody_else_has_is_not(panel, chat, ada, question, maya, ivan):
    now = question.timestamp
    for sender_id, emoji in ((ada.user_id, "🔥"), (maya.id, "👍"), (ivan.id, "🧦")):
        await Reaction.create(message_id=question.id, sender_id=sender_id, emoji=emoji, at=now)
    text = (await panel.opens(f"/chats/{chat.id}")).text
    assert ("🔥" in text, "🧦" in text) == (True, False)


async def _reacts(panel, chat, message, emoji, **options):
    return await panel.posts(f"/chats/{chat.id}/messages/{message.id}/reaction", emoji=emoji, **options)
