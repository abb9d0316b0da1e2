"""Fetching updates: none is forgotten before it is stored, whatever their numbers."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

from bot.intake.handling import Handler
from bot.intake.polling import Poller
from bot.intake.receiving import Unavailable
from database.errors import DatabaseAway
from models import Activation, Chat, Message
from services.incoming import inbox
from tests import cast
from tests.bot.conftest import eventually


@contextlib.asynccontextmanager
async def polls(door):
    task = asyncio.create_task(Poller(door.bot, door.inbox).run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_after_a_week_of_silence_telegrams_count_may_go_on_below(sleeping, telegram, shoes):
    ada = telegram.user("Ada")
    async with polls(sleeping):
        ada.starts(f"c_{shoes.id}")
        await eventually(Chat.exists)
        await eventually(lambda: _asks_for_anything(telegram))
        await Activation.all().update(at=datetime.now(UTC) - timedelta(days=8))
        telegram.bot.updates.next_id -= 50_000_000
        ada.says("Still there?")
        assert (await eventually(Message.first)).text == "Still there?"


async def test_what_was_fetched_and_not_stored_is_fetched_again(sleeping, telegram, shoes, monkeypatch):
    ada = telegram.user("Ada")
    ada.starts(f"c_{shoes.id}")
    ada.says("Hello")
    fetched = asyncio.Event()

    async def dies(*_):
        fetched.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(sleeping.inbox, "receive", dies)
        async with polls(sleeping):
            await fetched.wait()
    async with polls(sleeping):
        assert (await eventually(Message.first)).text == "Hello"


async def test_a_slow_person_delays_nobody_else(sleeping, telegram, shoes, monkeypatch):
    slow, quick = telegram.user("Slow"), telegram.user("Quick")
    handle, may_go_on = Handler.handle, asyncio.Event()

    async def handles(self, updates):
        if any(claimed.telegram_user_id == slow.id for claimed in updates):
            await may_go_on.wait()
        return await handle(self, updates)

    monkeypatch.setattr(Handler, "handle", handles)
    async with polls(sleeping):
        slow.starts(f"c_{shoes.id}")
        slow.says("I am slow")
        for number in range(5):
            quick.starts(f"c_{shoes.id}")
            quick.says(f"Message {number}")
        await eventually(lambda: Message.filter(text="Message 4").exists())
        assert not await Message.exists(text="I am slow")
        may_go_on.set()
        await eventually(lambda: Message.filter(text="I am slow").exists())


async def test_an_update_has_arrived_when_it_was_fetched_however_often_it_is_tried(
    sleeping, telegram, shoes, monkeypatch
):
    receive, arrivals = sleeping.inbox.receive, []

    async def receives(envelopes, arrived_at):
        arrivals.append(arrived_at)
        if len(arrivals) < 3:
            raise Unavailable
        await receive(envelopes, arrived_at)

    monkeypatch.setattr(sleeping.inbox, "receive", receives)
    monkeypatch.setattr("bot.intake.polling.FIRST_STORE_BACKOFF", 0.001)
    async with polls(sleeping):
        telegram.user("Ada").starts(f"c_{shoes.id}")
        await eventually(Chat.exists)
    assert len(arrivals) == 3
    assert len(set(arrivals)) == 1


async def test_while_the_database_is_away_telegram_forgets_nothing(sleeping, telegram, shoes, monkeypatch):
    monkeypatch.setattr("bot.intake.polling.FIRST_STORE_BACKOFF", 0.001)
    tries = []

    async def away(*_):
        tries.append(len(telegram.bot.updates))
        raise DatabaseAway

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "receive", away)
        async with polls(sleeping):
            telegram.user("Ada").starts(f"c_{shoes.id}")
            while len(tries) < 5:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.001)
    assert set(tries) == {1}
    assert len(telegram.bot.updates) == 1
    async with polls(sleeping):
        await eventually(Chat.exists)
        await eventually(lambda: _asks_for_anything(telegram))


async def test_a_webhook_that_somebody_sets_is_taken_away_again(sleeping, telegram, shoes, monkeypatch):
    monkeypatch.setattr("bot.intake.polling.FIRST_BACKOFF", 0.01)
    ada = telegram.user("Ada")
    async with polls(sleeping):
        await eventually(lambda: _asks_for_anything(telegram))
        await telegram.call(cast.BOT_TOKEN, "setWebhook", {"url": "https://elsewhere.example/hook"})
        ada.starts(f"c_{shoes.id}")
        assert await eventually(Chat.exists)
    assert telegram.bot.webhook.url == ""


async def _asks_for_anything(telegram):
    """Whoever asks from an offset on lets Telegram forget what is below, unseen."""
    await asyncio.sleep(0)
    method, parameters, _ = telegram.calls[-1]
    return (method, len(telegram.bot.updates), int(parameters.get("offset", 0))) == ("getUpdates", 0, 0)
