"""Coming in again: to where one wanted to go, with what one wanted to say."""

import base64
import html
import re
from datetime import UTC, datetime, timedelta

import pytest

from models import Chat, Draft, Message, Purpose, Session
from services.chats import drafts
from services.people import access_links, sessions
from tests import cast
from tests.web.conftest import Panel
from web import params
from web.app import create


@pytest.fixture
async def outside(visitor) -> Panel:
    """A browser in which nobody is signed in."""
    return Panel(visitor)


@pytest.fixture
def comes_in(keyring):
    """Sign an influencer in with a browser, and say where that leads."""

    async def signed_in(browser: Panel, influencer) -> str:
        token = await access_links.make_link(keyring, influencer, Purpose.SIGNIN)
        page = await browser.posts(f"/signin/{token}")
        assert page.status == 303
        return page.headers["Location"]

    return signed_in


@pytest.mark.parametrize("query", ["", "?unread=1", "?coupon=x%26y%3D%C3%BC&unread=1"])
async def test_a_link_to_a_chat_leads_there_after_signing_in(outside, comes_in, maya, chat, query):
    page = await outside.opens(f"/chats/{chat.id}{query}", allow_redirects=False)
    assert (page.status, page.headers["Location"]) == (303, "/signin")
    await outside.opens("/signin")
    assert await comes_in(outside, maya) == f"/chats/{chat.id}{query}"
    assert await comes_in(outside, maya) == "/chats"


async def test_a_narrowed_list_is_found_again(outside, comes_in, maya):
    await outside.opens("/chats?unread=1")
    assert await comes_in(outside, maya) == "/chats?unread=1"


async def test_without_a_wish_one_comes_to_ones_chats(outside, comes_in, maya):
    await outside.opens("/chats")
    assert await comes_in(outside, maya) == "/chats"


async def test_the_last_wish_counts_and_the_way_home_is_none(outside, comes_in, maya, chat):
    await outside.opens("/chats?unread=1")
    await outside.opens(f"/chats/{chat.id}")
    await outside.opens("/")
    assert await comes_in(outside, maya) == f"/chats/{chat.id}"


async def test_a_link_to_what_is_anothers_leads_to_ones_own_chats(outside, comes_in, maya, other_chat):
    for chat_id in (other_chat.id, "there-is-none"):
        await outside.opens(f"/chats/{chat_id}?unread=1")
        assert await comes_in(outside, maya) == "/chats"


@pytest.mark.parametrize("path", ["/live?chat={id}", "/chats/{id}?coupon=%00", "/chats/{id}?coupon=" + "x" * 3000])
async def test_what_is_no_page_or_no_address_is_no_wish(outside, comes_in, maya, chat, path):
    await outside.opens(path.format(id=chat.id), allow_redirects=False)
    assert (await comes_in(outside, maya)).partition("?")[0] in ("/chats", f"/chats/{chat.id}")
    assert await comes_in(outside, maya) == "/chats"


async def test_a_wish_that_is_no_text_leads_nowhere_else(outside, keyring, maya):
    token = await access_links.make_link(keyring, maya, Purpose.SIGNIN)
    headers = {"Cookie": b"couponchat-wish=chat%ff=\xff\xed\xa0\x80[".decode("utf-8", "surrogateescape")}
    async with outside.client.post(f"/signin/{token}", headers=headers, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "/chats")


@pytest.mark.parametrize(
    "wish",
    [
        "https://elsewhere.example/",
        "chat=//elsewhere.example",
        "chat=../signout",
        "chat=",
        "%00",
        "chat=a%0D%0Ab",
        "=&=",
    ],
)
async def test_a_forged_wish_leads_nowhere_else(outside, comes_in, maya, wish):
    outside.client.session.cookie_jar.update_cookies({"couponchat-wish": wish})
    assert await comes_in(outside, maya) == "/chats"


async def test_nobody_else_is_led_where_another_wanted_to_go(outside, comes_in, maya, ivan, chat, other_chat):
    await outside.opens(f"/chats/{chat.id}")
    assert await comes_in(outside, ivan) == "/chats"


@pytest.mark.parametrize(("url", "is_secure"), [("http://panel.example", False), ("https://panel.example", True)])
async def test_the_wish_is_for_this_site_and_no_script(aiohttp_client, keyring, chat, url, is_secure):
    client = await aiohttp_client(create(keyring, url))
    async with client.get(f"/chats/{chat.id}", allow_redirects=False) as response:
        cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-") is is_secure
    for word in ("HttpOnly", "SameSite=Lax", "Max-Age=3600", "Path=/"):
        assert word in cookie
    assert ("Secure" in cookie) is is_secure


async def test_a_script_is_given_no_wish(visitor, chat):
    async with visitor.post(f"/chats/{chat.id}/reading", headers={"Accept": "application/json"}) as response:
        assert (response.status, "Set-Cookie" in response.headers) == (401, False)


LONG = "Ä long <reply>\nof two peers " + "ß" * 15_000


@pytest.fixture(params=["signed out elsewhere", "expired", "signed out here", "over after 90 days"])
async def ended(request, panel, maya) -> Panel:
    """Maya's browser, whose session has ended meanwhile."""
    moment = datetime.now(UTC)
    match request.param:
        case "signed out elsewhere":
            await sessions.sign_out(maya.id)
        case "expired":
            await Session.all().update(expires_at=moment)
        case "over after 90 days":
            await Session.all().update(created_at=moment - timedelta(days=90))
        case _:
            await panel.posts("/signout")
    return panel


async def test_words_written_after_a_session_has_ended_come_back(ended, comes_in, maya, chat):
    answer = await ended.posts(f"/chats/{chat.id}/messages?unread=1", text=LONG)
    assert (answer.status, answer.headers["Location"]) == (303, "/signin")
    assert "What you have written is kept" in (await ended.opens("/signin")).text
    assert await comes_in(ended, maya) == f"/chats/{chat.id}?unread=1"
    for _ in range(2):  # also on a page that is loaded anew
        assert _composer(await ended.opens(f"/chats/{chat.id}")) == LONG
    assert not await Message.exists()

    await ended.posts(f"/chats/{chat.id}/messages", text=LONG)
    assert (await Message.get()).text == LONG.replace("\r\n", "\n")
    assert _composer(await ended.opens(f"/chats/{chat.id}")) == ""
    assert not await Draft.exists()
    await ended.posts("/signout")
    assert "What you have written is kept" not in (await ended.opens("/signin")).text


async def test_words_of_the_script_come_back_too(panel, comes_in, maya, chat):
    await sessions.sign_out(maya.id)
    answer = await panel.replies(chat, "It does!")
    assert (answer.status, answer.json["error"]) == (401, "Sign in again to go on.")
    assert await comes_in(panel, maya) == f"/chats/{chat.id}"
    assert _composer(await panel.opens(f"/chats/{chat.id}")) == "It does!"


async def test_words_for_several_chats_are_kept_apart(panel, comes_in, maya, ada, chat):
    hats = await cast.chat(await cast.coupon(maya, "Hats"), ada)
    await sessions.sign_out(maya.id)
    for where, text in ((chat, "About summer"), (hats, "Hats?"), (hats, "About hats")):
        await panel.posts(f"/chats/{where.id}/messages", text=text)
    assert await comes_in(panel, maya) == f"/chats/{hats.id}"
    assert _composer(await panel.opens(f"/chats/{hats.id}")) == "About hats"
    await panel.replies(hats, "Something else")
    assert _composer(await panel.opens(f"/chats/{hats.id}")) == ""
    assert _composer(await panel.opens(f"/chats/{chat.id}")) == "About summer"


async def test_another_person_in_the_same_browser_reads_nothing(panel, comes_in, maya, ivan, chat, other_chat):
    await sessions.sign_out(maya.id)
    await panel.posts(f"/chats/{chat.id}/messages", text="For Maya's consumer")
    assert await comes_in(panel, ivan) == "/chats"
    await Chat.filter(id=chat.id).update(influencer_id=ivan.id)  # even if it were theirs
    page = await panel.opens(f"/chats/{chat.id}")
    assert (page.status, _composer(page)) == (200, "")


async def test_another_browser_of_the_same_influencer_reads_nothing(panel, comes_in, maya, chat, aiohttp_client):
    await sessions.sign_out(maya.id)
    await panel.posts(f"/chats/{chat.id}/messages", text="Planted?")
    other = Panel(await aiohttp_client(panel.client.server))
    assert await comes_in(other, maya) == "/chats"
    other.client.session.cookie_jar.update_cookies({"couponchat-drafts": "1"})
    assert _composer(await other.opens(f"/chats/{chat.id}")) == ""


async def test_strangers_leave_nothing_behind(outside, chat, maya):
    forged = [
        "",
        "key",
        "key.who.sign",
        f"key.{base64.urlsafe_b64encode(maya.id.encode()).decode()}.{'0' * 64}",
        "..",
        "a.\u00ff.b",
        "a.====.b",
    ]
    for cookie in forged:
        outside.client.session.cookie_jar.update_cookies({"couponchat-browser": cookie})
        answer = await outside.posts(f"/chats/{chat.id}/messages", text="Hello")
        assert (answer.status, answer.headers["Location"]) == (303, "/signin")
    odd = {"Cookie": b"couponchat-browser=\xff.\xff.\xff".decode("utf-8", "surrogateescape")}
    path = f"/chats/{chat.id}/messages"
    async with outside.client.post(path, data={"text": "Hi"}, headers=odd, allow_redirects=False) as response:
        assert response.status == 303
    assert not await Draft.exists()


async def test_words_for_a_chat_of_anothers_are_not_kept(panel, comes_in, maya, other_chat):
    await sessions.sign_out(maya.id)
    for chat_id in (other_chat.id, "there-is-none"):
        answer = await panel.posts(f"/chats/{chat_id}/messages", text="Hello")
        assert (answer.status, answer.headers["Location"]) == (303, "/signin")
    assert not await Draft.exists()
    assert "What you have written is kept" not in (await panel.opens("/signin")).text
    assert await comes_in(panel, maya) == "/chats"


@pytest.mark.parametrize("fields", [{}, {"text": " \n"}, {"text": "x" * params.MAX_FORM}])
async def test_nothing_and_too_much_are_not_kept(panel, maya, chat, fields):
    await sessions.sign_out(maya.id)
    answer = await panel.posts(f"/chats/{chat.id}/messages", **fields)
    assert (answer.status, answer.headers["Location"]) == (303, "/signin")
    assert not await Draft.exists()


async def test_no_more_is_kept_than_so_many_and_for_no_longer_than_a_day(panel, comes_in, maya, chat, monkeypatch):
    monkeypatch.setattr(drafts, "MAX_PER_BROWSER", 2)
    others = [await cast.chat(await cast.coupon(maya, f"Hats {n}"), await cast.peer(8000 + n)) for n in range(2)]
    await sessions.sign_out(maya.id)
    for where in (chat, *others):
        await panel.posts(f"/chats/{where.id}/messages", text="Hello")
    assert {draft.chat_id for draft in await Draft.all()} == {other.id for other in others}

    await Draft.filter(chat_id=others[0].id).update(kept_at=datetime.now(UTC) - drafts.KEPT_FOR)
    await comes_in(panel, maya)
    assert _composer(await panel.opens(f"/chats/{others[0].id}")) == ""
    assert _composer(await panel.opens(f"/chats/{others[1].id}")) == "Hello"
    await drafts.forget_the_old()
    assert [draft.chat_id for draft in await Draft.all()] == [others[1].id]


async def test_words_from_another_site_are_not_kept(panel, maya, chat):
    await sessions.sign_out(maya.id)
    path = f"/chats/{chat.id}/messages"
    async with panel.client.post(path, data={"text": "Hi"}, headers={"Sec-Fetch-Site": "cross-site"}) as response:
        assert response.status == 403
    assert not await Draft.exists()


async def test_who_has_been_signed_in_is_for_this_site_and_no_script(aiohttp_client, keyring, maya):
    client = await aiohttp_client(create(keyring, "https://panel.example"))
    token = await access_links.make_link(keyring, maya, Purpose.SIGNIN)
    async with client.post(f"/signin/{token}", allow_redirects=False) as response:
        [cookie] = [value for value in response.headers.getall("Set-Cookie") if "couponchat-browser" in value]
    for word in ("__Host-", "HttpOnly", "SameSite=Lax", "Secure", "Path=/"):
        assert word in cookie


def _composer(page) -> str:
    """Read what stands in the field for the reply."""
    return html.unescape(re.search(r"(?s)<textarea[^>]*>\n?(.*?)</textarea>", page.text)[1])
