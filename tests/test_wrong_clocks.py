"""Rules: what was said last stands last and its chat first, whatever the clocks of our processes say."""

import contextlib
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
import uuid_utils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from database import clock as clock_
from database import pool
from database.ids import new_id
from database.transactions import fetch, transaction
from models import Chat, HeldMessage, Message, Purpose, User
from services import access
from services.chats import dashboard, history
from services.chats.dashboard import Filter
from services.chats.listing import of_consumer
from services.incoming import edits, held, opening
from services.outgoing import replies
from services.people import access_links
from services.people.keyring import Keyring
from tests import cast

HOUR = timedelta(hours=1)
THREE_SECONDS = timedelta(seconds=3)
RIGHT = timedelta()
WRONG = [HOUR, -HOUR, THREE_SECONDS, -THREE_SECONDS]

_NOW = datetime.now
_UUID7 = uuid_utils.uuid7


@pytest.fixture
def clock(monkeypatch):
    """Let the block run in a process whose clock goes wrong, since it last asked the database."""

    @contextlib.contextmanager
    def wrong(by):
        class Wrong(datetime):
            @classmethod
            def now(cls, tz=None):
                return _NOW(tz) + by

        def uuid7():
            was = uuid_utils.UUID(str(_UUID7()))
            milliseconds = (was.int >> 80) + by // timedelta(milliseconds=1)
            return uuid_utils.UUID(int=(milliseconds << 80) + was.int % 2**80)

        with monkeypatch.context() as patch:
            patch.setattr(clock_, "datetime", Wrong)
            patch.setattr(uuid_utils, "uuid7", uuid7)
            yield

    return wrong


@pytest.fixture
async def chats(maya):
    """Two chats of Maya's, of two consumers."""
    return [await _chat(maya, 1), await _chat(maya, 2)]


async def _chat(owner: User, number: int, title: str = "Shoes") -> Chat:
    known = await owner.coupons.filter(title=title).first()
    peer = await cast.peer(number, f"Consumer {number}")
    return await cast.chat(known or await cast.coupon(owner, title), peer)


async def _says(chat: Chat, text: str, **changes: object) -> Message:
    said = await cast.says(await chat_peer(chat), text, **changes)
    assert isinstance(said, Message)
    return said


async def chat_peer(chat: Chat):
    consumer = await User.get(id=chat.consumer_id)
    return await cast.peer(consumer.telegram_user_id, consumer.name)


async def _is_answered(chat: Chat, text: str) -> Message:
    found = await access.chat_for(chat.influencer_id, chat.id)
    return await replies.reply(found, found.influencer, text)


async def _said(chat: Chat) -> list[str]:
    return [message.text for message in await history.latest(chat)]


async def _listed(influencer_id: str) -> list[str]:
    """Name an influencer's chats as the panel lists them, which is as the design's own query does."""
    rows = await dashboard.rows(influencer_id, Filter())
    plain = await fetch(
        f"""SELECT id FROM "Chats" WHERE "influencerId" = '{influencer_id}' ORDER BY "updatedAt" DESC"""
    )
    assert [row.id for row in rows] == [row["id"] for row in plain]
    assert [row.key for row in rows] == sorted((row.key for row in rows), reverse=True)
    return [row.id for row in rows]


@pytest.mark.parametrize(
    ("web", "other_web"),
    [(RIGHT, RIGHT), *((wrong, RIGHT) for wrong in WRONG), *((wrong, -wrong) for wrong in WRONG)],
)
async def test_what_was_said_last_stands_last_and_its_chat_first(chats, clock, web, other_web):
    before = {chat.id: (chat.updated_at, -1) for chat in chats}
    for turn, chat in enumerate([*chats, *chats, chats[1]]):
        await _says(chat, f"Question {turn}")
        assert await _listed(chat.influencer_id) == [chat.id, *_others(chats, chat)]
        for by in (web, other_web):
            with clock(by):
                await _is_answered(chat, f"Answer {turn} at {by}")
            assert (await _said(chat))[-1] == f"Answer {turn} at {by}"
            assert await _listed(chat.influencer_id) == [chat.id, *_others(chats, chat)]
        await _says(chat, f"Thanks {turn}")
        assert (await _said(chat))[-1] == f"Thanks {turn}"
        found = await Chat.get(id=chat.id)
        last = await Message.get(id=found.last_message_id)
        assert (found.updated_at, last.position) > before[chat.id]
        assert last.text == f"Thanks {turn}"
        before[chat.id] = (found.updated_at, last.position)


deeds = st.tuples(st.integers(0, 3), st.sampled_from(["asks", "answers"]), st.sampled_from([RIGHT, *WRONG]))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(deeds, min_size=1, max_size=12))
async def test_whoever_writes_in_whatever_process_is_on_top(db, clock, story):
    chats = [await _chat(owner, number, owner.name) for owner in await _owners() for number in (1, 2)]
    for turn, (index, deed, by) in enumerate(story):
        chat = chats[index]
        with clock(by):
            if deed == "answers":
                said = await _is_answered(chat, f"Answer {turn}")
            else:
                async with transaction():
                    await opening.activate(await chat_peer(chat), chat, cast.as_of())
                said = await _says(chat, f"Question {turn}")
        assert (await history.latest(chat))[-1].id == said.id
        assert (await _listed(chat.influencer_id))[0] == chat.id


@pytest.mark.parametrize("by", WRONG)
async def test_an_answer_is_never_older_than_what_it_follows(chats, clock, by):
    question = await _says(chats[0], "Does it work?")
    with clock(by):
        answer = await _is_answered(chats[0], "It does!")
    assert answer.timestamp >= question.timestamp
    assert (answer.position, answer.id) > (question.position, question.id)


@pytest.mark.parametrize("by", WRONG)
async def test_the_first_words_of_an_influencer_stand_before_the_consumers_answer(chats, clock, by):
    with clock(by):
        await _is_answered(chats[0], "Hello!")
        await _is_answered(chats[0], "Can I help you?")
    await _says(chats[0], "Yes")
    assert await _said(chats[0]) == ["Hello!", "Can I help you?", "Yes"]
    assert (await _listed(chats[0].influencer_id))[0] == chats[0].id


@pytest.mark.parametrize("by", WRONG)
async def test_a_chat_that_begins_is_the_first(chats, clock, maya, by):
    with clock(by):
        await _is_answered(chats[0], "Hello!")
    begun = await _chat(maya, 3)
    assert (await _listed(maya.id))[0] == begun.id


@pytest.mark.parametrize("by", WRONG)
async def test_the_consumers_own_list_is_led_by_where_something_was_said_last(clock, maya, by):
    shoes, hats = await _chat(maya, 1), await _chat(await cast.outsider(), 1, "Hats")
    with clock(by):
        await _is_answered(shoes, "Hello!")
        await _is_answered(hats, "Hello!")
    assert [peer.title for peer in await of_consumer(hats.consumer_id, 10)] == ["Hats", "Shoes"]


async def test_another_influencers_clock_moves_nobody_else(chats, clock, maya):
    theirs = await _chat(await cast.outsider(), 3, "Hats")
    with clock(HOUR):
        await _is_answered(theirs, "Hello!")
    at = _NOW(UTC).replace(microsecond=0) + timedelta(minutes=1)
    said = await _says(chats[0], "Hello?", sent_at=at)
    assert (await Chat.get(id=chats[0].id)).updated_at == said.timestamp == at


async def test_a_message_that_was_kept_stands_before_an_answer_that_came_after_it(clock, maya):
    shoes, hats = await _chat(maya, 1), await _chat(maya, 1, "Hats")
    await _is_answered(shoes, "Which size?")
    peer = await chat_peer(shoes)
    at = _NOW(UTC).replace(microsecond=0)
    with clock(THREE_SECONDS):
        kept = await cast.says(peer, "44", telegram_message_id=700, sent_at=at)
    assert isinstance(kept, HeldMessage)
    with clock(-THREE_SECONDS):
        await _is_answered(shoes, "Are you there?")
    await cast.says(peer, "Or 45?", telegram_message_id=701, sent_at=at)
    async with transaction():
        await held.file(peer, 700, shoes.id, cast.as_of())
        await held.file(peer, 701, shoes.id, cast.as_of())
    assert await _said(shoes) == ["Which size?", "44", "Are you there?", "Or 45?"]
    assert await _said(hats) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_in_whatever_order_messages_come_they_stand_as_they_were_written(chats, clock, order):
    at = _NOW(UTC).replace(microsecond=0)
    for number in order:
        with clock(HOUR * (number - 1)):
            await _says(chats[0], f"Message {number}", telegram_message_id=800 + number, sent_at=at)
    assert await _said(chats[0]) == ["Message 0", "Message 1", "Message 2"]
    assert (await Chat.get(id=chats[0].id)).updated_at < at + timedelta(seconds=2)


async def test_what_comes_late_stands_where_it_was_written_and_leaves_its_chat_where_it_is(chats):
    at = _NOW(UTC).replace(microsecond=0) + timedelta(minutes=1)
    await _says(chats[0], "A later one", sent_at=at)
    await _says(chats[1], "Another's", sent_at=at)
    await _says(chats[0], "Three hours on its way", sent_at=at - 3 * HOUR)
    assert await _said(chats[0]) == ["Three hours on its way", "A later one"]
    assert (await _listed(chats[0].influencer_id))[0] == chats[1].id
    assert await dashboard.unread_count(chats[0].influencer_id) == 2


async def test_what_comes_late_and_is_the_last_of_its_chat_is_news_all_the_same(chats):
    at = _NOW(UTC).replace(microsecond=0) + timedelta(minutes=1)
    await _says(chats[1], "Another's", sent_at=at)
    late = await _says(chats[0], "Three hours on its way", sent_at=at - 3 * HOUR)
    [row, _] = await dashboard.rows(chats[0].influencer_id, Filter())
    assert (row.id, row.last_at) == (chats[0].id, late.timestamp)


async def test_an_edit_leaves_its_chat_where_it_is(chats):
    await _says(chats[0], "Does it wrok?", telegram_message_id=900)
    await _says(chats[1], "Another's")
    async with transaction():
        peer = await chat_peer(chats[0])
        at = _NOW(UTC) + HOUR
        await edits.edit(peer, cast.incoming("Does it work?", telegram_message_id=900, edited_at=at))
    assert await _said(chats[0]) == ["Does it work?"]
    assert (await _listed(chats[0].influencer_id))[0] == chats[1].id


@pytest.mark.parametrize("by", [HOUR, -HOUR, THREE_SECONDS])
async def test_a_process_goes_by_the_databases_clock(chats, clock, by):
    """What one writes down to be done at a moment, another does then."""
    keyring = Keyring(b"the-secret-of-a-test")
    with clock(by):
        await pool.set_clock()
        assert abs(clock_.now() - _NOW(UTC)) < 2 * clock_.TOLERANCE
        answer = await _is_answered(chats[0], "It does!")
        token = await access_links.make_link(keyring, await cast.maya(), Purpose.SIGNIN)
    await pool.set_clock()
    step = await cast.next_step(await chat_peer(chats[0]))
    assert step.delivery.message_id == answer.id
    assert (await access_links.use_link(keyring, token, Purpose.SIGNIN)).id == answer.sender_id


def test_a_clock_that_is_nearly_right_is_let_be():
    told = _NOW(UTC) - timedelta(milliseconds=500)
    clock_.follow(told, 0.0)
    assert clock_.now() >= told


def test_an_id_can_stand_behind_another_whatever_the_clock_says(clock):
    first = new_id()
    with clock(-HOUR):
        assert new_id() < first
        ids = [first]
        for _ in range(50):
            ids.append(new_id(after=ids[-1]))
    assert ids == sorted(set(ids))
    assert new_id(after="zzz") < "zzz"  # nobody knows when that was


async def _owners() -> list[User]:
    return [await cast.maya(), await cast.outsider()]


def _others(chats: list[Chat], chat: Chat) -> list[str]:
    return [other.id for other in chats if other.id != chat.id]
