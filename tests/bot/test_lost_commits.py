"""Connections are cut off as they commit: what was asked is done, or it isn't, and nobody is told which."""

import random
import re
from functools import partialmethod

import asyncpg
import pytest

from bot.intake.receiving import Unavailable
from database.errors import DatabaseAway
from models import Chat, Delivery, Message, TelegramMessage, Update
from services.outgoing import replies


class Cutter:
    """Cuts connections off before and after their commit."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - it only cuts
        self.lost_count = 0

    async def run(self, run, connection, query, *args, **kwargs):
        is_write = re.search(r'(UPDATE|INSERT INTO) "', query)
        commits = query == "COMMIT;" or (is_write and not connection.is_in_transaction())
        is_cut = commits and self._dice.random() < 0.5
        if is_cut and self._dice.random() < 0.5:
            raise self._cut(connection)
        done = await run(connection, query, *args, **kwargs)
        if is_cut:
            raise self._cut(connection)
        return done

    def _cut(self, connection):
        self.lost_count += 1
        connection.terminate()
        return ConnectionResetError("reset by peer")


@pytest.fixture
def cut(monkeypatch, request):
    cutter = Cutter(request.param)

    for name in ("execute", "fetch"):
        run = partialmethod(_cutting, cutter, getattr(asyncpg.Connection, name))
        monkeypatch.setattr(asyncpg.Connection, name, run)
    return cutter


async def _cutting(connection, cutter, run, query, *args, **kwargs):
    return await cutter.run(run, connection, query, *args, **kwargs)


@pytest.mark.parametrize("cut", range(5), indirect=True)
async def test_everything_is_done_once_on_its_way_in_and_out(door, phone, shoes, hats, cut):
    texts = [f"Question {number}" for number in range(6)]
    phone.person.starts(f"c_{shoes.id}")
    for text in texts:
        phone.person.says(text)
    for raw in await door.pending_updates():
        await _taken(door, raw)
    chat = await _answered(door, shoes)
    await phone.hears("Answer 5")
    heard = [text for text in await phone.heard() if "Answer" in text]
    assert heard == [f"Answer {number}" for number in range(6)]
    assert await door.said(shoes) == [*texts, *heard]
    assert await Message.filter(chat_id=chat.id, delivery_state="sent").count() == 6
    assert not await Message.filter(may_be_doubled=True).exists()
    assert not await Update.exists(state="quarantined")
    assert not await Delivery.filter(state__not="sent").exists()
    assert await TelegramMessage.filter(message_id__not_isnull=True).count() == 12
    assert cut.lost_count > 5


async def _taken(door, raw):
    """Send it as often as Telegram would."""
    while True:
        try:
            return await door.take(raw)
        except Unavailable:
            pass


async def _answered(door, coupon):
    """Answer as a browser would that sends its form again."""
    chat = await Chat.get(coupon_id=coupon.id).select_related("influencer")
    for number in range(6):
        while True:
            try:
                await replies.reply(chat, chat.influencer, f"Answer {number}", f"request-{number}")
                break
            except DatabaseAway:
                pass
    return chat
