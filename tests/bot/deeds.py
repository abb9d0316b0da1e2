"""What consumers do one after another, as updates, and what is kept of it in the end."""

from random import Random
from typing import Any

from hypothesis import strategies as st

from models import Chat, Coupon, HeldMessage, Message
from tests.bot.conftest import Door, Phone

DEEDS = st.lists(
    st.sampled_from(["says", "says", "edits", "opens Shoes", "opens Hats", "taps Shoes", "taps Hats"]),
    min_size=1,
    max_size=12,
)


async def consumer(door: Door, shoes: Coupon, hats: Coupon) -> Phone:
    """Give somebody who has two chats."""
    phone = door.phone()
    await phone.starts(f"c_{shoes.id}")
    await phone.starts(f"c_{hats.id}")
    return phone


async def updates(door: Door, phone: Phone, deeds: list[str]) -> list[Any]:
    """Do what is to be done, and give the updates in their order."""
    chats = {chat.coupon.title: chat for chat in await _chats(phone)}
    for number, deed in enumerate(deeds):
        verb, _, title = deed.partition(" ")
        if verb == "says":
            phone.person.says(f"Message {number}")
        elif verb == "opens":
            phone.person.starts(f"c_{chats[title].coupon_id}")
        elif verb == "taps":
            tap(phone, f"open:{chats[title].id}")
        elif (last := phone.person.messages[-1])["text"].startswith("Message"):
            phone.person.edits(last["message_id"], f"Message, edited {number}")
    return await door.pending_updates()


def shuffled(raws: list[Any], dice: Random) -> list[Any]:
    """Mix them, but for the edits among themselves: within a second only their order says which is the last."""
    mixed = dice.sample(raws, len(raws))
    edits = iter([raw for raw in raws if "edited_message" in raw])
    return [next(edits) if "edited_message" in raw else raw for raw in mixed]


def tap(phone: Phone, data: str) -> None:
    """Tap a button, and let nothing be handled yet."""
    message = phone.person.messages[0]
    query_id = phone.person.bot.asks(phone.person.chat, message["message_id"], data)
    query = {"id": query_id, "from": phone.person.user.facts(), "message": message, "chat_instance": "1"}
    phone.person.bot.updates.put("callback_query", {**query, "data": data})


async def kept(phone: Phone) -> dict[str, list[str]]:
    """Read what there is of a consumer: in each chat, in its order, and what waits to be filed."""
    found = {}
    for chat in await _chats(phone):
        found[chat.coupon.title] = [
            message.text for message in await Message.filter(chat_id=chat.id).order_by("position", "id")
        ]
    held = await HeldMessage.filter(peer__user__telegram_user_id=phone.person.id).order_by("telegram_message_id")
    found["held"] = [message.text for message in held]
    return found


async def _chats(phone: Phone) -> list[Chat]:
    return await Chat.filter(consumer__telegram_user_id=phone.person.id).select_related("coupon")
