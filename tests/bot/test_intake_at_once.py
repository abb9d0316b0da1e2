"""Two processes are given the same updates at the same time, as when polling and webhook overlap."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.intake.inbox import Inbox
from models import Activation, Coupon, Delivery, Update
from tests.bot.conftest import Door, Phone, handling, in_envelope, until_handled
from tests.bot.deeds import DEEDS, consumer, kept, shuffled, updates

SEVERAL = st.lists(DEEDS, min_size=2, max_size=3)

some = settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])


@some
@given(deeds=SEVERAL)
async def test_what_two_take_in_at_once_is_kept_and_answered_once(sleeping, shoes, hats, deeds):
    plain, doubled = await _two_groups(sleeping, shoes, hats, deeds)
    raws = await _taken_in_order(sleeping, plain, doubled, deeds)
    await _taken_at_once(sleeping, raws, raws)
    for once, twice in zip(plain, doubled, strict=True):
        assert await kept(twice) == await kept(once)
        assert await _opened(twice) == await _opened(once)
        assert await _said(twice) == await _said(once)


@some
@given(deeds=SEVERAL, dice=st.randoms())
async def test_what_two_take_in_at_once_in_any_order_is_kept_as_if_in_order(sleeping, shoes, hats, deeds, dice):
    plain, doubled = await _two_groups(sleeping, shoes, hats, deeds)
    raws = await _taken_in_order(sleeping, plain, doubled, deeds)
    await _taken_at_once(sleeping, shuffled(raws, dice), shuffled(raws, dice))
    for once, twice in zip(plain, doubled, strict=True):
        assert await kept(twice) == await kept(once)
        assert sorted(await _opened(twice)) == sorted(await _opened(once))


async def _two_groups(door: Door, shoes: Coupon, hats: Coupon, deeds: list[list[str]]) -> list[list[Phone]]:
    return [[await consumer(door, shoes, hats) for _ in deeds] for _ in range(2)]


async def _taken_in_order(door: Door, plain: list[Phone], doubled: list[Phone], deeds: list[list[str]]) -> list:
    """Let both groups do the same; take the one's updates in as they come, and give the other's."""
    raws = []
    for first, second, done in zip(plain, doubled, deeds, strict=True):
        for raw in await updates(door, first, done):
            await door.take(raw)
        raws += await updates(door, second, done)
    return raws


async def _taken_at_once(door: Door, one: list, other: list) -> None:
    """Give two processes' inboxes all of it, each in an order of its own; neither knows of the other."""
    async with handling(Inbox(door.bot)) as first, handling(Inbox(door.bot)) as second:
        await asyncio.gather(
            *(
                inbox.receive([in_envelope(raw)])
                for both in zip(one, other, strict=True)
                for inbox, raw in zip((first, second), both, strict=True)
            )
        )
        await until_handled()
    assert not await Update.exists(state__not="handled")


async def _opened(phone: Phone) -> list[str]:
    """List the chats that a consumer has opened, one after another."""
    opened = Activation.filter(peer__telegram_chat_id=phone.person.id).order_by("id")
    return await opened.values_list("chat__coupon__title", flat=True)


async def _said(phone: Phone) -> list[tuple[int, str, str]]:
    """List what the bot says and does on a phone, in its order."""
    owed = await Delivery.filter(peer__telegram_chat_id=phone.person.id).order_by("sequence")
    return [(delivery.sequence, delivery.kind, delivery.payload.get("text", "")) for delivery in owed]
