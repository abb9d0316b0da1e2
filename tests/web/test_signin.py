"""Coming in by a link that works once, and going."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from database.transactions import transaction
from models import AccessLink, Purpose, Session, User
from services import live
from services.errors import LinkSpent
from services.people import access_links, sessions
from tests.web.conftest import Panel, Stream, sign_in
from web.app import create
from web.sessions import COOKIE


@pytest.fixture
async def token(keyring, maya) -> str:
    return await access_links.make_link(keyring, maya, Purpose.SIGNIN)


async def test_whoever_is_not_signed_in_is_told_how(visitor):
    async with visitor.get("/chats") as response:
        page = await response.text()
    assert response.url.path == "/signin"
    assert "/panel" in page
    assert "@sunny_bot" in page


async def test_the_first_page_is_the_list(visitor):
    async with visitor.get("/", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "/chats")


@pytest.mark.parametrize("path", ["/chats", "/chats/any", "/live"])
async def test_every_page_is_closed_to_strangers(visitor, path):
    async with visitor.get(path, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "/signin")


async def test_the_script_of_a_stranger_is_not_led_in_circles(visitor):
    async with visitor.post("/chats/any/messages", headers={"Accept": "application/json"}) as response:
        assert response.status == 401
        assert await response.json() == {"error": "Sign in again to go on."}


async def test_looking_at_a_link_does_not_use_it_up(visitor, token):
    for _ in range(2):
        async with visitor.get(f"/signin/{token}") as response:
            assert response.status == 200
            assert "Sign in as <bdi>Maya Okafor</bdi>" in await response.text()
    assert not await Session.exists()


async def test_an_influencer_whose_name_is_missing_is_not_called_by_an_id(visitor, keyring):
    nameless = await User.create(id="inf-4711", is_influencer=True)
    token = await access_links.make_link(keyring, nameless, Purpose.SIGNIN)
    async with visitor.get(f"/signin/{token}") as response:
        offer = await response.text()
    async with visitor.post(f"/signin/{token}") as response:
        page = await response.text()
    assert "Sign in as <bdi>yourself</bdi>" in offer
    assert "<bdi>an influencer</bdi>" in page
    assert "inf-4711" not in offer + page


async def test_pressing_the_button_signs_in(visitor, token):
    async with visitor.post(f"/signin/{token}") as response:
        assert response.url.path == "/chats"
        assert "Maya Okafor" in await response.text()


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_link_works_once(visitor, token, method):
    async with visitor.post(f"/signin/{token}"):
        pass
    visitor.session.cookie_jar.clear()
    async with visitor.request(method, f"/signin/{token}", allow_redirects=False) as response:
        assert response.status == 410
        assert "/panel" in await response.text()
        assert "Set-Cookie" not in response.headers


async def test_of_two_who_press_at_once_one_gets_in(visitor, token):
    answers = await asyncio.gather(*(visitor.post(f"/signin/{token}", allow_redirects=False) for _ in range(2)))
    assert sorted(answer.status for answer in answers) == [303, 410]
    assert await Session.all().count() == 1


async def test_an_old_link_has_run_out(visitor, token):
    await AccessLink.all().update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    async with visitor.post(f"/signin/{token}") as response:
        assert response.status == 410


async def test_an_invitation_is_no_way_in(visitor, keyring, maya):
    token = await access_links.make_link(keyring, maya, Purpose.INVITATION)
    async with visitor.post(f"/signin/{token}") as response:
        assert response.status == 410


@pytest.mark.parametrize("token", ["nobodys", "%00", "%ED%A0%80", "x" * 4000, "%F0%9F%A6%8A"])
async def test_made_up_links_all_look_the_same(visitor, token):
    async with visitor.get(f"/signin/{token}") as response, visitor.get("/signin/another") as other:
        assert response.status == other.status == 410
        assert await response.text() == await other.text()


@pytest.mark.parametrize(("url", "is_secure"), [("http://panel.example", False), ("https://panel.example", True)])
async def test_the_cookie_is_for_this_site_and_no_script(aiohttp_client, keyring, token, url, is_secure):
    client = await aiohttp_client(create(keyring, url))
    async with client.post(f"/signin/{token}", allow_redirects=False) as response:
        [cookie] = [given for given in response.headers.getall("Set-Cookie") if "couponchat=" in given]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=2592000" in cookie
    assert ("Secure" in cookie) is is_secure


async def test_by_https_no_neighbour_of_the_site_can_give_a_browser_a_key(aiohttp_client, keyring, token):
    client = await aiohttp_client(create(keyring, "https://panel.example"))
    async with client.post(f"/signin/{token}", allow_redirects=False) as response:
        [cookie] = [given for given in response.headers.getall("Set-Cookie") if "couponchat=" in given]
    name, _, key = cookie.partition(";")[0].partition("=")
    assert name == "__Host-couponchat"
    assert {"Secure", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    for given, status in {f"{name}={key}": 200, f"couponchat={key}": 303}.items():
        async with client.get("/chats", headers={"Cookie": given}, allow_redirects=False) as response:
            assert response.status == status
    async with client.post("/signout", headers={"Cookie": f"{name}={key}"}, allow_redirects=False) as response:
        gone = response.headers["Set-Cookie"]
    assert gone.startswith('__Host-couponchat="";')
    assert {"Secure", "Path=/", "Max-Age=0"} <= {part.strip() for part in gone.split(";")}
    assert await sessions.session_of(keyring, key) is None


async def test_a_stream_by_https_goes_on_for_as_long_as_one_is_signed_in(aiohttp_client, keyring, token, maya):
    client = await aiohttp_client(create(keyring, "https://panel.example"))
    key, session = await sessions.enter(keyring, token)
    async with client.get("/live", headers={"Cookie": f"__Host-couponchat={key}"}) as response:
        tab = Stream(response)
        await tab.is_there()
        await session.delete()
        async with transaction() as tell:
            tell(live.influencer(maya.id))
        assert await tab.hears() == ("reload", None)


async def test_every_sign_in_has_a_key_of_its_own(visitor, keyring, maya):
    await sign_in(visitor, keyring, maya)
    first = _key(visitor)
    await sign_in(visitor, keyring, maya)
    assert _key(visitor) != first
    assert await sessions.session_of(keyring, first) is None


async def test_a_made_up_key_opens_nothing(visitor):
    async with visitor.get("/chats", cookies={COOKIE: "guess"}, allow_redirects=False) as response:
        assert response.status == 303


async def test_signing_out_ends_the_session_here_too(panel, keyring):
    key = _key(panel.client)
    page = await panel.posts("/signout")
    assert (page.status, page.headers["Location"]) == (303, "/signin")
    assert await sessions.session_of(keyring, key) is None
    async with panel.client.get("/chats", cookies={COOKIE: key}, allow_redirects=False) as response:
        assert response.status == 303


async def test_signing_out_leaves_other_browsers_alone(panel, aiohttp_client, app, keyring, maya):
    other = Panel(await aiohttp_client(panel.client.server))
    await sign_in(other.client, keyring, maya)
    await panel.posts("/signout")
    assert (await other.opens("/chats", allow_redirects=False)).status == 200


async def test_a_session_that_is_used_lives_on(panel):
    await Session.all().update(expires_at=datetime.now(UTC) + timedelta(days=3))
    page = await panel.opens("/chats")
    assert "Max-Age=2592000" in page.headers["Set-Cookie"]
    assert (await Session.get()).expires_at > datetime.now(UTC) + timedelta(days=29)


async def test_a_session_that_was_just_used_is_not_written_again(panel):
    assert "Set-Cookie" not in (await panel.opens("/chats")).headers


async def test_a_session_ends_however_much_it_is_used(panel):
    await Session.all().update(
        created_at=datetime.now(UTC) - timedelta(days=80), expires_at=datetime.now(UTC) + timedelta(days=5)
    )
    page = await panel.opens("/chats")
    assert int(re.search(r"Max-Age=(\d+)", page.headers["Set-Cookie"])[1]) <= timedelta(days=10).total_seconds()
    assert (await Session.get()).expires_at < datetime.now(UTC) + timedelta(days=10)
    assert "Set-Cookie" not in (await panel.opens("/chats")).headers
    await Session.all().update(created_at=datetime.now(UTC) - timedelta(days=90))
    assert (await panel.opens("/chats", allow_redirects=False)).status == 303


async def test_whoever_is_signed_out_is_out_everywhere_and_nobody_else_is(
    panel, aiohttp_client, keyring, maya, ivan
):
    links = [await access_links.make_link(keyring, maya, purpose) for purpose in Purpose]
    ivans = Panel(await aiohttp_client(panel.client.server))
    await sign_in(ivans.client, keyring, ivan)
    link_of_ivan = await access_links.make_link(keyring, ivan, Purpose.SIGNIN)
    async with panel.listens() as stream:
        await stream.is_there()
        assert await sessions.sign_out(maya.id) == sessions.SignedOut(1, 2)
        assert await stream.hears() == ("reload", None)
    assert (await panel.opens("/chats", allow_redirects=False)).status == 303
    for link, purpose in zip(links, Purpose, strict=True):
        with pytest.raises(LinkSpent):
            await access_links.owner_of_link(keyring, link, purpose)
    assert (await ivans.opens("/chats", allow_redirects=False)).status == 200
    assert (await access_links.owner_of_link(keyring, link_of_ivan, Purpose.SIGNIN)).id == ivan.id


async def test_whoever_comes_in_while_they_are_signed_out_is_not_in(keyring, maya, token):
    """Whichever is first: the link is gone, or the session that it has begun."""
    for is_first in (True, False):
        link = await access_links.make_link(keyring, maya, Purpose.SIGNIN)
        both = [sessions.enter(keyring, link), sessions.sign_out(maya.id)]
        await asyncio.gather(*(both if is_first else reversed(both)), return_exceptions=True)
        assert not await Session.exists()
        assert not await AccessLink.exists(used_at=None)


async def test_a_session_ends_when_its_time_is_up(panel):
    await Session.all().update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert (await panel.opens("/chats", allow_redirects=False)).status == 303


def _key(client) -> str:
    return next(cookie.value for cookie in client.session.cookie_jar if cookie.key == COOKIE)
