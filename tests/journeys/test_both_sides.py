"""From a tap on a phone to the influencer's page, and back."""

import contextlib

import aiohttp
from aiohttp import web

import simulator
from models import Chat, Delivery, Message
from simulator import Server
from tests.journeys.conftest import House, until

SUMMER = "c_50-off-summer-collection"
BOOKS = "c_half-price-books"


async def test_a_question_reaches_the_influencer_and_the_answer_the_phone(house, telegram, maya):
    ada = telegram.user("Ada", "Lovelace")
    async with house.open(), house.panel(maya) as panel, panel.watches() as list_:
        ada.starts(SUMMER)
        await ada.hears("Re: 50% Off Summer Collection")
        chat = await Chat.get()
        async with panel.watches(chat) as tab:
            ada.says("Does it work on sale items? <b>&")
            news = await tab.brings("change", "sale items")
            assert "&lt;b&gt;&amp;" in news["messages"][0]["html"]
            await list_.brings("change", "sale items")
            page = await panel.page(f"/chats/{chat.id}")
            assert "Does it work on sale items? &lt;b&gt;&amp;" in page
            assert "50% Off Summer Collection" in page
            await panel.replies(chat, "It does! 🛍️")
            answer = await ada.hears("It does! 🛍️")
            assert answer["text"] == "It does! 🛍️"
            await tab.brings("change", "Sent")
        assert "Ada Lovelace" in await panel.page("/chats")


async def test_every_chat_has_its_own_two_people(house, telegram, maya, ivan):
    people = [telegram.user(name) for name in ("Ada", "Grace", "Hedy")]
    async with house.open(), house.panel(maya) as mayas, house.panel(ivan) as ivans:
        for person in people:
            for coupon in (SUMMER, BOOKS):
                person.starts(coupon)
                person.says(f"{person.user.first_name} asks about {coupon}")
        await until(lambda: _count(Message, 6))
        for chat in await Chat.all().select_related("consumer"):
            coupon = SUMMER if chat.influencer_id == maya.id else BOOKS
            theirs, others = (mayas, ivans) if coupon == SUMMER else (ivans, mayas)
            page = await theirs.page(f"/chats/{chat.id}")
            assert f"{chat.consumer.name} asks about {coupon}" in page
            assert page.count(" asks about ") >= 1
            await others.page(f"/chats/{chat.id}", status=404)
            await theirs.replies(chat, f"To {chat.consumer.name} about {coupon}")
        for person in people:
            for coupon in (SUMMER, BOOKS):
                await person.hears(f"To {person.user.first_name} about {coupon}")
        dashboard = await mayas.page("/chats")
        assert "Half Price Books" not in dashboard
        assert "Half Price Books" in await ivans.page("/chats")
    said = [message["text"] for message in people[0].messages if message["who"] == "bot"]
    assert not any("To Grace" in text or "To Hedy" in text for text in said)


async def test_who_is_not_signed_in_sees_nothing(house, telegram, maya):
    async with house.open(), aiohttp.ClientSession() as stranger:
        telegram.user("Ada").starts(SUMMER)
        await until(lambda: _count(Chat, 1))
        chat = await Chat.get()
        for path in ("/chats", f"/chats/{chat.id}"):
            async with stranger.get(f"{house.url}{path}", allow_redirects=False) as answer:
                assert (answer.status, answer.headers["Location"]) == (303, "/signin")
        async with stranger.post(f"{house.url}/chats/{chat.id}/messages", data={"text": "Hello"}) as answer:
            assert answer.url.path == "/signin"
    assert not await Message.exists()


async def test_a_restart_loses_nothing_and_doubles_nothing(house, telegram, maya):
    ada = telegram.user("Ada")
    async with house.open():
        ada.starts(SUMMER)
        await ada.hears("Re: 50% Off Summer Collection")
        ada.says("said before")
        await until(lambda: _count(Message, 1))
    chat = await Chat.get()
    for words in ("said while nobody was there", "and this"):
        ada.says(words)
    async with house.open(), house.panel(maya) as panel:
        await until(lambda: _count(Message, 3))
        await panel.replies(chat, "here we are again")
        await ada.hears("here we are again")
    async with house.open(), house.panel(maya) as panel:
        page = await panel.page(f"/chats/{chat.id}")
    spoken = ("said before", "said while nobody was there", "and this", "here we are again")
    places = [page.index(f">{words}</div>") for words in spoken]
    assert places == sorted(places)
    assert [message.text for message in await Message.all().order_by("position", "id")] == list(spoken)
    heard = [message for message in ada.messages if "here we are again" in message.get("text", "")]
    assert len(heard) == 1
    assert not await Delivery.filter(state__not="sent").exists()


async def test_an_answer_that_was_written_while_telegram_was_away_arrives_later(house, telegram, maya):
    ada = telegram.user("Ada")
    async with house.open(), house.panel(maya) as panel:
        ada.starts(SUMMER)
        await ada.hears("Re: 50% Off Summer Collection")
        telegram.fail_next("sendMessage", {"error_code": 502, "description": "Bad Gateway"})
        await panel.replies(await Chat.get(), "It does!")
        await ada.hears("It does!")


async def test_a_block_shows_in_an_open_tab_however_it_is_learned_of_and_passes(house, telegram, maya, ivan):
    ada = telegram.user("Ada")
    async with house.open(), house.panel(maya) as panel, house.panel(ivan) as other, other.watches() as ivans:
        ada.starts(SUMMER)
        await ada.hears("Re: 50% Off Summer Collection")
        async with panel.watches(await Chat.get()) as tab:
            ada.blocks()
            await tab.brings("change", '"isBlocked": true')
            ada.starts()
            await tab.brings("change", '"isBlocked": false')
            await ada.hears("Your chats")
            ada.chat.is_blocked = True  # and nobody has been told
            await panel.replies(await Chat.get(), "It does!")
            news = await tab.brings("change", "Not delivered")
            assert news["isBlocked"]
            ada.chat.is_blocked = False
            ada.starts(BOOKS)
            await tab.brings("change", '"isBlocked": false')
        assert [row["html"] for row in (await ivans.brings("change"))["rows"] if "Books" not in row["html"]] == []


async def test_nothing_old_goes_out_when_somebody_lets_the_bot_in_again(house, telegram, maya):
    ada = telegram.user("Ada")
    async with house.open(), house.panel(maya) as panel:
        ada.starts(SUMMER)
        await ada.hears("Re: 50% Off Summer Collection")
        chat = await Chat.get()
        async with panel.watches(chat) as tab:
            ada.blocks()
            await tab.brings("change", '"isBlocked": true')
            for words in ("Are you there?", "Hello?"):
                await panel.replies(chat, words)
                await tab.brings("change", "Not delivered")
            ada.unblocks()
            await tab.brings("change", '"isBlocked": false')
            await panel.replies(chat, "Welcome back!")
            await tab.brings("change", "Sent")
        assert _answers(ada) == ["Welcome back!"]
        assert [message.delivery_state for message in await _replies()] == ["failed", "failed", "sent"]
        await panel.tries_again((await _replies())[0])
        await ada.hears("Are you there?")
        assert _answers(ada) == ["Welcome back!", "Are you there?"]


async def test_the_bot_api_server_may_lie_under_a_path(db, tmp_path, telegram, maya):
    """So it is with a local server behind a proxy."""
    async with _served_under("/local", telegram) as server:
        house = House(db, tmp_path, server)
        ada = telegram.user("Ada")
        async with house.open(), house.panel(maya) as panel:
            ada.starts(SUMMER)
            await ada.hears("Re: 50% Off Summer Collection")
            await panel.replies(await Chat.get(), "It does!")
            await ada.hears("It does!")
    assert telegram.complaints == []


@contextlib.asynccontextmanager
async def _served_under(path, telegram):
    front = web.Application()
    front.add_subapp(path, simulator.create(telegram, []))
    runner = web.AppRunner(front, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield Server(f"http://127.0.0.1:{runner.addresses[0][1]}{path}/")
    finally:
        await runner.cleanup()


async def _replies() -> list[Message]:
    return await Message.filter(delivery_state__not_isnull=True).order_by("position", "id")


def _answers(person) -> list[str]:
    """Read what the influencer has said on a phone, below the title if there is one."""
    said = [message["text"] for message in person.messages if message["who"] == "bot"]
    return [text.rpartition("\n")[2] for text in said if "\nwith " not in text]


async def _count(model, wanted: int) -> bool:
    return await model.all().count() == wanted
