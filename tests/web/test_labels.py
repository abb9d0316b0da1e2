"""Coupons that look the same are told apart in the list and its filter; the others say no more than titles."""

import re
from datetime import UTC, datetime

from models import Chat
from tests import cast
from tests.web.conftest import says

LONG = "50% off the whole summer collection, also on sale items, in "


async def test_two_coupons_of_one_title_have_rows_that_differ(panel, maya):
    chats = await _chats(maya, ("Summer", "a"), ("Summer", "b"), ("Hats", "c"))
    page = await panel.opens("/chats")
    assert [_about(page, chat) for chat in chats] == ["Summer a", "Summer b", "Hats"]
    assert _options(page) == {"a": "Summer · a", "b": "Summer · b", "c": "Hats"}


async def test_how_long_a_coupon_lasts_comes_before_its_id(panel, maya):
    ends = [datetime(2099, month, 13, tzinfo=UTC) for month in (3, 4)]
    chats = [await _chat(maya, "Summer", str(end.month), expires_at=end) for end in ends]
    page = await panel.opens("/chats")
    assert [_about(page, chat) for chat in chats] == [
        "Summer Valid until 12 March 2099",
        "Summer Valid until 12 April 2099",
    ]


async def test_titles_that_begin_alike_show_their_ends(panel, maya):
    chats = await _chats(maya, (LONG + "Lisbon", "a"), (LONG + "Porto", "b"))
    page = await panel.opens("/chats")
    assert [_about(page, chat)[-9:] for chat in chats] == ["in Lisbon", " in Porto"]
    assert f'title="{LONG}Lisbon"' in page.text


async def test_they_differ_also_from_one_page_to_the_next_and_where_the_list_is_narrowed(panel, maya):
    chats = await _chats(maya, *((f"Summer{' ' * (number % 2)}", f"c{number}") for number in range(40)))
    first = await panel.opens("/chats")
    second = await panel.opens(first.link(r'id="more" href="([^"]+)"'))
    told = [_about(page, chat) for page in (first, second) for chat in chats if chat.id in page.rows]
    assert sorted(told) == sorted(f"Summer c{number}" for number in range(40))
    assert _about(await panel.opens("/chats?coupon=c3"), chats[3]) == "Summer c3"


async def test_a_row_that_comes_live_says_the_same(panel, maya):
    chats = await _chats(maya, ("Summer", "a"), ("Summer", "b"))
    page = await panel.opens("/chats")
    async with panel.listens(f"since={page.cursor}") as stream:
        await says(await cast.peer(1), "Hello", as_of=cast.as_of())
        [row] = (await stream.is_told())["rows"]
    assert row["id"] in {chat.id for chat in chats}
    assert re.search(r'class="row-which">[ab]<', row["html"])


async def test_anothers_coupons_are_none_of_ones_own(panel, maya):
    await _chat(await cast.outsider(), "Summer", "theirs")
    chat = await _chat(maya, "Summer", "a")
    page = await panel.opens("/chats")
    assert _about(page, chat) == "Summer"
    assert "theirs" not in page.text


async def _chats(owner, *coupons):
    return [await _chat(owner, title, id_) for title, id_ in coupons]


async def _chat(owner, title, id_, **changes) -> Chat:
    return await cast.chat(await cast.coupon(owner, title, id=id_, **changes), await cast.peer(1))


def _about(page, chat):
    html = page.link(rf'(?s)id="row-{chat.id}".*?class="row-about[^>]*>(.*?)</span>\s*<time')
    return " ".join(re.sub(r"<[^>]*>", " ", html.partition("Re:")[2]).split())


def _options(page):
    return dict(re.findall(r'<option value="([^"]+)" *>([^<]*)<', page.text))
