"""Which requests are logged, and what of them."""

import asyncio

import pytest
from aiohttp.test_utils import TestServer

from tests.web.conftest import Panel
from web.access_log import AccessLogger


@pytest.fixture
async def browser(aiohttp_client, app):
    server = TestServer(app)
    await server.start_server(access_log_class=AccessLogger)
    return await aiohttp_client(server)


async def test_a_request_is_told_by_the_form_of_its_address(browser, logbook):
    await browser.get("/signin/secret-token")
    await browser.get("/chats?coupon=secret-coupon", allow_redirects=False)
    await browser.get("/secret/address?secret=1")
    told = [(line["method"], line["address"], line["status"]) for line in logbook.told("web.answered")]
    assert told == [("GET", "/signin/{token}", 410), ("GET", "/chats", 303), ("GET", None, 404)]
    assert all(line["milliseconds"] >= 0 for line in logbook.lines)
    assert "secret" not in logbook.text
    assert "127.0.0.1" not in logbook.text


@pytest.mark.parametrize(
    "address",
    [
        "/chats/%1b%5d0;owned%07",
        "/chats/a%0ab",
        "/chats/%e2%80%aeowned",
        "/chats/owned%20by%20me",
        "/chats/" + "x" * 37,
    ],
)
async def test_an_address_is_quoted_only_where_it_can_be_an_id(browser, logbook, address):
    await browser.get(address, allow_redirects=False)
    await browser.get("/chats/019abc-DEF_0", allow_redirects=False)
    assert [line["chat"] for line in logbook.told("web.answered")] == [None, "019abc-DEF_0"]
    assert "owned" not in logbook.text


async def test_a_method_is_quoted_only_where_there_is_one(browser, logbook):
    async with browser.request("OWNED", "/chats"):
        pass
    assert [(line["method"], line["status"]) for line in logbook.told("web.answered")] == [(None, 400)]


async def test_what_is_asked_all_the_time_is_told_only_when_it_fails(browser, logbook):
    page = await Panel(browser).opens("/signin")
    for path in ("/healthz", "/readyz", "/metrics", page.link(r'href="(/static/[^"]+tokens.css)"')):
        assert (await browser.get(path)).status == 200
    assert (await browser.get("/static/of-yesterday/css/none.css")).status == 404
    told = [(line["address"], line["status"]) for line in logbook.lines]
    assert told == [("/signin", 200), ("/static/{version}/{path}", 404)]


async def test_what_is_no_request_at_all_is_not_quoted(browser, logbook):
    reader, writer = await asyncio.open_connection("127.0.0.1", browser.server.port)
    writer.write(b"GET /secret HTTP/1.1\r\nsecret\r\n\r\n")
    assert b" 400 " in await reader.readline()
    writer.close()
    await writer.wait_closed()
    await browser.get("/signin")
    assert [line["status"] for line in logbook.told("web.answered")] == [400, 200]
    assert "secret" not in logbook.text
