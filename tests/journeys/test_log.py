"""What a bad day leaves in the log: which updates, chats and deliveries have failed, and no word of anybody's."""

import asyncio
from typing import NoReturn

import asyncpg
import pytest

import bot.outbox.loop
from bot.intake import polling
from cli import logs
from database.errors import DatabaseAway
from models import Chat, Delivery, Purpose, Update
from services.chats import dashboard
from services.incoming import inbox, receiving
from services.outgoing import due, replies, sending
from services.people import access_links
from services.people.keyring import Keyring
from tests import cast
from tests.journeys.conftest import House, until

SUMMER = "c_50-off-summer-collection"
UNSPEAKABLE = [
    "cinnamon",  # is in all that is said
    "Hortensia",
    "Vandelay",
    "hortensia_v",
    "Maya",
    "Okafor",
    "Summer Collection",
    cast.BOT_TOKEN.partition(":")[2],
    "://",  # an address may hold anything
]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(bot.outbox.loop, "FIRST_BACKOFF", 0.01)
    monkeypatch.setattr(bot.outbox.loop, "LONGEST_BACKOFF", 0.01)
    monkeypatch.setattr(polling, "FIRST_BACKOFF", 0.01)


@pytest.fixture
def house(db, tmp_path, server):
    return House(db, tmp_path, server)


@pytest.fixture
async def quiet(logbook):
    """See in the end that nobody is quoted, and that something was told."""
    asyncio.get_running_loop().set_exception_handler(logs.unawaited)
    yield logbook
    assert logbook.lines
    assert [words for words in UNSPEAKABLE if words in logbook.text] == []


@pytest.fixture
def hortensia(telegram):
    return telegram.user("Hortensia", "Vandelay", username="hortensia_v")


@pytest.fixture
async def panel(house, maya, quiet):
    """Open the house, with Maya in her panel."""
    async with house.open(), house.panel(maya) as panel:
        yield panel


@pytest.fixture
async def chat(panel, hortensia):
    """Hortensia's chat with Maya, when the bot has said all that it has to say in it."""
    hortensia.starts(SUMMER)
    await hortensia.hears("Re: 50% Off Summer Collection")
    await until(_nothing_is_owed)
    return await Chat.get()


async def test_an_update_is_told_by_its_number_its_kind_and_its_chat(quiet, chat, hortensia):
    hortensia.says("Is there cinnamon in it?")
    await until(lambda: _is_told(quiet, "update.taken", times=2))
    opened, said = quiet.told("update.taken")
    assert said["update_id"] == opened["update_id"] + 1
    for line in (opened, said):
        assert (line["kind"], line["outcome"], line["chat"]) == ("message", "handled", chat.id)
        assert line["milliseconds"] >= 0


async def test_a_handler_that_fails_is_told_by_its_update(quiet, chat, hortensia, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(receiving, "receive", _fails)
        broken.setattr(receiving, "keep_unreadable", _fails)
        hortensia.says("A lot of cinnamon?")
        await hortensia.hears("something went wrong")
    [kept] = await Update.filter(state="quarantined")
    [failed], [displaced] = quiet.told("update.failed"), quiet.told("update.untold")
    assert failed["update_id"] == displaced["update_id"] == kept.update_id
    assert "bot/handlers/relay.py:" in failed["exception"]
    assert failed["exception"].splitlines()[-1] == "ValueError"
    assert quiet.told("update.taken")[-1]["outcome"] == "quarantined"


async def test_an_update_that_cannot_be_read_is_told_by_its_number(quiet, chat, hortensia, telegram):
    written = hortensia.chat.add("person", {"from": hortensia.user.facts(), "text": "cinnamon"})
    telegram.bot.updates.put("message", {**written, "date": "cinnamon o'clock"})
    await hortensia.hears("something went wrong")
    [line] = quiet.told("update.failed")
    assert line["update_id"] == (await Update.get(state="quarantined")).update_id
    assert "telegram/_message.py:" in line["exception"]


async def test_a_delivery_is_told_when_it_ends_and_how_often_it_was_tried(quiet, chat, panel, hortensia, telegram):
    for fault in ("broken_json", "html", "drop"):
        telegram.fail_next("sendMessage", fault)
    await panel.replies(chat, "Sent: cinnamon")
    await until(_nothing_is_owed)
    telegram.fail_next("sendMessage", {"error_code": 400, "description": "Bad Request: no cinnamon in here"})
    await panel.replies(chat, "Refused: cinnamon")
    await until(lambda: _is_told(quiet, "delivery.failed"))
    sent, failed = await Delivery.filter(chat_id=chat.id, message_id__not_isnull=True).order_by("sequence")
    [line] = [line for line in quiet.told("delivery.sent") if line["delivery"] == sent.id]
    assert (line["chat"], line["attempts"]) == (chat.id, 4)
    [line] = quiet.told("delivery.failed")
    assert (line["delivery"], line["chat"], line["attempts"]) == (failed.id, chat.id, 1)
    assert line["reason"] == "refused"


async def test_a_delivery_that_breaks_is_told_by_itself_and_its_chat(quiet, chat, panel, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(bot.outbox.loop, "call_of", _fails)
        await panel.replies(chat, "Broken: cinnamon")
        await until(_nothing_is_owed)
    [line] = quiet.told("delivery.broken")
    assert (line["delivery"], line["chat"]) == ((await Delivery.get(state="failed")).id, chat.id)
    assert line["exception"].splitlines()[-1] == "ValueError"


async def test_a_page_that_breaks_is_told_by_its_name_and_its_chat(quiet, chat, panel, monkeypatch):
    monkeypatch.setattr(dashboard, "coupon_choices", _fails)
    await panel.page(f"/chats/{chat.id}?coupon=cinnamon", status=500)
    [line] = quiet.told("web.broke")
    assert (line["route"], line["chat"]) == ("chat", chat.id)
    [line] = [line for line in quiet.told("web.answered") if line["status"] == 500]
    assert (line["method"], line["address"], line["chat"]) == ("GET", "/chats/{id}", chat.id)


async def test_a_link_is_told_without_its_token(quiet, house, maya, panel):
    way_in = await access_links.make_link(Keyring(house.settings.secret()), maya, Purpose.SIGNIN)
    await panel.page(f"/signin/{way_in}")
    await panel.page(f"/signin/{way_in}/", status=404)
    assert way_in not in quiet.text
    assert [line["address"] for line in quiet.told("web.answered")][-2:] == ["/signin/{token}", None]


async def test_a_database_that_is_away_is_told_by_what_waits_for_it(
    quiet, chat, maya, panel, hortensia, monkeypatch
):
    is_back = asyncio.Event()
    for module, name in [(inbox, "receive"), (due, "begin"), (dashboard, "coupon_choices")]:
        monkeypatch.setattr(module, name, _awayuntil(is_back, getattr(module, name)))
    hortensia.says("Is there cinnamon in it?")
    await replies.reply(chat, maya, "Cinnamon")
    await panel.page("/chats", status=503)
    await until(lambda: _is_told(quiet, "update.waits", "outbox.waits", "web.database_away"))
    is_back.set()
    await hortensia.hears("Cinnamon")
    await until(lambda: _is_told(quiet, "update.taken", times=2))
    assert quiet.told("update.waits")[0]["update_id"] == quiet.told("update.taken")[-1]["update_id"]
    assert {line["error"] for line in quiet.told("outbox.waits")} == {"ConnectionDoesNotExistError"}


def _fails(*what: object) -> NoReturn:
    raise ValueError(f"no cinnamon for Hortensia Vandelay: {what}") from KeyError("cinnamon")


def _awayuntil(is_back, work):
    """Let the database be away under something."""

    async def tried(*what: object) -> object:
        if not is_back.is_set():
            raise DatabaseAway from asyncpg.ConnectionDoesNotExistError(
                f"no cinnamon for Hortensia Vandelay: {what}"
            )
        return await work(*what)

    return tried


async def _nothing_is_owed() -> bool:
    return not await Delivery.exists(state__in=sending.PENDING)


async def _is_told(quiet, *events: str, times: int = 1) -> bool:
    return all(len(quiet.told(event)) >= times for event in events)
