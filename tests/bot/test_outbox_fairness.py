"""Nobody waits for others: not for their pace, their floods, their taps, nor for a backlog."""

import asyncio
from datetime import timedelta

import pytest

import bot.outbox.agenda
import bot.outbox.loop
from bot.outbox.loop import Outbox
from bot.outbox.pace import UNLIMITED, Limit, Pace
from database.transactions import transaction
from models import Delivery, Message, Peer
from services.outgoing import deliveries, due, sending
from services.outgoing.due import Busy, Room
from services.outgoing.payloads import Notice, TapAnswer
from tests import cast, databases
from tests.bot.conftest import Door, delivering, eventually

NEVER = 0.0001  # calls a second: whoever has to wait waits for ever
FLOOD = {"error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 3600}}


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Keep the pace that a test asks for, and never look without a reason."""
    monkeypatch.setattr(bot.outbox.agenda, "POLL_INTERVAL", 1000)


@pytest.fixture
async def ben(sleeping, shoes):
    """Ben has a chat, and has heard everything until now."""
    ben = sleeping.phone("Ben")
    async with delivering(sleeping.bot, Pace(UNLIMITED, UNLIMITED)):
        await ben.opens(shoes)
        await sleeping.delivered()
    return ben


@pytest.mark.parametrize(("accounts", "taps"), [(40, 25), (500, 4)])
async def test_a_fresh_answer_overtakes_what_many_have_waited_for(sleeping, db, ben, shoes, accounts, taps):
    await _are_owed(sleeping, db, accounts, taps)
    async with delivering(sleeping.bot, Pace(Limit(50, 4))):
        await eventually(lambda: _calls(sleeping, 20))
        before = len(sleeping.calls("sendMessage"))
        await sleeping.answers(shoes, "Fresh")
        await ben.hears("Fresh")
        between = len(sleeping.calls("sendMessage")) - before - 1
    assert between <= 10  # 28 a second: a third of one
    assert await Delivery.filter(state="queued").count() > accounts * taps / 2
    assert not await Delivery.exists(state="sending")


async def test_the_bots_limit_is_waited_for_before_anything_begins(sleeping, db, ben):
    await _are_owed(sleeping, db, people=10, each=2)
    async with delivering(sleeping.bot, Pace(Limit(NEVER, 3))):
        await eventually(lambda: Delivery.filter(state="sent", attempts=1, chat_id=None).count())
        await eventually(lambda: _calls(sleeping, 1 + 3))
        await _is_looked_again(sleeping)
    assert len(sleeping.calls("sendMessage")) == 1 + 3
    assert await Delivery.filter(state="queued", attempts=0).count() == 20 - 3


async def test_who_waits_for_their_pace_or_for_telegram_holds_no_slot(sleeping, ben, shoes, monkeypatch):
    """There is one slot, and two who can't use it."""
    monkeypatch.setattr(bot.outbox.loop, "CONNECTIONS", 1)
    ada, joan = sleeping.phone("Ada"), sleeping.phone("Joan")
    async with delivering(sleeping.bot, Pace(peer=Limit(NEVER, 2))):
        sleeping.telegram.fail_next("sendMessage", FLOOD)
        await joan.starts(f"c_{shoes.id}")
        await eventually(lambda: Peer.exists(paused_until__not_isnull=True))
        await ada.opens(shoes)
        for _ in range(3):
            await ada.says("/help")
            await joan.says("/help")
        await ben.says("/help")
        await ben.hears("How this works")
    waiting = {peer.telegram_chat_id: peer for peer in await Peer.filter(next_due_at__not_isnull=True)}
    assert set(waiting) == {ada.person.id, joan.person.id}
    assert not await Delivery.exists(state="sending")


async def test_a_phone_whose_pace_is_over_is_served_though_nothing_tells_of_that(sleeping, ben):
    async with transaction():
        peer = await Peer.get()
        for number in range(6):
            await deliveries.queue(peer, Notice(f"Line {number}"))
    async with delivering(sleeping.bot, Pace(peer=Limit(20, 2))):
        assert (await ben.heard())[-6:] == [f"Line {number}" for number in range(6)]


async def test_what_is_queued_while_a_phone_waits_for_its_pace_is_said_once_that_is_over(sleeping, ben):
    async with delivering(sleeping.bot, Pace(peer=Limit(2, 1))):
        for number in range(2):
            await deliveries.queue(await Peer.get(), Notice(f"Line {number}"))
            await ben.hears(f"Line {number}")
            await sleeping.delivered()


async def test_what_is_postponed_is_sent_once_it_is_due_though_nothing_tells_of_that(sleeping, ben, monkeypatch):
    monkeypatch.setattr(bot.outbox.loop, "FIRST_BACKOFF", 0.05)
    sleeping.telegram.fail_next("sendMessage", {"error_code": 401, "description": "Unauthorized"})
    async with delivering(sleeping.bot, Pace(UNLIMITED, UNLIMITED)):
        await deliveries.queue(await Peer.get(), Notice("Hello"))
        await ben.hears("Hello")


async def test_what_was_begun_and_forgotten_is_sent_and_marked_once_its_lease_is_over(
    sleeping, ben, shoes, monkeypatch
):
    """Whoever has begun it has died, and somebody else delivers already."""
    monkeypatch.setattr(sending, "LEASE", sending.LEASE / 300)
    async with delivering(sleeping.bot, Pace(UNLIMITED, UNLIMITED)):
        await _is_looked_again(sleeping)
        async with transaction():
            await sleeping.answers(shoes, "Forgotten")
            found = await due.begin(sleeping.bot.id, Room(1, 1, 0), Busy(), sending.lease())
            assert found.steps
        await ben.hears("Forgotten")
        await sleeping.delivered()
    message = await Message.get(text="Forgotten")
    assert (message.delivery_state, message.may_be_doubled) == ("sent", True)


async def test_nothing_is_asked_while_all_slots_are_taken(sleeping, db, ben, monkeypatch):
    """A look that can begin nothing is none."""
    looks, begin = [], due.begin

    async def looked(*asked):
        looks.append(asked)
        return await begin(*asked)

    monkeypatch.setattr(due, "begin", looked)
    monkeypatch.setattr(bot.outbox.loop, "CONNECTIONS", 3)
    await _are_owed(sleeping, db, people=6, each=1)
    is_answered = asyncio.Event()

    async def call(*_: object) -> object:
        await is_answered.wait()
        return {"message_id": 1}

    with monkeypatch.context() as slow:
        slow.setattr(sleeping.bot, "call", call)
        running = asyncio.create_task(Outbox(sleeping.bot, Pace(UNLIMITED, UNLIMITED)).run())
        await eventually(lambda: _is(Delivery.filter(state="sending").count(), 3))
        await asyncio.sleep(0.2)
        assert len(looks) == 1
        is_answered.set()
        await sleeping.delivered()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def _are_owed(door: Door, url: str, people: int, each: int) -> None:
    """Let the bot have owed people something for a minute, so much to each."""
    phones = [door.phone(f"Consumer {number}") for number in range(people)]
    for phone in phones:
        phone.person.chat.is_started = True
    ids = ", ".join(f"({phone.person.id})" for phone in phones)
    await databases.execute(
        url,
        f"""INSERT INTO "Peers" (id, "botId", "telegramChatId", "isBlocked", "deliveryCount", "createdAt", "seenAt")
                SELECT 'peer-' || id, {cast.BOT_ID}, id, false, {each}, now(), now() FROM (VALUES {ids}) p(id);
            INSERT INTO "Deliveries" (id, "peerId", "botId", sequence, kind, payload, state, attempts, "dueAt",
                    "queuedAt")
                SELECT p.id || '-' || n, p.id, {cast.BOT_ID}, n, 'notice', '{{"text": "Hello"}}', 'queued', 0,
                    now() - interval '1 minute' + n * interval '1 millisecond', now()
                FROM "Peers" p, generate_series(1, {each}) n WHERE p.id LIKE 'peer-%'""",
    )
    await due.put_right(cast.BOT_ID)


async def _calls(door, count):
    await Message.exists()  # others may go on meanwhile
    return len(door.calls("sendMessage")) >= count


async def _is(counting, count):
    return await counting == count


async def _is_looked_again(door):
    """Let something that overtakes all else come to rest: the outbox has looked."""
    await deliveries.queue_unordered(await Peer.first(), TapAnswer("1"), timedelta(seconds=15))
    await eventually(lambda: _is(Delivery.filter(kind="tap_answer", state="queued").count(), 0))
