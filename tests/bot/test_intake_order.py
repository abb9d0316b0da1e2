"""Whatever order Telegram's queues give updates, and however often, the same is kept."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Chat, HeldMessage, Message
from tests.bot.conftest import Door, Phone

# What a consumer does; the number says how far a tap gets ahead of what was written before it.
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("says"), st.just(0)),
        st.tuples(st.just("edits"), st.just(0)),
        st.tuples(st.just("opens shoes"), st.integers(0, 4)),
        st.tuples(st.just("opens hats"), st.integers(0, 4)),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS, repeats=st.lists(st.integers(0, 9), max_size=4), side_by_side=st.booleans())
async def test_any_order_that_telegram_may_choose_gives_the_same_tables(
    sleeping, shoes, hats, deeds, repeats, side_by_side
):
    plain, mixed = await _consumer(sleeping, shoes, hats), await _consumer(sleeping, shoes, hats)
    in_order, _ = await _updates(sleeping, plain, deeds)
    _, overtaken = await _updates(sleeping, mixed, deeds)
    again = [overtaken[number % len(overtaken)] for number in repeats if overtaken]
    for raw in in_order:
        await sleeping.intake.take(raw)
    for raw in overtaken:
        copies = 2 if side_by_side else 1
        await asyncio.gather(*(sleeping.intake.take(raw) for _ in range(copies)))
    for raw in again:
        await sleeping.intake.take(raw)
    assert await _kept(mixed) == await _kept(plain)


async def _consumer(door: Door, shoes: Any, hats: Any) -> Phone:
    phone = door.phone()
    await phone.starts(f"c_{shoes.id}")
    await phone.starts(f"c_{hats.id}")
    return phone


async def _updates(door: Door, phone: Phone, deeds: list[tuple[str, int]]) -> tuple[list[Any], list[Any]]:
    """Do what is to be done, and give the updates in their order, and with taps that have overtaken."""
    chats = {chat.coupon.title: chat.id for chat in await _chats(phone)}
    for number, (deed, _) in enumerate(deeds):
        if deed == "says":
            phone.person.says(f"Message {number}")
        elif deed == "edits":
            own = [message for message in phone.person.messages if message["who"] == "person"]
            if own[-1]["text"].startswith("Message"):
                phone.person.edits(own[-1]["message_id"], f"Message, edited {number}")
        else:
            _tap(phone, f"open:{chats[deed.removeprefix('opens ').title()]}")
    raws = await door.pending_updates()
    overtaken = list(raws)
    leads = [lead for deed, lead in deeds if deed.startswith("opens")]
    taps = [raw for raw in raws if "callback_query" in raw]
    for raw, lead in zip(taps, leads, strict=True):
        at = overtaken.index(raw)
        overtaken.insert(max(0, at - lead), overtaken.pop(at))
    return raws, overtaken


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
