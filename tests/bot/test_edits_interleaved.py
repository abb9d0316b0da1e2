"""Whatever is changed, sent and killed in between, a phone shows what a message says in the end, and that once."""

import contextlib
import random
import re
from dataclasses import replace

import pytest
from telegram.error import BadRequest

from bot.outbox import results
from bot.outbox.calls import arrival_of, call_of
from bot.outbox.classify import Outcome, judge
from bot.outbox.methods import Call
from models import Chat, DeliveryState, Message, Peer, TelegramMessage
from services.errors import AlreadyDeleted, NotFailed
from services.outgoing import edits, moving, replies, sending
from services.outgoing.sending import Step
from tests import cast
from tests.bot.conftest import delivering

SHORT = "In short: yes."


def _long(words: str, count: int) -> str:
    return "".join(f"{number}. {words} in short sentences.\n" for number in range(count))


TEXTS = [
    SHORT,
    _long("A long story, told", 120),
    _long("Another", 200),
    _long("A longer one", 260),
    _long("The longest of all stories, told", 250),
]
FATES = ["whole", "whole", "dies before", "dies behind", "interrupted", "interrupted", "refused"]


class Story:
    """One message, and all that happens to it; every step is whole or dies at some line."""

    def __init__(self, door, phone, seed: int) -> None:
        self.door, self.phone = door, phone
        self.random = random.Random(seed)  # noqa: S311 - a story is told the same each time
        self.text = ""

    async def begins(self, shoes, hats) -> None:
        await self.phone.starts(f"c_{hats.id}")
        await self.phone.starts(f"c_{shoes.id}")
        self.chats = [
            await Chat.get(coupon_id=coupon.id).select_related("coupon", "consumer", "influencer")
            for coupon in (shoes, hats)
        ]
        self.peer = await Peer.get()
        self.text = self.random.choice(TEXTS)
        self.message = await replies.reply(self.chats[0], self.chats[0].influencer, self.text)

    async def chat(self) -> Chat:
        now = await Message.get(id=self.message.id)
        return next(chat for chat in self.chats if chat.id == now.chat_id)

    async def changes(self) -> None:
        text = self.random.choice(TEXTS)
        try:
            await edits.edit(await self.chat(), self.message, text)
            self.text = text
        except AlreadyDeleted:
            assert self.text == ""

    async def deletes(self) -> None:
        try:
            await edits.delete(await self.chat(), self.message)
        except AlreadyDeleted:
            assert self.text == ""
        self.text = ""

    async def moves(self) -> None:
        chat = await self.chat()
        to = next(other for other in self.chats if other.id != chat.id)
        await moving.move(chat, self.message, to, chat.influencer, all_since=False)

    async def tries_again(self) -> None:
        with contextlib.suppress(NotFailed):
            await replies.retry(await self.chat(), self.message)

    async def sends(self) -> None:
        """Begin what is due, which may be all that a process does before it dies."""
        step = await cast.next_step_if_due(self.peer)
        if step is None:
            return
        fate = self.random.choice(FATES)
        call = await call_of(step, self.door.bot.panel)
        if fate == "dies before":
            await self.dies_with(step)
        elif call is None:
            await sending.dropped(step)
        elif fate == "refused" and call.method == "sendMessage":
            await results.failed(step, "refused")
        else:
            await self.calls(step, call, fate)

    async def calls(self, step: Step, call: Call, fate: str) -> None:
        """Make a call, and keep what became of it; nobody dies with what would then be there twice."""
        try:
            arrival = arrival_of(call, await self.door.bot.call(call.method, call.fields))
        except BadRequest as error:
            if judge(error).outcome is not Outcome.DONE:
                raise
            arrival = arrival_of(call, None)
        if fate == "interrupted":
            await self.random.choice([self.changes, self.changes, self.moves, self.deletes])()
        if fate == "dies behind" and call.method != "sendMessage":
            await self.dies_with(step)
        else:
            await results.sent(step, arrival)

    async def dies_with(self, step: Step) -> None:
        await sending.recovered(replace(step, is_begun=False))

    async def ends(self) -> None:
        for _ in range(2):
            async with delivering(self.door.bot):
                await self.phone.heard()
            await self.tries_again()
        async with delivering(self.door.bot):
            await self.phone.heard()


@pytest.mark.parametrize("seed", range(24))
async def test_a_phone_shows_what_a_message_says_in_the_end(sleeping, shoes, hats, seed):
    phone = sleeping.phone()
    story = Story(sleeping, phone, seed)
    await story.begins(shoes, hats)
    deeds = (
        [story.sends] * 8 + [story.changes] * 4 + [story.moves, story.tries_again] + [story.deletes] * (seed % 2)
    )
    for _ in range(25):
        await story.random.choice(deeds)()
    await story.ends()
    message = await Message.get(id=story.message.id)
    rows = await TelegramMessage.filter(message_id=message.id, part__isnull=False).order_by("part")
    on_phone = {shown["message_id"]: shown["text"] for shown in phone.person.messages}
    said = [re.sub(r"^Re: (Shoes|Hats)\n", "", on_phone[row.telegram_message_id]) for row in rows]
    assert message.text == story.text.rstrip()
    assert "\n".join(said) == message.text
    assert message.delivery_state is DeliveryState.SENT
    assert message.edit_error is None
    assert {row.chat_id for row in rows} <= {message.chat_id}
    told = [text for text in on_phone.values() if "short" in text and "with Maya" not in text]
    assert len(told) == len(said)
