"""Whoever knocks at the webhook: Telegram is let in, and nobody else."""

import io
import json

import aiohttp
import pytest

from bot.intake.webhook import PATH, SECRET_HEADER
from models import Chat, Update
from tests.journeys.conftest import House

SUMMER = "c_50-off-summer-collection"


@pytest.fixture
def house(db, tmp_path, server) -> House:
    return House(db, tmp_path, server, telegram_updates="webhook")


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
        (b'{"update_id": 1, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
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
    assert await Chat.all().count() == 1
    assert await Update.all().count() == 1


async def test_other_methods_and_polling_houses_have_no_such_door(db, tmp_path, server, telegram, house):
    async with house.open(), aiohttp.ClientSession() as stranger, stranger.get(f"{house.url}{PATH}") as answer:
        assert answer.status == 405
    polling = House(db, tmp_path, server)
    async with polling.open(), aiohttp.ClientSession() as stranger:
        async with stranger.post(f"{polling.url}{PATH}", json={"update_id": 1}) as answer:
            assert answer.status == 404
        assert telegram.bot.webhook.url == ""


async def _in_pieces(body: bytes):
    """Send it without saying how long it is."""
    for start in range(0, len(body), 65536):
        yield body[start : start + 65536]
