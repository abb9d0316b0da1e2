"""Whatever order Telegram's queues give updates, and however often, the same is kept."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Chat
from tests.bot.deeds import DEEDS, consumer, kept, shuffled, tap, updates


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS, repeats=st.lists(st.integers(0, 9), max_size=4), side_by_side=st.booleans(), dice=st.randoms())
async def test_any_order_gives_the_same_tables(sleeping, shoes, hats, deeds, repeats, side_by_side, dice):
    plain, mixed = await consumer(sleeping, shoes, hats), await consumer(sleeping, shoes, hats)
    in_order = await updates(sleeping, plain, deeds)
    overtaken = shuffled(await updates(sleeping, mixed, deeds), dice)
    again = [overtaken[number % len(overtaken)] for number in repeats if overtaken]
    for raw in in_order:
        await sleeping.take(raw)
    for raw in overtaken:
        copies = 2 if side_by_side else 1
        await asyncio.gather(*(sleeping.take(raw) for _ in range(copies)))
    for raw in again:
        await sleeping.take(raw)
    assert await kept(mixed) == await kept(plain)


async def test_a_late_tap_shows_what_has_moved_to_its_chat(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await phone.opens(shoes)
    [about_hats] = await Chat.filter(coupon_id=hats.id)
    tap(phone, f"open:{about_hats.id}")
    phone.person.says("Are they warm?")
    tapped, message = await door.pending_updates()
    await door.take(message)
    await door.take(tapped)
    assert await door.said(hats) == ["Are they warm?"]
    shown = (await phone.last())["text"]
    assert shown.startswith("Re: Hats\n")
    assert "Are they warm?" in shown
