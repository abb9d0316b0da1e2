"""Telegram's limits are kept before it says so, and nobody waits who need not."""

import random
from collections import Counter

import pytest

import bot.outbox.loop
from bot.outbox.pace import BOT_BURST, BOT_RATE, CHAT_BURST, CHAT_RATE, UNLIMITED, Limit, Pace
from models import Delivery, Peer
from tests import cast
from tests.bot.conftest import delivering, eventually


@pytest.fixture(autouse=True)
def impatient():
    """Keep the real pace."""


NEVER = 0.0001  # calls a second: whoever has to wait waits for ever, and no test depends on how fast it runs


class Clock:
    """Tells the time that a test says it is."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(now=clock)


def goes_at_once(pace: Pace, phone: str) -> bool:
    """See whether a call may begin now, and let it."""
    if pace.free() < 1 or pace.seconds() or pace.seconds(phone):
        return False
    pace.take(phone)
    return True


def test_a_burst_on_one_phone_goes_at_once_and_what_follows_waits(pace):
    assert [goes_at_once(pace, "ada") for _ in range(CHAT_BURST + 2)] == [True] * CHAT_BURST + [False] * 2
    assert pace.waiting() == ["ada"]


def test_a_phone_that_waits_keeps_no_other_waiting(pace):
    assert [goes_at_once(pace, "ada") for _ in range(BOT_BURST)][-1] is False
    assert goes_at_once(pace, "ben")


def test_a_burst_on_many_phones_goes_at_once_and_what_follows_waits(pace):
    went = [goes_at_once(pace, f"phone {number}") for number in range(BOT_BURST + 2)]
    assert went == [True] * BOT_BURST + [False] * 2


def test_who_waits_as_long_as_is_said_goes_then(pace, clock):
    for number in range(200):
        phone = f"phone {number % 7}"
        if seconds := max(pace.seconds(), pace.seconds(phone)):
            clock.time += seconds * 0.99
            assert not goes_at_once(pace, phone)
            clock.time += seconds * 0.01
        assert goes_at_once(pace, phone)


def test_of_a_minute_the_bot_gets_what_its_rate_says_and_each_phone_what_its_own_does(pace, clock):
    went = Counter()
    phones = [f"phone {number}" for number in range(50)]
    for _ in range(60_000):
        went.update(phone for phone in random.sample(phones, 2) if goes_at_once(pace, phone))
        clock.time += 0.001
    assert abs(went.total() - (60 * BOT_RATE + BOT_BURST)) <= 1
    assert max(went.values()) <= 60 * CHAT_RATE + CHAT_BURST


def test_who_has_been_silent_for_long_enough_is_forgotten(pace, clock):
    for number in range(100):
        pace.take(f"phone {number}")
    assert len(pace._peers) == 100
    clock.time += CHAT_BURST / CHAT_RATE
    assert pace.waiting() == []
    assert pace._peers == {}


def test_without_limits_nothing_waits(clock):
    pace = Pace(UNLIMITED, UNLIMITED, clock)
    assert all(goes_at_once(pace, "ada") for _ in range(1000))
    assert pace.waiting() == []


async def test_a_tapped_button_comes_to_rest_without_waiting_its_turn(sleeping, shoes):
    async with delivering(sleeping.bot, Pace(peer=Limit(NEVER, 2))):
        phone = sleeping.phone()
        await phone.opens(shoes)
        await phone.says("/chats")
        await phone.taps(await phone.hears("Your chats"), "Shoes")
        await eventually(lambda: Delivery.get_or_none(kind="tap_answer", state="sent"))
        assert not phone.person.chat.taps
        assert len(sleeping.calls("sendMessage")) == 2  # the chat that was chosen has to wait


@pytest.mark.parametrize("why", ["paused", "no slot", "the phone's pace", "the bot's limit"])
async def test_nothing_that_waits_keeps_a_tapped_button_waiting(sleeping, shoes, monkeypatch, why):
    phone = sleeping.phone()
    limits = {"the phone's pace": (None, Limit(NEVER, 2)), "the bot's limit": (Limit(NEVER, 2), None)}
    async with delivering(sleeping.bot, Pace(*limits.get(why, ()))):
        header = await phone.opens(shoes)
        await phone.says("/chats")
        listed = await phone.hears("Your chats")
        if why == "paused":
            wait = {"error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 3600}}
            sleeping.telegram.fail_next("sendMessage", wait)
            await sleeping.answers(shoes, "Later")
            await eventually(lambda: Peer.exists(paused_until__not_isnull=True))
        elif why == "no slot":
            monkeypatch.setattr(bot.outbox.loop, "CONNECTIONS", 0)
        for number in range(20):
            await sleeping.answers(shoes, f"Answer {number}")
        await phone.taps(listed, "Shoes")
        await eventually(lambda: Delivery.get_or_none(kind="tap_answer", state="sent"))
        assert not phone.person.chat.taps
        assert await Delivery.filter(state="queued").count() >= 20
    assert not await Delivery.exists(state="sending")
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
