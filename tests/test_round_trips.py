"""What happens most often is said to the database in few words: each round trip is time for everybody."""

from collections.abc import AsyncIterator

import pytest

import bot.outbox.agenda
import web.app
from bench.statements import counted, unseen
from bot.outbox.pace import UNLIMITED, Pace
from models import Coupon, Delivery, Message, User
from services.people.keyring import Keyring
from simulator import Telegram
from tests import cast
from tests.bot.conftest import Door, Phone, delivering, opened
from tests.web.conftest import PUBLIC_URL, Panel, sign_in


@pytest.fixture
async def door(db: str, telegram: Telegram) -> AsyncIterator[Door]:
    """Open the bot's door, with nobody who delivers, and would ask for things of their own."""
    async with opened(telegram) as door:
        yield door


@pytest.fixture
async def phone(door: Door, maya: User) -> Phone:
    """Ada has two chats, and writes in one."""
    phone = door.phone()
    for title in ("Hats", "Shoes"):
        coupon: Coupon = await cast.coupon(maya, title)
        await phone.starts(f"c_{coupon.id}")
    await phone.says("Hello")
    return phone


@pytest.fixture
async def panel(db: str, maya: User, aiohttp_client) -> Panel:
    """Open Maya's browser."""
    keyring = Keyring(cast.SECRET_KEY.encode())
    client = await aiohttp_client(web.app.create(keyring, PUBLIC_URL, bot_username=lambda: "sunny_bot"))
    await sign_in(client, keyring, maya)
    return Panel(client)


async def test_a_plain_message(phone):
    assert await _round_trips(phone.says("Do they fit?")) <= 8
    assert await Message.exists(text="Do they fit?")


async def test_a_reply_to_a_message(phone):
    [first] = await Message.all().prefetch_related("telegram_messages")
    to = first.telegram_messages[0].telegram_message_id
    assert await _round_trips(phone.says("And fair?", reply_to=to)) <= 8
    assert await Message.exists(text="And fair?", reply_to_id=first.id)


LONG = "A long story, told in short sentences. " * 250


@pytest.mark.parametrize(("text", "parts"), [("They do!", 1), (LONG, 3)])
async def test_a_reply_from_the_panel(panel, chat, text, parts):
    await panel.replies(chat, "Hello")
    for by_script in (True, False):
        with counted() as statements:
            await panel.posts(f"/chats/{chat.id}/messages", by_script=by_script, text=text)
        assert len(statements.asked) <= 8, statements.asked
    assert await Delivery.all().count() == 1 + 2 * parts


async def test_a_delivery(door, phone, monkeypatch):
    """The look that finds and begins it, and the statement that keeps what became of it."""
    monkeypatch.setattr(bot.outbox.agenda, "POLL_INTERVAL", 1000)
    coupon = await Coupon.get(title="Shoes")
    async with delivering(door.bot, Pace(UNLIMITED, UNLIMITED)):
        await door.answers(coupon, "Hello")
        await phone.heard()
        with counted() as statements, unseen():
            for number in range(5):
                await door.answers(coupon, f"Answer {number}")
                await phone.hears(f"Answer {number}")
                await door.delivered()
    assert await Message.filter(delivery_state="sent").count() == 6
    asked = [query for query in statements.asked if not query.startswith("WITH RECURSIVE")]  # looks for updates
    assert 5 < len(asked) <= 5 * 2, asked


async def _round_trips(deed) -> int:
    """Count what handling an update takes, from BEGIN to COMMIT."""
    with counted() as statements, unseen():  # but not what we ask ourselves to see whether it is handled
        await deed
    asked = [
        query for query in statements.asked if not query.startswith("WITH RECURSIVE")
    ]  # looks for what is left
    assert (asked[0], asked[-1]) == ("BEGIN;", "COMMIT;"), asked
    return len(asked)
