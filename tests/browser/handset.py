"""A consumer's phone without a screen, for where there are many of them."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp

PATIENCE = 20.0  # seconds until something that must arrive counts as not arriving


class Handset:
    """What a consumer does and reads, by the address from which the phone's page would ask it."""

    def __init__(self, http: aiohttp.ClientSession, person: dict[str, Any]) -> None:
        self.name: str = person["name"]
        self._http = http
        self._address = f"/phone/people/{person['id']}"

    async def contacts(self, title: str) -> None:
        """Tap *Contact Influencer* under a coupon."""
        async with self._http.get("/phone/shop") as answer:
            [link] = [card["link"] for card in (await answer.json())["cards"] if card["title"] == title]
        await self._post("start", parameter=parse_qs(urlsplit(link).query)["start"][0])

    async def says(self, text: str) -> None:
        await self._post("messages", text=text, reply_to=None)

    async def blocks(self) -> None:
        await self._post("block", blocked=True)

    async def hears(self, text: str) -> None:
        """Wait until the bot has said this."""
        async with asyncio.timeout(PATIENCE), self._http.get(f"{self._address}/events") as stream:
            async for line in stream.content:
                if line.startswith(b"data: ") and any(text in told for told in _told(line)):
                    return

    async def heard(self, word: str) -> list[str]:
        """Give everything with this word in it that the bot has said so far, without the coupon's name above it."""
        async with self._http.get(f"{self._address}/events") as stream:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    return [told.rpartition("\n")[2] for told in _told(line) if word in told]
        raise AssertionError("The phone shows nothing.")

    async def _post(self, path: str, **fields: object) -> None:
        async with self._http.post(f"{self._address}/{path}", json=fields) as answer:
            assert answer.status == 200, await answer.text()


async def bought(http: aiohttp.ClientSession, name: str) -> Handset:
    """Let a consumer of this name have a phone."""
    async with http.post("/phone/people", json={"name": name}) as answer:
        return Handset(http, await answer.json())


def _told(line: bytes) -> list[str]:
    messages = json.loads(line.removeprefix(b"data: "))["messages"]
    return [message.get("text", "") for message in messages if message["who"] == "bot"]
