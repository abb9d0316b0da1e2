"""The list of chats, and what one of them shows."""

from datetime import UTC, datetime, timedelta

import pytest

from models import Chat, Coupon, Message, User
from services.outgoing import replies
from tests import cast
from tests.web.conftest import Panel, fails, says, sign_in


async def test_a_row_says_what_it_is_about_and_who_wrote_what(panel, chat, ada):
    await says(ada, "Does it work\non sale items?")
    page = await panel.opens("/chats")
    assert (
        page.row(chat) == "AL Re: 50% Off Summer Collection now Ada Lovelace Does it work on sale items? 1 unread"
    )
    assert f'href="/chats/{chat.id}"' in page.text
    assert "<title>(1) Chats · Coupon Chat</title>" in page.text


async def test_a_row_tells_own_words_from_theirs(panel, chat, maya):
    await replies.reply(chat, maya, "It does!")
    assert "You: It does!" in (await panel.opens("/chats")).row(chat)


async def test_a_row_tells_of_a_reply_that_did_not_arrive(panel, chat, maya, ada):
    await replies.reply(chat, maya, "It does!")
    await fails(ada, "blocked")
    assert "Not delivered You: It does!" in (await panel.opens("/chats")).row(chat)


@pytest.mark.parametrize(
    ("name", "username", "shown"),
    [
        ("", "mystery", "@mystery"),
        (" ", None, "Someone"),
        ("\u3164", "mystery", "@mystery"),
        ("\u200b\u2800", None, "Someone"),
        ("Ada", "ada", "Ada"),
        ("🇩🇪", "ada", "🇩🇪"),
    ],
)
async def test_everybody_has_a_name(panel, chat, ada, name, username, shown):
    await User.filter(id=ada.user_id).update(name=name, username=username)
    assert f" {shown} " in (await panel.opens("/chats")).row(chat)
    assert shown in (await panel.opens(f"/chats/{chat.id}")).text


async def test_the_newest_message_is_on_top(panel, maya):
    old, new = await _chat_of(maya, 1, minutes=2), await _chat_of(maya, 2, minutes=1)
    assert (await panel.opens("/chats")).rows == [new.id, old.id]
    await cast.says(await cast.peer(1), "Still there?")
    assert (await panel.opens("/chats")).rows == [old.id, new.id]


async def test_within_one_second_what_came_last_is_on_top(panel, maya):
    chats = [await _chat_of(maya, number, minutes=1) for number in range(1, 6)]
    assert (await panel.opens("/chats")).rows == [chat.id for chat in reversed(chats)]


async def test_nobody_sees_anothers_chats(panel, chat, other_chat):
    page = await panel.opens("/chats")
    assert page.rows == [chat.id]
    assert "Ivan" not in page.text


async def test_the_list_goes_on_where_it_stopped_though_all_are_of_one_second(panel, maya):
    chats = [await _chat_of(maya, number, minutes=1) for number in range(1, 34)]
    first = await panel.opens("/chats")
    second = await panel.opens(first.link(r'id="more" href="([^"]+)"'))
    assert [*first.rows, *second.rows] == [chat.id for chat in reversed(chats)]
    assert 'id="more"' not in second.text


async def test_the_list_can_be_narrowed_to_a_coupon(panel, maya, chat):
    hats = await _chat_of(maya, 2, minutes=1, title="Hats")
    page = await panel.opens("/chats?coupon=hats")
    assert page.rows == [hats.id]
    assert '<option value="hats" selected>' in page.text
    assert f'href="/chats/{hats.id}?coupon=hats"' in page.text


async def test_the_list_can_be_narrowed_to_what_is_unread(panel, chat, ada):
    await cast.chat(await cast.coupon(await cast.maya(), "Hats"), await cast.peer(7003, "Mary"))
    await says(ada, "Hello?")
    assert (await panel.opens("/chats?unread=1")).rows == [chat.id]


async def test_anothers_coupon_narrows_the_list_to_nothing(panel, chat, other_chat):
    page = await panel.opens(f"/chats?coupon={other_chat.coupon_id}")
    assert page.rows == []
    assert "Ivan" not in page.text.replace("ivan", "")


async def test_an_empty_list_explains_how_chats_arrive(panel):
    assert "Contact Influencer" in (await panel.opens("/chats")).text


async def test_nothing_unread_is_a_reason_to_be_pleased(panel, chat):
    assert "All answered" in (await panel.opens("/chats?unread=1")).text


async def test_a_chat_shows_its_coupon_and_what_was_said(panel, chat, ada, maya):
    await Coupon.all().update(description="Not with other offers", expires_at=datetime(2099, 3, 13, tzinfo=UTC))
    await says(ada, "Does it work?")
    await replies.reply(chat, maya, "It does!")
    page = await panel.opens(f"/chats/{chat.id}")
    for words in ("Valid", "until 12 March 2099", "Not with other offers", "Does it work?", "It does!", "Today"):
        assert words in page.text
    assert "<title>Re: 50% Off Summer Collection · Coupon Chat</title>" in page.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_active": False}, "Withdrawn"),
        ({"expires_at": cast.LONG_AGO}, "Expired"),
        ({"starts_at": cast.in_days(2)}, "Upcoming"),
    ],
)
async def test_a_coupon_says_whether_it_can_be_used(panel, chat, changes, words):
    await Coupon.all().update(**changes)
    assert words in (await panel.opens(f"/chats/{chat.id}")).text


async def test_days_stand_between_messages(panel, chat, ada):
    for days in (400, 1, 0):
        await says(ada, "Hello", sent_at=datetime.now(UTC).replace(microsecond=0) - timedelta(days=days))
    page = await panel.opens(f"/chats/{chat.id}")
    assert page.text.index('class="day"') < page.text.index(">Yesterday<") < page.text.index(">Today<")


async def test_history_goes_back_page_by_page(panel, chat, ada):
    said = [(await says(ada, f"Message {number}")).id for number in range(60)]
    last = await panel.opens(f"/chats/{chat.id}")
    first = await panel.opens(last.link(r'id="earlier" href="([^"]+)"'))
    assert [*first.said, *last.said] == said
    assert "Earlier messages" not in first.text
    assert "Latest messages" in first.text


async def test_what_is_shown_is_read(panel, chat, ada):
    await says(ada, "One")
    await says(ada, "Two")
    assert "2 unread" in (await panel.opens("/chats")).row(chat)
    page = await panel.opens(f"/chats/{chat.id}")
    assert "unread" not in page.row(chat)
    assert "unread" not in (await panel.opens("/chats")).row(chat)


async def test_what_is_not_shown_stays_unread(panel, chat, ada):
    said = [(await says(ada, f"Message {number}")).id for number in range(60)]
    page = await panel.opens(f"/chats/{chat.id}")
    assert page.said == said[10:]
    assert "10 unread" in page.row(chat)
    assert await _unread() == said[:10]
    earlier = await panel.opens(page.link(r'id="earlier" href="([^"]+)"'))
    assert earlier.said == said[:10]
    assert "unread" not in earlier.row(chat)
    assert await _unread() == []


async def test_a_page_of_the_past_reads_what_it_shows_and_nothing_later(panel, chat, ada):
    said = [(await says(ada, f"Message {number}")).id for number in range(60)]
    page = await panel.opens(f"/chats/{chat.id}?before={said[55]}")
    assert page.said == said[5:55]
    assert await _unread() == [*said[:5], *said[55:]]


async def test_the_script_reads_what_it_has_shown_and_nothing_before_or_behind_it(panel, chat, ada):
    said = [(await says(ada, f"Message {number}")).id for number in range(5)]
    answer = await panel.posts(f"/chats/{chat.id}/reading", by_script=True, since=said[1], through=said[2])
    assert answer.status == 204
    assert await _unread() == [said[0], *said[3:]]
    revision = (await Chat.get(id=chat.id)).revision
    await panel.posts(f"/chats/{chat.id}/reading", by_script=True, since=said[1], through=said[2])
    assert (await Chat.get(id=chat.id)).revision == revision


async def test_all_that_is_unread_can_be_read_at_once(panel, chat, ada):
    for number in range(60):
        await says(ada, f"Message {number}")
    await panel.posts(f"/chats/{chat.id}/reading")
    assert await _unread() == []


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}]
)
async def test_a_browser_that_only_gets_ready_reads_nothing(panel, chat, ada, headers):
    await says(ada, "One")
    await panel.opens(f"/chats/{chat.id}", headers=headers)
    async with panel.client.head(f"/chats/{chat.id}") as response:
        assert response.status == 200
    assert not (await Message.get()).is_read


async def test_looking_into_a_chat_without_news_changes_nothing(panel, chat, ada):
    await says(ada, "One")
    await panel.opens(f"/chats/{chat.id}")
    revision = (await Chat.get(id=chat.id)).revision
    await panel.opens(f"/chats/{chat.id}")
    assert (await Chat.get(id=chat.id)).revision == revision


async def test_what_came_after_the_last_look_stays_unread(panel, chat, ada):
    seen = await says(ada, "One")
    await says(ada, "Two")
    answer = await panel.posts(f"/chats/{chat.id}/reading", by_script=True, through=seen.id)
    assert answer.status == 204
    assert "1 unread" in (await panel.opens("/chats")).row(chat)


async def test_without_a_limit_everything_is_read(panel, chat, ada):
    await says(ada, "One")
    answer = await panel.posts(f"/chats/{chat.id}/reading")
    assert (answer.status, answer.headers["Location"]) == (303, f"/chats/{chat.id}")
    assert "unread" not in (await panel.opens("/chats")).row(chat)


async def test_nobody_reads_for_another(panel, chat, other_chat):
    theirs = (await Message.get(chat_id=other_chat.id)).id
    for path in (f"/chats/{other_chat.id}/reading", f"/chats/{chat.id}/reading"):
        assert (await panel.posts(path, through=theirs)).status == 404
        assert (await panel.posts(path, since=theirs)).status == 404
    assert not (await Message.get(chat_id=other_chat.id)).is_read


@pytest.mark.parametrize(
    ("kind", "facts", "label"),
    [
        ("photo", {"telegramFileId": "x"}, "[photo]"),
        ("voice", {"duration": 12}, "[voice message 0:12]"),
        ("voice", {"duration": 3725}, "[voice message 1:02:05]"),
        ("voice", None, "[voice message]"),
        ("video", {"duration": 3}, "[video]"),
        ("video_note", {"duration": 5}, "[video message 0:05]"),
        ("audio", {"duration": 3}, "[audio]"),
        ("document", {"fileName": "name.pdf"}, "[document: name.pdf]"),
        ("document", {}, "[document]"),
        ("sticker", {"emoji": "😀"}, "[sticker 😀]"),
        ("sticker", ["odd"], "[sticker]"),
        ("location", {"latitude": 1.5}, "[location]"),
        ("venue", {"title": "Lisbon"}, "[location: Lisbon]"),
        ("contact", {"firstName": "Bo"}, "[contact: Bo]"),
        ("animation", {}, "[animation]"),
        ("poll", {"question": "?"}, "[poll: ?]"),
        ("rich_message", {"content": {}}, "[formatted message]"),
        ("unknown", {"name": "hologram", "content": {}}, "[unsupported message: hologram]"),
    ],
)
async def test_what_is_no_text_has_a_label(panel, chat, ada, kind, facts, label):
    await says(ada, "See here", content=cast.content(kind, facts))
    assert f"{label} See here" in (await panel.opens("/chats")).row(chat)
    page = await panel.opens(f"/chats/{chat.id}")
    assert f"<bdi>{label}</bdi>" in page.text
    assert ">See here</div>" in page.text


async def test_a_message_shows_what_it_answers(panel, chat, ada, maya):
    asked = await says(ada, "Which size?")
    await Message.filter(id=(await says(ada, "44")).id).update(reply_to_id=asked.id)
    page = await panel.opens(f"/chats/{chat.id}")
    assert '<b><bdi>Ada Lovelace</bdi></b> <span dir="auto">Which size?</span></a></blockquote>' in page.text


async def test_a_message_does_not_show_what_was_said_in_another_chat(panel, chat, other_chat, ada):
    secret = await Message.get(chat_id=other_chat.id)
    await Message.filter(id=(await says(ada, "Hm")).id).update(reply_to_id=secret.id)
    page = await panel.opens(f"/chats/{chat.id}")
    assert page.status == 200
    assert secret.text not in page.text


async def test_a_changed_message_says_so(panel, chat, ada):
    said = await says(ada, "Which sise?")
    await Message.filter(id=said.id).update(text="Which size?", edited_at=datetime.now(UTC))
    assert ">edited</span>" in (await panel.opens(f"/chats/{chat.id}")).text


async def test_not_theirs_looks_exactly_as_not_there(panel, chat, other_chat, ivan):
    assert await Chat.exists(id=other_chat.id, influencer_id=ivan.id)
    missing = await panel.opens("/chats/there-is-none")
    theirs = await panel.opens(f"/chats/{other_chat.id}")
    assert (theirs.status, theirs.text) == (missing.status, missing.text)
    assert missing.status == 404
    assert missing.text == (await panel.opens("/no/such/page")).text


async def test_anothers_message_is_no_place_in_the_history(panel, chat, other_chat):
    theirs = await Message.get(chat_id=other_chat.id)
    missing = await panel.opens(f"/chats/{chat.id}?before=there-is-none")
    page = await panel.opens(f"/chats/{chat.id}?before={theirs.id}")
    assert (page.status, page.text) == (missing.status, missing.text)
    assert page.status == 404


async def _unread() -> list[str]:
    return [message.id for message in await Message.filter(is_read=False).order_by("position", "id")]


async def _chat_of(owner: User, number: int, *, minutes: int, title: str = "") -> Chat:
    """Let a consumer write in a chat of their own, some minutes ago on a whole second."""
    peer = await cast.peer(number, f"Consumer {number}")
    chat = await cast.chat(await cast.coupon(owner, title or f"Coupon {number}"), peer)
    at = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=minutes)
    await Chat.filter(id=chat.id).update(updated_at=at)
    await says(peer, "Hello", sent_at=at)
    return chat


@pytest.mark.parametrize(
    ("name", "words"),
    [("Ivan <Petrov>", "Ivan &lt;Petrov&gt;"), ("", "another influencer")],
)
async def test_a_coupon_that_changed_hands_says_whose_it_is_now(panel, chat, ada, ivan, name, words):
    await says(ada, "Hello")
    assert "coupon-owner" not in (await panel.opens(f"/chats/{chat.id}")).text
    await User.filter(id=ivan.id).update(name=name)
    await Coupon.filter(id=chat.coupon_id).update(influencer_id=ivan.id)
    page = await panel.opens(f"/chats/{chat.id}")
    assert f'<span class="coupon-owner">now <bdi>{words}</bdi>’s</span>' in page.text
    assert "inf-ivan" not in page.text
    assert (await panel.replies(chat, "Ask me")).status == 201


async def test_a_new_owner_sees_nothing_of_what_was_said_before(panel, chat, ada, ivan, keyring, aiohttp_client):
    await says(ada, "For Maya's eyes only")
    await Coupon.filter(id=chat.coupon_id).update(influencer_id=ivan.id)
    theirs = await cast.chat(await Coupon.get(id=chat.coupon_id), await cast.peer(7005, "Grace Hopper"))
    ivans = Panel(await aiohttp_client(panel.client.server))
    await sign_in(ivans.client, keyring, ivan)
    assert (await ivans.opens("/chats")).rows == [theirs.id]
    assert (await ivans.opens(f"/chats?coupon={chat.coupon_id}")).rows == [theirs.id]
    for attempt in (
        ivans.opens(f"/chats/{chat.id}"),
        ivans.opens(f"/live?chat={chat.id}"),
        ivans.replies(chat, "Hi"),
    ):
        assert (await attempt).status == 404
    page = await ivans.opens(f"/chats/{theirs.id}")
    assert page.status == 200
    assert "coupon-owner" not in page.text
    assert (await panel.opens("/chats")).rows == [chat.id]
    assert (await panel.opens(f"/chats/{theirs.id}")).status == 404
