"""What others may not do to us, and what odd things must not break."""

import asyncio
import json
import re
from urllib.parse import unquote

import asyncpg
import pytest
from aiohttp import FormData, web

from database.errors import DatabaseAway, StartupError
from models import Coupon, Message, User
from services.chats import changes
from services.outgoing import replies
from tests import cast
from tests.web.conftest import PUBLIC_URL, Panel, says, sign_in
from web.app import create
from web.params import MAX_FORM

NASTY = '"><script>alert(1)</script>\u202egnp.exe'


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": PUBLIC_URL},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"{PUBLIC_URL}.evil.example"},
        {"Origin": f"{PUBLIC_URL}:81"},
        {"Origin": "http://"},
        {"Origin": "http://["},
    ],
)
async def test_no_other_site_writes(panel, chat, headers):
    for path in (f"/chats/{chat.id}/messages", "/signout", "/signin/any"):
        async with panel.client.post(path, data={"text": "Hello"}, headers=headers) as response:
            assert response.status == 403
    assert not await Message.exists()
    assert (await panel.opens("/chats", allow_redirects=False)).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://behind-a-proxy.example"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": PUBLIC_URL},
        {"Origin": f"{PUBLIC_URL.upper()}:80"},
        {"Origin": "http://there.example:8080", "Host": "there.example:8080"},
    ],
)
async def test_our_own_pages_write(panel, chat, headers):
    path = f"/chats/{chat.id}/messages"
    accept = {"Accept": "application/json"}
    async with panel.client.post(path, data={"text": "Hello"}, headers=headers | accept) as response:
        assert response.status == 201


@pytest.mark.parametrize(
    "public_url", ["https://panel.example:443", "HTTPS://Panel.Example", "https://panel.example"]
)
async def test_an_address_by_https_is_ours_however_it_is_written_and_by_http_nobodys(
    db, aiohttp_client, keyring, public_url
):
    client = await aiohttp_client(create(keyring, public_url))
    for origin, status in {"https://panel.example": 303, "http://panel.example": 403}.items():
        headers = {"Origin": origin, "Host": "panel.example"}
        async with client.post("/signout", headers=headers, allow_redirects=False) as response:
            assert response.status == status


@pytest.mark.parametrize("path", ["/chats", "/signin", "/signin/spent", "/nothing", "/healthz"])
async def test_every_page_says_how_little_it_may_do(panel, path):
    headers = (await panel.opens(path)).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


async def test_no_page_has_a_script_or_a_style_of_its_own(panel, chat, ada):
    await says(ada, "Hello")
    for path in ("/chats", f"/chats/{chat.id}", "/signin", "/nothing"):
        text = (await panel.opens(path)).text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert text.count("<script") == text.count('<script type="module" src="/static/')


async def test_nasty_names_titles_and_texts_are_shown_as_they_are(panel, chat, ada):
    await Coupon.all().update(title=NASTY, description=NASTY, image_url='https://x.example/"onerror=')
    await User.filter(id=ada.user_id).update(name=NASTY)
    await says(ada, NASTY, content=cast.content("document", {"fileName": NASTY}))
    page = await panel.opens(f"/chats/{chat.id}")
    assert page.status == 200
    assert "<script>alert" not in page.text
    assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt;\u202egnp.exe") >= 8
    assert 'example/"' not in page.text


async def test_only_safe_pictures_are_shown(panel, chat):
    await Coupon.all().update(image_url="javascript:alert(1)")
    assert "<img" not in (await panel.opens(f"/chats/{chat.id}")).text


async def test_a_link_in_a_message_leads_out_without_telling_from_where(panel, chat, ada):
    await says(ada, "See https://shop.example/a?b=1&c=2 and javascript:alert(1)")
    text = (await panel.opens(f"/chats/{chat.id}")).text
    assert 'href="https://shop.example/a?b=1&amp;c=2"' in text
    assert "noreferrer" in text
    assert 'href="javascript' not in text


async def test_characters_that_no_text_can_hold_are_left_out(panel, chat):
    await panel.replies(chat, "a\x00b")
    assert (await Message.get()).text == "ab"


async def test_a_form_may_be_so_big(panel, chat):
    path = f"/chats/{chat.id}/messages"
    assert (await panel.posts(path, text="x" * MAX_FORM)).status == 413
    assert (await panel.posts(path, text="字" * (MAX_FORM // 9 - 10))).status == 422
    assert not await Message.exists()


async def test_a_form_that_does_not_say_its_size_may_be_no_bigger(panel, chat):
    async def body() -> object:
        yield b"text="
        for _ in range(MAX_FORM // 1024 + 1):
            yield b"x" * 1024

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with panel.client.post(f"/chats/{chat.id}/messages", data=body(), headers=headers) as response:
        assert response.status == 413


@pytest.mark.parametrize(
    "path",
    [
        "/chats?after=broken",
        "/chats?after=%00",
        "/chats?after=9999-99-99T00:00:00~x",
        "/chats?after=0001-01-01T00:00:00~x",
        "/chats?coupon=%00",
        "/chats?coupon=%ED%A0%80",
        "/chats?after=2026-01-01T00:00:00~%ED%A0%80",
        "/chats?unread=%F0%9F%A6%8A",
        "/chats/%00",
        "/chats/%ED%A0%80",
        "/chats/" + "9" * 3000,
        "/chats/..%2f..%2fetc",
        "/chats/{id}?before=%00",
        "/chats/{id}?before=" + "9" * 300,
        "/live?since=abc",
        "/live?since=-1",
        "/live?since=%D9%A3",
        "/live?since=" + "9" * 30,
        "/live?chat=%00",
        "/live?coupon=%00",
        "/static/x/../app.py",
        "/static/x/..%2fapp.py",
        "/static/x/%00",
        "/readyz/",
    ],
)
async def test_an_odd_address_is_refused(panel, chat, path):
    page = await panel.opens(path.replace("{id}", chat.id))
    assert page.status in (200, 400, 404)
    if "broken" in path or "%00" in path or "since" in path:
        assert page.status != 200


@pytest.mark.parametrize("odd", ["x" * 37, "x" * 255, "x" * 300, "a%0ab", "a%20b", "%C3%A4", "%00"])
async def test_what_cannot_be_an_id_is_as_not_there(panel, chat, odd):
    missing = await panel.opens("/chats/there-is-none")
    for path in (f"/chats/{odd}", f"/chats/{chat.id}?before={odd}", f"/live?chat={odd}"):
        page = await panel.opens(path)
        assert page.status in (404, 400 if odd == "%00" else 404), path
    assert (await panel.opens(f"/chats/{odd}")).text == missing.text
    for path in (f"/chats/{odd}/messages", f"/chats/{odd}/reading", f"/chats/{chat.id}/messages/{odd}/delivery"):
        assert (await panel.posts(path, text="Hello")).status == 404
    assert (
        await panel.posts(f"/chats/{chat.id}/reading", through=unquote(odd).replace("\x00", "\n"))
    ).status == 404
    assert not await Message.exists()


@pytest.mark.parametrize("coupon", ["x" * 255, "x" * 256, "x" * 3000])
async def test_a_coupon_that_is_not_there_has_no_chats(panel, chat, coupon):
    page = await panel.opens(f"/chats?coupon={coupon}")
    assert (page.status, page.rows) == (200, [])
    async with panel.listens(f"coupon={coupon}") as tab:
        await tab.is_there()


@pytest.mark.parametrize("target", [b"/chats/\xed\xa0\x80", b"/chats?coupon=\xff", b"/signin/\xed\xa0\x80\x80"])
async def test_bytes_that_are_no_text_are_refused(panel, keyring, target):
    cookie = "; ".join(f"{cookie.key}={cookie.value}" for cookie in panel.client.session.cookie_jar)
    reader, writer = await asyncio.open_connection(panel.client.host, panel.client.port)
    writer.write(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n")
    writer.write(f"Cookie: {cookie}\r\n\r\n".encode())
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    assert status in (200, 400, 404, 410)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"text=\xed\xa0\x80"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"text=x"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"text=+2AA-"),
        ("multipart/form-data", b"text=x"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
        ("application/json", b'{"text": "x"}'),
        ("text/plain", b"text=x"),
    ],
)
async def test_an_odd_form_is_refused(panel, chat, content_type, body):
    path, headers = f"/chats/{chat.id}/messages", {"Content-Type": content_type, "Accept": "application/json"}
    async with panel.client.post(path, data=body, headers=headers) as response:
        assert response.status in (201, 400, 422), await response.text()


async def test_a_file_is_no_text(panel, chat):
    form = FormData()
    form.add_field("text", b"hello", filename="hello.txt")
    async with panel.client.post(f"/chats/{chat.id}/messages", data=form) as response:
        assert response.status == 422
    assert not await Message.exists()


async def test_a_form_may_come_in_parts(panel, chat):
    form = FormData(default_to_multipart=True)
    form.add_field("text", "Hello")
    async with panel.client.post(f"/chats/{chat.id}/messages", data=form) as response:
        assert response.status == 200
    assert (await Message.get()).text == "Hello"


@pytest.mark.parametrize(
    "error",
    [
        DatabaseAway(),
        asyncpg.DeadlockDetectedError("deadlock detected"),
        asyncpg.LockNotAvailableError("lock timeout"),
        asyncpg.QueryCanceledError("statement timeout"),
        asyncpg.DiskFullError("no space left on device"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_without_its_database_a_page_asks_for_patience(panel, monkeypatch, error):
    monkeypatch.setattr(changes, "cursor", _always(error))
    page = await panel.opens("/chats")
    assert (page.status, page.headers["Retry-After"]) == (503, "5")
    assert "Back in a moment" in page.text


@pytest.mark.parametrize("error", [OSError("disk full"), TimeoutError(), OverflowError()])
async def test_what_fails_beside_it_is_our_own_mistake(panel, monkeypatch, error):
    monkeypatch.setattr(changes, "cursor", _always(error))
    assert (await panel.opens("/chats")).status == 500


async def test_a_look_that_was_cut_off_is_taken_again(panel, monkeypatch):
    monkeypatch.setattr(changes, "cursor", _once(DatabaseAway(), changes.cursor))
    assert (await panel.opens("/chats")).status == 200


async def test_a_reply_that_was_cut_off_is_for_them_to_send_again(panel, chat, monkeypatch):
    monkeypatch.setattr(replies, "reply", _once(DatabaseAway(), replies.reply))
    async with panel.client.post(f"/chats/{chat.id}/messages", data={"text": "Hello"}) as response:
        assert response.status == 503
    assert not await Message.exists()


async def test_our_own_mistakes_are_told_apart_and_not_shown(panel, monkeypatch):
    async def broken() -> int:
        raise RuntimeError("the inside")

    monkeypatch.setattr(changes, "cursor", broken)
    page = await panel.opens("/chats")
    assert page.status == 500
    assert "Something broke" in page.text
    assert "inside" not in page.text


async def test_the_wrong_way_in_is_said_so(panel):
    async with panel.client.get("/signout") as response:
        assert (response.status, response.headers["Allow"]) == (405, "POST")


async def test_the_process_lives(visitor):
    async with visitor.get("/healthz") as response:
        assert (response.status, await response.text()) == (200, "ok")


async def test_it_is_ready_when_all_checks_say_so(visitor, aiohttp_client, keyring):
    async with visitor.get("/readyz") as response:
        assert (response.status, await response.json()) == (200, {"ready": True})


async def test_it_says_why_it_is_not_ready(db, aiohttp_client, keyring):
    async def fine() -> None: ...

    async def behind() -> str:
        return "The bot takes no updates in."

    async def old() -> None:
        raise StartupError("The database is behind.")

    async def broken() -> None:
        raise RuntimeError("with a password in it")

    client = await aiohttp_client(create(keyring, PUBLIC_URL, readiness=[fine, behind, old, broken]))
    async with client.get("/readyz") as response:
        assert response.status == 503
        assert await response.json() == {
            "ready": False,
            "reasons": [
                "The bot takes no updates in.",
                "The database is behind.",
                "A check failed: RuntimeError",
            ],
        }


async def test_a_route_of_somebody_else_is_left_alone(db, aiohttp_client, keyring, maya):
    async def take_in(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    app = create(keyring, PUBLIC_URL)
    app.router.add_post("/telegram/webhook", take_in)
    client = await aiohttp_client(app)
    body = json.dumps({"update_id": 1, "text": "x" * 200_000})
    async with client.post("/telegram/webhook", data=body) as response:
        assert (response.status, await response.text()) == (200, str(len(body)))


async def test_styles_and_scripts_are_kept_for_ever_under_an_address_that_changes(visitor):
    page = await Panel(visitor).opens("/signin")
    address = page.link(r'href="(/static/[^"]+tokens.css)"')
    async with visitor.get(address) as response:
        assert response.status == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.content_type == "text/css"
    async with visitor.get("/static/of-yesterday/css/tokens.css") as response:
        assert (response.status, response.headers["Cache-Control"]) == (200, "no-cache")
    async with visitor.get("/static/of-yesterday/css/none.css") as response:
        assert response.status == 404


async def test_every_script_that_a_script_names_is_there(visitor, keyring, maya):
    await sign_in(visitor, keyring, maya)
    panel = Panel(visitor)
    folder, _, name = (await panel.opens("/chats")).link(r'<script type="module" src="([^"]+)"').rpartition("/")
    to_do, done = {name}, set()
    while to_do:
        script = await panel.opens(f"{folder}/{(name := to_do.pop())}")
        assert script.status == 200
        assert script.headers["Content-Type"].startswith(("text/javascript", "application/javascript"))
        done.add(name)
        to_do |= set(re.findall(r'from "\./([^"]+)"', script.text)) - done
    assert "live.js" in done


def _always(error):
    async def fail(*_):
        raise error

    return fail


def _once(error, real):
    errors = [error]

    async def fail(*args, **named):
        if errors:
            raise errors.pop()
        return await real(*args, **named)

    return fail
