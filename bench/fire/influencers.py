"""Influencers at work in the panel, who insist until what they do is kept."""

import asyncio
import contextlib
import random
from dataclasses import dataclass
from functools import partial

import aiohttp

from bench.fire.database import until_database_is_back
from bench.product import Product
from models import Chat, Message

# Words of a reply: most fit into one part, and some into two or three.
LENGTHS, WEIGHTS = (1, 300, 600), (80, 15, 5)
REACTIONS = ["👍", "❤", ""]


@dataclass
class Reply:
    """What an influencer has said, as it is by now: each word of it tells what it is a part of."""

    key: str
    version: int
    length: int  # in words
    is_deleted: bool = False

    @property
    def text(self) -> str:
        return " ".join(f"{self.key}v{self.version}w{number}." for number in range(self.length))


@dataclass
class Moving:
    """A move that an influencer has asked for."""

    message_id: str
    to: str
    all_since: bool
    is_done: bool = False


class Influencer:
    """Looks, answers, changes what they have said, and moves what is in the wrong chat."""

    def __init__(self, user_id: str, product: Product, session: aiohttp.ClientSession) -> None:
        self.user_id = user_id
        self._product = product
        self._session = session
        self._alone = asyncio.Lock()  # they do one thing after the other
        self.replies: dict[str, Reply] = {}  # by message id
        self.moves: list[Moving] = []
        self.broken: list[str] = []
        self.is_moving = False
        self._count = 0

    async def signs_in(self, token: str) -> None:
        answer = await self._insists("POST", f"/signin/{token}", {})
        assert answer == 303, answer

    async def acts(self, dice: random.Random) -> None:
        """Answer most of the time; or else change, take back, move, or react."""
        acts = [self.answers, self.edits, self.deletes, self.moves_something, self.reacts]
        await dice.choices(acts, [60, 17, 5, 12, 6])[0](dice)

    async def answers(self, dice: random.Random) -> None:
        """Look at a chat, and answer there."""
        chats = await until_database_is_back(partial(_chats_of, self.user_id))
        if not chats:
            return
        chat = dice.choice(chats)
        async with self._alone:
            self._count += 1
            reply = Reply(f"{self.user_id}#{self._count}", 0, dice.choices(LENGTHS, WEIGHTS)[0])
            await self._insists("GET", f"/chats/{chat.id}")
            request_id = reply.key.replace("#", "-")
            await self._insists(
                "POST", f"/chats/{chat.id}/messages", {"text": reply.text, "request_id": request_id}
            )
            said = Message.get(chat_id=chat.id, request_id=request_id)
            self.replies[(await until_database_is_back(lambda: said)).id] = reply

    async def corrects(self, dice: random.Random) -> None:
        """Answer, and change that or another reply at once: it may be on its way."""
        await self.answers(dice)
        await self.edits(dice)

    async def edits(self, dice: random.Random) -> None:
        """Change a reply: it may become longer or shorter by some parts."""
        async with self._alone:
            if message := await self._some_reply(dice):
                reply = self.replies[message.id]
                reply.version, reply.length = reply.version + 1, dice.choice(LENGTHS)
                await self._insists(
                    "POST", f"/chats/{message.chat_id}/messages/{message.id}/edits", {"text": reply.text}
                )

    async def deletes(self, dice: random.Random) -> None:
        """Take a reply back."""
        async with self._alone:
            if message := await self._some_reply(dice):
                self.replies[message.id].is_deleted = True
                await self._insists("POST", f"/chats/{message.chat_id}/messages/{message.id}/deletion", {})

    async def moves_something(self, dice: random.Random) -> None:
        """Move a message, or all since, to another chat of the same consumer."""
        async with self._alone:
            found = await until_database_is_back(partial(_to_move, self.user_id, dice))
            if found is None:
                return
            message, to = found
            moving = Moving(message.id, to.id, all_since=dice.random() < 0.3)
            self.moves.append(moving)
            form = {"message_id": message.id, "to": to.id, "since": str(int(moving.all_since))}
            self.is_moving = True
            try:  # 404: its consumer was quicker, and has moved it elsewhere
                answer = await self._insists("POST", f"/chats/{message.chat_id}/moves", form, also=404)
                moving.is_done = answer < 400
            finally:
                self.is_moving = False

    async def reacts(self, dice: random.Random) -> None:
        """React to what a consumer has written."""
        async with self._alone:
            if message := await until_database_is_back(partial(_some_message, self.user_id, dice)):
                path = f"/chats/{message.chat_id}/messages/{message.id}/reaction"
                await self._insists("POST", path, {"emoji": dice.choice(REACTIONS)}, also=404)

    async def _some_reply(self, dice: random.Random) -> Message | None:
        """Find a reply that they have said lately, where it is by now."""
        standing = [id_ for id_, reply in self.replies.items() if not reply.is_deleted][-4:]
        if not standing:
            return None
        chosen = Message.get(id=dice.choice(standing))
        return await until_database_is_back(lambda: chosen)

    async def _insists(
        self, method: str, path: str, form: dict[str, str] | None = None, also: int | None = None
    ) -> int:
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self._session.request(
                    method, self._product.url + path, data=form, allow_redirects=False
                ) as answer:
                    if answer.status < 400 or answer.status == also:
                        return answer.status
                    if answer.status != 503:  # which says to come again
                        self.broken.append(f"{answer.status} for {method} {path}")
                        return answer.status
            await asyncio.sleep(0.1)


async def _chats_of(user_id: str) -> list[Chat]:
    return await Chat.filter(influencer_id=user_id)


async def _some_message(user_id: str, dice: random.Random) -> Message | None:
    found = await Message.filter(chat__influencer_id=user_id, delivery_state=None).order_by("-id").limit(20)
    return dice.choice(found) if found else None


async def _to_move(user_id: str, dice: random.Random) -> tuple[Message, Chat] | None:
    """Find a message of the last ones, and another chat of the same two people."""
    found = await Message.filter(chat__influencer_id=user_id).order_by("-id").limit(40).select_related("chat")
    dice.shuffle(found)
    for message in found:
        others = Chat.filter(consumer_id=message.chat.consumer_id, influencer_id=user_id)
        if to := await others.exclude(id=message.chat_id).first():
            return message, to
    return None
