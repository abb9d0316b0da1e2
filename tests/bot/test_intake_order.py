"""Whatever order Telegram's queues give updates, and however often, the same is kept."""

import asyncio
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Chat, HeldMessage, Message
from tests.bot.conftest import Door, Phone

DEEDS = st.lists(
    st.sampled_from(["says", "says", "edits", "opens Shoes", "opens Hats", "taps Shoes", "taps Hats"]),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS, repeats=st.lists(st.integers(0, 9), max_size=4), side_by_side=st.booleans(), dice=st.randoms())
async def test_any_order_gives_the_same_tables(sleeping, shoes, hats, deeds, repeats, side_by_side, dice):
    plain, mixed = await _consumer(sleeping, shoes, hats), await _consumer(sleeping, shoes, hats)
    in_order = await _updates(sleeping, plain, deeds)
    shuffled = _shuffled(await _updates(sleeping, mixed, deeds), dice)
    again = [shuffled[number % len(shuffled)] for number in repeats if shuffled]
    for raw in in_order:
        await sleeping.intake.take(raw)
    for raw in shuffled:
        copies = 2 if side_by_side else 1
        await asyncio.gather(*(sleeping.intake.take(raw) for _ in range(copies)))
    for raw in again:
        await sleeping.intake.take(raw)
    assert await _kept(mixed) == await _kept(plain)


async def test_a_late_tap_shows_what_has_moved_to_its_chat(door, phone, shoes, hats):
    await phone.opens(shoes)
    await phone.opens(hats)
    await phone.opens(shoes)
    [about_hats] = await Chat.filter(coupon_id=hats.id)
    _tap(phone, f"open:{about_hats.id}")
    phone.person.says("Are they warm?")
    tap, message = await door.pending_updates()
    await door.intake.take(message)
    await door.intake.take(tap)
    assert await door.said(hats) == ["Are they warm?"]
    shown = (await phone.last())["text"]
    assert shown.startswith("Re: Hats\n")
    assert "Are they warm?" in shown


async def _consumer(door: Door, shoes: Any, hats: Any) -> Phone:
    phone = door.phone()
    await phone.starts(f"c_{shoes.id}")
    await phone.starts(f"c_{hats.id}")
    return phone


async def _updates(door: Door, phone: Phone, deeds: list[str]) -> list[Any]:
    """Do what is to be done, and give the updates in their order."""
    chats = {chat.coupon.title: chat for chat in await _chats(phone)}
    for number, deed in enumerate(deeds):
        verb, _, title = deed.partition(" ")
        if verb == "says":
            phone.person.says(f"Message {number}")
        elif verb == "opens":
            phone.person.starts(f"c_{chats[title].coupon_id}")
        elif verb == "taps":
            _tap(phone, f"open:{chats[title].id}")
        elif (last := phone.person.messages[-1])["text"].startswith("Message"):
            phone.person.edits(last["message_id"], f"Message, edited {number}")
    return await door.pending_updates()


def _shuffled(raws: list[Any], dice: Random) -> list[Any]:
    """Mix them, but for the edits among themselves: within a second only their order says which is the last."""
    mixed = dice.sample(raws, len(raws))
    edits = iter([raw for raw in raws if "edited_message" in raw])
    return [next(edits) if "edited_message" in raw else raw for raw in mixed]


def _tap(phone: Phone, data: str) -> None:
    message = phone.person.messages[0]
    query_id = phone.person.bot.asks(phone.person.chat, message["message_id"], data)
    query = {"id": query_id, "from": phone.person.user.facts(), "message": message, "chat_instance": "1"}
    phone.person.bot.updates.put("callback_query", {**query, "data": data})


async def _chats(phone: Phone) -> list[Chat]:
    return await Chat.filter(consumer__telegram_user_id=phone.person.id).select_related("coupon")


async def _kept(phone: Phone) -> dict[str, list[str]]:
    kept = {}
    for chat in await _chats(phone):
        kept[chat.coupon.title] = [
            message.text for message in await Message.filter(chat_id=chat.id).order_by("position", "id")
        ]
    held = await HeldMessage.filter(line__user__telegram_user_id=phone.person.id).order_by("telegram_message_id")
    kept["held"] = [message.text for message in held]
    return kept
