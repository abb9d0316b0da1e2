"""The database says nothing any more: on a wire that swallows everything, or stopped in the middle of a word."""

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bench.wire import Stopped, Wire
from models import Chat, Message, Update
from services.people.keyring import Keyring
from tests import commands
from tests.journeys.conftest import signed_in

pytestmark = [pytest.mark.xdist_group("commands"), pytest.mark.timeout(180)]

SUMMER = "c_50-off-summer-collection"
KEY = "a key that every process shares, and nobody else"
WAY = "Re: 50% Off Summer Collection"
BOUND = 20.0  # seconds in which every question to the panel has some answer
RECOVERY = 30.0  # seconds in which all goes on once the database is heard again, on a busy machine


@pytest.fixture(params=[("swallowed", "polling"), ("stopped", "webhook")], ids=" ".join)
def way(request) -> tuple[str, str]:
    """Say how it falls silent, and how updates come meanwhile."""
    return request.param


@pytest.fixture
async def far_end(way, db) -> AsyncIterator[Wire | Stopped]:
    if way[0] == "stopped":
        stopped = Stopped(db)
        yield stopped
        stopped.speak()
    else:
        async with Wire(db).laid() as wire:
            yield wire


@pytest.fixture
async def serving(way, far_end, server, nursery, home, telegram, maya):
    environment = {"DATABASE_URL": far_end.url, "DATA_DIR": str(home / "data"), "SECRET_KEY": KEY, "PORT": "0"}
    async with commands.shell(nursery, home, server, **environment) as shell:
        running = await shell.begin("serve", TELEGRAM_UPDATES=way[1])
        url = (await running.says("The panel is at")).rpartition(" ")[2]
        yield url
        ended = await running.ends(signal.SIGTERM)
        assert (ended.code, [line for line in ended.err.splitlines() if "error" in _level(line)]) == (0, [])


async def test_all_goes_on_when_it_is_heard_again(serving, far_end, telegram, maya):
    ada = telegram.user("Ada")
    ada.starts(SUMMER)
    await ada.hears(WAY, RECOVERY)
    chat = await Chat.get()
    async with signed_in(serving, Keyring(KEY.encode()), maya) as panel:
        far_end.fall_silent()
        ada.says("Are you there?")
        assert await _status(f"{serving}/healthz") == 200
        refused = await asyncio.gather(
            _status(f"{serving}/readyz"),
            *(_status(f"{serving}/chats", panel.browser) for _ in range(12)),
            _status(f"{serving}/chats/{chat.id}/messages", panel.browser, {"text": "Too early", "request_id": "1"}),
        )
        assert set(refused) == {503}
        assert await _status(f"{serving}/healthz") == 200
        far_end.speak()
        async with asyncio.timeout(RECOVERY):
            await _until(lambda: _is_ready(serving))
            await _until(lambda: Message.exists(text="Are you there?"))
            await panel.replies(chat, "I am.")
            await ada.hears("I am.", RECOVERY)
    assert not await Update.exists(state="quarantined")
    assert not await Message.exists(text="Too early")


async def test_who_is_told_to_end_meanwhile_ends(serving, far_end):
    far_end.fall_silent()
    assert await _status(f"{serving}/readyz") == 503
    assert await _status(f"{serving}/healthz") == 200


def _level(line):
    return json.loads(line)["level"] if line.startswith("{") else line


async def _status(url, browser=None, form=None):
    async with contextlib.AsyncExitStack() as stack:
        if browser is None:
            browser = await stack.enter_async_context(aiohttp.ClientSession())
        async with asyncio.timeout(BOUND):
            method = "GET" if form is None else "POST"
            async with browser.request(method, url, data=form, allow_redirects=False) as answer:
                return answer.status


async def _is_ready(url):
    return await _status(f"{url}/readyz") == 200


async def _until(is_so):
    while not await is_so():  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.05)
