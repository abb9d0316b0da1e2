"""What changes while somebody looks."""

import asyncio

import asyncpg
import pytest

import web.feeds
import web.live
from database import pubsub
from database.transactions import fetch, transaction
from models import Chat, Message, Peer, Session
from services import live
from services.chats import changes, dashboard, history
from services.chats.dashboard import Filter
from services.incoming import opening
from services.outgoing import replies
from services.people import blocking
from tests import cast
from tests.web.conftest import PATIENCE, Panel, fails, says, sign_in
from web.live import TABS


async def test_a_new_message_is_told_with_its_row(panel, chat, ada):
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        said = await says(ada, "Does it work?")
        told = await tab.is_told()
    assert told["unread"] == 1
    assert [(row["id"], row["unread"]) for row in told["rows"]] == [(chat.id, 1)]
    [message] = told["messages"]
    assert (message["id"], message["isOwn"]) == (said.id, False)
    assert "Does it work?" in message["html"]


async def test_a_message_that_was_meant_for_another_chat_leaves_this_one(panel, chat, maya, ada):
    hats = await cast.chat(await cast.coupon(maya, "Hats"), ada)
    async with transaction():
        await opening.activate(ada, chat, cast.as_of())
    tapped = cast.as_of()
    said = await says(ada, "About the hats")
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        async with transaction():
            await opening.activate(ada, hats, tapped)
        told = await tab.is_told()
    assert (told["movedAway"], told["messages"]) == ([said.id], [])
    assert {row["id"] for row in told["rows"]} == {chat.id, hats.id}
    async with panel.listens(f"chat={hats.id}&since=0") as tab:
        told = await tab.is_told()
    assert (told["movedAway"], [message["id"] for message in told["messages"]]) == ([], [said.id])


async def test_the_stream_tells_exactly_what_the_page_shows(panel, chat, ada):
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        await says(ada, "Does it work?")
        told = await tab.is_told()
    page = await panel.opens(f"/chats/{chat.id}", headers={"Sec-Purpose": "prefetch"})
    assert told["messages"][0]["html"] in page.text
    listed = await panel.opens("/chats")
    assert told["rows"][0]["html"].partition("<time")[0] in listed.text
    assert told["rows"][0]["key"] in listed.text


async def test_a_tab_goes_on_from_its_page_and_misses_nothing(panel, chat, ada):
    page = await panel.opens(f"/chats/{chat.id}")
    said = await says(ada, "Just before the stream opened")
    async with panel.listens(f"chat={chat.id}&since={page.cursor}") as tab:
        told = await tab.is_told()
    assert [message["id"] for message in told["messages"]] == [said.id]


async def test_a_tab_that_was_away_catches_up_by_its_last_event(panel, chat, ada):
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        await says(ada, "One")
        await tab.is_told()
    missed = await says(ada, "Two")
    headers = {"Last-Event-ID": tab.last_id}
    async with panel.listens(f"chat={chat.id}&since=0", **headers) as tab:
        told = await tab.is_told()
    assert missed.id in [message["id"] for message in told["messages"]]


async def test_what_began_earlier_and_commits_later_is_not_missed(panel, chat, maya, ada, db):
    hats = await cast.chat(await cast.coupon(maya, "Hats"), await cast.peer(7003, "Mary"))
    said = await says(ada, "Before")
    slow = await asyncpg.connect(db)
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute('UPDATE "Chats" SET revision = 0 WHERE id = $1', chat.id)
        await slow.execute('UPDATE "Messages" SET text = $2 WHERE id = $1', said.id, "After")
        await cast.says(await cast.peer(7003, "Mary"), "I am quicker")
        assert [row["id"] for row in (await tab.is_told())["rows"]] == [hats.id]
        seen = tab.last_id
        await transaction.commit()
        pubsub.publish([live.influencer(maya.id)])
        told = await tab.is_told()
        assert [row["id"] for row in told["rows"]] == [chat.id]  # and not the other one once more
        assert "After" in told["messages"][0]["html"]
    await slow.close()
    async with panel.listens(f"chat={chat.id}&since={seen}") as tab:
        assert "After" in (await tab.is_told())["messages"][0]["html"]


async def test_nothing_is_told_twice_while_another_transaction_runs(panel, chat, ada, maya, db):
    slow = await asyncpg.connect(db)
    transaction = slow.transaction()
    await transaction.start()
    await slow.fetch("SELECT pg_current_xact_id()")
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        await says(ada, "One")
        await tab.is_told()
        second = await says(ada, "Two")
        assert [message["id"] for message in (await tab.is_told())["messages"]] == [second.id]
    await transaction.rollback()
    await slow.close()


async def test_nobody_hears_of_anothers_chats(panel, chat, other_chat, ada):
    async with panel.listens() as tab:
        await tab.is_there()
        await cast.says(await cast.peer(7002), "For Ivan again")
        await says(ada, "For Maya")
        told = await tab.is_told()
    assert [row["id"] for row in told["rows"]] == [chat.id]
    assert "Ivan" not in str(told)


async def test_each_of_two_influencers_hears_their_own(panel, aiohttp_client, keyring, ivan, chat, other_chat, ada):
    ivans = Panel(await aiohttp_client(panel.client.server))
    await sign_in(ivans.client, keyring, ivan)
    async with panel.listens() as mayas_tab, ivans.listens() as ivans_tab:
        await mayas_tab.is_there()
        await ivans_tab.is_there()
        await says(ada, "For Maya")
        await cast.says(await cast.peer(7002), "For Ivan")
        assert [row["id"] for row in (await mayas_tab.is_told())["rows"]] == [chat.id]
        assert [row["id"] for row in (await ivans_tab.is_told())["rows"]] == [other_chat.id]


async def test_a_stream_of_anothers_chat_is_not_there(panel, chat, other_chat):
    missing = await panel.opens("/live?chat=there-is-none")
    theirs = await panel.opens(f"/live?chat={other_chat.id}")
    assert (theirs.status, theirs.text) == (missing.status, missing.text)
    assert theirs.status == 404


async def test_a_chat_that_is_theirs_no_longer_is_told_no_longer(panel, chat, ada, ivan, maya):
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        await Chat.filter(id=chat.id).update(influencer_id=ivan.id)
        pubsub.publish([live.influencer(maya.id)])
        assert await tab.hears() == ("end", None)


async def test_the_state_of_a_reply_is_told(panel, chat, ada, maya):
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        await replies.reply(chat, maya, "It does!")
        assert "Sending…" in (await tab.is_told())["messages"][0]["html"]
        await fails(ada, "blocked")
        told = await tab.is_told()
    assert "They have blocked the bot." in told["messages"][0]["html"]
    assert "Not delivered" in told["rows"][0]["html"]


async def test_that_a_consumer_has_blocked_the_bot_shows_until_they_let_it_in_again(panel, chat, ada):
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        for is_blocked in (True, False):
            await blocking.mark_blocked(ada, is_blocked)
            assert (await tab.is_told())["isBlocked"] is is_blocked
            hidden = "" if is_blocked else "hidden"
            page = await panel.opens(f"/chats/{chat.id}")
            assert page.link(r'id="blocked" role="status" (\w*)') == hidden


async def test_a_block_shows_in_that_consumers_chats_alone(panel, chat, maya, ada):
    mary = await cast.peer(7003, "Mary")
    marys = await cast.chat(await cast.coupon(maya, "Hats"), mary)
    async with panel.listens(f"chat={marys.id}") as tab:
        await tab.is_there()
        await blocking.mark_blocked(ada, True)
        told = await tab.is_told()
        assert ([row["id"] for row in told["rows"]], told["isBlocked"]) == ([chat.id], False)
        await blocking.mark_blocked(mary, True)
        assert (await tab.is_told())["isBlocked"] is True


async def test_only_whom_a_consumer_writes_to_is_told_of_their_block(
    panel, aiohttp_client, keyring, ivan, chat, other_chat, ada
):
    ivans = Panel(await aiohttp_client(panel.client.server))
    await sign_in(ivans.client, keyring, ivan)
    async with panel.listens(f"chat={chat.id}") as mayas_tab, ivans.listens(f"chat={other_chat.id}") as ivans_tab:
        await mayas_tab.is_there()
        await ivans_tab.is_there()
        await blocking.mark_blocked(ada, True)
        assert (await mayas_tab.is_told())["isBlocked"] is True
        await says(await cast.peer(7002), "Still there?")
        told = await ivans_tab.is_told()
        assert ("Still there?" in str(told), told["isBlocked"]) == (True, False)
        adas_too = await cast.chat(await cast.coupon(ivan, "Ivan's hats", id="ivans-hats"), ada)
        await blocking.mark_blocked(ada, False)
        assert adas_too.id in [row["id"] for row in (await ivans_tab.is_told())["rows"]]


async def test_what_is_read_in_one_tab_is_read_in_all(panel, chat, ada):
    await says(ada, "One")
    async with panel.listens() as tab:
        await tab.is_there()
        await panel.opens(f"/chats/{chat.id}")
        told = await tab.is_told()
    assert told["unread"] == 0
    assert told["rows"][0]["unread"] == 0


async def test_a_row_that_a_filter_no_longer_lets_through_is_taken_away(panel, chat, ada):
    async with panel.listens("unread=1") as tab:
        await tab.is_there()
        await says(ada, "One")
        told = await tab.is_told()
        assert [row["id"] for row in told["rows"]] == [chat.id]
        assert f'href="/chats/{chat.id}?unread=1"' in told["rows"][0]["html"]
        await panel.posts(f"/chats/{chat.id}/reading")
        told = await tab.is_told()
    assert (told["rows"], told["removed"]) == ([], [chat.id])


async def test_a_list_of_one_coupon_hears_only_of_that(panel, chat, maya, ada):
    hats = await cast.chat(await cast.coupon(maya, "Hats"), await cast.peer(7003, "Mary"))
    async with panel.listens("coupon=hats") as tab:
        await tab.is_there()
        await says(ada, "About the summer")
        assert (await tab.is_told())["rows"] == []
        await cast.says(await cast.peer(7003, "Mary"), "About hats")
        assert [row["id"] for row in (await tab.is_told())["rows"]] == [hats.id]


async def test_signing_out_ends_the_stream(panel, chat):
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        await panel.posts("/signout")
        assert await tab.hears() == ("reload", None)
        assert await tab.hears() == ("end", None)


async def test_a_session_that_has_ended_is_told_nothing_more(panel, chat, ada):
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        await Session.all().delete()
        await says(ada, "A secret")
        assert await tab.hears() == ("reload", None)


async def test_the_streams_end_with_the_server(panel):
    async with panel.listens() as tab:
        await tab.is_there()
        async with asyncio.timeout(PATIENCE):
            await panel.client.server.close()
        assert await tab.hears() == ("end", None)


async def test_a_tab_that_is_ahead_of_the_database_loads_anew(panel, chat):
    async with panel.listens(f"since={await changes.cursor() + 1_000_000}") as tab:
        assert await tab.hears() == ("reload", None)


async def test_a_tab_that_has_missed_very_much_loads_anew(panel, chat, ada):
    page = await panel.opens(f"/chats/{chat.id}")
    await _say_much(chat, ada)
    async with panel.listens(f"chat={chat.id}&since={page.cursor}") as tab:
        assert await tab.hears() == ("reload", None)


async def test_a_tab_is_not_told_so_again_where_a_dump_has_brought_revisions_from_elsewhere(
    panel, chat, other_chat, ada, monkeypatch
):
    monkeypatch.setattr(web.feeds, "MAX_CHANGES", 3)
    for number in range(5):
        await says(ada, f"Message {number}")
    await history.mark_read(chat)
    await cast.restored_elsewhere()
    page = await panel.opens(f"/chats/{chat.id}")
    await says(ada, "After the dump")
    async with panel.listens(f"chat={chat.id}&since={page.cursor}") as tab:
        assert await tab.hears() == ("reload", None)
    page = await panel.opens(f"/chats/{chat.id}")
    said = await says(ada, "After the reload")
    async with panel.listens(f"chat={chat.id}&since={page.cursor}") as tab:
        told = await tab.is_told()
    assert said.id in [message["id"] for message in told["messages"]]
    assert not await Message.filter(revision__gt=cast.ELSEWHERE).exists()


async def test_a_long_transaction_does_not_make_a_tab_load_again_and_again(panel, chat, ada, db):
    slow = await asyncpg.connect(db)
    transaction = slow.transaction()
    await transaction.start()
    await slow.fetch("SELECT pg_current_xact_id()")
    await _say_much(chat, ada)
    page = await panel.opens(f"/chats/{chat.id}")
    async with panel.listens(f"chat={chat.id}&since={page.cursor}") as tab:
        assert len((await tab.is_told())["messages"]) == 200
        await says(ada, "And one more")
        assert len((await tab.is_told())["messages"]) == 1
    await transaction.rollback()
    await slow.close()


async def test_a_tab_that_takes_nothing_delays_nobody(panel, chat, ada):
    async with panel.listens(), panel.listens() as tab:
        await tab.is_there()
        for number in range(5):
            await says(ada, f"Message {number}")
            assert f"Message {number}" in str(await tab.is_told())


async def test_of_too_many_tabs_the_oldest_rests_until_it_is_looked_at_again(panel, chat, ada, monkeypatch):
    monkeypatch.setattr(web.live, "MAX_TABS", 2)
    async with panel.listens() as oldest, panel.listens() as older:
        await oldest.is_there()
        await older.is_there()
        async with panel.listens() as newest:
            await newest.is_there()
            assert await oldest.hears() == ("rest", None)
            assert await oldest.hears() == ("end", None)
            await says(ada, "Hello")
            assert (await older.is_told())["unread"] == (await newest.is_told())["unread"] == 1


async def test_the_tabs_of_another_session_are_not_counted(
    panel, chat, ada, monkeypatch, aiohttp_client, keyring, maya
):
    monkeypatch.setattr(web.live, "MAX_TABS", 1)
    elsewhere = Panel(await aiohttp_client(panel.client.server))
    await sign_in(elsewhere.client, keyring, maya)
    async with panel.listens() as here, elsewhere.listens() as there:
        await here.is_there()
        await there.is_there()
        await says(ada, "Hello")
        assert (await here.is_told())["unread"] == (await there.is_told())["unread"] == 1


async def test_a_tab_that_is_gone_is_forgotten(panel, chat, ada, app):
    async with panel.listens() as tab:
        await tab.is_there()
        [there] = app[TABS]
    pubsub.publish([live.influencer(there.me.id)])
    async with asyncio.timeout(PATIENCE):
        while app[TABS]:  # noqa: ASYNC110 - a tab tells nobody that it goes
            await asyncio.sleep(0)


async def test_the_cursor_of_a_page_is_older_than_what_it_shows(panel, chat, ada, monkeypatch):
    """Something said while the page is put together is on it, or told by the stream, or both."""
    rows = dashboard.rows

    async def rows_and_then_a_message(*args: object, **options: object) -> object:
        found = await rows(*args, **options)  # type: ignore[arg-type]
        monkeypatch.undo()
        await says(ada, "In between")
        return found

    monkeypatch.setattr(dashboard, "rows", rows_and_then_a_message)
    page = await panel.opens(f"/chats/{chat.id}")
    assert "In between" not in page.row(chat)
    async with panel.listens(f"since={page.cursor}") as tab:
        assert "In between" in (await tab.is_told())["rows"][0]["html"]


@pytest.mark.parametrize("only", [Filter(), Filter(is_unread=True)])
async def test_the_stream_of_a_page_is_narrowed_like_the_page(panel, chat, only):
    page = await panel.opens("/chats?unread=1" if only.is_unread else "/chats")
    assert page.link(r'data-live="([^"]+)"') == ("/live?unread=1" if only.is_unread else "/live")


async def test_nasty_words_are_harmless_in_the_stream(panel, chat, ada):
    async with panel.listens(f"chat={chat.id}") as tab:
        await tab.is_there()
        await says(ada, "<script>alert(1)</script>\r\n\r\ndata: forged\nid: 1\u2028")
        told = await tab.is_told()
    assert "<script>" not in told["messages"][0]["html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told["messages"][0]["html"]
    assert await Message.all().count() == 1


async def _say_much(chat: Chat, peer: Peer) -> None:
    await fetch(
        """INSERT INTO "Messages"
               (id, "chatId", "senderId", text, timestamp, "isRead", position, kind, "mayBeDoubled")
           SELECT 'm' || n, $1, $2, 'x', now(), false, n, 'text', false FROM generate_series(1, 200) n""",
        chat.id,
        peer.user_id,
    )
