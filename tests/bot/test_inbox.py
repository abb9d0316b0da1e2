"""What was acknowledged is handled once, in order, by whoever lives; nobody waits for anybody else's trouble."""

import asyncio
import gc
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

import bot.app
from bench import locks
from bench.statements import counted, unseen
from bot.intake import handling as updates
from bot.intake.inbox import Inbox
from database.errors import DatabaseAway
from database.transactions import transaction
from models import Chat, Delivery, Message, Peer, Purpose, Update, User
from services.errors import NotFound
from services.incoming import inbox, receiving
from services.people import access_links, invitations
from tests import cast
from tests.bot.conftest import Door, create, eventually, handling, in_envelope, until_handled

FEW = 64  # messages of others before which a newcomer's must be handled: several transactions full of them


@pytest.fixture
async def idle(db, telegram) -> AsyncIterator[Door]:
    """Open the bot's door, with nobody yet who handles what comes in."""
    bot_ = create(telegram)
    async with bot.app.opened(bot_):
        yield Door(telegram, bot_)


@pytest.fixture(autouse=True)
def watchful(monkeypatch):
    """Look all the time for what others have left."""
    monkeypatch.setattr("bot.intake.inbox.LOOK_INTERVAL", 0.01)
    monkeypatch.setattr("bot.intake.inbox.LEFT_AFTER", timedelta(0))


@pytest.fixture
def together(monkeypatch):
    """Let half of what waits share a transaction, in an inbox that is made now."""
    monkeypatch.setattr("bot.intake.inbox.WORKERS", 2)


@pytest.fixture
def broken(monkeypatch):
    """Let something happen to whatever says a word, before it is taken in."""

    def break_at(word, what):
        receive = receiving.receive

        async def receives(peer, incoming):
            if word in incoming.text:
                await what()
            return await receive(peer, incoming)

        monkeypatch.setattr(receiving, "receive", receives)

    return break_at


async def consumers(door, coupon, count):
    """Let so many people open a chat about a coupon."""
    phones = [door.phone(f"Consumer {number}") for number in range(count)]
    for phone in phones:
        phone.person.starts(f"c_{coupon.id}")
    await door.receives_updates()
    async with handling(Inbox(door.bot)):
        await until_handled()
    return phones


async def handled_texts():
    """List what was handled, one after another."""
    return await Message.all().order_by("id").values_list("text", flat=True)


async def is_handled(text):
    return await Message.exists(text=text)


async def test_an_update_is_acknowledged_before_it_is_handled(idle, shoes):
    phone = idle.phone()
    phone.person.starts(f"c_{shoes.id}")
    [raw] = await idle.pending_updates()
    await idle.inbox.receive([in_envelope(raw)])
    [update] = await Update.all()
    assert (update.state, update.telegram_user_id) == ("received", phone.person.id)
    assert json.loads(update.payload) == raw
    assert not await Chat.exists()


async def test_what_was_said_is_gone_from_it_once_it_is_handled(idle, shoes):
    await consumers(idle, shoes, 1)
    [update] = await Update.all()
    assert (update.state, update.payload) == ("handled", None)


async def test_what_a_process_that_was_killed_has_acknowledged_another_one_handles(idle, shoes):
    [phone] = await consumers(idle, shoes, 1)
    phone.person.says("Hello!")
    await idle.receives_updates()
    async with handling(Inbox(idle.bot)):
        await eventually(lambda: is_handled("Hello!"))
    assert await idle.said(shoes) == ["Hello!"]


async def test_two_processes_that_race_for_one_person_keep_the_order_and_do_everything_once(idle, shoes):
    [phone] = await consumers(idle, shoes, 1)
    texts = [f"Message {number}" for number in range(40)]
    for text in texts:
        phone.person.says(text)
    raws = await idle.pending_updates()
    async with handling(Inbox(idle.bot)) as one, handling(Inbox(idle.bot)) as other:
        for number, raw in enumerate(raws):
            await (one, other)[number % 2].receive([in_envelope(raw)])
        await until_handled()
    assert await idle.said(shoes) == await handled_texts() == texts


async def test_thousands_of_one_persons_messages_keep_nobody_else_waiting(idle, shoes):
    [talker, newcomer] = await consumers(idle, shoes, 2)
    for number in range(2000):
        talker.person.says(f"Message {number}")
        if number % 100 == 99:  # as many as Telegram tells of at once
            await idle.receives_updates()
    newcomer.person.says("Am I heard?")
    async with handling(idle.inbox):
        await idle.receives_updates()
        await eventually(lambda: is_handled("Am I heard?"))
    before = (await handled_texts()).index("Am I heard?")
    assert before < FEW
    assert await Update.filter(state="received").count() > 1000


async def test_forty_people_with_much_to_say_keep_nobody_else_waiting(idle, shoes):
    *talkers, newcomer = await consumers(idle, shoes, 41)
    for number in range(10):
        for phone in talkers:
            phone.person.says(f"Message {number}")
        await idle.receives_updates()
    newcomer.person.says("Am I heard?")
    async with handling(idle.inbox):
        await idle.receives_updates()
        await eventually(lambda: is_handled("Am I heard?"))
        await until_handled()
    texts = await handled_texts()
    assert texts.index("Am I heard?") < 2 * FEW
    assert len(texts) == 401
    for phone in talkers:
        said = Message.filter(sender__telegram_user_id=phone.person.id).order_by("id")
        assert await said.values_list("text", flat=True) == [f"Message {number}" for number in range(10)]


@pytest.mark.parametrize("count", [1, 30])
async def test_whose_rows_are_locked_delay_nobody_else_and_are_handled_once_they_are_free(idle, shoes, db, count):
    phones = await consumers(idle, shoes, 40)
    locked, others = phones[:count], phones[count:]
    async with handling(idle.inbox):
        async with _locked(db, [phone.person.id for phone in locked]):
            for phone in phones:
                phone.person.says(f"I am {phone.person.user.first_name}")
            await idle.receives_updates()
            for phone in others:
                await eventually(lambda phone=phone: is_handled(f"I am {phone.person.user.first_name}"))
            assert await Message.all().count() == len(others)
        await until_handled()
    assert await Message.all().count() == len(phones)
    assert not await Update.exists(state="quarantined")


async def test_a_handler_that_hangs_delays_nobody_else_and_what_hangs_is_kept(idle, shoes, broken, monkeypatch):
    monkeypatch.setattr(updates, "TIMEOUT", 0.5)
    broken("hang", asyncio.Event().wait)
    hanging, *others = await consumers(idle, shoes, 20)
    hanging.person.says("I hang")
    async with handling(idle.inbox):
        await idle.receives_updates()
        for phone in others:
            phone.person.says(f"I am {phone.person.user.first_name}")
        await idle.receives_updates()
        for phone in others:
            await eventually(lambda phone=phone: is_handled(f"I am {phone.person.user.first_name}"))
        assert await Update.exists(state="received")
        await until_handled()
    assert (await Update.get(state="quarantined")).error == "TookTooLong: more than 0 s"


async def test_what_fails_among_many_is_its_own_failure_alone(idle, shoes, broken):
    async def fail():
        raise RuntimeError("a bug")

    broken("broken", fail)
    phones = await consumers(idle, shoes, 40)
    for number, phone in enumerate(phones):
        phone.person.says("I am broken" if number == 13 else f"I am {number}")
    await idle.receives_updates()
    async with handling(idle.inbox):
        await until_handled()
    assert (await Update.get(state="quarantined")).telegram_user_id == phones[13].person.id
    texts = await Message.filter(kind="text").values_list("text", flat=True)
    assert sorted(texts) == sorted(f"I am {number}" for number in range(40) if number != 13)


@pytest.mark.usefixtures("together")
async def test_all_whose_updates_share_a_transaction_are_met_in_one_statement(idle, shoes):
    phones = await consumers(idle, shoes, 10)
    for phone in phones:
        phone.person.says(f"I am {phone.person.user.first_name}")
    await idle.receives_updates()
    asked = await _asked_by_handling(idle)
    meetings = [query for query in asked if 'INSERT INTO "Users"' in query]
    assert len(meetings) < 10
    assert len(asked) <= len(meetings) + 2 * 10, asked
    assert await Message.all().count() == 10


@pytest.mark.usefixtures("together")
async def test_people_in_one_group_share_a_transaction(idle):
    group = idle.telegram.group("Shoppers")
    for name in ("Ada", "Ben", "Cem", "Dua"):
        group.says(idle.phone(name).person, "/start")
    await idle.receives_updates()
    asked = await _asked_by_handling(idle)
    assert len([query for query in asked if 'INSERT INTO "Users"' in query]) < 4
    assert await Delivery.filter(peer__telegram_chat_id=group.id).count() == 4


@pytest.mark.usefixtures("together")
async def test_what_cannot_be_read_among_many_is_its_own_failure_alone(idle, shoes):
    phones = await consumers(idle, shoes, 10)
    for phone in phones:
        phone.person.says("Hello!")
    raws = await idle.pending_updates()
    raws[3]["message"]["date"] = "yesterday"
    await idle.inbox.receive([in_envelope(raw) for raw in raws])
    async with handling(idle.inbox):
        await until_handled()
    assert (await Update.get(state="quarantined")).telegram_user_id == phones[3].person.id
    assert await Message.filter(text="Hello!").count() == 9


@pytest.mark.usefixtures("together")
async def test_who_has_ceased_to_be_the_influencer_does_not_write_as_them(idle, maya):
    """They were met before another account took their place, in the transaction that they would have shared."""
    tea = await cast.coupon(await cast.outsider(), "Tea")
    new, old, *others = await consumers(idle, tea, 4)
    async with transaction():
        await invitations.tie(maya.id, await Peer.get(telegram_chat_id=old.person.id))
    token = await access_links.make_link(idle.bot.panel.keyring, maya, Purpose.INVITATION)
    new.person.starts(f"i_{token}")
    for phone in (old, *others):
        phone.person.says(f"I am {phone.person.user.first_name}")
    await idle.receives_updates()
    async with handling(idle.inbox):
        await until_handled()
    said = await Message.get(text=f"I am {old.person.user.first_name}").select_related("sender", "chat")
    assert said.sender.telegram_user_id == old.person.id
    assert said.chat.consumer_id == said.sender_id != maya.id
    assert (await User.get(id=maya.id)).telegram_user_id == new.person.id


async def test_what_is_declined_is_said_once_and_leaves_nothing_else(idle, shoes, broken):
    async def decline():
        await Chat.all().update(revision=-1)
        raise NotFound

    broken("decline", decline)
    phones = await consumers(idle, shoes, 20)
    owed = await Delivery.all().count()
    for phone in phones:
        phone.person.says("Please decline")
    await idle.receives_updates()
    async with handling(Inbox(idle.bot)), handling(Inbox(idle.bot)):
        await until_handled()
    assert await Delivery.all().count() == owed + 20
    assert not await Chat.exists(revision=-1)
    assert not await Message.exists()
    assert not await Update.exists(state="quarantined")


async def test_a_poll_of_a_hundred_is_one_statement(idle):
    phone = idle.phone()
    for number in range(100):
        phone.person.says(f"Message {number}")
    envelopes = [in_envelope(raw) for raw in await idle.pending_updates()]
    assert len(envelopes) == 100
    await Update.exists()  # by which there is a connection
    with counted() as statements:
        await idle.inbox.receive(envelopes)
    assert len(statements.asked) == 1
    assert await Update.filter(state="received").count() == 100


async def test_what_comes_while_something_is_stored_is_stored_together(idle):
    phone = idle.phone()
    for number in range(100):
        phone.person.says(f"Message {number}")
    raws = await idle.pending_updates()
    await Update.exists()
    with counted() as statements:
        await asyncio.gather(*(idle.inbox.receive([in_envelope(raw)]) for raw in raws))
    assert len(statements.asked) <= 2
    assert await Update.filter(state="received").count() == 100


async def test_whoever_stops_waiting_takes_nobody_elses_update_along(idle, monkeypatch):
    receive, calls = inbox.receive, []

    async def receives(*what):
        calls[0].cancel()
        await asyncio.sleep(0)
        return await receive(*what)

    monkeypatch.setattr(inbox, "receive", receives)
    phone = idle.phone()
    for number in range(3):
        phone.person.says(f"Message {number}")
    raws = await idle.pending_updates()
    calls += [asyncio.ensure_future(idle.inbox.receive([in_envelope(raw)])) for raw in raws]
    await asyncio.gather(*calls, return_exceptions=True)
    assert [call.cancelled() for call in calls] == [True, False, False]
    assert await Update.filter(state="received").count() == 3


async def test_what_could_not_be_stored_when_nobody_waited_for_it_any_more_is_no_mistake(idle, monkeypatch):
    async def fails(*_):
        calls[0].cancel()
        await asyncio.wait(calls)
        raise DatabaseAway

    mistakes, calls = [], []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: mistakes.append(context))
    monkeypatch.setattr(inbox, "receive", fails)
    idle.phone().person.says("Hello")
    [raw] = await idle.pending_updates()
    calls.append(asyncio.ensure_future(idle.inbox.receive([in_envelope(raw)])))
    await asyncio.wait(calls)
    calls.clear()
    await asyncio.sleep(0.01)  # until storing has failed, too
    gc.collect()
    assert mistakes == []


async def test_what_comes_twice_in_one_poll_and_by_both_doors_is_handled_once(idle, shoes):
    [phone] = await consumers(idle, shoes, 1)
    phone.person.says("Hello!")
    envelopes = [in_envelope(raw) for raw in await idle.pending_updates()]
    async with handling(Inbox(idle.bot)) as one, handling(Inbox(idle.bot)) as other:
        await asyncio.gather(*(door.receive(envelopes * 3) for door in (one, other)))
        await until_handled()
        await one.receive(envelopes)
        await until_handled()
    assert await idle.said(shoes) == ["Hello!"]


async def test_who_is_told_to_end_finishes_what_has_begun_and_leaves_the_rest(idle, shoes, broken):
    has_begun, may_go_on = asyncio.Event(), asyncio.Event()

    async def wait():
        has_begun.set()
        await may_go_on.wait()

    broken("first", wait)
    [phone] = await consumers(idle, shoes, 1)
    phone.person.says("The first")
    phone.person.says("The second")
    await idle.receives_updates()
    running = asyncio.ensure_future(idle.inbox.run())
    await has_begun.wait()
    running.cancel()
    await asyncio.sleep(0.01)
    may_go_on.set()
    await asyncio.gather(running, return_exceptions=True)
    assert await handled_texts() == ["The first"]
    assert await Update.filter(state="received").count() == 1
    async with handling(Inbox(idle.bot)):
        await until_handled()
    assert await idle.said(shoes) == ["The first", "The second"]


async def test_what_is_nested_without_end_stops_nobody(idle, shoes):
    [phone] = await consumers(idle, shoes, 1)
    deep = []
    for _ in range(100_000):
        deep = [deep]
    phone.person.says("How deep is it?")
    [raw] = await idle.pending_updates()
    raw["message"]["something_new"] = deep
    phone.person.says("And now?")
    async with handling(idle.inbox):
        await idle.inbox.receive([in_envelope(raw)])
        await idle.receives_updates()
        await until_handled()
    assert await idle.said(shoes) == ["How deep is it?", "And now?"]


async def _asked_by_handling(door):
    """List what is asked while all that waits is handled, but for the transactions, and what is claimed in them."""
    with counted() as statements:
        async with handling(door.inbox):
            with unseen():
                await until_handled()
    around = re.compile(r"BEGIN|COMMIT|WITH (RECURSIVE )?heads")
    return [query for query in statements.asked if not around.match(query)]


def _locked(url, telegram_user_ids):
    """Lock people's rows from elsewhere while the block runs."""
    query = 'SELECT FROM "Users" WHERE "telegramUserId" = ANY($1) FOR UPDATE'
    return locks.held(url, query, telegram_user_ids)
