"""`couponchat serve` with a database of its own, as people run it: it is told to end, or its database falls."""

import contextlib
import fcntl
import os
import re
import signal
from collections.abc import AsyncIterator

import aiohttp
import pytest

from models import Chat
from tests import cast
from tests.commands import Running, Shell, left_running
from tests.journeys.conftest import Panel, gone_in, until

pytestmark = pytest.mark.xdist_group("commands")

COUPONS = "coupon_id,title,influencer_id,influencer_name\nsummer,Summer,inf-maya,Maya Okafor\n"
PATIENCE = 20.0  # seconds


@pytest.fixture
async def shell(server, nursery, home) -> AsyncIterator[Shell]:
    """Run commands with a data folder of their own, in which there is a coupon."""
    shell = Shell(
        nursery,
        home,
        DATA_DIR=str(home / "data"),
        TMPDIR=str(home),
        TELEGRAM_BOT_TOKEN=cast.BOT_TOKEN,
        TELEGRAM_API_URL=server.api_url,
        PORT="0",
    )
    await shell.run("import", "-", given=COUPONS)
    yield shell
    await shell.close()
    assert left_running(home) == []


async def test_an_embedded_database_that_falls_is_got_up_again(shell, telegram):
    serve, url = await _serve(shell)
    ada = telegram.user("Ada")
    ada.starts("c_summer")
    await ada.hears("Re: Summer", PATIENCE)
    async with _maya(shell, url) as panel:
        [chat] = await _chats(panel)
        with _nobody_gets_it_up(shell):
            os.kill(_database_pid(shell), signal.SIGQUIT)
            await until(lambda: _answers(url, "/readyz", 503))
            assert "Back in a moment" in await panel.page(f"/chats/{chat.id}", status=503)
        await until(lambda: _answers(url, "/readyz", 200))
        await panel.replies(chat, "Here we are again!")
        await ada.hears("Here we are again!", PATIENCE)
    assert (await serve.ends(signal.SIGTERM)).code == 0
    assert left_running(shell.folder) == []


async def _serve(shell: Shell, **environment: str) -> tuple[Running, str]:
    serve = await shell.begin("serve", **environment)
    url = (await serve.says("The panel is at")).rpartition(" ")[2]
    await until(lambda: _answers(url, "/readyz", 200))
    return serve, url


@contextlib.asynccontextmanager
async def _maya(shell: Shell, url: str) -> AsyncIterator[Panel]:
    way_in = (await shell.run("signin", "inf-maya", PUBLIC_URL=url)).out.strip()
    async with gone_in(way_in) as panel:
        yield panel


async def _chats(panel: Panel) -> list[Chat]:
    return [Chat(id=id_) for id_ in re.findall(r'id="row-([^"]+)"', await panel.page("/chats"))]


async def _answers(url: str, path: str, status: int) -> bool:
    async with aiohttp.ClientSession() as browser, browser.get(f"{url}{path}") as answer:
        return answer.status == status


def _database_pid(shell: Shell) -> int:
    return int((shell.folder / "data" / "postgresql" / "postmaster.pid").read_text().split()[0])


@contextlib.contextmanager
def _nobody_gets_it_up(shell: Shell):
    """Take the turn of starting the database while the block runs."""
    with (shell.folder / "data" / ".postgresql.lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
