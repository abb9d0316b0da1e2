"""What it costs to look: the statements that an influencer's tabs ask in all, when nothing has changed and when
something has.

Run it with: .venv/bin/python -m bench.looks
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
from aiohttp import web

from bench.stage import stage
from bench.statements import Statements, counted, unseen
from database import clock, pubsub
from database.ids import new_id
from database.transactions import transaction
from models import Chat, Coupon, DeliveryState, Message, Purpose, User
from services import live
from services.chats import history
from services.people import access_links
from services.people.keyring import Keyring
from web import app

KEYRING = Keyring(b"-" * 32)
TABS_EACH = 20  # as many as a session may have
QUIET = 0.5  # seconds without a statement after which all tabs have looked
POLL_PAUSE = 0.02


async def measure(*tab_counts: int) -> None:
    """Let so many tabs listen, and print what they asked."""
    print(f"{'':44}{'tabs':>6}{'statements':>12}{'round trips':>13}")
    async with stage(), _panel() as url:
        maya = await User.get(id="inf-maya")
        chat = await _chat(maya)
        for count in tab_counts:
            async with _tabs(url, maya, chat, count):
                for what, change in CASES.items():
                    statements = await _asked_after(change, chat)
                    round_trips = len(statements.round_trips)
                    print(f"{what:44}{count:6}{len(statements.asked):12}{round_trips:13}")


async def nothing(chat: Chat) -> None:
    """Notify everybody, though nothing has changed."""
    pubsub.publish([live.influencer(chat.influencer_id)])


async def message(chat: Chat) -> None:
    """Let the consumer say something."""
    await _say(chat, chat.consumer_id)


async def reply(chat: Chat) -> None:
    """Let the influencer say something, which is then sent, and has arrived."""
    said = await _say(chat, chat.influencer_id, DeliveryState.QUEUED)
    for state in (DeliveryState.SENDING, DeliveryState.SENT):
        async with transaction() as tell:
            await history.touch(chat.id)
            await Message.filter(id=said.id).update(delivery_state=state)
            tell(live.influencer(chat.influencer_id))


CASES: dict[str, Callable[[Chat], Awaitable[None]]] = {
    "notified, nothing new": nothing,
    "one message": message,
    "one reply: queued, sending, sent": reply,
}


@contextlib.asynccontextmanager
async def _panel() -> AsyncIterator[str]:
    runner = web.AppRunner(app.create(KEYRING, "http://127.0.0.1"), shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


async def _chat(maya: User) -> Chat:
    ada = await User.create(id=new_id(), name="Ada")
    coupon = await Coupon.filter(influencer_id=maya.id).first()
    assert coupon
    now = clock.now()
    return await Chat.create(
        id=new_id(), coupon=coupon, consumer=ada, influencer=maya, created_at=now, updated_at=now
    )


async def _say(chat: Chat, sender_id: str, state: DeliveryState | None = None) -> Message:
    at = clock.now()
    said = Message(
        id=new_id(),
        chat_id=chat.id,
        sender_id=sender_id,
        text="Hello",
        timestamp=at,
        position=int(at.timestamp()) * history.POSITION_STEP,
        delivery_state=state,
    )
    async with transaction() as tell:
        await history.add(chat, said)
        tell(live.influencer(chat.influencer_id))
    return said


@contextlib.asynccontextmanager
async def _tabs(url: str, maya: User, chat: Chat, count: int) -> AsyncIterator[None]:
    """Let tabs of as many sessions as need be listen to the list and to the chat."""
    async with contextlib.AsyncExitStack() as stack, asyncio.TaskGroup() as listening:
        readers = []
        for number in range(count):
            if number % TABS_EACH == 0:
                session = await stack.enter_async_context(_signed_in(url, maya))
            tab = await stack.enter_async_context(session.get(f"{url}/live?chat={chat.id}"))
            readers.append(listening.create_task(_read(tab)))
        yield
        for reader in readers:
            reader.cancel()


@contextlib.asynccontextmanager
async def _signed_in(url: str, maya: User) -> AsyncIterator[aiohttp.ClientSession]:
    jar = aiohttp.CookieJar(unsafe=True)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as session:
        token = await access_links.make_link(KEYRING, maya, Purpose.SIGNIN)
        async with session.post(f"{url}/signin/{token}", allow_redirects=False) as answer:
            assert answer.status == 303
        yield session


async def _read(tab: aiohttp.ClientResponse) -> None:
    async for _ in tab.content:
        pass


async def _asked_after(change: Callable[[Chat], Awaitable[None]], chat: Chat) -> Statements:
    with counted() as before:
        await _quiet(before)
    with counted() as statements:
        with unseen():
            await change(chat)
        await _quiet(statements)
    return statements


async def _quiet(statements: Statements) -> None:
    """Wait until nobody asks anything any more."""
    loop = asyncio.get_running_loop()
    count, since = len(statements.round_trips), loop.time()
    while loop.time() - since < QUIET:
        await asyncio.sleep(POLL_PAUSE)
        if len(statements.round_trips) != count:
            count, since = len(statements.round_trips), loop.time()


if __name__ == "__main__":
    asyncio.run(measure(1, 100))
