"""An update that can't be handled is kept raw, blocks nobody, and is handled when it can be."""

import json

import pytest

import bot.app
from bot.intake.handling import Handler
from models import HeldMessage, Message, Peer, Update
from services.chats import dashboard, history
from services.errors import Refusal
from services.incoming import held, quarantine, receiving
from services.people import access_links, people
from tests import cast
from tests.bot.conftest import create

SORRY = "something went wrong with your last message"


@pytest.fixture
def broken(monkeypatch):
    """A bug in what every message goes through; calling it repairs it."""
    context = monkeypatch.context()
    patch = context.__enter__()

    async def receive(*_):
        raise RuntimeError("a bug\x00 \ud83d")

    patch.setattr(receiving, "receive", receive)
    repaired = []

    def repair():
        if not repaired:
            repaired.append(True)
            context.__exit__(None, None, None)

    yield repair
    repair()


async def test_what_a_handler_chokes_on_is_kept_with_its_error(phone, broken):
    said = await phone.says("Hello!")
    [kept] = await quarantine.updates()
    assert json.loads(kept.payload)["message"] == said
    assert kept.error == "RuntimeError: a bug ?"
    assert not await Message.exists(text="Hello!")


async def test_its_sender_is_told_once(door, phone, broken):
    phone.person.says("Hello!")
    [raw] = await door.pending_updates()
    for _ in range(3):
        await door.take(raw)
    assert [text for text in await phone.heard() if SORRY in text] == await phone.heard()
    assert len(await phone.heard()) == 1


async def test_who_sends_what_is_too_large_to_be_kept_is_told_so(phone, broken, monkeypatch):
    monkeypatch.setattr(quarantine, "MAX_SIZE", 10)
    await phone.says("Hello!")
    assert await quarantine.updates() == []
    assert [text for text in await phone.heard() if "not kept" in text] == await phone.heard()


async def test_a_german_is_told_in_german(door, broken):
    jonas = door.phone("Jonas", None, language_code="de-AT")
    await jonas.says("Hallo!")
    assert "schiefgegangen" in (await jonas.last())["text"]


async def test_the_next_message_works_and_the_first_finds_its_place_later(door, phone, shoes, broken):
    await phone.opens(shoes)
    await phone.says("First")
    broken()
    await phone.says("Second")
    await door.answers(shoes, "Answer")
    [kept] = await quarantine.updates()
    await door.retry(kept)
    assert await door.said(shoes) == ["First", "Second", "Answer"]
    assert not await quarantine.updates()


async def test_meanwhile_its_place_is_kept(door, phone, shoes, broken):
    await phone.opens(shoes)
    await phone.says("First")
    place = await Message.get()
    assert (place.kind, place.text) == ("unreadable", "")
    broken()
    await phone.says("Second")
    await door.retry((await quarantine.updates())[0])
    assert await door.said(shoes) == ["First", "Second"]
    assert (await Message.get(text="First")).id == place.id


async def test_what_is_there_at_last_has_not_been_read(door, phone, shoes, broken):
    await phone.opens(shoes)
    await phone.says("First")
    place = await Message.get().select_related("chat")
    await history.mark_read(place.chat)
    broken()
    assert await dashboard.unread_count(place.chat.influencer_id) == 0
    await door.retry((await quarantine.updates())[0])
    assert await dashboard.unread_count(place.chat.influencer_id) == 1


async def test_a_command_has_no_place(phone, shoes, monkeypatch):
    await phone.opens(shoes)

    async def fail(*_, **__):
        raise RuntimeError("a bug")

    monkeypatch.setattr(held, "on", fail)
    await phone.says("/chats")
    assert len(await quarantine.updates()) == 1
    assert not await Message.exists()


async def test_it_is_kept_even_where_no_place_can_be(phone, shoes, broken, monkeypatch):
    await phone.opens(shoes)

    async def fail(*_):
        raise RuntimeError("another bug")

    monkeypatch.setattr(receiving, "keep_unreadable", fail)
    await phone.says("Hello!")
    assert len(await quarantine.updates()) == 1
    assert SORRY in (await phone.last())["text"]


async def test_it_is_kept_even_where_nobody_can_be_told(phone, shoes, broken, monkeypatch):
    await phone.opens(shoes)
    meet = people.meet

    async def fail(*known):
        await meet(*known)
        raise RuntimeError("another bug")

    monkeypatch.setattr(people, "meet", fail)
    await phone.says("Hello!")
    assert len(await quarantine.updates()) == 1
    assert SORRY not in (await phone.last())["text"]


async def test_a_message_goes_where_it_was_meant_when_it_was_written(door, phone, shoes, hats, broken):
    await phone.opens(shoes)
    await phone.says("About the shoes")
    broken()
    await phone.opens(hats)
    await door.retry((await quarantine.updates())[0])
    assert await door.said(shoes) == ["About the shoes"]
    assert await door.said(hats) == []


async def test_a_retry_that_fails_again_leaves_it_in_quarantine(door, phone, broken):
    await phone.says("Hello!")
    [kept] = await quarantine.updates()
    with pytest.raises(RuntimeError):
        await door.retry(kept)
    assert await quarantine.updates() == [kept]
    assert len(await phone.heard()) == 1


async def test_a_retry_works_once(door, phone, shoes, broken):
    await phone.opens(shoes)
    await phone.says("Hello!")
    broken()
    [kept] = await quarantine.updates()
    await door.retry(kept)
    await door.retry(kept)
    assert await door.said(shoes) == ["Hello!"]


async def test_what_is_dropped_is_not_handled_when_telegram_sends_it_again(door, phone, shoes, broken):
    await phone.opens(shoes)
    phone.person.says("Hello!")
    [raw] = await door.pending_updates()
    await door.take(raw)
    broken()
    await quarantine.drop((await quarantine.updates())[0])
    await door.take(raw)
    assert not await quarantine.updates()
    assert [message.kind for message in await Message.all()] == ["unreadable"]
    await phone.edits(raw["message"]["message_id"], "Hello again!")
    assert await door.said(shoes) == ["Hello again!"]


async def test_another_bots_update_is_not_handled_as_ones_own(door, telegram, phone, broken):
    await phone.says("Hello!")
    broken()
    token = "654321:another-token"
    telegram.add_bot(token, "other_bot", "Other")
    async with bot.app.identified(create(telegram, token)) as other:
        with pytest.raises(Refusal, match=f"It came to another bot, {cast.BOT_ID}"):
            await Handler(other).retry((await quarantine.updates())[0])
    assert len(await quarantine.updates()) == 1
    assert [peer.bot_id for peer in await Peer.all()] == [cast.BOT_ID]


UNREADABLE = [
    {"message_id": None},
    {"date": None},
    {"chat": {"type": "private"}},
    {"from": {"is_bot": False}},
    {"date": "yesterday"},
]


@pytest.mark.parametrize("change", UNREADABLE, ids=range(len(UNREADABLE)))
async def test_what_our_library_cannot_read_is_kept_and_blocks_nobody(door, phone, shoes, change):
    await phone.opens(shoes)
    raw = {**phone.writes(text="Unreadable"), **change}
    await door.receives("message", {name: value for name, value in raw.items() if value is not None})
    [kept] = await quarantine.updates()
    assert "Error" in kept.error
    await phone.says("Readable")
    assert (await door.said(shoes))[-1] == "Readable"


async def test_a_broken_tap_is_kept_and_its_sender_told(door, phone, shoes):
    await phone.opens(shoes)
    message = await phone.last()
    await door.receives("callback_query", {"from": phone.person.user.facts(), "message": message, "data": "x"})
    assert len(await quarantine.updates()) == 1
    assert SORRY in (await phone.last())["text"]


@pytest.mark.parametrize("content", [{}, {"from": 5}, {"from": {"id": "x"}, "chat": []}, {"from": {"id": 2**70}}])
async def test_nonsense_is_kept_and_nobody_told(door, phone, content):
    await door.receives("message", content)
    assert len(await quarantine.updates()) == 1
    assert await phone.heard() == []


async def test_poison_is_kept_as_it_came(door, phone):
    await door.receives("message", {"text": "\x00 \ud83d", "from": phone.person.user.facts()})
    [kept] = await quarantine.updates()
    assert json.loads(kept.payload)["message"]["text"] == "\x00 \ud83d"


async def test_a_number_larger_than_any_of_telegrams_is_kept_too(door, phone, shoes):
    await phone.opens(shoes)
    huge = {**phone.writes(text="Huge"), "message_id": 2**70}
    await door.receives("message", huge)
    assert await Update.exists(state="quarantined")
    assert not await HeldMessage.exists()


async def test_an_invitation_that_cannot_be_handled_is_kept_without_its_token(phone, monkeypatch):
    async def fail(*_, **__):
        raise RuntimeError("a bug")

    with monkeypatch.context() as broken:
        broken.setattr(access_links, "use_link", fail)
        await phone.starts("i_a-token_of-ours")
    [kept] = await quarantine.updates()
    assert json.loads(kept.payload)["message"]["text"] == "/start i_…"
    assert "a-token" not in kept.payload
    await phone.says("/start i_another")
    assert "has been used or has run out" in (await phone.last())["text"]
