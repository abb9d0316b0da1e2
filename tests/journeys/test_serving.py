"""`couponchat serve` with a database of its own, as people run it: it is told to end, or its database falls."""

import asyncio
import contextlib
import fcntl
import os
import re
import signal
from collections.abc import AsyncIterator
from functools import partial
from itertools import count

import aiohttp
import pytest

from database import embedded, pool
from models import Chat, Message
from simulator import Person, Telegram, faults
from tests import commands
from tests.commands import Running, Shell, left_running
from tests.journeys.conftest import Panel, gone_in, until

pytestmark = pytest.mark.xdist_group("commands")

COUPONS = "coupon_id,title,influencer_id,influencer_name\nsummer,Summer,inf-maya,Maya Okafor\n"
PATIENCE = 20.0  # seconds


@pytest.fixture
async def shell(server, nursery, home) -> AsyncIterator[Shell]:
    """Run commands with a data folder of their own, in which there is a coupon."""
    async with commands.shell(
        nursery, home, server, DATA_DIR=str(home / "data"), TMPDIR=str(home), PORT="0"
    ) as shell:
        await shell.run("import", "-", given=COUPONS)
        yield shell
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


async def test_told_to_end_it_lets_the_tabs_go_at_once_and_finishes_what_it_has_begun(shell, telegram, monkeypatch):
    is_answered = asyncio.Event()
    monkeypatch.setitem(faults.NAMED, "late", partial(_answer_late, is_answered))
    serve, url = await _serve(shell)
    ada = telegram.user("Ada")
    ada.starts("c_summer")
    await ada.hears("Re: Summer", PATIENCE)
    async with _maya(shell, url) as panel, panel.watches() as tab:
        telegram.fail_next("sendMessage", "late")
        await panel.replies((await _chats(panel))[0], "First")
        await ada.hears("First", PATIENCE)
        os.kill(serve.pid, signal.SIGTERM)
        await tab.ends()
        await until(lambda: _nobody_polls(telegram))
        is_answered.set()
    assert (await serve.ends()).code == 0
    assert left_running(shell.folder) == []
    async with _books(shell):
        kept = await Message.get(text="First")
        assert (kept.delivery_state, kept.may_be_doubled) == ("sent", False)


@pytest.mark.parametrize("updates", ["polling", "webhook"])
async def test_told_to_end_while_telegram_keeps_silent_it_ends_and_loses_nothing(shell, telegram, updates):
    serve, url = await _serve(shell, TELEGRAM_UPDATES=updates)
    consumers = [telegram.user(f"Consumer{number}") for number in range(4)]
    for consumer in consumers:
        consumer.starts("c_summer")
        await consumer.hears("Re: Summer", PATIENCE)
    async with _maya(shell, url) as panel, _writing(consumers):
        telegram.fail_next("sendMessage", "timeout_after_sending", times=len(consumers))
        for chat in await _chats(panel):
            await panel.replies(chat, "First")
            await panel.replies(chat, "Second")
        for consumer in consumers:
            await consumer.hears("First", PATIENCE)
        ended = await serve.ends(signal.SIGTERM)
    assert (ended.code, "Traceback" in ended.err) == (0, False)
    assert left_running(shell.folder) == []
    serve, url = await _serve(shell, TELEGRAM_UPDATES=updates)
    async with _maya(shell, url) as panel:
        await until(lambda: _all_say(panel, "Bye", len(consumers)))
    for consumer in consumers:
        await consumer.hears("Second", PATIENCE)
        heard = _heard(consumer)
        assert (list(dict.fromkeys(heard)), heard.count("Second")) == (["First", "Second"], 1)
    assert (await serve.ends(signal.SIGTERM)).code == 0
    async with _books(shell):
        replies = await Message.filter(delivery_state__not_isnull=True)
        assert {(reply.text, reply.delivery_state, reply.may_be_doubled) for reply in replies} == {
            ("First", "sent", True),
            ("Second", "sent", False),
        }
        for consumer in consumers:
            theirs = Message.filter(sender__telegram_user_id=consumer.id).order_by("position", "id")
            assert await theirs.values_list("text", flat=True) == _said(consumer)


async def _serve(shell: Shell, **environment: str) -> tuple[Running, str]:
    serve = await shell.begin("serve", **environment)
    url = (await serve.says("The panel is at")).rpartition(" ")[2]
    await until(lambda: _answers(url, "/readyz", 200))
    return serve, url


@contextlib.asynccontextmanager
async def _books(shell: Shell) -> AsyncIterator[None]:
    """Read what is kept, once nobody serves any more."""
    with embedded.running(shell.folder / "data") as url:
        async with pool.connected(url):
            yield


@contextlib.asynccontextmanager
async def _maya(shell: Shell, url: str) -> AsyncIterator[Panel]:
    way_in = (await shell.run("signin", "inf-maya", PUBLIC_URL=url)).out.strip()
    async with gone_in(way_in) as panel:
        yield panel


async def _chats(panel: Panel) -> list[Chat]:
    return [Chat(id=id_) for id_ in re.findall(r'id="row-([^"]+)"', await panel.page("/chats"))]


async def _all_say(panel: Panel, words: str, count: int) -> bool:
    return len(re.findall(rf"<bdi>{words}</bdi>", await panel.page("/chats"))) == count


@contextlib.asynccontextmanager
async def _writing(consumers: list[Person]) -> AsyncIterator[None]:
    """Let them write all the time while the block runs, and then say goodbye."""

    async def write() -> None:
        for number in count():
            for consumer in consumers:
                consumer.says(f"Message {number}")
            await asyncio.sleep(0.1)

    writing = asyncio.create_task(write())
    try:
        yield
    finally:
        writing.cancel()
        for consumer in consumers:
            consumer.says("Bye")


def _said(consumer: Person) -> list[str]:
    own = [message["text"] for message in consumer.messages if message["who"] == "person"]
    return [text for text in own if not text.startswith("/")]


def _heard(consumer: Person) -> list[str]:
    """Read the influencer's answers on a phone."""
    said = [message["text"] for message in consumer.messages if message["who"] == "bot"]
    return [text.removeprefix("Re: Summer\n") for text in said if "\nwith " not in text]


async def _nobody_polls(telegram: Telegram) -> bool:
    return not telegram.bot.updates.is_awaited


async def _answer_late(is_answered: asyncio.Event, perform: faults.Perform) -> faults.Reply:
    answer = await perform()
    await is_answered.wait()
    return faults.encoded(answer)


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
