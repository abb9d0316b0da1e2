"""Telegram's limits are kept before it says so, and nobody waits who need not."""

from collections import Counter
from collections.abc import Coroutine

import pytest

import bot.outbox.loop
import bot.outbox.pace
from bot.outbox.pace import BOT_BURST, CHAT_BURST, Pace
from models import Delivery, Peer
from tests import cast
from tests.bot.conftest import delivering, eventually


@pytest.fixture(autouse=True)
def impatient():
    """Keep the real pace."""


@pytest.fixture
def endless(monkeypatch):
    """Let whoever has to wait wait for ever, so that no test depends on how fast it runs."""
    monkeypatch.setattr(bot.outbox.pace, "CHAT_RATE", 0.0001)
    monkeypatch.setattr(bot.outbox.pace, "BOT_RATE", 0.0001)


def goes_at_once(waiting: Coroutine[object, None, None]) -> bool:
    """See whether it ends without having waited for anything."""
    try:
        waiting.send(None)
    except StopIteration:
        return True
    waiting.close()
    return False


async def test_a_burst_on_one_phone_goes_at_once_and_what_follows_waits(endless):
    pace = Pace()
    went = [goes_at_once(pace.wait("ada")) for _ in range(CHAT_BURST + 2)]
    assert went == [True] * CHAT_BURST + [False] * 2


async def test_a_phone_that_waits_keeps_no_other_waiting(endless):
    pace = Pace()
    went = [goes_at_once(pace.wait("ada")) for _ in range(BOT_BURST)]
    assert went[-1] is False
    assert goes_at_once(pace.wait("ben"))


async def test_a_burst_on_many_phones_goes_at_once_and_what_follows_waits(endless):
    pace = Pace()
    went = [goes_at_once(pace.wait(f"phone {number}")) for number in range(BOT_BURST + 2)]
    assert went == [True] * BOT_BURST + [False] * 2


async def test_the_phone_that_was_silent_longest_is_forgotten_first(endless, monkeypatch):
    monkeypatch.setattr(bot.outbox.pace, "REMEMBERED", 2)
    monkeypatch.setattr(bot.outbox.pace, "BOT_BURST", 1000)
    pace = Pace()
    for phone in ["ada", "ben"] * CHAT_BURST + ["ada", "zoe"]:
        goes_at_once(pace.wait(phone))
    assert not goes_at_once(pace.wait("ada"))
    assert goes_at_once(pace.wait("ben"))


async def test_a_tapped_button_comes_to_rest_without_waiting_its_turn(endless, monkeypatch, door, shoes):
    monkeypatch.setattr(bot.outbox.pace, "CHAT_BURST", 2)
    phone = door.phone()
    await phone.opens(shoes)
    await phone.says("/chats")
    await phone.taps(await phone.hears("Your chats"), "Shoes")
    await eventually(lambda: Delivery.get_or_none(kind="tap_answer", state="sent"))
    assert not phone.person.chat.taps
    assert len(door.calls("sendMessage")) == 2  # the chat that was chosen has to wait


@pytest.mark.parametrize("is_paused", [True, False])
async def test_nothing_that_waits_keeps_a_tapped_button_waiting(door, phone, shoes, monkeypatch, is_paused):
    header = await phone.opens(shoes)
    await phone.says("/chats")
    listed = await phone.hears("Your chats")
    if is_paused:
        wait = {"error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 3600}}
        door.telegram.fail_next("sendMessage", wait)
        await door.answers(shoes, "Later")
        await eventually(lambda: Peer.exists(paused_until__not_isnull=True))
    else:
        monkeypatch.setattr(bot.outbox.loop, "CONNECTIONS", 0)
        monkeypatch.setattr(bot.outbox.pace, "CHAT_RATE", 0.0001)
    for number in range(20):
        await door.answers(shoes, f"Answer {number}")
    await phone.taps(listed, "Shoes")
    await eventually(lambda: Delivery.get_or_none(kind="tap_answer", state="sent"))
    assert not phone.person.chat.taps
    assert await Delivery.filter(state="queued").count() >= 20
    assert header["message_id"] < listed["message_id"] == phone.person.messages[-1]["message_id"]


async def test_a_tap_that_can_be_answered_no_more_is_not(sleeping, shoes):
    phone = sleeping.phone()
    await phone.starts(f"c_{shoes.id}")
    async with delivering(sleeping.bot):
        await phone.says("/chats")
        listed = await phone.hears("Your chats")
    await phone.taps(listed, "Shoes")
    assert await Delivery.filter(kind="tap_answer").update(expires_at=cast.in_days(0)) == 1
    async with delivering(sleeping.bot):
        await eventually(lambda: _is_gone("tap_answer"))
        await phone.heard()
    assert not sleeping.calls("answerCallbackQuery")


async def _is_gone(kind):
    return not await Delivery.exists(kind=kind)


async def test_many_messages_to_many_and_many_to_one_meet_no_limit_of_telegrams(telegram, sleeping, shoes):
    telegram.flood_limits = True
    ada, others = sleeping.phone(), [sleeping.phone(f"Consumer {number}") for number in range(80)]
    await ada.starts(f"c_{shoes.id}")
    for number in range(1, 8):
        await sleeping.answers(shoes, f"Answer {number}")
    for phone in others:
        await phone.starts(f"c_{shoes.id}")
    async with delivering(sleeping.bot):
        await ada.person.hears("Answer 7", timeout=30)
        await sleeping.delivered()
    assert {status for _, _, status in telegram.answers} == {200}
    heard = [int(parameters["chat_id"]) for method, parameters, _ in telegram.answers if method == "sendMessage"]
    assert Counter(heard) == {ada.person.id: 8} | {phone.person.id: 1 for phone in others}
    assert heard[-1] == ada.person.id  # nobody has waited behind her
