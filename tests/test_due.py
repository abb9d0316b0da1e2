"""What is due is found by an index on peers, which says at any time what their queues say."""

import asyncio
import contextlib
import contextvars
import random
import re
from datetime import timedelta

import pytest

from bot.outbox.agenda import Agenda
from bot.outbox.pace import UNLIMITED, Pace
from database import clock
from database.transactions import fetch, transaction
from models import Chat, Coupon, Delivery, Message, Peer
from services import pruning
from services.errors import Refusal
from services.outgoing import deliveries, due, edits, replies, sending
from services.outgoing.due import Busy, Look, Room
from services.outgoing.payloads import Notice, TapAnswer
from services.outgoing.sending import Arrival
from services.people import invitations
from tests import cast, databases

LONG = "A long story, told in short sentences. " * 250


class Deeds:
    """Does at random what is done to deliveries, and lets time pass."""

    def __init__(self, seed: int, peers: list[Peer], chats: list[Chat]) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - it only chooses
        self.peers, self.chats = peers, chats
        self.begun: list[sending.Step] = []
        self.count = 0

    async def replies(self) -> None:
        chat = self.dice.choice(self.chats)
        await replies.reply(chat, chat.influencer, self.dice.choice(["Yes.", LONG]))

    async def says(self) -> None:
        await deliveries.queue(await self._peer(), Notice("Hello"), self.dice.choice([None, self.chats[0]]))

    async def answers_tap(self) -> None:
        await deliveries.queue_unordered(await self._peer(), TapAnswer("1"), timedelta(seconds=15))

    async def begins(self) -> None:
        room = Room(self.dice.randint(0, 3), self.dice.randint(0, 3), self.dice.randint(0, 1))
        self.begun += (await due.begin(cast.BOT_ID, room, Busy(), sending.lease())).steps

    async def ends(self) -> None:
        if not self.begun:
            await self.begins()
            return
        step = self.begun.pop(self.dice.randrange(len(self.begun)))
        self.count += 1
        await self.dice.choice(
            [
                lambda: sending.sent(step, Arrival([5000 + self.count])),
                lambda: sending.failed(step, "refused"),
                lambda: sending.dropped(step),
                lambda: sending.postponed(step, self.dice.choice([0, 60]), "unreachable"),
                lambda: sending.uncertain(step, self.dice.choice([0, 60]), "no_answer"),
                lambda: sending.recovered(step),
            ]
        )()

    async def pauses(self) -> None:
        await sending.pause(await self._peer(), self.dice.choice([-1, 0, 60]))

    async def recovers(self) -> None:
        await sending.recover(cast.BOT_ID)

    async def tries_again(self) -> None:
        if failed := await Message.filter(delivery_state="failed").first():
            chat = await Chat.get(id=failed.chat_id)
            await replies.retry(chat, failed)

    async def edits(self) -> None:
        if said := await self._said():
            await edits.edit(said.chat, said, self.dice.choice(["No.", LONG]))

    async def deletes(self) -> None:
        if said := await self._said():
            await edits.delete(said.chat, said)

    async def is_tied(self) -> None:
        async with transaction():
            await invitations.tie("inf-ivan", await self._peer())

    async def prunes(self) -> None:
        await fetch('UPDATE "Deliveries" SET "queuedAt" = "queuedAt" - interval \'2 days\' WHERE state = \'sent\'')
        await pruning.forget_what_is_done_with()

    async def _said(self) -> Message | None:
        said = await Message.filter(delivery_state__isnull=False).select_related("chat").order_by("id")
        return self.dice.choice(said) if said else None

    async def _peer(self) -> Peer:
        return await Peer.get(id=self.dice.choice(self.peers).id).select_related("user")


DEEDS = ["replies", "says", "answers_tap", "begins", "ends", "ends", "ends"]
RARE_DEEDS = ["pauses", "edits", "recovers", "tries_again", "deletes", "is_tied", "edits", "prunes"]


@pytest.mark.parametrize("seed", range(4))
async def test_a_peer_is_due_when_the_first_that_waits_for_it_is_whatever_is_done(maya, seed):
    ivan = await cast.outsider()
    peers = [await cast.peer(7001), await cast.peer(7002, "Grace"), await cast.peer(7003, "Joan")]
    for peer in peers:
        for influencer, title in ((maya, "Hats"), (ivan, "Tea")):
            coupon = await _coupon(influencer, title)
            await cast.chat(coupon, peer)
    chats = await Chat.all().select_related("influencer", "coupon", "consumer")
    deeds = Deeds(seed, peers, chats)
    done = []
    for number in range(100):
        deed = deeds.dice.choice(DEEDS) if number % 6 else RARE_DEEDS[number // 6 % len(RARE_DEEDS)]
        done.append(deed)
        with contextlib.suppress(Refusal):
            await getattr(deeds, deed)()
        found = {peer.id: peer.next_due_at for peer in await Peer.all()}
        assert found == await _as_queues_say(), done
    assert await due.put_right(cast.BOT_ID) == 0
    assert set(done) == {*DEEDS, *RARE_DEEDS}
    assert deeds.count


async def test_who_has_just_become_due_goes_first_and_then_who_is_due_longest(peers):
    await _is_owed(peers[0], seconds_ago=100)
    await _is_owed(peers[1], seconds_ago=0.1)
    await _is_owed(peers[2], seconds_ago=200)
    assert await _begun(Room(ordered=3, fresh=1, unordered=0)) == {peers[0].id, peers[1].id, peers[2].id}


@pytest.mark.parametrize(("fresh", "first"), [(1, 1), (0, 2)])
async def test_where_there_is_room_for_one_it_is_the_freshest_or_in_its_turn_the_longest_due(peers, fresh, first):
    for peer, seconds_ago in zip(peers, (100, 0.1, 200), strict=True):
        await _is_owed(peer, seconds_ago)
    assert await _begun(Room(1, fresh, 0)) == {peers[first].id}
    assert await _begun(Room(1, 1, 0)) == {peers[2 if fresh else 1].id}
    assert await _begun(Room(1, 1, 0)) == {peers[0].id}


async def test_nobody_starves_however_many_become_due(peers, monkeypatch):
    """Of eight deliveries two are those of who is due longest."""
    monkeypatch.setattr(due, "FRESH", timedelta(hours=1))  # whatever becomes due in this test has just done so
    agenda = Agenda(Pace(UNLIMITED, UNLIMITED))
    await _is_owed(peers[0], seconds_ago=2 * 3600)
    await _is_owed(peers[1], seconds_ago=3 * 3600)
    others = [await cast.peer(8000 + number) for number in range(8)]
    begun = []
    for other in others:
        await _is_owed(other, seconds_ago=0.1)
        room = agenda.room(slots=1, unordered_slots=0, notified_count=0)
        found = await due.begin(cast.BOT_ID, room, Busy(), sending.lease())
        agenda.note(found)
        begun += [step.peer.id for step in found.steps]
    assert [begun.index(peer.id) for peer in (peers[1], peers[0])] == [3, 7]


async def test_one_whom_somebody_holds_is_left_alone_and_told_of(peers):
    for peer in peers[:2]:
        await _is_owed(peer, seconds_ago=1)
    outside = contextvars.copy_context()
    async with transaction():
        await fetch('SELECT FROM "Peers" WHERE id = $1 FOR NO KEY UPDATE', peers[0].id)
        looking = asyncio.create_task(_look(Room(3, 3, 0)), context=outside)
        found = await looking
    assert [step.peer.id for step in found.steps] == [peers[1].id]
    assert (found.is_more_due, found.is_room_used) == (True, False)
    assert await _begun(Room(3, 3, 0)) == {peers[0].id}


async def test_a_peer_that_waits_for_its_pace_is_left_alone_and_told_of_only_if_it_is_due(peers):
    await _is_owed(peers[0], seconds_ago=1)
    found = await _look(Room(3, 3, 0), Busy(paced=[peers[0].id, peers[1].id]))
    assert (found.steps, found.paced, found.is_more_due) == ([], {peers[0].id}, False)


async def test_what_is_not_as_queues_say_is_put_right_by_whoever_stumbles_over_it(peers):
    await Peer.filter(id=peers[0].id).update(next_due_at=clock.now() - timedelta(seconds=1))
    assert await _begun(Room(3, 3, 0)) == set()
    assert (await Peer.get(id=peers[0].id)).next_due_at is None


async def test_what_was_queued_by_an_earlier_version_is_found(peers):
    for peer in peers:
        await _is_owed(peer, seconds_ago=1)
    await Peer.all().update(next_due_at=None)
    assert await _begun(Room(3, 3, 0)) == set()
    assert await due.put_right(cast.BOT_ID + 1) == 0
    assert await due.put_right(cast.BOT_ID) == 3
    assert len(await _begun(Room(3, 3, 0))) == 3


async def test_a_look_does_not_read_what_waits(db, peers):
    await databases.execute(db, MUCH_THAT_WAITS)
    await due.put_right(cast.BOT_ID)
    await databases.execute(db, "VACUUM ANALYZE")
    looking = _look(Room(8, 6, 8), Busy([peers[0].id], [peers[1].id]))
    [[query, values]], found = await databases.watched(looking, lambda query: "fresh" in query)
    assert len(found.steps) == 8
    assert await databases.blocks_read(db, query, values) < 1000
    assert "idx_Peers_due" in (plan := await databases.plan(db, query, values))
    assert not re.search('Seq Scan on "(Peers|Deliveries)"', plan), plan


MUCH_THAT_WAITS = f"""
    INSERT INTO "Peers" (id, "botId", "telegramChatId", "isBlocked", "deliveryCount", "createdAt", "seenAt")
        SELECT 'peer-' || n, {cast.BOT_ID}, n, false, 10, now(), now() FROM generate_series(1, 3000) n;
    INSERT INTO "Deliveries" (id, "peerId", "botId", sequence, kind, payload, state, attempts, "dueAt", "queuedAt")
        SELECT p || '-' || n, 'peer-' || p, {cast.BOT_ID}, n, 'notice', '{{"text": "Hello"}}', 'queued', 0,
            now() - interval '1 minute', now() FROM generate_series(1, 3000) p, generate_series(1, 10) n"""


@pytest.fixture
async def peers(db):
    return [await cast.peer(7001), await cast.peer(7002, "Grace"), await cast.peer(7003, "Joan")]


async def _is_owed(peer: Peer, seconds_ago: float) -> None:
    await deliveries.queue(peer, Notice("Hello"))
    at = clock.now() - timedelta(seconds=seconds_ago)
    await Delivery.filter(peer_id=peer.id).update(due_at=at)
    await Peer.filter(id=peer.id).update(next_due_at=at)


async def _look(room: Room, busy: Busy = Busy()) -> Look:  # noqa: B008 - it never changes
    return await due.begin(cast.BOT_ID, room, busy, sending.lease())


async def _begun(room: Room) -> set[str]:
    return {step.peer.id for step in (await _look(room)).steps}


async def _coupon(influencer, title):
    return await Coupon.get_or_none(id=title.lower()) or await cast.coupon(influencer, title)


async def _as_queues_say():
    """Find when peers are due in the slow way: by reading all that waits."""
    said = {}
    for peer in await Peer.all():
        waiting = Delivery.filter(peer_id=peer.id, state__in=sending.PENDING, expires_at=None)
        head = await waiting.order_by("sequence").first()
        said[peer.id] = max(filter(None, [head.due_at, peer.paused_until])) if head else None
    return said
