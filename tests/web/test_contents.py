"""What a message holds beside its text is shown as what it says, and nothing in it is believed."""

import pytest

from models import Message
from services.media.contents import Quote
from services.outgoing import replies
from tests import cast
from tests.web.conftest import says

MAP = "https://www.openstreetmap.org/?mlat=52.500000&amp;mlon=13.400000#map=16/52.500000/13.400000"

LINKS = [
    ("location", {"latitude": 52.5, "longitude": 13.4}, MAP),
    ("venue", {"title": "Shop", "address": "Street 1", "latitude": 52.5, "longitude": 13.4}, MAP),
    ("contact", {"phoneNumber": "+49 (151) 12"}, "tel:+4915112"),
    ("story", {"owner": "Maya", "username": "maya", "storyId": 7}, "https://t.me/maya/s/7"),
]


@pytest.mark.parametrize(("kind", "facts", "url"), LINKS, ids=[kind for kind, _, _ in LINKS])
async def test_a_place_a_number_and_a_story_can_be_followed(panel, chat, ada, kind, facts, url):
    await says(ada, "", content=cast.content(kind, facts))
    page = await panel.opens(f"/chats/{chat.id}")
    assert f'href="{url}" target="_blank" rel="nofollow noreferrer"' in page.text


ODD = [
    ("location", {"latitude": float("1e300"), "longitude": 13.4}),
    ("location", {"latitude": "javascript:", "longitude": "x"}),
    ("contact", {"phoneNumber": "javascript:alert()"}),
    ("contact", {"phoneNumber": ["1"], "firstName": {"a": 1}}),
    ("story", {"username": "../evil", "storyId": 7}),
    ("story", {"username": "maya", "storyId": "7/../.."}),
    ("venue", ["odd"]),
    ("poll", {"options": {"a": 1}, "question": 5}),
    ("unknown", {"name": 5}),
    ("photo", {"content": {"a": 1}}),
]
ODD_QUOTES = [
    ["odd"],
    {"details": "odd", "kind": 5, "text": None},
    {"kind": "photo", "files": ["odd", {"size": "x"}]},
]


@pytest.mark.parametrize(("kind", "stored"), ODD, ids=range(len(ODD)))
async def test_what_cannot_be_meant_leads_nowhere(panel, chat, ada, kind, stored):
    said = await says(ada, "Hello")
    await Message.filter(id=said.id).update(kind=kind, details=stored)
    page = await panel.opens(f"/chats/{chat.id}")
    assert page.status == 200
    assert 'rel="nofollow noreferrer"' not in page.text
    assert (await panel.opens("/chats")).status == 200


@pytest.mark.parametrize("stored", ODD_QUOTES, ids=range(len(ODD_QUOTES)))
async def test_a_quote_that_cannot_be_meant_leads_nowhere(panel, chat, ada, stored):
    said = await says(ada, "Hello")
    await Message.filter(id=said.id).update(quote=stored, forwarded_from="odd")
    page = await panel.opens(f"/chats/{chat.id}")
    assert page.status == 200
    assert 'rel="nofollow noreferrer"' not in page.text


async def test_what_was_forwarded_says_so_in_the_row_too(panel, chat, ada):
    await says(ada, "Half off", forwarded_from="Zoe <b>")
    page = await panel.opens(f"/chats/{chat.id}")
    assert "<bdi>[forwarded from Zoe &lt;b&gt;]</bdi>" in page.text
    assert "[forwarded from Zoe &lt;b&gt;] Half off" in page.row(chat)


async def test_the_quoted_part_is_shown_instead_of_all_that_was_answered(panel, chat, ada, maya):
    answer = await replies.reply(chat, maya, "Yes, in 44 and 45")
    said = await says(ada, "That one", quote=Quote(text="44 <b>"))
    await Message.filter(id=said.id).update(reply_to_id=answer.id)
    page = await panel.opens(f"/chats/{chat.id}")
    assert '<b><bdi>You</bdi></b> <span dir="auto">44 &lt;b&gt;</span>' in page.text


async def test_no_word_of_another_chat_is_shown_as_a_quote(panel, chat, ada, other_chat):
    secret = await Message.get(chat_id=other_chat.id)
    said = await says(ada, "That one", quote=Quote(text="Ivan's eyes"))
    await Message.filter(id=said.id).update(reply_to_id=secret.id)
    page = await panel.opens(f"/chats/{chat.id}")
    assert "That one" in page.text
    assert "Ivan" not in page.text


async def test_what_is_quoted_from_elsewhere_says_from_where(panel, chat, ada):
    quote = Quote("Sales", "Half off", cast.content("photo", {"telegramFileId": "x"}))
    await says(ada, "Is this so?", quote=quote)
    page = await panel.opens(f"/chats/{chat.id}")
    assert '<b><bdi>Sales</bdi></b> <span dir="auto">[photo] Half off</span>' in page.text
