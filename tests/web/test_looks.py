"""What looking costs, and that an influencer's tabs look once for all of them."""

import asyncio
import contextlib

import aiohttp
import asyncpg
import pytest

import web.live
from bench.statements import counted, unseen
from database import pubsub
from models import Session
from services import live
from services.people import sessions
from tests import cast
from tests.web.conftest import PATIENCE, Panel, says, sign_in
from web.live import FEEDS, TABS

LOOK = 2  # statements: who may still be told, and whether anything has changed
READING = 9  # what has changed, when somebody has to be told


@pytest.fixture
async def tabs(panel, chat, aiohttp_client, keyring, maya, monkeypatch):
    """Let so many tabs listen to the chat."""
    monkeypatch.setattr(web.live, "MAX_TABS", 1000)
    browser = Panel(await aiohttp_client(panel.client.server, connector=aiohttp.TCPConnector(limit=0)))
    await sign_in(browser.client, keyring, maya)

    @contextlib.asynccontextmanager
    async def listen(count):
        async with contextlib.AsyncExitStack() as stack:
            opened = [await stack.enter_async_context(browser.listens(f"chat={chat.id}")) for _ in range(count)]
            await asyncio.gather(*(tab.is_there() for tab in opened))
            yield opened

    return listen


@pytest.mark.parametrize("count", [1, 100])
async def test_a_look_that_finds_nothing_new_is_two_statements_for_all_tabs(app, tabs, maya, count):
    async with tabs(count):
        await _have_looked(app)
        with counted() as statements:
            pubsub.publish([live.influencer(maya.id)])
            await _have_looked(app)
        assert len(statements.round_trips) == LOOK, statements.round_trips


async def test_what_is_notified_while_a_look_runs_is_one_more_look(app, tabs, maya, monkeypatch):
    begun, may_go_on = asyncio.Event(), asyncio.Event()
    still_good = sessions.still_good

    async def slowly(ids):
        begun.set()
        await may_go_on.wait()
        return await still_good(ids)

    async with tabs(2):
        await _have_looked(app)
        monkeypatch.setattr(sessions, "still_good", slowly)
        with counted() as statements:
            pubsub.publish([live.influencer(maya.id)])
            await begun.wait()
            for _ in range(10):
                pubsub.publish([live.influencer(maya.id)])
                await asyncio.sleep(0)
            may_go_on.set()
            await _have_looked(app)
        assert len(statements.round_trips) == 2 * LOOK, statements.round_trips


async def test_what_was_told_already_costs_no_more_while_another_transaction_runs(app, tabs, ada, maya, db):
    slow = await asyncpg.connect(db)
    transaction = slow.transaction()
    await transaction.start()
    await slow.fetch("SELECT pg_current_xact_id()")
    async with tabs(1) as [tab]:
        await says(ada, "Does it work?")
        await tab.is_told()
        await _have_looked(app)
        with counted() as statements:
            pubsub.publish([live.influencer(maya.id)])
            await _have_looked(app)
        assert len(statements.round_trips) == LOOK, statements.round_trips
    await transaction.rollback()
    await slow.close()


@pytest.mark.parametrize("count", [1, 100])
async def test_a_message_is_read_once_for_all_tabs(app, tabs, ada, count):
    async with tabs(count) as opened:
        await _have_looked(app)
        with counted() as statements:
            with unseen():
                said = await says(ada, "Does it work?")
            told = await asyncio.gather(*(tab.is_told() for tab in opened))
            await _have_looked(app)
        assert {message["id"] for each in told for message in each["messages"]} == {said.id}
        assert all(len(each["messages"]) == len(each["rows"]) == 1 for each in told)
        assert len(statements.round_trips) <= LOOK + READING + LOOK, statements.round_trips  # one may come late


async def test_each_tab_is_told_what_it_shows_of_what_was_read_for_all(panel, chat, maya, ada):
    mary = await cast.peer(7003, "Mary")
    hats = await cast.chat(await cast.coupon(maya, "Hats"), mary)
    async with (
        panel.listens(f"chat={chat.id}") as adas,
        panel.listens(f"chat={hats.id}") as marys,
        panel.listens("coupon=hats") as of_hats,
    ):
        for tab in (adas, marys, of_hats):
            await tab.is_there()
        said = await says(ada, "About the summer")
        told = [await tab.is_told() for tab in (adas, marys, of_hats)]
    assert [[message["id"] for message in each.get("messages", ())] for each in told] == [[said.id], [], []]
    assert [[row["id"] for row in each["rows"]] for each in told] == [[chat.id], [chat.id], []]
    assert [each["removed"] for each in told] == [[], [], [chat.id]]


async def test_a_session_that_has_ended_among_others_is_told_nothing_while_they_are(
    panel, aiohttp_client, keyring, chat, maya, ada
):
    ended = {session.id for session in await Session.all()}
    elsewhere = Panel(await aiohttp_client(panel.client.server))
    await sign_in(elsewhere.client, keyring, maya)
    async with panel.listens(f"chat={chat.id}") as out, elsewhere.listens(f"chat={chat.id}") as there:
        await out.is_there()
        await there.is_there()
        await Session.filter(id__in=ended).delete()
        said = await says(ada, "A secret")
        assert await out.hears() == ("reload", None)
        assert [message["id"] for message in (await there.is_told())["messages"]] == [said.id]


async def test_a_chat_that_is_theirs_no_longer_ends_its_tabs_alone(panel, chat, ivan, maya, ada):
    mary = await cast.peer(7003, "Mary")
    hats = await cast.chat(await cast.coupon(maya, "Hats"), mary)
    async with panel.listens(f"chat={chat.id}") as lost, panel.listens(f"chat={hats.id}") as kept:
        await lost.is_there()
        await kept.is_there()
        chat.influencer_id = ivan.id
        await chat.save(update_fields=["influencer_id"])
        said = await says(mary, "About the hats")
        assert await lost.hears() == ("end", None)
        assert [message["id"] for message in (await kept.is_told())["messages"]] == [said.id]


async def test_a_feed_ends_with_the_last_of_its_tabs(panel, app, maya):
    async with panel.listens() as one, panel.listens() as other:
        await one.is_there()
        await other.is_there()
        assert len({tab.feed for tab in app[TABS]}) == 1
    pubsub.publish([live.influencer(maya.id)])
    async with asyncio.timeout(PATIENCE):
        while app[FEEDS]._feeds or app[FEEDS]._running:  # noqa: ASYNC110 - it tells nobody that it ends
            await asyncio.sleep(0)


async def _have_looked(app) -> None:
    """Wait until every tab waits, and nothing is to be looked at."""
    async with asyncio.timeout(10 * PATIENCE):
        while not all(_is_waiting(tab) for tab in app[TABS]):  # noqa: ASYNC110 - a feed tells nobody that it waits
            await asyncio.sleep(0)


def _is_waiting(tab) -> bool:
    has_news = tab.feed._subscription._event.is_set()
    return tab.follower in tab.feed._waiting and not has_news
