"""The whole product in one process: a simulated Telegram, the bot, and the panel behind HTTP."""

import asyncio
import contextlib
import html
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cli import process, serving
from models import Chat, Message, Purpose, User
from services.people import access_links, people
from services.people.keyring import Keyring
from settings import Settings
from simulator import Server, running
from tests import cast

PATIENCE = 10.0  # seconds


class Panel:
    """An influencer's browser, signed in."""

    def __init__(self, browser: aiohttp.ClientSession, url: str) -> None:
        self.browser = browser
        self.url = url

    async def page(self, path: str, status: int = 200) -> str:
        async with self.browser.get(f"{self.url}{path}") as answer:
            assert answer.status == status, await answer.text()
            return await answer.text()

    async def replies(self, chat: Chat, text: str) -> None:
        async with self.browser.post(f"{self.url}/chats/{chat.id}/messages", data={"text": text}) as answer:
            assert (answer.status, answer.url.path) == (200, f"/chats/{chat.id}")

    async def tries_again(self, message: Message) -> None:
        path = f"/chats/{message.chat_id}/messages/{message.id}/delivery"
        async with self.browser.post(f"{self.url}{path}") as answer:
            assert (answer.status, answer.url.path) == (200, f"/chats/{message.chat_id}")

    async def shows(self, chat: Chat) -> list[tuple[str, str]]:
        """Read a chat's messages, each with how far it has come, in the panel's own words."""
        page = await self.page(f"/chats/{chat.id}")
        shown = re.findall(r'<li [^>]*id="message-.*?</li>', page, re.S)
        return [(_text_in(item), _status_in(item)) for item in shown]

    async def says_blocked(self, chat: Chat) -> bool:
        """See whether the consumer is said to have blocked the bot."""
        notice = re.search('<p class="blocked".*?>', await self.page(f"/chats/{chat.id}"))
        assert notice
        return "hidden" not in notice[0]

    @contextlib.asynccontextmanager
    async def watches(self, chat: Chat | None = None) -> AsyncIterator["Stream"]:
        """Listen to what changes, from now on."""
        query = {"chat": chat.id} if chat else {}
        async with self.browser.get(f"{self.url}/live", params=query) as answer:
            assert answer.status == 200
            stream = Stream(answer)
            await stream.brings("present")
            yield stream


class Stream:
    """What a tab is told."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def brings(self, event: str, words: str = "") -> Any:
        """Wait for an event with these words in it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                kind, data = await self._next()
                if kind == event and words in data:
                    return json.loads(data) if data else None

    async def ends(self) -> None:
        """Wait until the server has nothing more to tell."""
        async with asyncio.timeout(PATIENCE):
            while await self._answer.content.readline():
                pass

    async def _next(self) -> tuple[str, str]:
        fields: dict[str, str] = {}
        while peer := (await self._answer.content.readline()).decode().rstrip("\r\n"):
            name, _, value = peer.partition(": ")
            fields[name] = value
        return fields.get("event", ""), fields.get("data", "")


@contextlib.asynccontextmanager
async def signed_in(url: str, keyring: Keyring, influencer: User) -> AsyncIterator[Panel]:
    """Let an influencer in, by a link that is made for them."""
    token = await access_links.make_link(keyring, influencer, Purpose.SIGNIN)
    async with gone_in(f"{url}/signin/{token}") as panel:
        yield panel


@contextlib.asynccontextmanager
async def gone_in(way_in: str) -> AsyncIterator[Panel]:
    """Open a browser of an influencer's own, and go in by a sign-in link."""
    jar = aiohttp.CookieJar(unsafe=True)  # one that keeps cookies of a bare address, as browsers do
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        async with browser.post(way_in) as page:
            assert page.url.path == "/chats"
        yield Panel(browser, way_in.partition("/signin/")[0])


class House:
    """One process of couponchat, which can be left and entered again at the same address."""

    def __init__(self, database_url: str, folder: Path, server: Server, **changes: str) -> None:
        self._database_url = database_url
        self._folder = folder
        self._server = server
        self._changes = changes
        self._port = 0
        self.settings = self._made()

    @property
    def url(self) -> str:
        return self.settings.public_url

    @contextlib.asynccontextmanager
    async def open(self, is_ready: bool = True) -> AsyncIterator[None]:
        """Serve while the block runs, from when it is ready, and make sure that nothing has broken in it."""
        listener = process.listen("127.0.0.1", self._port)
        self._port = listener.getsockname()[1]
        self.settings = self._made()
        service = serving.Service(self.settings, self._database_url, has_panel=True, has_bot=True)
        async with service.running(listener) as broken:
            if is_ready:
                await self.until_ready()
            yield
            assert not broken.done()

    def panel(self, influencer: User) -> contextlib.AbstractAsyncContextManager[Panel]:
        """Sign an influencer in, as they do it themselves."""
        return signed_in(self.url, Keyring(self.settings.secret()), influencer)

    async def until_ready(self) -> None:
        await until(self.is_ready)

    async def until_unready(self) -> None:
        await until(self.is_unready)

    async def is_ready(self) -> bool:
        async with aiohttp.ClientSession() as browser, browser.get(f"{self.url}/readyz") as answer:
            return answer.status == 200

    async def is_unready(self) -> bool:
        return not await self.is_ready()

    def _made(self) -> Settings:
        values = {
            "telegram_bot_token": cast.BOT_TOKEN,
            "telegram_api_url": self._server.api_url,
            "port": self._port,
            "data_dir": self._folder,
        }
        return Settings.model_validate(values | self._changes)


async def until(is_so: Callable[[], Awaitable[object]]) -> None:
    """Look again and again until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not await is_so():  # noqa: ASYNC110 - the database notifies those who subscribe, not for a test
            await asyncio.sleep(0.01)


def _text_in(item: str) -> str:
    return html.unescape("".join(re.findall(r'<div class="text".*?>(.*?)</div>', item, re.S)))


def _status_in(item: str) -> str:
    found = re.search(r'class="delivery[ \w-]*">(.*?)</(?:p|span)>', item, re.S)
    return " ".join(re.sub("<[^>]*>", "", found[1]).split()) if found else ""


@pytest.fixture
async def server(telegram) -> AsyncIterator[Server]:
    async with running(telegram, [], webhook_delays=[0.02]) as server:
        yield server
    assert telegram.complaints == []


@pytest.fixture(params=["polling", "webhook"])
def house(request, db, tmp_path, server) -> House:
    """The house, with both ways of taking updates in."""
    return House(db, tmp_path, server, telegram_updates=request.param)


@pytest.fixture
async def maya(db) -> User:
    await cast.coupon(await cast.maya())
    return await people.influencer("inf-maya")


@pytest.fixture
async def ivan(db) -> User:
    await cast.coupon(await cast.outsider(), "Half Price Books")
    return await people.influencer("inf-ivan")
