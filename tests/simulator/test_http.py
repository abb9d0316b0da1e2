"""The simulator behind HTTP: for the real library, for a browser, and for nobody else."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from itertools import count

import aiohttp
import pytest
import telegram as ptb
from telegram.error import Forbidden, NetworkError, RetryAfter, TimedOut
from yarl import URL

from simulator import Panel, Telegram, running


@pytest.fixture
async def browser(server):
    async with aiohttp.ClientSession(server.url) as session:
        yield session


@pytest.fixture
async def library(telegram, server):
    """The real python-telegram-bot."""
    async with ptb.Bot(telegram.bot.token, base_url=f"{server.api_url}/bot") as real:
        yield real


async def fetch(session: aiohttp.ClientSession, url: str) -> object:
    """The JSON at an address."""
    async with session.get(url) as answer:
        return await answer.json()


async def next_event(stream: aiohttp.ClientResponse) -> tuple[str, dict[str, object]]:
    """The next event of a stream: its id and its data."""
    name = (await stream.content.readline()).decode().removeprefix("id: ").strip()
    data = (await stream.content.readline()).decode().removeprefix("data: ")
    await stream.content.readline()
    return name, json.loads(data)


async def test_the_real_library_talks_to_it(telegram, library, lina):
    assert library.username == "coupon_chat_bot"
    markup = ptb.InlineKeyboardMarkup([[ptb.InlineKeyboardButton("Yes", callback_data="yes")]])
    sent = await library.send_message(
        lina.id,
        "<b>Welcome</b>",
        parse_mode="HTML",
        reply_markup=markup,
        reply_parameters=ptb.ReplyParameters(1, quote="/start"),
        link_preview_options=ptb.LinkPreviewOptions(is_disabled=True),
    )
    assert sent.text_html == "<b>Welcome</b>"
    lina.taps(sent.message_id, "Yes")
    (update,) = await library.get_updates()
    assert await update.callback_query.answer("Fine")
    await update.callback_query.edit_message_text("Thanks")
    assert (await lina.hears("Thanks"))["edited"]
    assert telegram.complaints == []


async def test_the_real_library_sets_up_its_bot(telegram, library, lina):
    await library.set_my_commands([ptb.BotCommand("chats", "My chats")], scope=ptb.BotCommandScopeAllPrivateChats())
    await library.set_my_description("Ask.")
    await library.set_chat_menu_button(menu_button=ptb.MenuButtonCommands())
    await library.set_message_reaction(lina.id, 1, "👍")
    await library.send_chat_action(lina.id, "typing")
    assert (await library.get_chat(lina.id)).first_name == "Lina"
    assert (await library.get_webhook_info()).url == ""
    assert telegram.complaints == []


async def test_the_real_library_sees_the_errors_that_it_knows(telegram, library, lina, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    lina.blocks()
    with pytest.raises(Forbidden):
        await library.send_message(lina.id, "Hi")
    telegram.fail_next(
        "getMe",
        {"error_code": 429, "description": "Too Many Requests: retry after 3", "parameters": {"retry_after": 3}},
    )
    with pytest.raises(RetryAfter):
        await library.get_me()
    telegram.skip(3)
    telegram.fail_next("getMe", "drop")
    with pytest.raises(NetworkError, match="disconnected"):
        await library.get_me()
    telegram.fail_next("getMe", "timeout_after_sending")
    with pytest.raises(TimedOut):
        await library.get_me(read_timeout=0.05)


@pytest.mark.parametrize("how", ["query", "form", "multipart", "json"])
async def test_parameters_come_by_every_road(telegram, browser, lina, how):
    words = {"chat_id": str(lina.id), "text": how}
    ways = {"query": {"params": words}, "form": {"data": words}, "json": {"json": {**words, "chat_id": lina.id}}}
    ways["multipart"] = {"data": aiohttp.FormData(words, default_to_multipart=True)}
    async with browser.post(f"/bot{telegram.bot.token}/sendMessage", **ways[how]) as answer:
        assert answer.status == 200, await answer.text()
    assert lina.messages[-1]["text"] == how


async def test_an_error_has_its_status(telegram, browser):
    async with browser.get("/bot1:x/getMe") as answer:
        assert (answer.status, (await answer.json())["description"]) == (401, "Unauthorized")
    async with browser.post(f"/bot{telegram.bot.token}/getMe", data="{", headers=as_json()) as answer:
        assert answer.status == 400


def as_json() -> dict[str, str]:
    return {"Content-Type": "application/json"}


async def test_open_polls_and_streams_end_with_the_server():
    world = Telegram()
    lina = world.user("Lina")
    async with aiohttp.ClientSession() as session:
        async with running(world, []) as server:
            earlier = asyncio.create_task(world.call(world.bot.token, "getUpdates", {"timeout": 50}))
            poll = asyncio.create_task(fetch(session, f"{server.url}/bot{world.bot.token}/getUpdates?timeout=50"))
            stream = await session.get(f"{server.url}/phone/people/{lina.id}/events")
            await next_event(stream)
            assert (await earlier)["error_code"] == 409  # so the poll has arrived
            began = time.monotonic()
        assert time.monotonic() - began < 0.5
        assert await poll == {"ok": True, "result": []}
        assert await stream.read() == b""


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "[", ""])
async def test_other_names_for_this_machine_are_refused(browser, host):
    async with browser.get("/", headers={"Host": host}) as answer:
        assert answer.status in {400, 403}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_other_sites_give_no_orders(telegram, browser, lina, headers):
    async with browser.post("/phone/people", json={}, headers=headers) as answer:
        assert answer.status == 403
    async with browser.get(f"/bot{telegram.bot.token}/getMe", headers=headers) as answer:
        assert answer.status == 403


async def test_the_page_may_run_no_foreign_script(browser):
    async with browser.get("/") as answer:
        assert answer.status == 200
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        page = await answer.text()
    assert "<script>" not in page
    assert "style=" not in page


async def test_the_shop_shows_its_coupons(browser):
    async with browser.get("/phone/shop") as answer:
        shop = await answer.json()
    assert shop["cards"][0]["title"] == "50% Off Summer Collection"
    assert shop["panels"] == []


@pytest.fixture
async def two_sides(telegram):
    """A shop that leads to two panels; what makes the ways in counts them."""
    made = count(1)

    def way_in(name: str) -> Callable[[], Awaitable[str]]:
        async def make() -> str:
            return f"http://127.0.0.1:1/signin/{name}-{next(made)}"

        return make

    influencers = [Panel("inf-maya", "Maya", way_in("maya")), Panel("inf/sämi", "Sami", way_in("sami"))]
    async with (
        running(telegram, [], influencers=influencers) as server,
        aiohttp.ClientSession(server.url) as session,
    ):
        yield session


async def test_a_way_into_each_panel_is_made_whenever_it_is_asked_for(two_sides):
    async with two_sides.get("/phone/shop") as answer:
        panels = (await answer.json())["panels"]
    assert [panel["name"] for panel in panels] == ["Maya", "Sami"]
    led = []
    for panel in [*panels, *panels]:
        address = two_sides.get(URL(panel["path"], encoded=True), allow_redirects=False)
        async with address as answer:
            assert (answer.status, answer.headers["Cache-Control"]) == (303, "no-store")
            led.append(answer.headers["Location"].rpartition("/")[2])
    assert led == ["maya-1", "sami-2", "maya-3", "sami-4"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
async def test_no_other_site_has_a_way_into_a_panel_made(two_sides, headers, status):
    async with two_sides.get("/panels/inf-maya", headers=headers, allow_redirects=False) as answer:
        assert answer.status == status
        assert ("Location" in answer.headers) == (status == 303)


async def test_nobody_else_has_a_panel(two_sides, browser):
    for session, name in ((two_sides, "inf-noor"), (two_sides, ""), (browser, "inf-maya")):
        async with session.get(f"/panels/{name}", allow_redirects=False) as answer:
            assert answer.status == 404


async def test_a_tab_is_somebody_and_stays_it(browser):
    async with browser.post("/phone/people", json={"name": "Aiko Mori"}) as answer:
        aiko = await answer.json()
    async with browser.post("/phone/people", json={"id": aiko["id"], "name": "Somebody"}) as answer:
        assert await answer.json() == aiko
    async with browser.post("/phone/people", json={"id": 1, "name": "Aiko Mori"}) as answer:
        assert (await answer.json())["id"] != aiko["id"]


async def test_the_phone_is_told_what_happens_and_catches_up(bot, browser, lina):
    address = f"/phone/people/{lina.id}/events"
    async with browser.get(address) as stream:
        _, everything = await next_event(stream)
        assert [message["text"] for message in everything["messages"]] == ["/start"]
        await bot.gets("sendMessage", chat_id=lina.id, text="Live")
        name, news = await next_event(stream)
        assert [message["text"] for message in news["messages"]] == ["Live"]
    await bot.gets("deleteMessage", chat_id=lina.id, message_id=2)
    await bot.gets("sendMessage", chat_id=lina.id, text="Missed")
    async with browser.get(address, headers={"Last-Event-ID": name}) as stream:
        _, missed = await next_event(stream)
    assert [message["text"] for message in missed["messages"]] == ["Missed"]
    assert (missed["deleted"], missed["is_whole"]) == ([2], False)
    async with browser.get(address, headers={"Last-Event-ID": "another-7"}) as stream:
        assert (await next_event(stream))[1]["is_whole"]


async def test_the_phone_does_what_people_do(bot, browser, lina):
    me = f"/phone/people/{lina.id}"
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await bot.gets("sendMessage", chat_id=lina.id, text="?", reply_markup=keyboard)
    deeds = [
        ("start", {"parameter": "c_1"}),
        ("messages", {"text": "Hi", "reply_to": 2}),
        ("messages/4/text", {"text": "Hello", "entities": [{"type": "bold", "offset": 0, "length": 5}]}),
        ("messages/4/attachment", {"kind": "photo"}),
        ("messages/4/reaction", {"emoji": "👍"}),
        ("messages", {"text": "This", "reply_to": 4, "quote": {"text": "Hello", "position": 0}}),
        ("messages/5/deletion", {}),
        ("messages/2/taps", {"data": "go"}),
        ("attachments", {"kind": "sticker"}),
        ("block", {"blocked": True}),
        ("block", {"blocked": False}),
        ("name", {"name": "Lina B."}),
    ]
    for path, body in deeds:
        async with browser.post(f"{me}/{path}", json=body) as answer:
            assert answer.status == 200, (path, await answer.text())
    kinds = [next(name for name in update if name != "update_id") for update in await bot.gets("getUpdates")]
    assert kinds == [
        *("message", "message", "edited_message", "edited_message", "message", "callback_query", "message"),
        *("my_chat_member", "my_chat_member"),
    ]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("messages", {"text": "  "}, 409),
        ("messages", {"text": "Hi", "reply_to": 99}, 404),
        ("messages/99/text", {"text": "Hi"}, 409),
        ("messages", {"text": "Hi", "entities": [{"type": "bold"}]}, 400),
        ("messages", {"text": "Hi", "topic": 99}, 409),
        ("messages", {"text": "Hi", "reply_to": 1, "quote": {"text": "Mars", "position": 0}}, 409),
        ("messages/1/reaction", {"emoji": "🛍"}, 409),
        ("messages/99/deletion", {}, 404),
        ("topics/99/deletion", {}, 404),
        ("messages/99/taps", {"data": "go"}, 404),
        ("attachments", {"kind": "bomb"}, 400),
        ("name", {"name": " "}, 400),
        ("messages", ["not", "an", "object"], 400),
    ],
)
async def test_what_people_cannot_do_is_refused(telegram, browser, lina, path, body, status):
    telegram.bot.has_topics_enabled = True
    async with browser.post(f"/phone/people/{lina.id}/{path}", json=body) as answer:
        assert answer.status == status


async def test_the_phone_has_topics_where_they_are_switched_on(browser, lina):
    me = f"/phone/people/{lina.id}"
    async with browser.post("/phone/telegram", json={"has_topics": True}) as answer:
        assert await answer.json() == {"has_topics": True, "faults": 0}
    async with browser.post(f"{me}/topics", json={"name": "Shoes"}) as answer:
        topic = (await answer.json())["id"]
    async with browser.post(f"{me}/topics/{topic}/name", json={"name": "Boots"}) as answer:
        assert answer.status == 200
    async with browser.get(f"{me}/events") as stream:
        _, shown = await next_event(stream)
    assert (shown["has_topics"], [each["name"] for each in shown["topics"]]) == (True, ["Boots"])
    async with browser.post(f"{me}/topics/{topic}/deletion", json={}) as answer:
        assert answer.status == 200
    assert lina.topics == []


async def test_telegram_is_played_from_the_page(telegram, bot, browser, lina):
    telegram.bot.has_topics_enabled = True
    topic = lina.begins_topic("Shoes")
    said = {"chat_id": lina.id, "text": "Hi"}

    async def plan(fault):
        async with browser.post("/phone/telegram", json={"fault": fault}) as answer:
            assert answer.status == (400 if fault == "earthquake" else 200)

    await plan("refused")
    assert "refuse" in await bot.refusal("sendMessage", **said)
    await plan("lands_elsewhere")
    assert "message_thread_id" not in await bot.gets("sendMessage", **said, message_thread_id=topic)
    await plan("refused_in_topics")
    for _ in range(2):
        assert "thread not found" in await bot.refusal("sendMessage", **said, message_thread_id=topic)
    await plan("none")
    await bot.gets("sendMessage", **said, message_thread_id=topic)
    await plan("earthquake")
