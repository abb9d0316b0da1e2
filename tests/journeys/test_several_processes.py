"""Several panels and several bots on one database, each a process of its own, and one of them is killed."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bench import locks
from bot.intake import registration, webhook
from models import Chat, Coupon, Message, Update
from services.people.keyring import Keyring
from simulator import Person, Telegram
from tests import cast, commands, databases
from tests.commands import Running, Shell
from tests.journeys.conftest import signed_in, until

pytestmark = pytest.mark.xdist_group("commands")

SUMMER = "c_50-off-summer-collection"
PATIENCE = 20.0  # seconds
EVERYBODY = 'SELECT FROM "Peers" FOR UPDATE'  # and nothing that consumers send is handled while they are held


@pytest.fixture
async def shell(db, server, nursery, home) -> AsyncIterator[Shell]:
    """Run commands on the tests' own database, with the simulator for Telegram."""
    async with commands.shell(
        nursery, home, server, DATABASE_URL=db, DATA_DIR=str(home / "data"), SECRET_KEY=cast.SECRET_KEY, PORT="0"
    ) as shell:
        yield shell


async def test_what_one_panel_takes_in_appears_live_in_a_browser_at_another(shell, telegram, maya):
    here, there = [await _panel(shell, TELEGRAM_UPDATES="webhook") for _ in range(2)]
    await _bots(shell, TELEGRAM_UPDATES="webhook", PUBLIC_URL=here)
    ada = telegram.user("Ada")
    ada.starts(SUMMER)
    await ada.hears("Re: 50% Off Summer Collection", PATIENCE)
    assert telegram.bot.webhook.url == f"{here}/telegram/webhook"
    chat = await Chat.get()
    async with (
        _signed_in(here, maya) as near,
        _signed_in(there, maya) as far,
        near.watches(chat) as near_tab,
        far.watches(chat) as far_tab,
    ):
        ada.says("Does it work on sale items?")
        await far_tab.brings("change", "sale items")
        await far.replies(chat, "It does!")
        await near_tab.brings("change", "It does!")
        await ada.hears("It does!", PATIENCE)
        await far_tab.brings("change", "Sent")


async def test_when_the_bot_that_delivers_is_killed_the_other_goes_on_where_it_was(shell, telegram, maya):
    url = await _panel(shell, TELEGRAM_UPDATES="webhook")
    delivering, standing_by = await _bots(shell, TELEGRAM_UPDATES="webhook", PUBLIC_URL=url)
    ada = telegram.user("Ada")
    ada.starts(SUMMER)
    await ada.hears("Re: 50% Off Summer Collection", PATIENCE)
    chat = await Chat.get()
    async with _signed_in(url, maya) as panel, panel.watches(chat) as tab:
        telegram.fail_next("sendMessage", "timeout_after_sending")
        for number in range(4):
            await panel.replies(chat, f"Answer {number}")
        await ada.hears("Answer 0", PATIENCE)  # Telegram keeps silent about it: nobody knows
        await delivering.ends(signal.SIGKILL)
        ada.says("Are you still there?")
        await standing_by.says("deliver for")
        await tab.brings("change", "may have arrived twice")
        await panel.replies(chat, "I am.")
        await ada.hears("I am.", PATIENCE)
    heard = [message["text"].rpartition("\n")[2] for message in ada.messages if message["who"] == "bot"][1:]
    assert heard == ["Answer 0", "Answer 0", "Answer 1", "Answer 2", "Answer 3", "I am."]
    kept = await Message.all().order_by("position", "id")
    assert [message.text for message in kept if message.may_be_doubled] == ["Answer 0"]
    assert "Are you still there?" in [message.text for message in kept]


async def test_when_the_bot_that_polls_is_killed_the_other_polls_and_misses_nothing(shell, telegram, maya, db):
    polling, standing_by = await _bots(shell)
    ada = telegram.user("Ada")
    ada.starts(SUMMER)
    await ada.hears("Re: 50% Off Summer Collection", PATIENCE)
    texts = [f"Question {number}" for number in range(9)]
    async with locks.held(db, EVERYBODY):
        for text in texts[:-1]:
            ada.says(text)
        await until(lambda: _has_forgotten(telegram))
        await polling.ends(signal.SIGKILL)
        ada.says(texts[-1])
        assert not await Message.exists()
        assert await Update.filter(state="received").count() == len(texts) - 1
    await standing_by.says("poll for")
    ada.says("/chats")
    await ada.hears("Your chats.", PATIENCE)  # and so all before it is taken in
    assert await Message.all().order_by("position", "id").values_list("text", flat=True) == texts


async def test_a_panel_alone_handles_what_a_process_that_was_killed_has_left(shell, telegram, maya, db):
    await _panel(shell, TELEGRAM_UPDATES="webhook")
    killed = await shell.begin("serve", TELEGRAM_UPDATES="webhook")
    url = (await killed.says("The panel is at")).rpartition(" ")[2]
    await until(lambda: _leads_to(telegram, url))
    ada = telegram.user("Ada")
    ada.starts(SUMMER)
    await until(lambda: Chat.exists())
    async with locks.held(db, EVERYBODY):
        ada.says("Is anybody there?")
        await until(lambda: _has_forgotten(telegram))
        await killed.ends(signal.SIGKILL)
        assert not await Message.exists()
    await until(lambda: Message.exists(text="Is anybody there?"))


async def test_two_processes_that_take_one_persons_messages_in_handle_them_once_and_in_order(shell, maya):
    urls = [await _panel(shell, TELEGRAM_UPDATES="webhook") for _ in range(2)]
    await cast.chat(await Coupon.get(), await cast.peer())
    texts = [f"Message {number}" for number in range(60)]
    async with aiohttp.ClientSession(headers={webhook.SECRET_HEADER: _webhook_secret()}) as session:
        for number, text in enumerate(texts):
            address = f"{urls[number % 2]}/telegram/webhook"
            async with session.post(address, json=_update(number, text)) as answer:
                assert answer.status == 200
    await until(_nothing_waits)
    assert await Message.all().order_by("id").values_list("text", flat=True) == texts  # as they were handled
    assert await Message.all().order_by("position", "id").values_list("text", flat=True) == texts


async def test_what_two_retry_at_once_is_handled_once(shell, telegram, maya, db):
    _, ada = await _served(shell, telegram)
    await databases.execute(db, """ALTER TABLE "Messages" ADD CONSTRAINT poison CHECK (text <> 'Poison')""")
    ada.says("Poison")
    await ada.hears("something went wrong", PATIENCE)
    await databases.execute(db, 'ALTER TABLE "Messages" DROP CONSTRAINT poison')
    retries = [await shell.begin("updates", "retry") for _ in range(2)]
    ended = await asyncio.gather(*(retry.ends() for retry in retries))
    assert [retry.code for retry in ended] == [0, 0]
    assert await Message.all().values_list("text", flat=True) == ["Poison"]
    assert not await Update.filter(state="quarantined").exists()


async def test_what_waited_when_a_dump_was_taken_is_handled_where_it_is_restored(shell, telegram, maya, db):
    serving, ada = await _served(shell, telegram)
    texts = [f"Question {number}" for number in range(5)]
    async with databases.empty(db) as elsewhere:
        async with locks.held(db, EVERYBODY):
            for text in texts:
                ada.says(text)
            await until(lambda: _has_forgotten(telegram))
            await asyncio.to_thread(databases.copy, db, elsewhere)
            await serving.ends(signal.SIGKILL)
        restored = await shell.begin("serve", DATABASE_URL=elsewhere)
        await restored.says("The panel is at")
        ada.says("/chats")
        await ada.hears("Your chats.", PATIENCE)  # and so all before it is handled
        query = 'SELECT text FROM "Messages" ORDER BY position, id'
        assert [row["text"] for row in await databases.fetch_from(elsewhere, query)] == texts
        await restored.ends(signal.SIGTERM)


async def _served(shell: Shell, telegram: Telegram) -> tuple[Running, Person]:
    """Begin to serve, and let Ada open a chat."""
    serving = await shell.begin("serve")
    await serving.says("The panel is at")
    ada = telegram.user("Ada")
    ada.starts(SUMMER)
    await ada.hears("Re: 50% Off Summer Collection", PATIENCE)
    return serving, ada


def _webhook_secret() -> str:
    return registration.secret(Keyring(cast.SECRET_KEY.encode()), cast.BOT_ID)


def _update(number: int, text: str) -> dict[str, Any]:
    """Write what the cast's consumer says as Telegram tells it."""
    person = {"id": 7001, "first_name": "Ada"}
    chat = {**person, "type": "private"}
    message = {"message_id": 100 + number, "date": int(time.time()), "from": {**person, "is_bot": False}}
    return {"update_id": 10_000 + number, "message": {**message, "chat": chat, "text": text}}


async def _nothing_waits() -> bool:
    return not await Update.exists(state="received")


async def _has_forgotten(telegram: Telegram) -> bool:
    """See whether everything that Telegram had was acknowledged: nobody else will tell of it again."""
    return not telegram.bot.updates


async def _leads_to(telegram: Telegram, url: str) -> bool:
    """See whether Telegram calls this address."""
    return telegram.bot.webhook.url.startswith(url)


async def _panel(shell: Shell, **environment: str) -> str:
    """Start a panel, and give its address."""
    web = await shell.begin("web", **environment)
    return (await web.says("The panel is at")).rpartition(" ")[2]


async def _bots(shell: Shell, **environment: str) -> tuple[Running, Running]:
    """Start two bots: one works, the other stands by."""
    working = await shell.begin("bot", **environment)
    await working.says("deliver for")
    return working, await shell.begin("bot", **environment)


def _signed_in(url, influencer):
    return signed_in(url, Keyring(cast.SECRET_KEY.encode()), influencer)
