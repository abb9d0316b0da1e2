"""What Prometheus is told, and what it costs to ask."""

import asyncio
import hmac

import pytest
from aiohttp import web

from database.errors import DatabaseAway
from services import metrics
from tests.metering import Scrape, scrape
from web.app import create_watch

STREAMS = "couponchat_live_streams"


async def test_this_machine_can_read_the_metrics(visitor):
    async with visitor.get("/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain; version=")
        assert Scrape(await response.text()).value("couponchat_database_up") == 1
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("name", ["X-Forwarded-For", "forwarded", "Via", "X-Real-IP"])
async def test_what_a_proxy_passes_on_is_not_from_this_machine(visitor, name):
    async with visitor.get("/metrics", headers={name: "127.0.0.1"}) as response, visitor.get("/nothing") as nothing:
        assert (response.status, await response.text()) == (404, await nothing.text())


async def test_a_proxy_that_names_nobody_is_known_by_its_http(visitor):
    reader, writer = await asyncio.open_connection(visitor.host, visitor.port)
    writer.write(b"GET /metrics HTTP/1.0\r\nHost: x\r\n\r\n")
    assert b" 404 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(
    ("remote", "status"),
    [
        ("203.0.113.9", 404),
        ("10.0.0.1", 404),
        ("::ffff:10.0.0.1", 404),
        ("2001:db8::1", 404),
        ("", 404),
        ("127.0.0.1", 200),
        ("127.8.8.8", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
    ],
)
async def test_another_machine_needs_the_token(visitor, keyring, monkeypatch, remote, status):
    monkeypatch.setattr(web.BaseRequest, "remote", property(lambda _: remote))
    token = keyring.derived("metrics")
    for authorization, found in {
        f"Bearer {token}": 200,
        f"Bearer {token}x": status,
        "Bearer \u00e4": status,
    }.items():
        async with visitor.get("/metrics", headers={"Authorization": authorization}) as response:
            assert response.status == found


async def test_the_token_is_what_the_handbook_says(keyring):
    assert (
        keyring.derived("metrics")
        == hmac.new(b"the-secret-of-a-test", b"derived for metrics", "sha256").hexdigest()
    )


async def test_a_port_for_the_metrics_alone_answers_whoever_reaches_it(db, aiohttp_client, monkeypatch):
    monkeypatch.setattr(web.BaseRequest, "remote", property(lambda _: "203.0.113.9"))
    client = await aiohttp_client(create_watch([]))
    async with client.get("/metrics") as response:
        assert response.status == 200


async def test_nobody_writes_to_them(visitor):
    async with visitor.post("/metrics") as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET,HEAD")


async def test_without_the_database_there_is_still_an_answer(visitor, monkeypatch):
    async def away(*_: object) -> None:
        raise DatabaseAway

    monkeypatch.setattr(metrics, "fetch", away)
    async with visitor.get("/metrics") as response:
        assert response.status == 200
        found = Scrape(await response.text())
    assert found.value("couponchat_database_up") == 0
    assert "couponchat_updates_total" in found
    assert "couponchat_deliveries" not in found


async def test_tabs_that_listen_are_counted_while_they_do(panel, chat):
    async with panel.listens() as one, panel.listens(f"chat={chat.id}") as other:
        await one.is_there()
        await other.is_there()
        assert (await scrape()).value(STREAMS) == 2
    await panel.client.server.close()
    assert (await scrape()).value(STREAMS) == 0
