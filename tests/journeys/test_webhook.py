"""Whoever knocks at the webhook: Telegram is let in, and nobody else."""

import io
import json
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.intake import registration
from bot.intake.inbox import Inbox
from bot.intake.receiving import Unavailable
from bot.intake.registration import PATH
from bot.intake.webhook import SECRET_HEADER
from bot.reading.envelope import ALLOWED_UPDATES
from database.errors import DatabaseAway
from models import Chat, Update
from services.incoming import inbox
from tests import cast
from tests.journeys.conftest import House, until

SUMMER = "c_50-off-summer-collection"
ELSEWHERE = "https://elsewhere.example/hook"


@pytest.fixture
def house(db, tmp_path, server) -> House:
    return House(db, tmp_path, server, telegram_updates="webhook")


@pytest.fixture
def watchful(monkeypatch) -> None:
    """Look after the webhook all the time."""
    monkeypatch.setattr(registration, "CHECK_INTERVAL", 0.02)


def secret(telegram) -> str:
    """See what Telegram was told to show."""
    [told] = [parameters for method, parameters, _ in telegram.calls if method == "setWebhook"]
    return told["secret_token"]


@pytest.mark.parametrize("shown", [None, "", "wrong", "wrœng"])
async def test_who_does_not_know_the_secret_is_sent_away(house, telegram, maya, shown):
    raw = {"update_id": 4711, "message": telegram.user("Ada").starts(SUMMER)}
    telegram.bot.updates.drop()
    headers = {} if shown is None else {SECRET_HEADER: shown}
    async with house.open(), aiohttp.ClientSession(headers=headers) as stranger:
        async with stranger.post(f"{house.url}{PATH}", json=raw) as answer:
            assert answer.status == 401
        assert not await Update.exists()
        assert not await Chat.exists()
        known = {SECRET_HEADER: secret(telegram)}
        async with stranger.post(f"{house.url}{PATH}", json=raw, headers=known) as answer:
            assert answer.status == 200
        await until(lambda: Chat.exists())
    assert (await Chat.get()).influencer_id == maya.id


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not JSON", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"update_id": "1"}', 400),
        (b'{"update_id": true}', 400),
        (b'{"update_id": 1e400}', 400),
        (b'{"update_id": -1}', 400),
        (b'{"update_id": 99999999999999999999}', 400),
        (b'{"update_id": 1, "message": ' + b"[" * 100_000 + b"}", 400),
        (b"1" * 5000, 400),
        (b'{"update_id": 1, "x": "' + b"x" * 2_000_000 + b'"}', 413),
    ],
    ids=lambda value: None if isinstance(value, int) else repr(value[:30]),
)
async def test_what_is_no_update_is_refused_and_leaves_nothing(house, telegram, maya, body, status):
    async with house.open(), aiohttp.ClientSession(headers={SECRET_HEADER: secret(telegram)}) as caller:
        async with caller.post(f"{house.url}{PATH}", data=io.BytesIO(body)) as answer:
            assert answer.status == status
        async with caller.post(f"{house.url}{PATH}", data=_in_pieces(body)) as answer:
            assert answer.status == status
        assert not await Update.exists()
        async with caller.get(f"{house.url}/readyz") as answer:
            assert answer.status == 200


async def test_an_update_that_comes_twice_counts_once(house, telegram, maya):
    raw = {"update_id": 4711, "message": telegram.user("Ada").starts(SUMMER)}
    telegram.bot.updates.drop()
    async with house.open(), aiohttp.ClientSession(headers={SECRET_HEADER: secret(telegram)}) as caller:
        for _ in range(2):
            async with caller.post(f"{house.url}{PATH}", data=json.dumps(raw)) as answer:
                assert answer.status == 200
        await until(lambda: Update.exists(state="handled"))
    assert await Chat.all().count() == 1
    assert await Update.all().count() == 1


async def test_what_is_nested_without_end_is_taken_in_and_blocks_nobody(house, telegram, maya):
    message = telegram.user("Ada").starts(SUMMER)
    telegram.bot.updates.drop()
    deep = b"[" * 100_000 + b"]" * 100_000
    body = json.dumps({"update_id": 4711, "message": {**message, "something_new": "deep"}}).encode()
    async with house.open(), aiohttp.ClientSession(headers={SECRET_HEADER: secret(telegram)}) as caller:
        async with caller.post(f"{house.url}{PATH}", data=body.replace(b'"deep"', deep)) as answer:
            assert answer.status == 200
        await until(lambda: Chat.exists())
    assert (await Update.get()).state == "handled"


async def test_while_the_database_is_away_telegram_is_asked_to_come_again(house, telegram, maya, monkeypatch):
    raw = {"update_id": 4711, "message": telegram.user("Ada").starts(SUMMER)}
    telegram.bot.updates.drop()
    async with house.open(), aiohttp.ClientSession(headers={SECRET_HEADER: secret(telegram)}) as caller:
        with monkeypatch.context() as patch:
            patch.setattr(inbox, "receive", _away)
            async with caller.post(f"{house.url}{PATH}", json=raw) as answer:
                assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
        assert not await Update.exists()
        async with caller.post(f"{house.url}{PATH}", json=raw) as answer:
            assert answer.status == 200
        await until(lambda: Chat.exists())


async def test_other_methods_and_polling_houses_have_no_such_door(db, tmp_path, server, telegram, house):
    async with house.open(), aiohttp.ClientSession() as stranger, stranger.get(f"{house.url}{PATH}") as answer:
        assert answer.status == 405
    polling = House(db, tmp_path, server)
    async with polling.open(), aiohttp.ClientSession() as stranger:
        async with stranger.post(f"{polling.url}{PATH}", json={"update_id": 1}) as answer:
            assert answer.status == 404
        assert telegram.bot.webhook.url == ""


@pytest.mark.parametrize(
    ("url", "kinds", "found"),
    [
        ("", ALLOWED_UPDATES, "The webhook leads to nowhere, not to "),
        (ELSEWHERE, ALLOWED_UPDATES, "The webhook leads to another address, at elsewhere.example, not to "),
        (None, ["poll"], "The webhook is set for other kinds of update, without message, "),
        (None, ALLOWED_UPDATES[:-1], "The webhook is set for other kinds of update, without message_reaction."),
    ],
    ids=["gone", "elsewhere", "other kinds", "an old registration"],
)
async def test_a_webhook_that_somebody_has_changed_is_set_again(house, telegram, maya, watchful, url, kinds, found):
    async with house.open():
        ours = telegram.bot.webhook.url
        changed = {"url": ours if url is None else url, "secret_token": "theirs", "allowed_updates": kinds}
        with capture_logs() as said:
            await telegram.call(cast.BOT_TOKEN, "setWebhook", changed)
            await until(lambda: _calls_of(telegram, "setWebhook", 3))
        [wrong] = [entry for entry in said if entry["event"] == "webhook.wrong"]
        assert wrong["found"][0].startswith(found)
        assert telegram.bot.webhook.url == ours
        ada = telegram.user("Ada")
        ada.starts(SUMMER)
        await ada.hears("Re: 50% Off Summer Collection")


async def test_as_long_as_it_cannot_be_set_again_the_house_is_not_ready(house, telegram, watchful):
    async with house.open():
        telegram.fail_next("setWebhook", {"error_code": 400, "description": "Bad Request"}, times=10_000)
        await telegram.call(cast.BOT_TOKEN, "deleteWebhook", {})
        await until(lambda: _readiness(house, f"The webhook leads to nowhere, not to {house.url}{PATH}."))
        telegram.faults.clear()
        await until(lambda: _readiness(house, ""))


async def test_who_begins_late_is_ready_and_whoever_takes_nothing_in_for_an_hour_is_not(
    house, telegram, maya, watchful, monkeypatch
):
    await _heard_last(timedelta(hours=3))
    telegram.user("Ada").starts(SUMMER)
    receive = Inbox.receive
    monkeypatch.setattr(Inbox, "receive", _unavailable)
    async with house.open():
        await until(lambda: _calls_of(telegram, "getWebhookInfo", 2))
        assert await _readiness(house, "")
        monkeypatch.setattr(registration, "LATE_AFTER", timedelta(0))
        await until(lambda: _readiness(house, "1 update(s) wait at Telegram, and none was taken in since "))
        monkeypatch.setattr(Inbox, "receive", receive)
        await until(lambda: _readiness(house, ""))
        await until(lambda: Chat.exists())


async def _in_pieces(body: bytes):
    """Send it without saying how long it is."""
    for start in range(0, len(body), 65536):
        yield body[start : start + 65536]


async def _calls_of(telegram, method: str, count: int) -> bool:
    """See whether Telegram has been called so often by this method."""
    return sum(called == method for called, _, _ in telegram.calls) >= count


async def _readiness(house: House, reason: str) -> bool:
    """See whether the house is not ready for this reason, or, without one, is."""
    async with aiohttp.ClientSession() as browser, browser.get(f"{house.url}/readyz") as answer:
        reasons = (await answer.json()).get("reasons", [])
        return reasons == [] if not reason else any(known.startswith(reason) for known in reasons)


async def _heard_last(ago: timedelta) -> None:
    heard = await Update.create(bot_id=cast.BOT_ID, update_id=1)
    await Update.filter(id=heard.id).update(received_at=datetime.now(UTC) - ago)


async def _away(*_: object) -> None:
    raise DatabaseAway


async def _unavailable(*_: object) -> None:
    raise Unavailable
