"""The panel's server itself: what it does with those who keep it waiting, and with what is no request."""

import asyncio
import contextlib
import resource
import socket
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from bot.intake import webhook
from models import Message, Purpose
from services.people import access_links, sessions
from tests.web.conftest import PUBLIC_URL, says
from web import server
from web.app import create, create_watch
from web.server import serving
from web.sessions import COOKIE

A_MOMENT = 0.05  # seconds
PATIENCE = 20.0  # seconds until something that must happen counts as not happening
HEALTH = "GET /healthz HTTP/1.1\nHost: x\n\n"
SECRET = f"{webhook.SECRET_HEADER}: secret\n"
FORM = "Content-Type: application/x-www-form-urlencoded\n"


class Line:
    """A connection on which one says, byte by byte, what one likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def says(self, text: str) -> None:
        self.writer.write(text.replace("\n", "\r\n").encode())

    async def hears(self, words: str = "\n\n") -> str:
        """Read until these words have come."""
        async with asyncio.timeout(PATIENCE):
            return (await self.reader.readuntil(words.replace("\n", "\r\n").encode())).decode()

    async def is_cut(self) -> str:
        """Wait until the other side has hung up, and give what it has said before."""
        async with asyncio.timeout(PATIENCE):
            return (await self.reader.read()).decode()


class House:
    """A server, and those who call it."""

    def __init__(self, server: web.Server, port: int) -> None:
        self.server, self.port = server, port
        self._lines: list[Line] = []

    async def call(self) -> Line:
        line = Line(*await asyncio.open_connection("127.0.0.1", self.port))
        self._lines.append(line)
        return line

    async def close(self) -> None:
        for line in self._lines:
            line.writer.close()
            with contextlib.suppress(ConnectionError):
                await line.writer.wait_closed()


@contextlib.asynccontextmanager
async def opened(app: web.Application) -> AsyncIterator[House]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with serving(app, listener) as server:
            house = House(server, listener.getsockname()[1])
            try:
                yield house
            finally:
                await house.close()


@pytest.fixture
async def house(app) -> AsyncIterator[House]:
    async with opened(app) as house:
        yield house


@pytest.fixture
async def cookie(keyring, maya) -> str:
    key, _ = await sessions.enter(keyring, await access_links.make_link(keyring, maya, Purpose.SIGNIN))
    return f"Cookie: {COOKIE}={key}\n"


@pytest.fixture
def hurry(monkeypatch) -> Callable[[str], None]:
    """Let one of the limits be a moment."""
    return lambda name: monkeypatch.setattr(server, name, A_MOMENT)


@pytest.mark.parametrize(
    "begun", ["", "GET", "GET /healthz HTTP/1.1\nHost: x\n", "GET /healthz HTTP/1.1\nX: " + "x" * 5000]
)
async def test_whoever_does_not_say_what_they_want_is_let_go(house, hurry, begun):
    hurry("HEAD_TIMEOUT")
    line = await house.call()
    line.says(begun)
    assert await line.is_cut() == ""


async def test_saying_it_bit_by_bit_takes_no_longer(house, hurry):
    hurry("HEAD_TIMEOUT")
    line = await house.call()
    line.says("GET /healthz HTTP/1.1\n")

    async def trickle() -> None:
        for number in range(100_000):
            line.says(f"X-{number}: x\n")
            await asyncio.sleep(A_MOMENT / 10)

    trickling = asyncio.create_task(trickle())
    with contextlib.suppress(ConnectionError):
        assert await line.is_cut() == ""
    trickling.cancel()


async def test_what_comes_in_pieces_is_answered(house):
    line = await house.call()
    for piece in ("GE", "T /healthz HT", "TP/1.1\nHost:", " x\n", "\n"):
        line.says(piece)
        await line.writer.drain()
        await asyncio.sleep(0)
    assert (await line.hears("ok")).startswith("HTTP/1.1 200 OK")


async def test_a_connection_may_rest_between_requests_but_not_within_one(house, hurry):
    line = await house.call()
    line.says(HEALTH)
    await line.hears("ok")
    hurry("HEAD_TIMEOUT")
    assert await (await house.call()).is_cut() == ""  # so much time has passed
    line.says(HEALTH)
    assert "200 OK" in await line.hears("ok")
    line.says("GET /heal")
    assert await line.is_cut() == ""


async def test_a_connection_that_rests_for_too_long_is_let_go(house, hurry):
    hurry("IDLE_TIMEOUT")
    line = await house.call()
    line.says(HEALTH)
    assert (await line.is_cut()).endswith("ok")


async def test_a_form_that_does_not_come_is_not_waited_for(house, hurry, chat, cookie):
    hurry("BODY_TIMEOUT")
    line = await house.call()
    line.says(f"POST /chats/{chat.id}/messages HTTP/1.1\nHost: x\n{cookie}{FORM}Content-Length: 99\n\ntext=Hel")
    answer = await line.is_cut()
    assert answer.startswith("HTTP/1.1 408 ")
    assert "That took too long" in answer
    assert not await Message.exists()


async def test_an_update_that_does_not_come_is_not_waited_for(app, hurry):
    hurry("BODY_TIMEOUT")
    app.add_routes([webhook.route(None, "secret")])
    async with opened(app) as house:
        line = await house.call()
        line.says(
            f"POST {webhook.PATH} HTTP/1.1\nHost: x\n{webhook.SECRET_HEADER}: secret\nContent-Length: 99\n\n{{"
        )
        assert (await line.is_cut()).startswith("HTTP/1.1 408 ")


@pytest.mark.parametrize("length", ["Content-Length: 99", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("path", ["/chats/{id}/messages", webhook.PATH])
async def test_whoever_goes_in_the_middle_of_something_is_no_fault_of_ours(
    app, logbook, chat, cookie, path, length
):
    app.add_routes([webhook.route(None, "secret")])
    async with opened(app) as house:
        line = await house.call()
        line.says(f"POST {path.format(id=chat.id)} HTTP/1.1\nHost: x\n{cookie}{FORM}{SECRET}{length}\n\n7\ntext")
        await line.writer.drain()
        line.writer.close()
        async with asyncio.timeout(PATIENCE):
            while not logbook.told("web.answered"):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0)
    assert [each["status"] for each in logbook.told("web.answered")] == [400]
    assert {each["level"] for each in logbook.lines} == {"info"}


@pytest.mark.parametrize("path", ["/chats/{id}/messages", webhook.PATH])
async def test_a_body_that_is_none_is_refused_at_once(app, logbook, chat, cookie, path):
    app.add_routes([webhook.route(None, "secret")])
    async with opened(app) as house:
        for length, body in {
            "Transfer-Encoding: chunked": "secret\n\n",
            "Content-Encoding: gzip\nContent-Length: 6": "secret",
        }.items():
            line = await house.call()
            line.says(f"POST {path.format(id=chat.id)} HTTP/1.1\nHost: x\n{cookie}{FORM}{SECRET}")
            line.says(f"Connection: close\n{length}\n\n")
            await line.writer.drain()
            await asyncio.sleep(0)
            line.says(body)
            assert int((await line.is_cut()).split()[1]) in (400, 422)
    assert {each["level"] for each in logbook.lines} == {"info"}
    assert "secret" not in logbook.text
    assert not await Message.exists()


async def test_a_form_that_comes_in_pieces_is_taken(house, chat, cookie):
    line = await house.call()
    line.says(f"POST /chats/{chat.id}/messages HTTP/1.1\nHost: x\n{cookie}{FORM}Content-Length: 10\n\n")
    for piece in ("text", "=He", "llo"):
        line.says(piece)
        await line.writer.drain()
        await asyncio.sleep(0)
    assert (await line.hears()).startswith("HTTP/1.1 303 ")
    assert (await Message.get()).text == "Hello"


async def test_a_tab_listens_for_as_long_as_it_likes(house, hurry, chat, ada, cookie):
    for name in ("HEAD_TIMEOUT", "BODY_TIMEOUT", "SEND_TIMEOUT", "IDLE_TIMEOUT"):
        hurry(name)
    line = await house.call()
    line.says(f"GET /live?chat={chat.id} HTTP/1.1\nHost: x\n{cookie}\n")
    await line.hears("event: present")
    assert await (await house.call()).is_cut() == ""
    await says(ada, "Still there?")
    assert "Still there?" in await line.hears("Still there?")


async def test_an_answer_that_is_not_taken_is_not_kept(app, hurry):
    async def much(_request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 50_000_000)

    app.router.add_get("/much", much)
    async with opened(app) as house:
        patient = await house.call()
        patient.says("GET /much HTTP/1.1\nHost: x\nConnection: close\n\n")
        assert len(await patient.is_cut()) > 50_000_000
        hurry("SEND_TIMEOUT")
        (await house.call()).says("GET /much HTTP/1.1\nHost: x\n\n")
        async with asyncio.timeout(PATIENCE):
            while house.server.requests_count != 2 or house.server.connections:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0)


async def test_of_too_many_connections_the_oldest_goes_that_wants_nothing(app, monkeypatch, chat, cookie):
    monkeypatch.setattr(server, "most_connections", lambda: 3)
    async with opened(app) as house:
        tab = await house.call()
        tab.says(f"GET /live HTTP/1.1\nHost: x\n{cookie}\n")
        await tab.hears("event: present")
        first, second = await house.call(), await house.call()
        second.says(HEALTH)
        await second.hears("ok")
        newest = await house.call()
        newest.says(HEALTH)
        assert "200 OK" in await newest.hears("ok")
        assert await first.is_cut() == ""
        second.says(HEALTH)
        assert "200 OK" in await second.hears("ok")
        assert not tab.reader.at_eof()


@pytest.mark.parametrize(
    ("files", "most"), [(1024, 824), (100, 10), (1_000_000, 5000), (resource.RLIM_INFINITY, 5000)]
)
def test_files_are_left_for_everything_else(monkeypatch, files, most):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    assert server.most_connections() == most


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("GET /signin HTTP/1.1\nHost: x\n\n", 200),
        ("GET /nothing HTTP/1.1\nHost: x\n\n", 404),
        ("DELETE /signin HTTP/1.1\nHost: x\n\n", 405),
        ("GET /secret HTTP/1.1\nsecret\n\n", 400),
        ("\x16\x03\x01secret\n\n", 400),
        ("GET /healthz HTTP/1.1\nHost: x\nExpect: secret\n\n", 417),
        ("GET /" + "secret" * 2000 + " HTTP/1.1\nHost: x\n\n", 400),
    ],
)
@pytest.mark.parametrize("public_url", [PUBLIC_URL, "https://panel.example", None])
async def test_every_answer_says_how_little_it_may_do_and_nothing_of_us(
    db, keyring, logbook, public_url, asked, status
):
    app = create(keyring, public_url) if public_url else create_watch([])
    async with opened(app) as house:
        line = await house.call()
        line.says(asked)
        head = await line.hears()
    headers = dict(each.split(": ", 1) for each in head.splitlines()[1:] if each)
    assert int(head.split()[1]) == (status if public_url or "/signin" not in asked else 404)
    assert headers["Server"] == "couponchat"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"] == "no-store"
    is_by_https = (public_url or "").startswith("https:")
    assert headers.get("Strict-Transport-Security") == ("max-age=31536000" if is_by_https else None)
    assert {line["level"] for line in logbook.lines} <= {"info"}
    assert "secret" not in logbook.text + head
