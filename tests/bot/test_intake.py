"""Updates come twice, at once, in any order and from several bots; each has its effects once."""

import asyncio

import asyncpg
import pytest

import bot.app
from bot.intake.inbox import Inbox
from bot.intake.receiving import Unavailable
from database.errors import DatabaseAway
from models import Chat, HeldMessage, Message, Update, User
from services.incoming import inbox, quarantine, questions, receiving
from tests.bot.conftest import create, eventually, handling, in_envelope, until_handled


async def test_an_update_that_comes_twice_has_its_effects_once(door, phone, shoes):
    await phone.opens(shoes)
    phone.person.says("Hello!")
    [raw] = await door.pending_updates()
    await door.take(raw)
    await door.take(raw)
    assert await door.said(shoes) == ["Hello!"]


async def test_an_update_that_comes_many_times_at_once_has_its_effects_once(door, phone, shoes):
    await phone.opens(shoes)
    phone.person.says("Hello!")
    phone.person.says("/help")
    raws = await door.pending_updates()
    async with handling(Inbox(door.bot)) as other:
        inboxes = [door.inbox, other] * 4
        await asyncio.gather(*(each.receive([in_envelope(raw)]) for raw in raws for each in inboxes))
        await until_handled()
    assert await door.said(shoes) == ["Hello!"]
    assert len([text for text in await phone.heard() if text.startswith("How this works")]) == 1


async def test_what_one_person_sends_at_once_keeps_its_order(door, phone, shoes):
    await phone.opens(shoes)
    texts = [f"Message {number}" for number in range(12)]
    for text in texts:
        phone.person.says(text)
    await asyncio.gather(*(door.take(raw) for raw in await door.pending_updates()))
    assert await door.said(shoes) == texts
    assert await Message.all().order_by("id").values_list("text", flat=True) == texts


async def test_a_lower_update_id_is_handled_too(door, phone, shoes):
    await phone.opens(shoes)
    said = phone.writes(text="After a week of silence")
    await door.take({"update_id": 17, "message": said})
    assert await Message.exists() or await HeldMessage.exists()


async def test_a_number_that_is_given_to_something_else_is_no_repetition(door, phone, shoes):
    await phone.opens(shoes)
    first, second = phone.writes(text="First"), phone.writes(text="Second")
    await door.take({"update_id": 2**31, "message": first})
    for _ in range(2):
        await door.take({"update_id": 2**31, "message": second})
    await door.take({"update_id": 2**31, "edited_message": {**second, "text": "Third", "edit_date": 2**31}})
    assert await door.said(shoes) == ["First", "Third"]


async def test_an_update_that_was_overtaken_lands_at_its_place(door, phone, shoes):
    await phone.opens(shoes)
    phone.person.says("First")
    phone.person.says("Second")
    first, second = await door.pending_updates()
    await door.take(second)
    await door.take(first)
    assert await door.said(shoes) == ["First", "Second"]


async def test_a_tap_that_overtakes_a_message_does_not_move_it(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await phone.says("/chats")
    listed = await phone.last()
    phone.person.says("About the hats")
    phone.person.taps(listed["message_id"], "Shoes")
    said, tapped = await door.pending_updates()
    await door.take(tapped)
    await door.take(said)
    assert await door.said(hats) == ["About the hats"]
    assert await door.said(shoes) == []


async def test_two_bots_with_the_same_numbers_do_not_collide(door, telegram, phone, shoes, hats):
    token = "654321:another-token"
    telegram.add_bot(token, "other_bot", "Other")
    async with bot.app.identified(create(telegram, token)) as other:
        await phone.opens(shoes)
        start = phone.writes(text=f"/start c_{hats.id}")
        said = phone.writes(text="Hello!")
        next_id = telegram.bot.updates.next_id
        async with handling(Inbox(other)) as others:
            for number, message in enumerate((start, said)):
                await others.receive([in_envelope({"update_id": next_id + number, "message": message})])
            await until_handled()
        for number, message in enumerate((said, {**start, "text": "Again"})):
            await door.take({"update_id": next_id + number, "message": message})
    assert await door.said(hats) == ["Hello!"]
    assert sorted(await door.said(shoes)) == ["Again", "Hello!"]
    assert await User.filter(telegram_user_id=phone.person.id).count() == 1


async def test_while_the_database_is_away_nothing_is_acknowledged(door, phone, shoes, monkeypatch):
    await phone.opens(shoes)
    phone.person.says("Hello!")
    [raw] = await door.pending_updates()
    with monkeypatch.context() as patch:
        patch.setattr(asyncpg.Connection, "fetch", _raising(ConnectionResetError()))
        with pytest.raises(Unavailable):
            await door.take(raw)
    assert not await Update.exists(update_id=raw["update_id"])
    await door.take(raw)
    assert await door.said(shoes) == ["Hello!"]


async def test_a_failure_in_the_middle_leaves_nothing_behind_and_is_tried_again(door, phone, shoes, monkeypatch):
    with monkeypatch.context() as patch:
        tried = _counting(patch, questions, "to_ask_of_unasked", DatabaseAway())
        phone.person.starts(f"c_{shoes.id}")
        await door.receives_updates()
        await eventually(lambda: tried(3))
        assert not await Chat.exists()
        assert not await User.exists(telegram_user_id=phone.person.id)
        assert await Update.exists(state="received")
    await until_handled()
    assert await Chat.exists()


@pytest.mark.parametrize("error", [OSError("no space left"), OverflowError("a date"), TimeoutError()])
async def test_what_fails_beside_the_database_is_the_updates_own_failure(door, phone, shoes, monkeypatch, error):
    await phone.opens(shoes)
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "receive", _raising(error))
        await phone.says("Hello!")
    assert (await Update.get(state="quarantined")).error == f"{type(error).__name__}: {error}"


async def test_who_is_kept_from_it_by_others_every_time_is_tried_for_ever(door, phone, shoes, monkeypatch):
    await phone.opens(shoes)
    with monkeypatch.context() as patch:
        tried = _counting(patch, receiving, "receive", asyncpg.LockNotAvailableError("lock timeout"))
        phone.person.says("Hello!")
        await door.receives_updates()
        await eventually(lambda: tried(10))
        assert await Update.exists(state="received")
    await until_handled()
    assert await door.said(shoes) == ["Hello!"]


async def test_what_takes_too_long_every_time_is_not_tried_for_ever(door, phone, shoes, monkeypatch):
    await phone.opens(shoes)
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "receive", _raising(asyncpg.QueryCanceledError("statement timeout")))
        await phone.says("Hello!")
    assert await Update.exists(state="quarantined")


async def test_what_the_full_disk_of_the_database_has_no_room_for_is_kept_where_there_is_some(
    door, phone, shoes, monkeypatch
):
    await phone.opens(shoes)
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "receive", _raising(asyncpg.DiskFullError("no space left on device")))
        await phone.says("Hello!")
    assert (await Update.get(state="quarantined")).error == "DiskFullError: no space left on device"


async def test_where_it_has_room_for_nothing_nothing_is_acknowledged_or_lost(door, phone, shoes, monkeypatch):
    await phone.opens(shoes)
    phone.person.says("Hello!")
    [raw] = await door.pending_updates()
    full = asyncpg.DiskFullError("no space left on device")
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "receive", _raising(full))
        with pytest.raises(Unavailable):
            await door.take(raw)
    assert not await Update.exists(update_id=raw["update_id"])
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "receive", _raising(full))
        tried = _counting(patch, quarantine, "keep", full)
        await door.inbox.receive([in_envelope(raw)])
        await eventually(lambda: tried(3))
        assert await Update.exists(state="received")
    await until_handled()
    assert await door.said(shoes) == ["Hello!"]


async def test_what_got_in_each_others_way_is_tried_again(door, phone, shoes, monkeypatch):
    await phone.opens(shoes)
    real, errors = receiving.receive, [asyncpg.DeadlockDetectedError("deadlock detected")] * 2

    async def receive(*args):
        received = await real(*args)
        if errors:
            raise errors.pop()
        return received

    monkeypatch.setattr(receiving, "receive", receive)
    await phone.says("Hello!")
    assert await door.said(shoes) == ["Hello!"]


async def test_an_update_about_nothing_that_we_know_is_taken_in(door):
    await door.take({"update_id": 1, "something_new": {"id": 5}})
    assert (await Update.get(update_id=1)).state == "handled"


def _counting(patch, module, name, error):
    """Let something fail, and say whether that has been tried so often."""
    count = 0

    async def fail(*_, **__):
        nonlocal count
        count += 1
        raise error

    async def tried(times):
        await asyncio.sleep(0)
        return count >= times

    patch.setattr(module, name, fail)
    return tried


def _raising(error):
    async def fail(*_, **__):
        raise error

    return fail
