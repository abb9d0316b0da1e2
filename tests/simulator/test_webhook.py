"""Updates that are carried to the bot's door."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from simulator.courier import SECRET_HEADER
from simulator.refusals import JSON


class Door:
    """A bot's webhook: notes who knocked, and answers as told."""

    def __init__(self) -> None:
        self.url = ""
        self.heard: asyncio.Queue[JSON] = asyncio.Queue()
        self.answers: list[int] = []
        self.secrets: list[str | None] = []
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def knock(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get(SECRET_HEADER))
        update = await request.json()
        self.heard.put_nowait(update)
        if "message" in update:
            await self.is_open.wait()
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def hears(self) -> JSON:
        return await asyncio.wait_for(self.heard.get(), 2)


@pytest.fixture
async def door(server, bot) -> AsyncIterator[Door]:
    door = Door()
    app = web.Application()
    app.router.add_post("/hook", door.knock)
    async with TestServer(app) as house:
        door.url = str(house.make_url("/hook"))
        await bot.gets("setWebhook", url=door.url, secret_token="s3cret")
        yield door
        await bot.gets("deleteWebhook")


async def test_an_update_comes_with_the_secret_and_is_forgotten_after_a_yes(door, bot, lina):
    lina.says("Hello")
    assert (await door.hears())["message"]["text"] == "Hello"
    lina.says("Again")
    await door.hears()
    assert door.secrets == ["s3cret", "s3cret"]
    # The second is only on its way when the first has been taken.
    assert (await bot.gets("getWebhookInfo"))["pending_update_count"] <= 1


async def test_what_is_said_in_a_chat_keeps_its_order_through_a_no(door, bot, lina):
    door.answers = [500, 503]
    for words in ("one", "two"):
        lina.says(words)
    heard = [(await door.hears())["message"]["text"] for _ in range(4)]
    assert heard == ["one", "one", "one", "two"]
    info = await bot.gets("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"


async def test_the_next_message_waits_but_a_button_and_another_chat_overtake(telegram, door, bot, lina):
    other = telegram.user("Other")
    keyboard = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    sent = await bot.gets("sendMessage", chat_id=lina.id, text="?", reply_markup=keyboard)
    door.is_open.clear()
    first = lina.says("first")
    lina.edits(first["message_id"], "edited")
    assert (await door.hears())["message"]["text"] == "first"
    lina.taps(sent["message_id"], "Go")
    assert (await door.hears())["callback_query"]["data"] == "go"
    other.starts()
    assert (await door.hears())["message"]["text"] == "/start"
    assert door.heard.empty()
    door.is_open.set()
    assert (await door.hears())["edited_message"]["text"] == "edited"


async def test_a_reaction_overtakes_where_the_bot_has_asked_for_it(door, bot, lina):
    said = lina.says("first")["message_id"]
    await door.hears()
    lina.reacts(said, "👍")  # of which nobody hears
    await bot.gets("setWebhook", url=door.url, allowed_updates=["message", "message_reaction"])
    door.is_open.clear()
    lina.says("second")
    assert (await door.hears())["message"]["text"] == "second"
    lina.says("third")
    lina.reacts(said, "❤")
    assert (await door.hears())["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "❤"}]
    door.is_open.set()


async def test_what_waited_before_the_webhook_is_carried_to_it(server, bot, lina):
    lina.says("Early")
    door = Door()
    app = web.Application()
    app.router.add_post("/hook", door.knock)
    async with TestServer(app) as house:
        await bot.gets("setWebhook", url=str(house.make_url("/hook")))
        assert (await door.hears())["message"]["text"] == "Early"
        assert door.secrets == [None]
        await bot.gets("deleteWebhook")


async def test_a_secret_has_its_alphabet(bot):
    refusal = await bot.refusal("setWebhook", url="http://127.0.0.1/hook", secret_token="no spaces")
    assert refusal == "Bad Request: secret token contains unallowed characters"
    assert (await bot.gets("getWebhookInfo"))["url"] == ""
