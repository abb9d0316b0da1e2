"""A database of 0.1.0, with something of everything in it, is brought up to date and used on."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

import bot.outbox.pace
from bot.intake.handling import Handler
from database import clock, pool, schema
from database.ids import new_id
from database.transactions import fetch
from models import Attachment, Chat, Delivery, DeliveryState, HeldMessage, Message, MessageKind, Peer
from services.chats import drafts, history, listing
from services.incoming import inbox, quarantine
from services.incoming.inbox import Arrival
from services.outgoing.sending import PENDING
from services.people import blocking, sessions
from services.people.keyring import Keyring
from simulator import Person
from tests import cast, databases
from tests.bot.conftest import create
from tests.journeys.conftest import House, gone_in, until

LAST_MIGRATION = 11  # of 0.1.0
DATA = Path(__file__).with_name("of_0_1_0.sql")
SHOES, HATS, TEA, TRIED = (f"00000000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3, 4))
KEYRING = Keyring(cast.SECRET_KEY.encode())
NOW = int(time.time())

# What the panel shows of each of Ada's messages, by Telegram's id.
SHOWN = {
    1: "Are they waterproof?",
    2: "Like these",
    3: "[photo]",
    4: "[voice message 0:12]",
    5: "receipt.pdf",
    6: "🥾",
    7: "52.52, 13.405",
    8: "The shoe shop, Main Street 1",
    9: "Zoe, +49123",
    10: "Which colour? Red / Blue",
    11: "To do ☑ Measure feet",
    12: "Shoe News",
    13: "🎲 4",
    14: "[forwarded from Cleo]",
    15: "Seen from afar",
    16: "[video]",
    17: "The Soles – Walking",
    18: "Nothing is known of it",
    19: "⭐ 5",
    20: "[message that can’t be read yet]",
    21: "And warm?",
}


@pytest.fixture
def ada(telegram) -> Person:
    """Ada's phone, with what was said on it before the upgrade."""
    person = telegram.user("Ada", "Lovelace")
    person.chat.is_started = True
    for number in range(1, 29):
        by_bot = number in (22, 23, 24)
        said = {"from": person.bot.facts() if by_bot else person.user.facts(), "text": f"Message {number}"}
        person.chat.add("bot" if by_bot else "person", said)
    return person


@pytest.fixture
def ivan_on_phone(telegram) -> Person:
    person = telegram.user("Ivan", "Petrov")
    person.chat.is_started = True
    return person


@pytest.fixture
async def db(postgres_url, monkeypatch, ada, ivan_on_phone) -> AsyncIterator[str]:
    """A database of 0.1.0, brought up to date."""
    async with databases.empty(postgres_url) as url, pool.connected(url):
        missing = await schema.missing()
        earlier = [name for name in missing if int(name.partition("_")[0]) <= LAST_MIGRATION]
        await databases.upgrade_only(url, earlier, monkeypatch)
        await _fill(url, ada, ivan_on_phone)
        assert await schema.upgrade(url) == missing[len(earlier) :]
        yield url


@pytest.fixture(autouse=True)
def unpaced(monkeypatch) -> None:
    monkeypatch.setattr(bot.outbox.pace, "CHAT_BURST", 1000)


@pytest.fixture
def house(db, tmp_path, server) -> House:
    return House(db, tmp_path, server, secret_key=cast.SECRET_KEY)


async def test_there_was_something_in_every_table(postgres_url, monkeypatch, ada, ivan_on_phone):
    async with databases.empty(postgres_url) as url, pool.connected(url):
        earlier = [name for name in await schema.missing() if int(name.partition("_")[0]) <= LAST_MIGRATION]
        await databases.upgrade_only(url, earlier, monkeypatch)
        await _fill(url, ada, ivan_on_phone)
        tables = await fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        assert {"name": "Lines"} in tables
        for table in tables:
            assert await fetch(f'SELECT 1 FROM "{table["name"]}" LIMIT 1'), table


async def test_nothing_is_lost_or_changes_its_place(db):
    assert [await model.all().count() for model in (Chat, Message, HeldMessage, Delivery)] == [4, 27, 4, 15]
    listed = [chat.id for chat in await listing.of_consumer("ada", limit=9)]
    assert (listed[0], set(listed)) == (SHOES, {SHOES, HATS, TEA})
    shoes = await Chat.get(id=SHOES)
    said = await history.latest(shoes)
    assert [message.text for message in said[-5:]] == [
        "It is sent",
        "It has failed",
        "It is cut into one half\nand another half",
        "It is uncertain",
        "It is being sent",
    ]
    assert [message.id for message in said[:21]] == [f"m-{n:02}" for n in range(1, 22)]
    assert {message.reply_to_id for message in said} == {None, "m-01"}
    assert [message.id for message in said if message.edited_at] == ["m-21"]


async def test_every_kind_of_message_is_what_it_was(db):
    kinds = {int(message.id[2:]): message.kind for message in await Message.filter(sender_id="ada")}
    assert (kinds[1], kinds[2], kinds[4], kinds[8]) == ("text", "photo", "voice", "venue")
    assert set(kinds.values()) <= set(MessageKind)
    files = {file.message_id: file for file in await Attachment.filter(message_id__not_isnull=True)}
    assert sorted(files) == [f"m-{n:02}" for n in (2, 3, 4, 5, 6, 16, 17)]
    photo, receipt, track = files["m-02"], files["m-05"], files["m-17"]
    assert (photo.telegram_file_id, photo.telegram_file_unique_id, photo.bot_id) == ("AgAC1", "u1", cast.BOT_ID)
    assert (photo.width, photo.height, photo.size) == (90, 60, 1234)
    assert (receipt.file_name, receipt.mime_type) == ("receipt.pdf", "application/pdf")
    assert (track.duration, track.performer, track.title) == (200, "The Soles", "Walking")
    albums = {message.id: message.album_id for message in await Message.filter(album_id__not_isnull=True)}
    assert albums == {"m-02": "album-1", "m-03": "album-1"}


async def test_a_chat_is_answered_by_the_bot_by_which_it_was_opened(db):
    assert {chat.id: chat.peer_id for chat in await Chat.all()} == {
        SHOES: "line-ada",
        HATS: "line-ada",
        TEA: "line-ada",
        TRIED: "line-ivan",  # whose phone it is on; nobody's who would read a reply
    }
    peer = await Peer.get(id="line-ada")
    assert (peer.delivery_count, peer.shown_chat_id, peer.last_said) == (40, HATS, "question:25")


async def test_the_panel_shows_all_of_it(house):
    async with house.open(), gone_in(f"{house.url}/signin/way-in") as panel:
        dashboard = await panel.page("/chats")
        assert dashboard.index("It is being sent") < dashboard.index("About hats")
        assert "Tea" not in dashboard
        page = await panel.page(f"/chats/{SHOES}")
        places = [page.index(f'id="message-m-{n:02}"') for n in SHOWN]
        assert places == sorted(places)
        for (number, words), start, end in zip(SHOWN.items(), places, [*places[1:], len(page)], strict=True):
            assert words in page[start:end], (number, page[start:end])
        assert "a quoted part" in page
        assert "<b><bdi>Dora</bdi></b>" in page
        assert "Not delivered" in page


async def test_every_delivery_that_waited_arrives(house, telegram, ada, ivan_on_phone):
    async with house.open():
        await until(lambda: _nothing_is_owed())
    said = [message.get("text", "") for message in ada.messages if message["message_id"] > 28]
    assert [words.splitlines()[-1] for words in said[:3]] == [
        "and another half",  # which was a part of its own, and fits into one by now
        "It is uncertain",
        "It is being sent",
    ]
    assert ["Re: Shoes" in words for words in said[:3]] == [True, False, False]
    filed, notice, question = said[3:]
    assert "Hats" in filed
    assert notice == "Bold and 🎩 italic"
    assert "Which coupon" in question
    told = next(message for message in ada.messages if message.get("text") == notice)
    assert [(entity["type"], entity["offset"], entity["length"]) for entity in told["entities"]] == [
        ("bold", 0, 4),
        ("italic", 12, 6),
    ]
    [[one], [two]] = told["reply_markup"]["inline_keyboard"]
    assert (one["text"], one["callback_data"]) == ("One", f"open:{SHOES}")
    assert (two["text"], two["url"]) == ("Two", "https://example.com/")
    assert told["reply_to_message"]["message_id"] == 24
    assert ada.chat.records[22].message["text"] == "Changed"
    assert [notice.text for notice in ada.notices] == ["Done"]
    way_in = ivan_on_phone.messages[-1]["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert "/signin/" in way_in
    menus = [asked for method, asked, _ in telegram.calls if method == "setMyCommands"]
    assert any(
        str(ivan_on_phone.id) in menu["scope"] and "Answer" in menu["commands"] for menu in menus if "scope" in menu
    )
    states = {message.id: message.delivery_state for message in await Message.filter(sender_id="inf-maya")}
    assert states == {
        "m-41": DeliveryState.SENT,
        "m-42": DeliveryState.FAILED,
        "m-43": DeliveryState.SENT,
        "m-44": DeliveryState.SENT,
        "m-45": DeliveryState.SENT,
        "m-50": DeliveryState.SENT,
    }
    doubled = await Message.filter(may_be_doubled=True).order_by("id")
    assert [message.id for message in doubled] == ["m-44", "m-45"]


async def test_what_failed_is_sent_again(house, ada):
    async with house.open(), gone_in(f"{house.url}/signin/way-in") as panel:
        await until(lambda: _nothing_is_owed())
        await panel.tries_again(await Message.get(id="m-42"))
        await ada.hears("It has failed")


async def test_what_was_held_is_answered(house, ada):
    async with house.open(), gone_in(f"{house.url}/signin/way-in") as panel:
        question = await ada.hears("Which coupon")
        ada.taps(question["message_id"], f"file:25:{SHOES}")
        await until(lambda: _none_is_held_but(1))
        page = await panel.page(f"/chats/{SHOES}")
        assert "Held together" in page
        assert "Held alone" in page
    filed = await Message.filter(chat_id=SHOES, album_id="album-2").order_by("id")
    assert [message.text for message in filed] == ["Held together", ""]
    file = await Attachment.get(message_id=filed[0].id)
    assert (file.telegram_file_id, file.held_message_id, file.bot_id) == ("AgAC25", None, cast.BOT_ID)


async def test_the_conversation_goes_on_where_it_was(house, ada):
    """A reply finds the chat of an old message, an edit its message, and what says nothing the chat opened last."""
    async with house.open(), gone_in(f"{house.url}/signin/way-in") as panel:
        await until(lambda: _nothing_is_owed())
        ada.says("To an old answer", reply_to=23)
        ada.says("To an old welcome", reply_to=22)
        ada.edits(1, "Are they really waterproof?")
        ada.says("To nothing")
        await until(lambda: HeldMessage.exists(text="To nothing"))  # for another chat's influencer has spoken since
        await until(lambda: Message.exists(text="Are they really waterproof?"))
        answered = await Message.get(text="To an old answer")
        assert (answered.chat_id, answered.reply_to_id) == (SHOES, "m-41")
        assert (await Message.get(text="To an old welcome")).chat_id == SHOES
        await panel.replies(await Chat.get(id=SHOES), "They are")
        await ada.hears("They are")


async def test_what_could_not_be_handled_is_handled_now(db, telegram):
    bot_ = create(telegram)
    async with bot.app.opened(bot_):
        [kept] = await quarantine.updates()
        await Handler(bot_).retry(kept)
    assert (await Message.get(text="Out of quarantine")).chat_id == SHOES
    assert not await inbox.receive(cast.BOT_ID, [Arrival(902, "", 0, "{}", clock.now())])


async def test_who_was_let_in_is_in(db):
    session = await sessions.session_of(KEYRING, "a-browser's key")
    assert session is not None
    assert session.user_id == "inf-maya"
    kept = await drafts.latest("a-browser", "inf-maya")
    assert kept is not None
    assert (kept.text, kept.chat_id) == ("Half a sentence", SHOES)


async def test_a_block_is_told_of_the_chats_of_that_bot(db):
    await blocking.mark_blocked(await Peer.get(id="line-ada"), True)
    for chat in await Chat.all():
        assert await blocking.has_blocked(chat) is (chat.id != TRIED)


async def _fill(url: str, ada: Person, ivan: Person) -> None:
    tap = ada.bot.asks(ada.chat, 22, "chats:0")
    values = {
        "bot": cast.BOT_ID,
        "ada": ada.id,
        "ivan": ivan.id,
        "tap": tap,
        "now": NOW,
        "way_in": KEYRING.fingerprint("way-in"),
        "session": KEYRING.fingerprint("a-browser's key"),
        **{f"held_{number}": new_id() for number in range(25, 29)},  # ids tell for how long they have waited
    }
    script = DATA.read_text(encoding="utf-8")
    for name, value in values.items():
        script = script.replace(f":{name}", str(value))
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(script)
    finally:
        await connection.close()


async def _nothing_is_owed() -> bool:
    return not await Delivery.exists(state__in=PENDING)


async def _none_is_held_but(count: int) -> bool:
    return await HeldMessage.all().count() == count
