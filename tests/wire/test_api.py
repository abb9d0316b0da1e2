"""What becomes of calls on the wire: a server on loopback really resets, hangs, truncates, and answers nonsense."""

import asyncio
import contextlib
import gzip
import io
import logging
import socket
import ssl
import traceback
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import pytest
from telegram import InputFile
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest

import bot.api
import bot.app
from bot.api import AiohttpRequest, NotSent
from bot.app import CONNECTIONS, TYPING_CONNECTIONS, UNORDERED_CONNECTIONS
from bot.context import Panel
from bot.outbox.classify import Outcome, judge
from database.errors import StartupError
from services.people.keyring import Keyring
from tests import cast
from tests.wire.loopback import Server, answers, chunked, closes, cut, hangs, resets, sends, then

ALL = CONNECTIONS + UNORDERED_CONNECTIONS + TYPING_CONNECTIONS
CERTIFICATE = Path(__file__).with_name("loopback.pem")
SECRET = cast.BOT_TOKEN.partition(":")[2]
MESSAGE = {"ok": True, "result": {"message_id": 7}}
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
GZIP = "Content-Encoding: gzip"
FIELDS = {"chat_id": 5, "text": "Ünïcode & = + % 🎉\nyes", "reply_markup": {"inline_keyboard": [[{"text": "A"}]]}}


def refused(code, description, **parameters):
    body = {"ok": False, "error_code": code, "description": description}
    return answers(code, body | ({"parameters": parameters} if parameters else {}))


# What Telegram answers, in the order of the table in docs/guarantees.md
ANSWERS = {
    "429 with retry_after": (
        refused(429, "Too Many Requests: retry after 9", retry_after=9),
        Outcome.PAUSE,
        "flood",
    ),
    "403 blocked": (refused(403, "Forbidden: bot was blocked by the user"), Outcome.NEVER, "blocked"),
    "403 deactivated": (refused(403, "Forbidden: user is deactivated"), Outcome.NEVER, "deactivated"),
    "400 chat not found": (refused(400, "Bad Request: chat not found"), Outcome.NEVER, "not_found"),
    "403 never started": (
        refused(403, "Forbidden: bot can't initiate conversation with a user"),
        Outcome.NEVER,
        "never_started",
    ),
    "migrated": (refused(400, "Bad Request: upgraded", migrate_to_chat_id=-1001), Outcome.NEVER, "not_found"),
    "400": (refused(400, "Bad Request: can't parse entities"), Outcome.NEVER, "refused"),
    "413": (refused(413, "Request Entity Too Large"), Outcome.NEVER, "refused"),
    "401": (refused(401, "Unauthorized"), Outcome.AGAIN, "token"),
    "404": (refused(404, "Not Found"), Outcome.AGAIN, "token"),
    "429 without": (refused(429, "Too Many Requests"), Outcome.AGAIN, "unreachable"),
    "500": (refused(500, "Internal Server Error"), Outcome.UNKNOWN, "no_answer"),
    "502 and a page": (answers(502, PAGE), Outcome.UNKNOWN, "no_answer"),
    "503 in gzip": (answers(503, gzip.compress(PAGE), GZIP), Outcome.UNKNOWN, "no_answer"),
    "broken JSON": (answers(200, b'{"ok":true,"result":{"mess'), Outcome.UNKNOWN, "unreadable"),
    "no words": (answers(200, b""), Outcome.UNKNOWN, "unreadable"),
    "nothing but bytes": (answers(200, bytes(range(256))), Outcome.UNKNOWN, "unreadable"),
    "a page": (answers(200, PAGE), Outcome.UNKNOWN, "unreadable"),
    "a page that forbids": (answers(403, PAGE), Outcome.UNKNOWN, "unreadable"),
    "somebody else's JSON": (answers(200, {"status": "fine"}), Outcome.UNKNOWN, "unreadable"),
    "a list": (answers(200, b"[1]"), Outcome.UNKNOWN, "unreadable"),
    "a redirect": (answers(307, b"", "Location: /elsewhere"), Outcome.UNKNOWN, "no_answer"),
    "another redirect": (answers(302, b"", "Location: /elsewhere"), Outcome.UNKNOWN, "no_answer"),
    "gzip garbage": (answers(200, b"this was never compressed", GZIP), Outcome.UNKNOWN, "no_answer"),
    "half of gzip": (answers(200, gzip.compress(PAGE)[:20], GZIP), Outcome.UNKNOWN, "unreadable"),
    "an unknown compression": (answers(200, b"abc", "Content-Encoding: br"), Outcome.UNKNOWN, "no_answer"),
    "no HTTP": (sends(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), Outcome.UNKNOWN, "no_answer"),
    "a head without end": (sends(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000), Outcome.UNKNOWN, "no_answer"),
    "too much": (answers(200, b" " * 5000), Outcome.UNKNOWN, "no_answer"),
    "far too much in little": (answers(200, gzip.compress(b" " * 10**7), GZIP), Outcome.UNKNOWN, "no_answer"),
    "closed": (closes, Outcome.UNKNOWN, "no_answer"),
    "reset": (resets, Outcome.UNKNOWN, "no_answer"),
    "half a head": (then(sends(b"HTTP/1.1 200 O"), closes), Outcome.UNKNOWN, "no_answer"),
    "half a body": (cut(200, b'{"ok":true,"result":true}'), Outcome.UNKNOWN, "no_answer"),
    "half of the chunks": (then(chunked(b'{"ok":true'), closes), Outcome.UNKNOWN, "no_answer"),
    "a reset within": (then(chunked(b'{"ok":true'), resets), Outcome.UNKNOWN, "no_answer"),
    "silence": (hangs, Outcome.UNKNOWN, "no_answer"),
    "silence within a head": (then(sends(b"HTTP/1.1 200 O"), hangs), Outcome.UNKNOWN, "no_answer"),
    "silence within a body": (then(chunked(b'{"ok":true'), hangs), Outcome.UNKNOWN, "no_answer"),
}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing, read no more than a little, and go by no proxy of this machine's."""
    for name in ("READ_TIMEOUT", "WRITE_TIMEOUT", "FILE_WRITE_TIMEOUT", "CONNECT_TIMEOUT", "POOL_TIMEOUT"):
        monkeypatch.setattr(bot.api, name, 0.3)
    monkeypatch.setattr(bot.api, "MAX_ANSWER", 4000)
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def create(api_url: str, request: BaseRequest | None = None) -> bot.app.Bot:
    return bot.app.create(cast.BOT_TOKEN, api_url, Panel("https://panel.example", Keyring(b"secret")), request)


@contextlib.asynccontextmanager
async def connected(api_url: str) -> AsyncIterator[bot.app.Bot]:
    """Build the bot, with a session, and leave out that it asks for its name."""
    bot_ = create(api_url)
    for request in bot_.bot._request:
        await request.initialize()
    try:
        yield bot_
    finally:
        for request in bot_.bot._request:
            await request.shutdown()


async def failure_of(bot_: bot.app.Bot, **options) -> TelegramError:
    """Call, and see it fail without a word that nobody may read."""
    with pytest.raises(TelegramError) as raised:
        await bot_.call("sendMessage", FIELDS, **options)
    assert_discreet(raised.value)
    return raised.value


def assert_discreet(error: BaseException) -> None:
    assert SECRET not in "".join(traceback.format_exception(error))
    for each in _whole_chain(error):
        assert not type(each).__module__.startswith("aiohttp")
        assert SECRET not in f"{each!r} {each} {each.args} {vars(each)}"


def _whole_chain(error: BaseException | None) -> Iterator[BaseException]:
    if error:
        yield error
        yield from _whole_chain(error.__cause__)
        yield from _whole_chain(error.__context__)


@pytest.mark.parametrize("name", ANSWERS)
async def test_what_an_answer_means_for_a_delivery(name):
    act, outcome, reason = ANSWERS[name]
    async with Server(act).running() as server, connected(server.url) as bot_:
        verdict = judge(await failure_of(bot_))
        assert (verdict.outcome, verdict.reason) == (outcome, reason)
        assert len(server.requests) == 1


async def test_the_message_is_what_telegram_says_it_is():
    async with Server(answers(200, MESSAGE)).running() as server, connected(server.url) as bot_:
        assert await bot_.call("sendMessage", FIELDS) == {"message_id": 7}


async def test_an_answer_that_comes_in_pieces_and_compressed_is_an_answer():
    content = gzip.compress(b'{"ok":true,"result":{"message_id":7}}')
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(content)
    pieces = [bytes([each]) for each in head + content]
    async with Server(sends(*pieces)).running() as server, connected(server.url) as bot_:
        assert await bot_.call("sendMessage", FIELDS) == {"message_id": 7}


async def test_an_answer_that_is_nested_without_end_is_read():
    deep = b'{"ok":true,"result":[{"update_id":1,"a":' + b"[" * 1500 + b"]" * 1500 + b"}]}"
    async with Server(answers(200, deep)).running() as server, connected(server.url) as bot_:
        [update] = await bot_.call("getUpdates", {})
        assert update["update_id"] == 1


# What surely was not sent


async def test_nothing_was_sent_where_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    await _is_surely_not_sent(url)


async def test_nothing_was_sent_to_a_name_that_nobody_knows():
    await _is_surely_not_sent("http://telegram.invalid")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://", "http://127.0.0.1:99999"])
async def test_nothing_was_sent_to_an_address_that_is_none(url):
    await _is_surely_not_sent(url)


async def test_nothing_was_sent_where_no_connection_is_taken():
    with socket.socket() as full, contextlib.ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):  # more than fit into the queue
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        await _is_surely_not_sent(f"http://127.0.0.1:{full.getsockname()[1]}")


async def test_nothing_was_sent_to_who_never_begins_with_tls():
    async with Server(hangs).running() as server:
        await _is_surely_not_sent(server.url.replace("http:", "https:"))
        assert server.requests == []


async def test_nothing_was_sent_to_who_breaks_off_while_tls_begins():
    listener = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    async with listener:
        await _is_surely_not_sent(f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}")


async def test_nothing_was_sent_to_whom_nobody_vouches_for():
    async with tls_server() as url:
        await _is_surely_not_sent(url)


async def test_nothing_was_sent_through_a_proxy_that_refuses(monkeypatch):
    async with Server(answers(403, PAGE)).running() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        await _is_surely_not_sent("https://telegram.invalid")
        assert [asked.line for asked in proxy.requests] == ["CONNECT telegram.invalid:443 HTTP/1.1"]


async def test_nothing_was_sent_while_no_connection_is_free():
    async with Server(hangs).running() as server, connected(server.url) as bot_:
        held = [asyncio.create_task(bot_.call("sendMessage", FIELDS, read_timeout=60)) for _ in range(ALL)]
        while len(server.requests) < ALL:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.01)
        assert judge(await failure_of(bot_)).outcome is Outcome.AGAIN
        assert len(server.requests) == ALL
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)
        server.acts = [answers(200, MESSAGE)]
        assert await bot_.call("sendMessage", FIELDS) == {"message_id": 7}


async def _is_surely_not_sent(url):
    async with connected(url) as bot_:
        error = await failure_of(bot_)
        assert isinstance(error, NotSent)
        verdict = judge(error)
        assert (verdict.outcome, verdict.reason) == (Outcome.AGAIN, "unreachable")


# Connections that are kept


async def test_calls_one_after_another_share_a_connection():
    async with Server(answers(200, MESSAGE)).running() as server, connected(server.url) as bot_:
        for _ in range(5):
            await bot_.call("sendMessage", FIELDS)
        assert (len(server.requests), server.connections) == (5, 1)


@pytest.mark.parametrize("end", [closes, resets])
@pytest.mark.parametrize("method", ["sendMessage", "getUpdates"])
async def test_nothing_is_sent_twice_when_a_kept_connection_ends_instead_of_answering(method, end):
    async with Server(answers(200, MESSAGE), end).running() as server, connected(server.url) as bot_:
        await bot_.call(method, FIELDS)
        with pytest.raises(NetworkError) as raised:
            await bot_.call(method, FIELDS)
        assert judge(raised.value).outcome is Outcome.UNKNOWN
        assert (len(server.requests), server.connections) == (2, 1)


@pytest.mark.parametrize("end", [closes, resets])
async def test_a_connection_that_ended_after_its_answer_is_not_used_again(end):
    async with Server(then(answers(200, MESSAGE), end)).running() as server, connected(server.url) as bot_:
        for _ in range(3):
            await bot_.call("sendMessage", FIELDS)
            await asyncio.sleep(0.02)  # in which we hear of its end
        assert (len(server.requests), server.connections) == (3, 3)


async def test_what_comes_after_an_answer_is_not_taken_for_the_next_one():
    twice = b'HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n{"ok":true,"result": 41}' * 2
    async with Server(sends(twice), answers(200, MESSAGE)).running() as server, connected(server.url) as bot_:
        assert await bot_.call("sendMessage", FIELDS) == 41
        assert await bot_.call("sendMessage", FIELDS) == {"message_id": 7}


# Time-outs


async def test_a_long_poll_may_take_as_long_as_it_says():
    async def late(writer):
        await asyncio.sleep(0.6)
        await answers(200, {"ok": True, "result": []})(writer)

    async with Server(late).running() as server, connected(server.url) as bot_:
        assert await bot_.call("getUpdates", {"timeout": 50}, read_timeout=60) == []
        assert isinstance(await failure_of(bot_), TimedOut)


async def test_a_file_that_nobody_takes_in_may_have_arrived():
    async with Server(hangs, is_deaf=True).running() as server, connected(server.url) as bot_:
        with pytest.raises(TimedOut) as raised:
            await bot_.call("sendDocument", {"document": InputFile(b"x" * 30_000_000)}, read_timeout=60)
        assert judge(raised.value).outcome is Outcome.UNKNOWN
        assert_discreet(raised.value)
        assert _connections_to(server) == []  # closing it would have waited for what was not taken


def _connections_to(server):
    port = int(server.url.rpartition(":")[2])
    ours = psutil.Process().net_connections("tcp")
    return [each for each in ours if each.raddr and each.raddr.port == port and each.status == "ESTABLISHED"]


# What the server gets


@pytest.mark.parametrize("fields", [FIELDS, {}, {"allowed_updates": ["message"], "offset": 3, "drop": False}])
async def test_a_call_looks_as_it_did_from_httpx(fields):
    ours, theirs = [await _seen(request, "sendMessage", fields) for request in (AiohttpRequest, HTTPXRequest)]
    assert (ours.line, ours.body) == (theirs.line, theirs.body)
    for name in ("content-type", "content-length", "user-agent", "accept"):
        assert ours.headers.get(name) == theirs.headers.get(name)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\r\n--", io.BytesIO(b"read from a file")])
async def test_files_arrive_as_they_did_from_httpx(content):
    fields = {"chat_id": 5, "caption": "Ü", "document": InputFile(content, "Übung “1”.png", read_file_handle=False)}
    if not isinstance(content, bytes):
        content.seek(0)
    ours = await _seen(AiohttpRequest, "sendDocument", fields)
    if not isinstance(content, bytes):
        content.seek(0)
    theirs = await _seen(HTTPXRequest, "sendDocument", fields)
    assert ours.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert _parts(ours) == _parts(theirs)
    assert len(_parts(ours)) == 3


async def _seen(kind, method, fields):
    """Make a call and give what came over the wire."""
    async with Server(answers(200, MESSAGE)).running() as server:
        request = AiohttpRequest(server.url, 1) if kind is AiohttpRequest else kind()
        async with request:
            await create(server.url, request).call(method, fields)
        [asked] = server.requests
        return asked


def _parts(asked):
    """Read a form as the Bot API server does: by its names and file names, types only of files."""
    boundary = asked.headers["content-type"].partition("boundary=")[2].strip('"')
    found = {}
    for part in asked.body.split(f"--{boundary}".encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().strip().split("\r\n"))
        disposition = headers["Content-Disposition"]
        kind = headers.get("Content-Type") if "filename" in disposition else None
        found[disposition] = (kind, content)
    return found


# The session


async def test_a_session_may_begin_again_after_a_failure_and_after_its_end():
    async with Server(resets, answers(200, MESSAGE)).running() as server:
        request = AiohttpRequest(server.url, 1)
        for _ in range(2):
            await request.initialize()
        with pytest.raises(NetworkError):
            await request.post(server.url)
        for _ in range(2):
            await request.initialize()
            assert await request.post(server.url) == {"message_id": 7}
            await request.shutdown()
            await request.shutdown()
        with pytest.raises(NotSent):
            await request.post(server.url)


async def test_a_cookie_is_not_kept():
    acts = [answers(200, MESSAGE, "Set-Cookie: a=b"), answers(200, MESSAGE)]
    async with Server(*acts).running() as server, connected(server.url) as bot_:
        for _ in range(2):
            await bot_.call("sendMessage", FIELDS)
        assert "cookie" not in server.requests[1].headers


@pytest.mark.parametrize("debug", [False, True])
async def test_the_token_is_in_no_line_of_the_log(logbook, debug):
    asyncio.get_running_loop().set_debug(debug)
    logging.getLogger("aiohttp").setLevel(logging.DEBUG if debug else logging.NOTSET)
    for act in (resets, closes, hangs, answers(502, PAGE), answers(200, PAGE)):
        async with Server(act).running() as server, connected(server.url) as bot_:
            await bot.app.try_once(lambda bot_=bot_: bot_.call("sendMessage", FIELDS))
    assert len(logbook.told("telegram.unreachable")) == 5
    assert SECRET not in logbook.text


# The environment


async def test_a_call_goes_through_the_proxy_that_the_environment_names(monkeypatch):
    async with Server(answers(200, MESSAGE)).running() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url.replace("http://", "ada:love@"))
        async with connected("http://telegram.invalid") as bot_:
            assert await bot_.call("sendMessage", FIELDS) == {"message_id": 7}
        [asked] = proxy.requests
        assert asked.line.startswith("POST http://telegram.invalid/bot")
        assert asked.headers["proxy-authorization"] == "basic ywrhomxvdmu="


async def test_a_proxy_is_for_all_but_who_is_named(monkeypatch):
    async with Server(answers(200, MESSAGE)).running() as proxy, Server(answers(200, MESSAGE)).running() as server:
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
        for url in (server.url, "http://telegram.invalid"):
            async with connected(url) as bot_:
                await bot_.call("sendMessage", FIELDS)
        assert (len(server.requests), len(proxy.requests)) == (1, 1)


async def test_a_proxy_that_speaks_no_http_is_told_of_at_the_start(monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(StartupError, match="HTTP proxies only"):
        async with bot.app.opened(create("https://telegram.invalid")):
            pass


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
async def test_whom_to_trust_may_be_said_by_the_environment(monkeypatch, tmp_path, name):
    hashed = tmp_path / "4e16f37d.0"  # as openssl x509 -hash says
    hashed.write_bytes(CERTIFICATE.read_bytes())
    monkeypatch.setenv(name, str(hashed if name == "SSL_CERT_FILE" else tmp_path))
    async with tls_server() as url, connected(url) as bot_:
        assert await bot_.call("sendMessage", FIELDS) == {"message_id": 7}


@contextlib.asynccontextmanager
async def tls_server() -> AsyncIterator[str]:
    """Answer on TLS, with a certificate that nobody has signed but itself."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(CERTIFICATE)
    async with Server(answers(200, MESSAGE)).running(tls) as server:
        yield server.url
