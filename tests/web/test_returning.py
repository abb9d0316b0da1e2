"""Coming in again: to where one wanted to go, with what one wanted to say."""

import pytest

from models import Purpose
from services import signin
from tests.web.conftest import Panel
from web.app import create


@pytest.fixture
async def outside(visitor) -> Panel:
    """A browser in which nobody is signed in."""
    return Panel(visitor)


@pytest.fixture
def comes_in(keyring):
    """Sign an influencer in with a browser, and say where that leads."""

    async def signed_in(browser: Panel, influencer) -> str:
        token = await signin.make_link(keyring, influencer, Purpose.SIGNIN)
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
    token = await signin.make_link(keyring, maya, Purpose.SIGNIN)
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
