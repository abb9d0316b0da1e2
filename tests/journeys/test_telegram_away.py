"""Telegram is away when the house is opened: the panel works, and everything goes on once it is back."""

import aiohttp
import pytest

import bot.app
from bot.intake import registration
from bot.intake.registration import PATH
from bot.intake.webhook import SECRET_HEADER
from models import Chat, Update
from services.people.keyring import Keyring
from simulator import running
from tests.journeys.conftest import House, until

SUMMER = "c_50-off-summer-collection"
FLOOD = {"error_code": 429, "description": "Too Many Requests: retry after 1", "parameters": {"retry_after": 1}}

NO_LIST = {"ok": True, "result": {"status": "fine"}}


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(bot.app, "FIRST_BACKOFF", 0.01)
    monkeypatch.setattr(bot.app, "LONGEST_BACKOFF", 0.05)
    monkeypatch.setattr(registration, "CHECK_INTERVAL", 0.05)


@pytest.fixture(params=["polling", "webhook"])
def house(request, db, tmp_path, server):
    return House(db, tmp_path, server, telegram_updates=request.param)


@pytest.fixture
async def server(telegram):
    """Serve for a moment, so that there is an address at which nobody answers."""
    async with running(telegram, []) as server:
        pass
    return server


async def test_the_panel_works_meanwhile_and_the_bot_once_telegram_is_there(house, server, telegram, maya):
    async with house.open(is_ready=False), house.panel(maya) as panel:
        await panel.page("/chats")
        assert "Telegram has not been reached yet" in await panel.page("/readyz", status=503)
        port = int(server.url.rpartition(":")[2])
        async with running(telegram, [], port, webhook_delays=[0.02]):
            await house.until_ready()
            ada = telegram.user("Ada")
            ada.starts(SUMMER)
            await ada.hears("Re: 50% Off Summer Collection")
            await panel.replies(await Chat.get(), "Welcome!")
            await ada.hears("Welcome!")


async def test_an_update_that_comes_before_telegram_is_known_waits_for_it(db, tmp_path, telegram, server, maya):
    house = House(db, tmp_path, server, telegram_updates="webhook")
    shown = registration.secret(Keyring(house.settings.secret()), house.settings.bot_id)
    raw = {"update_id": 4711, "message": telegram.user("Ada").starts(SUMMER)}
    telegram.bot.updates.drop()
    async with house.open(is_ready=False), aiohttp.ClientSession(headers={SECRET_HEADER: shown}) as caller:
        answer = await caller.post(f"{house.url}{PATH}", json=raw)
        assert answer.status == 200
        assert (await Update.get()).state == "received"
        async with running(telegram, [], int(server.url.rpartition(":")[2])):
            await until(lambda: Chat.exists())


@pytest.mark.parametrize("method", ["getMe", "setMyCommands", "setWebhook", "deleteWebhook", "getUpdates"])
@pytest.mark.parametrize(
    "fault", ["html", "firewall", "nonsense", "drop_before", "broken_json", FLOOD, NO_LIST], ids=str
)
async def test_whatever_fails_at_the_start_is_tried_again(db, tmp_path, telegram, maya, method, fault):
    telegram.fail_next(method, fault, times=2)
    ways = {"setWebhook": "webhook", "deleteWebhook": "polling", "getUpdates": "polling"}
    async with running(telegram, [], webhook_delays=[0.02]) as server:
        house = House(db, tmp_path, server, telegram_updates=ways.get(method, "polling"))
        async with house.open():
            ada = telegram.user("Ada")
            ada.starts(SUMMER)
            await ada.hears("Re: 50% Off Summer Collection")
    assert telegram.complaints == []


async def test_the_webhook_is_looked_at_no_sooner_than_telegram_says(db, tmp_path, telegram, monkeypatch):
    monkeypatch.setattr(registration, "CHECK_INTERVAL", 0.01)
    telegram.fail_next("getWebhookInfo", FLOOD)
    async with running(telegram, []) as server, House(db, tmp_path, server, telegram_updates="webhook").open():
        await until(lambda: _answered(telegram, "getWebhookInfo"))
    assert telegram.complaints == []


async def _answered(telegram, wanted) -> bool:
    return any(method == wanted and status == 200 for method, _, status in telegram.answers)


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_a_server_that_knows_few_methods_is_enough(db, tmp_path, telegram, maya, way):
    for method in ("setMyCommands", "setChatMenuButton", "deleteWebhook", "getWebhookInfo"):
        telegram.fail_next(method, {"error_code": 404, "description": "Not Found"}, times=10_000)
    async with running(telegram, [], webhook_delays=[0.02]) as server:
        house = House(db, tmp_path, server, telegram_updates=way)
        async with house.open():
            ada = telegram.user("Ada")
            ada.starts(SUMMER)
            await ada.hears("Re: 50% Off Summer Collection")
