"""The panel as browsers meet it: signed in as Maya, as Ivan, or not at all."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from models import Chat, Message, Peer, Purpose, User
from services.outgoing import sending
from services.people import access_links
from services.people.keyring import Keyring
from tests import cast
from web.app import create

PUBLIC_URL = "http://panel.example"
PATIENCE = 5.0  # seconds until something that must happen counts as not happening


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(b"the-secret-of-a-test")


@pytest.fixture
def app(db, keyring) -> web.Application:
    return create(keyring, PUBLIC_URL, bot_username=lambda: "sunny_bot")


@pytest.fixture
async def visitor(app, aiohttp_client) -> TestClient:
    """Somebody who is not signed in; the server ends before its database does."""
    return await aiohttp_client(app)


@pytest.fixture
async def ivan(db) -> User:
    return await cast.outsider()


@pytest.fixture
async def ada(db) -> Peer:
    return await cast.peer()


@pytest.fixture
async def chat(maya, ada) -> Chat:
    """Ada's chat with Maya."""
    return await cast.chat(await cast.coupon(maya), ada)


@pytest.fixture
async def other_chat(ivan) -> Chat:
    """A chat of Ivan's, of which Maya must see nothing."""
    peer = await cast.peer(7002, "Grace Hopper")
    chat = await cast.chat(await cast.coupon(ivan, "Ivan's own", id="ivans-own"), peer)
    await cast.says(peer, "For Ivan's eyes only")
    return chat


@pytest.fixture
async def panel(visitor, keyring, maya) -> "Panel":
    """Maya's browser."""
    await sign_in(visitor, keyring, maya)
    return Panel(visitor)


class Panel:
    """An influencer's browser, as far as it can be told without drawing anything."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    async def opens(self, path: str, **options: Any) -> "Page":
        async with self.client.get(path, **options) as response:
            return Page(response.status, await response.text(), response)

    async def posts(self, path: str, *, by_script: bool = False, **fields: str) -> "Page":
        headers = {"Accept": "application/json"} if by_script else {}
        async with self.client.post(path, data=fields, headers=headers, allow_redirects=False) as response:
            return Page(response.status, await response.text(), response)

    async def replies(self, chat: Chat, text: str, **fields: str) -> "Page":
        return await self.posts(f"/chats/{chat.id}/messages", by_script=True, text=text, **fields)

    @asynccontextmanager
    async def listens(self, query: str = "", **headers: str) -> AsyncIterator["Stream"]:
        async with self.client.get(f"/live?{query}", headers=headers) as response:
            assert response.status == 200
            yield Stream(response)


class Page:
    """What came back."""

    def __init__(self, status: int, text: str, response: ClientResponse) -> None:
        self.status = status
        self.text = text
        self.headers = response.headers

    @property
    def rows(self) -> list[str]:
        """The ids of the listed chats, in their order."""
        return re.findall(r'id="row-([^"]+)"', self.text)

    @property
    def said(self) -> list[str]:
        """The ids of the shown messages, in their order."""
        return re.findall(r'id="message-([^"]+)"', self.text)

    @property
    def cursor(self) -> str:
        return self.link(r'data-cursor="(\d+)"')

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    def link(self, pattern: str) -> str:
        found = re.search(pattern, self.text)
        assert found, pattern
        return found.group(1).replace("&amp;", "&")

    def row(self, chat: Chat) -> str:
        """What the row of a chat says."""
        html = self.link(rf'(?s)id="row-{chat.id}"(.*?)</li>').partition(">")[2]
        return " ".join(re.sub(r"<[^>]*>", " ", html).split())


class Stream:
    """A tab that listens."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response
        self.last_id = ""

    async def hears(self) -> tuple[str, Any]:
        """Give the next event, and what it says; ``end`` when the stream is over."""
        event = data = ""
        async with asyncio.timeout(PATIENCE):
            async for peer in self._response.content:
                name, _, value = peer.decode().rstrip("\r\n").partition(": ")
                match name:
                    case "event":
                        event = value
                    case "data":
                        data = value
                    case "id":
                        self.last_id = value
                    case "" if event:
                        return event, json.loads(data) if data else None
        return "end", None

    async def is_told(self) -> Any:
        """Give the next change, whatever signs of life come before it."""
        while (heard := await self.hears())[0] == "present":
            pass
        assert heard[0] == "change", heard
        return heard[1]

    async def is_there(self) -> None:
        """Wait until the stream has looked for the first time, and found nothing."""
        assert await self.hears() == ("present", None)


async def sign_in(client: TestClient, keyring: Keyring, user: User) -> None:
    token = await access_links.make_link(keyring, user, Purpose.SIGNIN)
    async with client.post(f"/signin/{token}", allow_redirects=False) as response:
        assert response.status == 303


async def fails(peer: Peer, reason: str) -> None:
    """Let the next delivery to a peer fail for good."""
    step = await cast.next_step(peer)
    assert step
    assert await sending.failed(step, reason)


async def says(peer: Peer, text: str, **changes: object) -> Message:
    said = await cast.says(peer, text, **changes)
    assert isinstance(said, Message)
    return said
