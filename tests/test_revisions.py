"""After a dump is restored, what it has brought counts as changed by transactions of this database."""

import asyncio

import pytest

from database.transactions import fetch
from models import Chat, Message
from services.chats import changes, dashboard, revisions
from services.chats.history import touch
from services.chats.revisions import are_ahead, put_right
from tests import cast

LIMIT = changes.Limit(120, 10_000)


@pytest.fixture
async def chats(maya, peer) -> list[Chat]:
    chats = []
    for number in range(5):
        chats.append(await cast.chat(await cast.coupon(maya, f"Coupon {number}"), peer))
        await cast.says(peer, f"About coupon {number}")
    return chats


async def test_what_a_dump_has_brought_is_put_right_once(maya, chats):
    await cast.restored_elsewhere()
    assert await are_ahead(maya.id)
    assert await are_ahead()
    assert await put_right() == 5
    assert not await are_ahead()
    assert await put_right() == 0
    assert await _is_ahead("Chats") == await _is_ahead("Messages") == 0


async def test_messages_of_a_chat_that_has_changed_since_are_not_forgotten(maya, chats):
    await cast.restored_elsewhere()
    for chat in chats:
        await touch(chat.id)
    assert not await are_ahead(maya.id)
    assert await are_ahead(maya.id, chats[0].id)
    assert await put_right() == 5
    assert await _is_ahead("Chats") == await _is_ahead("Messages") == 0


async def test_nothing_else_is_touched(maya, chats):
    before = await Chat.all().order_by("id").values_list("id", "revision", "updated_at")
    assert await put_right() == 0
    assert await Chat.all().order_by("id").values_list("id", "revision", "updated_at") == before
    assert not await are_ahead()


async def test_one_influencers_chats_say_nothing_of_anothers(maya, chats):
    ivan = await cast.outsider()
    await cast.restored_elsewhere()
    assert not await are_ahead(ivan.id)


async def test_the_order_of_the_dashboard_stays(maya, chats):
    before = [row.id for row in await dashboard.rows(maya.id, dashboard.Filter())]
    await cast.restored_elsewhere()
    await put_right()
    assert [row.id for row in await dashboard.rows(maya.id, dashboard.Filter())] == before


async def test_two_processes_that_start_together_do_it_side_by_side(maya, chats, monkeypatch):
    monkeypatch.setattr(revisions, "BATCH", 1)
    await cast.restored_elsewhere()
    assert sum(await asyncio.gather(put_right(), put_right())) >= 5
    assert await _is_ahead("Chats") == await _is_ahead("Messages") == 0


async def test_who_looks_on_sees_it_as_a_change(maya, chats):
    await cast.restored_elsewhere()
    cursor = await changes.cursor()
    await put_right()
    assert len((await changes.since(maya.id, [cursor], [], LIMIT)).chats) == 5
    assert not (await changes.since(maya.id, [await changes.cursor()], [], LIMIT)).chats
    assert await Message.filter(revision__gte=cursor).count() == 5


async def _is_ahead(table: str) -> int:
    rows = await fetch(f'SELECT count(*) FROM "{table}" WHERE revision >= {cast.ELSEWHERE}')
    return int(rows[0]["count"])
