"""The commands that run until they are told to end, and what they leave behind: nothing."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import psutil
import pytest

from models import Coupon
from simulator import Server, running
from tests import cast, commands
from tests.commands import Ended, Shell, left_running

pytestmark = pytest.mark.xdist_group("commands")

ROOT = Path(__file__).parent.parent


@pytest.fixture
async def server(telegram) -> AsyncIterator[Server]:
    async with running(telegram, [], webhook_delays=[0]) as server:
        yield server


@pytest.fixture
async def shell(server, nursery, home) -> AsyncIterator[Shell]:
    """Run commands with a data folder of their own."""
    async with commands.shell(
        nursery, home, server, DATA_DIR=str(home / "data"), TMPDIR=str(home), PORT="0"
    ) as shell:
        yield shell


async def test_the_demo_shows_both_sides_and_ends_with_ctrl_c(shell):
    demo = await shell.begin(
        "demo", DATABASE_URL="postgres://u@production.example/name", SECRET_KEY=cast.SECRET_KEY
    )
    shop = _address(await demo.says("The shop"))
    panels = [_address(await demo.says(f"The influencer's panel, as {name}")) for name in ("Maya", "Sami", "Noor")]
    assert left_running(shell.folder)
    async with aiohttp.ClientSession() as browser:
        async with browser.get(shop) as page:
            assert page.status == 200
        for panel in panels * 2:
            async with browser.get(panel) as page:
                assert page.status == 200
                assert "Sign in as" in await page.text()
    ended = await demo.ends(signal.SIGINT)
    assert (ended.code, ended.err) == (0, "")
    assert left_running(shell.folder) == []
    assert psutil.pid_exists(demo.pid) is False
    assert list(shell.folder.iterdir()) == []


async def test_a_demo_in_a_folder_is_found_again_there_and_has_topics_unless_told_otherwise(shell):
    for options, has_topics in ([], True), (["--flat"], False):
        demo = await shell.begin("demo", "kept", *options)
        shop = _address(await demo.says("The shop"))
        await demo.says("Ctrl-C ends the demo")
        async with aiohttp.ClientSession(shop) as browser, browser.get("/phone/telegram") as answer:
            assert (await answer.json())["has_topics"] is has_topics
        assert (await demo.ends(signal.SIGINT)).code == 0
    assert (shell.folder / "kept" / "postgresql").is_dir()
    assert left_running(shell.folder) == []


async def test_a_demo_whose_ports_are_taken_ends_in_a_line(shell):
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = str(somebody.getsockname()[1])
        for option in ("--port", "--shop-port"):
            ended = await shell.run("demo", option, port)
            assert ended.code == 1
            assert ended.out == ""
            assert ended.err.startswith(f"couponchat: Port {port} ")
            assert ended.err.count("\n") == 1
    assert left_running(shell.folder) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_serve_is_ready_and_ends_when_it_is_told_to(shell, number):
    serve = await shell.begin("serve")
    url = _address(await serve.says("The panel is at"))
    async with aiohttp.ClientSession() as browser:
        await _until_ready(browser, url)
        async with browser.get(f"{url}/healthz") as answer:
            assert answer.status == 200
    assert (await serve.ends(number)).code == 0
    assert left_running(shell.folder) == []


async def test_web_and_bot_work_side_by_side_and_end_one_after_another(shell):
    web, bot = await shell.begin("web"), await shell.begin("bot")
    url = _address(await web.says("The panel is at"))
    await bot.says("deliver for")
    async with aiohttp.ClientSession() as browser, browser.get(f"{url}/readyz") as answer:
        assert answer.status == 200, await answer.text()
    assert (await web.ends(signal.SIGTERM)).code == 0
    assert left_running(shell.folder), "the bot has lost its database"
    assert (await bot.ends(signal.SIGTERM)).code == 0
    assert left_running(shell.folder) == []


async def test_every_line_that_is_logged_can_be_read_by_a_machine_and_quotes_nobody(shell, telegram):
    hortensia = telegram.user("Hortensia")
    hortensia.starts()
    said = hortensia.chat.add("person", {"from": hortensia.user.facts(), "text": "Cinnamon?"})
    telegram.bot.updates.put("message", {**said, "date": "Cinnamon"})
    serve = await shell.begin("serve")
    url = _address(await serve.says("The panel is at"))
    await hortensia.hears("something went wrong", timeout=20)
    async with aiohttp.ClientSession() as browser, browser.get(f"{url}/signin/the-token-of-a-link") as page:
        assert page.status == 410
    ended = await serve.ends(signal.SIGTERM)
    lines = [json.loads(line) for line in ended.err.splitlines()]
    assert {"update.taken", "update.failed", "web.answered"} <= {line["event"] for line in lines}
    for words in ("Hortensia", "Cinnamon", "the-token-of-a-link", cast.BOT_TOKEN.partition(":")[2], "://"):
        assert words not in ended.err


async def test_a_bot_alone_answers_those_who_watch_it_where_it_is_told_to_and_nobody_else(shell):
    bot = await shell.begin("bot", METRICS_PORT="0")
    url = _address(await bot.says("The metrics are at")).removesuffix("/metrics")
    async with aiohttp.ClientSession() as browser:
        await _until_ready(browser, url)
        async with browser.get(f"{url}/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok")
        async with browser.get(f"{url}/metrics") as answer:
            assert "couponchat_database_up 1.0" in await answer.text()
        for path in ("/", "/chats", "/signin", "/live", "/telegram/webhook"):
            async with browser.get(f"{url}{path}") as answer:
                assert answer.status == 404
    assert (await bot.ends(signal.SIGTERM)).code == 0


async def test_a_bot_alone_listens_nowhere_unless_it_is_told_to(shell):
    bot = await shell.begin("bot")
    await bot.says("deliver for")
    assert not [each for each in psutil.Process(bot.pid).net_connections("tcp") if each.status == "LISTEN"]
    await bot.ends(signal.SIGTERM)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_a_free_port_is_found_and_told(shell, host):
    web = await shell.begin("web", HOST=host)
    url = _address(await web.says("The panel is at"))
    assert not url.endswith(":0")
    async with aiohttp.ClientSession() as browser, browser.get(f"{url}/healthz") as answer:
        assert answer.status == 200
    await web.ends(signal.SIGTERM)


async def test_coupons_are_imported_while_it_serves_from_the_same_folder(shell):
    serve = await shell.begin("serve")
    url = _address(await serve.says("The panel is at"))
    imported = await shell.run("import", "-", given="coupon_id,title,influencer_id\nc,Half Price,inf-maya\n")
    assert imported == Ended(0, "1 coupons of 1 influencers: 1 new, 0 changed.\n", "")
    way_in = (await shell.run("signin", "inf-maya", PUBLIC_URL=url)).out.strip()
    jar = aiohttp.CookieJar(unsafe=True)  # one that keeps cookies of a bare address, as browsers do
    async with aiohttp.ClientSession(cookie_jar=jar) as browser, browser.post(way_in) as page:
        assert page.status == 200
        assert page.url.path == "/chats"
    await serve.ends(signal.SIGTERM)
    assert left_running(shell.folder) == []


async def test_an_import_that_is_interrupted_has_imported_nothing(shell, db):
    many = "coupon_id,title,influencer_id\n" + "".join(f"c{n},Half Price,inf-maya\n" for n in range(3000))
    (shell.folder / "endless").touch()
    os.unlink(shell.folder / "endless")
    os.mkfifo(shell.folder / "endless")
    importing = await shell.begin("import", "endless", DATABASE_URL=db, SECRET_KEY=cast.SECRET_KEY)
    pipe = await asyncio.to_thread(open, shell.folder / "endless", "w")
    await asyncio.to_thread(pipe.write, many)
    await asyncio.to_thread(pipe.flush)
    ended = await importing.ends(signal.SIGINT)
    pipe.close()
    assert ended == Ended(130, "", "")
    assert not await Coupon.exists()


async def test_whoever_is_told_to_end_while_starting_leaves_nothing(shell):
    serve = await shell.begin("serve")
    for _ in range(1000):
        if left_running(shell.folder / "data"):
            break
        await asyncio.sleep(0.01)
    ended = await serve.ends(signal.SIGTERM)
    assert "Traceback" not in ended.err
    assert left_running(shell.folder) == []


def test_the_command_is_installed_and_says_what_it_can():
    couponchat = Path(sys.executable).with_name("couponchat")
    done = subprocess.run([couponchat, "--help"], capture_output=True, text=True, check=True)
    assert "signin" in done.stdout
    assert done.stderr == ""


def test_a_wheel_has_all_that_is_needed_in_it(tmp_path):
    """Or rather all that is packed into one: an older setuptools can't do the packing without a network."""
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "tests", "bench", "docs")
    shutil.copytree(ROOT, source, ignore=ignored)
    build = "import setuptools, sys; setuptools.setup(script_args=['build', '--build-lib', sys.argv[1]])"
    built = tmp_path / "built"
    done = subprocess.run(
        [sys.executable, "-c", build, str(built)], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    packed = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    for room in ("bot", "cli", "database", "migrations", "models", "services", "simulator", "web"):
        for path in (ROOT / room).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith("."):
                assert path.relative_to(ROOT).as_posix() in packed
    assert {"cli/main.py", "database/pool.py", "settings.py"} <= packed
    assert any(name.endswith(".po") for name in packed)
    assert not any(name.startswith(("tests", "bench")) for name in packed)


def _address(line: str) -> str:
    found = re.search(r"http://\S+", line)
    assert found, line
    return found[0]


async def _until_ready(browser: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(10):
        while True:
            async with browser.get(f"{url}/readyz") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.02)
