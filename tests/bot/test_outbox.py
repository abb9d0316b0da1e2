"""What the bot and the influencers say reaches the phone, in order, once."""

import asyncio
import contextvars

import pytest

import bot.app
import bot.outbox.agenda
import bot.outbox.loop
from bot.outbox import results
from bot.outbox.loop import Outbox
from database.errors import DatabaseAway
from database.transactions import fetch, transaction
from models import Delivery, Message, Peer
from services.incoming import questions
from services.outgoing import due, sending
from services.outgoing.sending import Arrival
from tests import cast
from tests.bot.conftest import create, delivering, eventually


async def test_answers_arrive_in_order(door, phone, shoes):
    await phone.opens(shoes)
    for number in range(10):
        await door.answers(shoes, f"Answer {number}")
    heard = await phone.heard()
    assert heard[1:] == [f"Answer {number}" for number in range(10)]


async def test_each_person_gets_their_own(door, shoes):
    phones = [door.phone(f"Consumer {number}") for number in range(5)]
    for phone in phones:
        await phone.starts(f"c_{shoes.id}")
        await phone.says("/help")
    for phone in phones:
        first, second = await phone.heard()
        assert first.startswith("Re: Shoes")
        assert second.startswith("How this works")


async def test_what_has_arrived_is_marked_as_sent(door, phone, shoes):
    await phone.opens(shoes)
    await door.answers(shoes, "It does!")
    await phone.hears("It does!")
    await door.delivered()
    message = await Message.get()
    assert (message.delivery_state, message.may_be_doubled) == ("sent", False)


async def test_what_was_said_before_the_start_is_sent_after_it(sleeping, shoes):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    await sleeping.answers(shoes, "While you slept")
    assert phone.person.messages[1:] == []
    async with delivering(sleeping.bot):
        await phone.hears("While you slept")


async def test_what_was_being_sent_when_its_process_died_is_sent_again_and_marked(sleeping, shoes):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    await sleeping.answers(shoes, "Half said")
    await Delivery.all().update(state="sending", attempts=1)
    async with delivering(sleeping.bot):
        heard = await phone.heard()
    assert heard[0].startswith("Re: Shoes\nwith ")
    assert heard[1:] == ["Half said"]
    message = await Message.get()
    assert (message.delivery_state, message.may_be_doubled) == ("sent", True)


async def test_nobody_delivers_for_another_bot(sleeping, telegram, shoes):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    token = "654321:another-token"
    telegram.add_bot(token, "other_bot", "Other")
    async with bot.app.identified(create(telegram, token)) as other, delivering(other):
        assert await sending.recover(other.id) == 0
        assert await Delivery.filter(state="queued").count() == 1


async def test_a_delivery_survives_an_outbox_that_is_told_to_stop(sleeping, shoes):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    for number in range(20):
        await sleeping.answers(shoes, f"Answer {number}")
    async with delivering(sleeping.bot):
        await phone.hears("Answer 3")
    async with delivering(sleeping.bot):
        await phone.hears("Answer 19")
        heard = await phone.heard()
    assert heard[1:] == [f"Answer {number}" for number in range(20)]
    assert not await Message.exists(may_be_doubled=True)


async def test_a_phone_message_is_known_once_it_has_arrived(door, phone, shoes):
    await phone.opens(shoes)
    answer = await door.answers(shoes, "It does!")
    heard = await phone.hears("It does!")
    await door.delivered()
    await phone.says("Thanks", reply_to=heard["message_id"])
    assert (await eventually(lambda: Message.get(text="Thanks"))).reply_to_id == answer.id


async def test_two_outboxes_that_run_at_once_for_a_moment_say_everything_once_and_in_order(door, phone, shoes):
    await phone.opens(shoes)
    await door.delivered()  # what is under way when another begins may have arrived, and is sent again
    async with delivering(door.bot):
        for number in range(20):
            await door.answers(shoes, f"Answer {number}")
        heard = await phone.heard()
    assert heard[1:] == [f"Answer {number}" for number in range(20)]
    assert not await Message.exists(may_be_doubled=True)


WAIT = {"error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 3600}}
BLOCKED = {"error_code": 403, "description": "Forbidden: bot was blocked by the user"}


@pytest.mark.parametrize("refusal", [BLOCKED, WAIT], ids=["blocked", "wait"])
async def test_a_refusal_that_is_heard_of_late_is_not_believed(door, phone, shoes, monkeypatch, refusal):
    await phone.opens(shoes)
    await door.delivered()
    begin = due.begin

    async def begin_and_lose_it(*asked):
        found = await begin(*asked)
        if found.steps:
            monkeypatch.setattr(due, "begin", begin)
            await sending.recover(door.bot.id)
            await results.sent(await cast.next_step(found.steps[0].peer), Arrival([900]))
        return found

    monkeypatch.setattr(due, "begin", begin_and_lose_it)
    door.telegram.fail_next("sendMessage", refusal, words="It does!")
    await door.answers(shoes, "It does!")
    await eventually(lambda: _is_refused(door))
    door.telegram.skip(3600)
    await door.answers(shoes, "And more.")
    await phone.hears("And more.")
    await door.delivered()
    assert (await Message.get(text="It does!")).delivery_state == "sent"
    peer = await Peer.get()
    assert (peer.is_blocked, peer.paused_until) == (False, None)


async def test_a_database_that_is_away_while_the_call_is_written_fails_nothing(
    door, phone, shoes, hats, monkeypatch
):
    await phone.opens(shoes)
    await phone.opens(hats)
    await door.answers(shoes, "Still interested?")
    await phone.hears("Still interested?")
    real, away = questions.current, [DatabaseAway()] * 2

    async def question(*args):
        if away:
            raise away.pop()
        return await real(*args)

    monkeypatch.setattr(questions, "current", question)
    await phone.says("Yes")
    await phone.hears("Which coupon is this about?")
    await door.delivered()
    assert away == []
    assert not await Delivery.filter(state__not="sent").exists()


async def test_what_begins_though_nobody_hears_of_it_is_said_once_and_bears_no_mark(
    door, phone, shoes, monkeypatch
):
    await phone.opens(shoes)
    await door.delivered()
    begin, lost = due.begin, []

    async def begin_unheard(*asked):
        found = await begin(*asked)
        if found.steps and len(lost) < 3:
            lost.append(found)
            raise DatabaseAway
        return found

    monkeypatch.setattr(due, "begin", begin_unheard)
    for number in range(4):
        await door.answers(shoes, f"Answer {number}")
    heard = await phone.heard()
    assert heard[1:] == [f"Answer {number}" for number in range(4)]
    assert len(lost) == 3
    assert not await Message.exists(may_be_doubled=True)
    assert not await Delivery.exists(attempts__gt=1)


async def test_an_outbox_that_is_told_to_stop_as_it_looks_says_what_it_has_begun(sleeping, shoes, monkeypatch):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    begin, has_begun, may_go_on = due.begin, asyncio.Event(), asyncio.Event()

    async def begin_slowly(*asked):
        found = await begin(*asked)
        has_begun.set()
        await may_go_on.wait()
        return found

    monkeypatch.setattr(due, "begin", begin_slowly)
    running = asyncio.create_task(Outbox(sleeping.bot).run())
    await has_begun.wait()
    running.cancel()
    await asyncio.sleep(0)
    may_go_on.set()
    await asyncio.gather(running, return_exceptions=True)
    assert len(sleeping.calls("sendMessage")) == 1
    assert (await Delivery.get()).state == "sent"


async def test_an_outbox_that_stops_while_the_database_is_away_leaves_what_it_began_to_the_next(
    sleeping, shoes, monkeypatch
):
    monkeypatch.setattr(bot.outbox.loop, "SHUTDOWN_TIMEOUT", 0.05)
    begin, begun, is_tried, is_back = due.begin, due.begun, asyncio.Event(), asyncio.Event()

    async def begin_unheard(*asked):
        await begin(*asked)
        raise DatabaseAway

    async def is_away(*asked):
        is_tried.set()
        if not is_back.is_set():
            raise DatabaseAway
        return await begun(*asked)

    await sleeping.phone().starts(f"c_{shoes.id}")
    with monkeypatch.context() as away:
        away.setattr(due, "begin", begin_unheard)
        away.setattr(due, "begun", is_away)
        running = asyncio.create_task(Outbox(sleeping.bot).run())
        await is_tried.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        is_back.set()
        await asyncio.sleep(0.1)
        assert not sleeping.calls("sendMessage")
    async with delivering(sleeping.bot):
        await sleeping.delivered()
    assert len(sleeping.calls("sendMessage")) == 1


async def test_a_kind_that_only_a_later_version_knows_is_left_to_it_and_holds_up_nobody_else(sleeping, shoes):
    ada, ben = sleeping.phone(), sleeping.phone("Ben")
    await ada.starts(f"c_{shoes.id}")
    await fetch("""UPDATE "Deliveries" SET kind = 'sticker'""")
    await ben.starts(f"c_{shoes.id}")
    async with delivering(sleeping.bot):
        await ben.hears("Re: Shoes")
    await fetch("""UPDATE "Deliveries" SET kind = 'notice' WHERE kind = 'sticker'""")
    async with delivering(sleeping.bot):
        await ada.hears("Re: Shoes")


async def test_what_a_handler_holds_is_sent_once_it_lets_go_though_nothing_tells_of_that(
    sleeping, shoes, monkeypatch
):
    monkeypatch.setattr(bot.outbox.agenda, "POLL_INTERVAL", 1000)
    phone, other = sleeping.phone(), sleeping.phone("Ben")
    await phone.starts(f"c_{shoes.id}")
    await other.starts(f"c_{shoes.id}")
    outside = contextvars.copy_context()
    async with transaction():
        peer = await Peer.select_for_update(no_key=True).get(telegram_chat_id=phone.person.id)
        running = asyncio.create_task(Outbox(sleeping.bot).run(), context=outside)
        await other.hears("Re: Shoes")
        assert not phone.person.messages[1:]
        assert peer.next_due_at
    await phone.hears("Re: Shoes")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def _is_refused(door):
    await Message.exists()  # others may go on meanwhile
    return [status for _, _, status in door.telegram.answers if status in (403, 429)]


async def test_what_is_queued_while_the_one_before_it_ends_is_seen_at_once(sleeping, shoes, monkeypatch):
    """A look passes a peer over whose delivery is about to end, and the end does not know yet of the next one."""
    monkeypatch.setattr(bot.outbox.agenda, "POLL_INTERVAL", 1000)
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    keep = results.sent
    answers = iter(["First", "Second"])

    async def sent(step, telegram_message_ids):
        arrived = await keep(step, telegram_message_ids)
        if answer := next(answers, None):
            await sleeping.answers(shoes, answer)
            await asyncio.sleep(0.3)  # in which somebody looks
        return arrived

    monkeypatch.setattr(results, "sent", sent)
    async with delivering(sleeping.bot):
        await phone.hears("First")
        await phone.hears("Second")
