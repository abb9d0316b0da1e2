"""One order of locks: no two transactions ever wait for each other."""

import asyncio
import contextlib
import contextvars
import re
from datetime import UTC, datetime

import pytest

from bot.outbox import results
from bot.questions import queue_decision
from database import pool
from database.transactions import fetch, transaction
from models import Chat, Delivery, DeliveryState, HeldMessage, Message, Peer
from services.chats import history
from services.incoming import edits, held, opening, questions
from services.incoming import moving as moving_of_consumer
from services.incoming.placement import AsOf
from services.outgoing import deliveries, moving, replies, sending
from services.outgoing.sending import Arrival
from services.people import blocking, invitations, people, sessions
from services.people.people import Profile
from tests import cast, databases

ORDER = ["Users", "Peers", "Chats", "Messages"]
LOCKS = re.compile(r'(?:^|\W)(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"|FROM "(\w+)".*FOR (?:NO KEY )?UPDATE', re.S)

PATIENCE = 10  # seconds


@pytest.fixture
async def ivan(db):
    return await cast.outsider()


@pytest.fixture
async def tea(ivan, peer) -> Chat:
    """Ada's chat with Ivan, which is Maya's once her account is tied."""
    await cast.chat(await cast.coupon(ivan, "Hats"), peer)
    chat = await cast.chat(await cast.coupon(ivan, "Tea"), peer)
    await cast.says(peer, "Is it organic?")
    await replies.reply(chat, ivan, "It is")
    return await Chat.get(id=chat.id).select_related("coupon", "consumer", "influencer")


async def _sent(peer, chat, maya):
    step = await cast.next_step(peer)
    await results.sent(step, Arrival([900]))


async def _is_asked_in_vain(peer, chat, maya):
    """One question arrives, and another doesn't."""
    for telegram_message_id in (6, 7):
        await cast.says(peer, "Which?", reply_to_telegram_message_id=1, telegram_message_id=telegram_message_id)
        async with transaction():
            met = await _met(peer)
            for what in await questions.to_ask(met, await HeldMessage.get(telegram_message_id=telegram_message_id)):
                await queue_decision(met, what)
    await results.sent(await cast.next_step(peer), Arrival([900]))
    await results.sent(await cast.next_step(peer), Arrival([901]))
    await results.failed(await cast.next_step(peer), "refused")


async def _failed_and_again(peer, chat, maya):
    step = await cast.next_step(peer)
    await results.failed(step, "gave_up")
    await replies.retry(chat, step.message)


async def _uncertain(peer, chat, maya):
    step = await cast.next_step(peer)
    await sending.uncertain(step, 1, "no_answer")
    await sending.recover(cast.BOT_ID)


async def _edits(peer, chat, maya):
    said = cast.incoming("Is it?", telegram_message_id=5)
    await cast.says(peer, "Is it", telegram_message_id=5)
    async with transaction():
        await edits.edit(await _met(peer), said)


async def _says_what_is_held(peer, chat, maya):
    await cast.says(peer, "Which?", reply_to_telegram_message_id=1, telegram_message_id=6)
    async with transaction():
        await held.file(await _met(peer), 6, chat.id, cast.as_of())


async def _opens_late(peer, chat, maya):
    async with transaction():
        await opening.activate(await _met(peer), await Chat.get(coupon_id="hats"), AsOf(1))


async def _moves(peer, chat, maya):
    """Ivan does, and takes it back; then Ada does."""
    first = await Message.filter(chat_id=chat.id).order_by("position", "id").first()
    to = await Chat.get(coupon_id="hats")
    move = await moving.move(chat, first, to, chat.influencer, all_since=True)
    await moving.undo(move, chat.influencer)
    async with transaction():
        await moving_of_consumer.move(await _met(peer), [first], to.id)


async def _is_tied(peer, chat, maya):
    """Twice, for the second takes the place of the first."""
    for telegram_user_id in (7001, 7009):
        async with transaction():
            await invitations.tie(maya.id, await _met(await cast.peer(telegram_user_id)))


DEEDS = {
    "a consumer opens another chat": lambda peer, chat, maya: _opened(peer, maya),
    "a consumer writes": lambda peer, chat, maya: cast.says(peer, "And fair?"),
    "a consumer edits": _edits,
    "a consumer says what something is about": _says_what_is_held,
    "a tap comes late": _opens_late,
    "a consumer blocks the bot": lambda peer, chat, maya: blocking.mark_blocked(peer, True),
    "an influencer reads": lambda peer, chat, maya: history.mark_read(chat),
    "an influencer answers": lambda peer, chat, maya: replies.reply(chat, chat.influencer, "It is!"),
    "a reply has arrived": _sent,
    "a reply has failed, and is sent again": _failed_and_again,
    "nobody knows whether a reply has arrived": _uncertain,
    "a question has arrived, and another has not": _is_asked_in_vain,
    "messages are moved": _moves,
    "an account is tied": _is_tied,
    "an influencer is signed out": lambda peer, chat, maya: sessions.sign_out(maya.id),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=list(DEEDS))
async def test_locks_are_taken_in_one_order(deed, peer, tea, maya):
    async with _transactions() as seen:
        await deed(await Peer.get(id=peer.id), tea, maya)
    locked = [list(dict.fromkeys(tables)) for tables in seen if len(tables) > 1]
    assert [sorted(tables, key=ORDER.index) for tables in locked] == locked
    assert any(seen)


@pytest.mark.parametrize("first", ["peer", "chat"])
async def test_an_account_is_tied_while_somebody_answers_in_its_chats(peer, tea, maya, ivan, first):
    """They hold what comes first, and take what comes next while the tying waits for them."""
    outside = contextvars.copy_context()
    async with transaction():
        if first == "peer":
            await deliveries.peer_of(tea)
        else:
            await history.touch(tea.id)
        tying = asyncio.create_task(_in_a_transaction(lambda: _tie(maya, peer)), context=outside)
        await databases.until_somebody_waits()
        if first == "peer":
            await replies.reply(tea, ivan, "And fair, too")
        else:
            await history.mark_read(tea)
    await tying
    assert (await Chat.get(id=tea.id)).consumer_id == maya.id
    said = Message.filter(chat_id=tea.id)
    assert {message.sender_id for message in await said} == {maya.id, ivan.id}
    if first == "peer":
        assert await said.filter(text="And fair, too").exists()
    else:
        assert not await said.filter(sender_id=maya.id, is_read=False).exists()


async def test_a_reply_finds_its_consumer_who_was_tied_while_it_waited(peer, tea, maya, ivan):
    outside = contextvars.copy_context()
    async with transaction():
        await _tie(maya, peer)
        replying = asyncio.create_task(replies.reply(tea, ivan, "And fair, too"), context=outside)
        await databases.until_somebody_waits()
    assert (await replying).text == "And fair, too"


async def test_deliveries_end_while_messages_come_in_and_answers_go_out(peer, tea, ivan):
    """A circle of them would cost one of them its transaction."""
    await asyncio.gather(*(replies.reply(tea, ivan, f"Answer {number}") for number in range(4)))
    steps = await _all_begun(peer)
    deeds = [
        *(sending.sent(step, Arrival([900 + number])) for number, step in enumerate(steps[:2])),
        *(sending.failed(step, "refused") for step in steps[2:4]),
        sending.uncertain(steps[4], 1, "no_answer"),
        *(replies.reply(tea, ivan, f"And {number}") for number in range(4)),
        *(_writes(peer, f"Question {number}") for number in range(4)),
        history.mark_read(tea),
    ]
    async with asyncio.timeout(databases.PATIENCE):
        await asyncio.gather(*deeds)
    found = await Message.filter(chat_id=tea.id).order_by("position", "id")
    states = [message.delivery_state for message in found if message.sender_id == ivan.id]
    assert sorted(states) == sorted(["sent"] * 2 + ["failed"] * 2 + ["queued"] * 5)
    assert (await Chat.get(id=tea.id)).last_message_id == found[-1].id


async def test_two_accounts_that_take_each_others_invitations_are_both_refused(db, maya, ivan):
    peers = [await cast.peer(7001), await cast.peer(7002)]
    for influencer, peer in zip((maya, ivan), peers, strict=True):
        await _in_a_transaction(lambda influencer=influencer, peer=peer: _tie(influencer, peer))
    tyings = [_in_a_transaction(lambda: _tie(ivan, peers[0])), _in_a_transaction(lambda: _tie(maya, peers[1]))]
    refused = await asyncio.gather(*tyings, return_exceptions=True)
    assert [type(refusal).__name__ for refusal in refused] == ["AccountTaken", "AccountTaken"]


@pytest.mark.parametrize("told", [(7001, 7002, 7003), (7003, 7002, 7001)])
async def test_several_are_met_in_one_order_whatever_order_they_come_in(db, told):
    """Whoever waits for the second has the first, and nothing of the third, nor any peer."""
    peers = {number: await cast.peer(number) for number in told}
    outside = contextvars.copy_context()
    async with transaction():
        await _met(peers[7002])
        meeting = asyncio.create_task(_in_a_transaction(lambda: _all_met(told)), context=outside)
        await databases.until_somebody_waits()
        free = await fetch("""SELECT "telegramUserId" AS id FROM "Users" FOR UPDATE SKIP LOCKED""")
        assert {row["id"] for row in free} == {7002, 7003}
        assert len(await fetch("""SELECT FROM "Peers" FOR UPDATE SKIP LOCKED""")) == 3
    assert set(await meeting) == set(told)


async def test_two_who_meet_the_same_people_never_wait_for_each_other(db):
    numbers = list(range(7001, 7051))
    async with asyncio.timeout(PATIENCE):
        for told in (numbers, numbers[::-1]):
            others = told[::-1]
            await asyncio.gather(
                *(_in_a_transaction(lambda who=who: _all_met(who)) for who in (told, others) for _ in range(4))
            )
    assert await Peer.all().count() == len(numbers)


@contextlib.asynccontextmanager
async def _transactions():
    """Note which tables each transaction locks, in their order."""
    seen: list[list[str]] = [[]]

    def note(record) -> None:
        if record.query.startswith(("BEGIN", "COMMIT", "ROLLBACK;")):
            seen.append([])
        seen[-1] += [table for pair in LOCKS.findall(record.query) for table in pair if table in ORDER]

    async with pool.connections.get("default").acquire_connection() as connection:
        connection.add_query_logger(note)
    try:
        yield seen
    finally:
        await asyncio.sleep(0)  # it is told of a query after that
        async with pool.connections.get("default").acquire_connection() as connection:
            connection.remove_query_logger(note)


async def _all_begun(peer: Peer) -> list[sending.Step]:
    """Begin all that waits, as several outboxes might that think each other dead."""
    steps = []
    await Delivery.filter(peer_id=peer.id).update(state=DeliveryState.SENDING, attempts=1)
    for delivery in await Delivery.filter(peer_id=peer.id).order_by("sequence"):
        message = await Message.get(id=delivery.message_id)
        about = await Chat.get(id=delivery.chat_id).select_related("coupon", "consumer", "influencer")
        steps.append(sending.Step(delivery, peer, about, message, attempt=1))
    return steps


async def _writes(peer: Peer, text: str) -> None:
    async with transaction():
        await cast.says(await _met(peer), text)


async def _met(peer: Peer) -> Peer:
    """Begin as everything does that handles an update of theirs."""
    number = peer.telegram_chat_id
    return await people.meet(cast.BOT_ID, number, Profile(number, "Ada", None, "en"))


async def _all_met(numbers) -> dict[int, Peer]:
    """Begin as everything does that handles an update of each of these."""
    return await people.meet_all(cast.BOT_ID, {number: Profile(number, "Ada", None, "en") for number in numbers})


async def _opened(peer: Peer, maya) -> None:
    coupon = await cast.coupon(maya, "Shoes")
    async with transaction():
        await opening.by_link(cast.link_to(coupon), await _met(peer), datetime.now(UTC), cast.as_of())


async def _tie(influencer, peer: Peer) -> None:
    await invitations.tie(influencer.id, await _met(peer))


async def _in_a_transaction(work):
    async with transaction():
        return await work()
