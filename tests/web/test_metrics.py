"""What Prometheus is told, and what it costs to ask."""

from services import metrics
from tests.metering import Scrape, scrape

STREAMS = "couponchat_live_streams"


async def test_whoever_reaches_the_panel_can_read_the_metrics(visitor):
    async with visitor.get("/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain; version=")
        assert Scrape(await response.text()).value("couponchat_database_up") == 1
        assert "Set-Cookie" not in response.headers


async def test_nobody_writes_to_them(visitor):
    async with visitor.post("/metrics") as response:
        assert (response.status, response.headers["Allow"]) == (405, "GET,HEAD")


async def test_without_the_database_there_is_still_an_answer(visitor, monkeypatch):
    async def away(*_: object) -> None:
        raise ConnectionRefusedError

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
