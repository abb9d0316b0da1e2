"""What Sentry is told: that something broke, what kind of failure it was, and where; to an address on loopback."""

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
import structlog
from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage

from cli import sentry
from database.errors import StartupError
from models import Update
from simulator import Server, running
from tests import cast, commands
from tests.commands import Shell

PATIENCE = 20.0  # seconds
UNSPEAKABLE = ["cinnamon", "Hortensia", "Vandelay", cast.BOT_TOKEN.partition(":")[2], "the-token-of-a-link"]

log = structlog.get_logger()


class Sentry:
    """A stand-in that keeps what it is sent."""

    def __init__(self) -> None:
        self.dsn = ""
        self.envelopes: list[str] = []
        self._arrived = asyncio.Event()

    async def receive(self, request: web.Request) -> web.Response:
        self.envelopes.append(await request.text())
        self._arrived.set()
        return web.json_response({})

    async def event(self) -> dict[str, Any]:
        """Wait for an event, and make sure that it is the only thing that came."""
        async with asyncio.timeout(PATIENCE):
            await self._arrived.wait()
        [envelope] = self.envelopes
        assert [words for words in UNSPEAKABLE if words in envelope] == []
        _header, _kind, event = envelope.splitlines()
        told: dict[str, Any] = json.loads(event)
        return told


@pytest.fixture
async def there() -> AsyncIterator[Sentry]:
    stand_in = Sentry()
    app = web.Application()
    app.router.add_post("/api/42/envelope/", stand_in.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stand_in.dsn = f"http://key@127.0.0.1:{runner.addresses[0][1]}/42"
    yield stand_in
    await runner.cleanup()


@pytest.fixture
async def server(telegram) -> AsyncIterator[Server]:
    async with running(telegram, []) as server:
        yield server


@pytest.fixture
async def shell(db, server, nursery, tmp_path) -> AsyncIterator[Shell]:
    async with commands.shell(
        nursery, tmp_path, server, DATABASE_URL=db, SECRET_KEY=cast.SECRET_KEY, PORT="0"
    ) as shell:
        yield shell


@pytest.mark.xdist_group("commands")
async def test_an_update_that_fails_is_told_by_its_number_and_by_what_has_failed_where(shell, telegram, there):
    hortensia = telegram.user("Hortensia", "Vandelay")
    hortensia.starts()
    said = hortensia.chat.add("person", {"from": hortensia.user.facts(), "text": "cinnamon"})
    telegram.bot.updates.put("message", {**said, "date": "cinnamon o'clock"})
    await shell.begin("serve", SENTRY_DSN=there.dsn)
    event = await there.event()
    await hortensia.hears("something went wrong", timeout=PATIENCE)
    kept = await Update.get(state="quarantined")
    assert (event["tags"]["event"], event["tags"]["update_id"]) == ("update.failed", str(kept.update_id))
    assert event["release"].startswith("couponchat@")
    broken = event["exception"]["values"][-1]
    assert kept.error.startswith(f"{broken['type']}: ")
    ours = [frame for frame in broken["stacktrace"]["frames"] if frame["in_app"]]
    assert (ours[0]["module"], ours[0]["function"]) == ("bot.intake.worker", "_handle_alone")
    assert all(frame["lineno"] for frame in ours)


async def test_nothing_leaves_the_house_but_kinds_places_and_ids(there, logbook):
    def work() -> None:
        with sentry.reporting(there.dsn):
            try:
                _fail("cinnamon")
            except ValueError:
                log.exception("web.broke", route="signin_link", address="/signin/the-token-of-a-link", chat="0192")

    await asyncio.to_thread(work)
    event = await there.event()
    assert event["tags"] == {"event": "web.broke", "route": "signin_link", "chat": "0192"}
    assert event.keys() <= {*sentry._TOLD, "exception"}
    first, second = event["exception"]["values"]
    assert (first["type"], second["type"]) == ("KeyError", "ValueError")
    for exception in (first, second):
        assert "value" not in exception
        for frame in exception["stacktrace"]["frames"]:
            assert frame.keys() <= {"filename", "function", "module", "lineno", "in_app"}


async def test_what_ends_the_process_is_told_too(there, logbook):
    def work() -> None:
        with pytest.raises(ValueError, match="no cinnamon"), sentry.reporting(there.dsn):
            _fail("cinnamon")

    await asyncio.to_thread(work)
    event = await there.event()
    assert event["exception"]["values"][-1]["type"] == "ValueError"


async def test_what_whoever_starts_us_has_to_mend_is_told_to_them_alone(there, logbook):
    def work() -> None:
        with pytest.raises(StartupError), sentry.reporting(there.dsn):
            raise StartupError("The port is taken.")

    await asyncio.to_thread(work)
    assert there.envelopes == []


async def test_what_strangers_send_that_is_no_request_is_not_told(there, logbook):
    def work() -> None:
        with sentry.reporting(there.dsn):
            logging.getLogger("aiohttp.server").error("Error handling request", exc_info=BadHttpMessage("cinnamon"))

    await asyncio.to_thread(work)
    assert there.envelopes == []


async def test_afterwards_nothing_is_told_any_more(there, logbook):
    def work() -> None:
        with sentry.reporting(there.dsn):
            pass
        try:
            _fail("cinnamon")
        except ValueError:
            log.exception("update.failed")

    await asyncio.to_thread(work)
    assert there.envelopes == []


def test_without_an_address_it_is_not_even_imported():
    code = "import sys; from cli import sentry\nwith sentry.reporting(None): print('sentry_sdk' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def _fail(what: str) -> None:
    held = {"name": "Hortensia Vandelay", "words": what}
    try:
        raise KeyError(held["words"])
    except KeyError as error:
        raise ValueError(f"no {what} for {held}") from error
