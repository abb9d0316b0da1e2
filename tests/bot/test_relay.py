"""What a consumer writes is passed on exactly, whoever they are."""

import pytest

from models import Delivery, Message, User
from tests import cast

TEXTS = [
    "  leading and trailing blanks   ",
    "inner    blanks\tand a tab",
    "two\n\n\nlines\n",
    "<b>bold</b> & *stars* _and_ `ticks` [links](tg://user?id=1)",
    "Привет! Действует ли скидка?",
    "هل يعمل هذا على السلع المخفضة؟",
    "שלום, ‏האם זה עובד?",
    "打折商品可以用吗？",
    "ส่วนลดใช้ได้ไหม",
    "e\u0301 and é stay two",
    "👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈",
    "\u200d\u200bzero width",
    "x" * 4096,
    "😀" * 2048,
    '\'; DROP TABLE "Messages"; --',
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
async def test_a_text_is_relayed_exactly(door, phone, shoes, text):
    await phone.opens(shoes)
    await phone.tells(text=text)
    assert await door.said(shoes) == [text]


NAMES = [
    ("<b>Ada</b>", "*Love_lace*", "<b>Ada</b> *Love_lace*"),
    ("Ada", None, "Ada"),
    ("", "Lovelace", "Lovelace"),
    ("", None, ""),
    ("عائشة", "الزهراء", "عائشة الزهراء"),
    ("👩‍🚀", "🛍️", "👩‍🚀 🛍️"),
    ("A" * 64, "B" * 64, "A" * 64 + " " + "B" * 64),
    ("None", None, "None"),
]


@pytest.mark.parametrize(("first", "last", "name"), NAMES, ids=range(len(NAMES)))
async def test_no_name_breaks_a_message(door, shoes, first, last, name):
    phone = door.phone(first, last)
    await phone.opens(shoes)
    await phone.says("Hello!")
    assert await door.said(shoes) == ["Hello!"]
    assert (await User.get(telegram_user_id=phone.person.id)).name == name


@pytest.mark.parametrize("missing", [{}, {"first_name": None}])
async def test_an_account_may_have_no_name_at_all(door, phone, shoes, missing):
    await phone.opens(shoes)
    message = phone.writes(text="Hello!")
    message["from"] = {"id": phone.person.id, "is_bot": False} | missing
    await door.receives("message", message)
    assert await door.said(shoes) == ["Hello!"]
    assert (await User.get(telegram_user_id=phone.person.id)).name == ""


async def test_a_new_name_is_noticed(door, phone, shoes):
    await phone.opens(shoes)
    phone.person.renames("Augusta", "King")
    await phone.says("Hello!")
    assert (await User.get(telegram_user_id=phone.person.id)).name == "Augusta King"


@pytest.mark.parametrize(
    "title",
    ["😀" * 500, "x" * 500, "خصم ٥٠٪ على المجموعة الصيفية", "Sale \u202e elaS", "<b>50%</b> & _more_", "a\nb"],
)
async def test_no_title_or_name_breaks_a_header(door, phone, maya, title):
    await User.filter(id=maya.id).update(name=title)
    coupon = await cast.coupon(maya, title, id="odd", expires_at=cast.in_days(3))
    await phone.opens(coupon)
    await phone.says("😀" * 2048)
    for _ in range(4):
        await door.answers(coupon, "😀" * 1900)
    reopened = await phone.opens(coupon)
    assert _bold(reopened)[0].startswith("Re: ")
    assert _bold(reopened)[1:3] == ["4 unread messages", "You"]
    await phone.says("/chats")
    assert "Your chats" in (await phone.last())["text"]
    assert not await Delivery.exists(state="failed")


async def test_bold_words_are_the_right_ones_behind_emoji(phone, maya):
    coupon = await cast.coupon(maya, "😀😀 Sale", id="emoji")
    await phone.starts(f"c_{coupon.id}")
    await phone.says("Hello 😀!")
    await phone.starts(f"c_{coupon.id}")
    assert _bold(await phone.hears("Hello 😀!")) == ["Re: 😀😀 Sale", "You"]


async def test_what_postgresql_cannot_hold_is_left_out(door, phone, shoes):
    await phone.opens(shoes)
    message = phone.writes(text="zero\x00 and half \ud83d")
    message["from"] = {
        **message["from"],
        "first_name": "A\x00da\udc00",
        "username": "a\x00da",
        "language_code": "x" * 99,
    }
    await door.receives("message", message)
    assert await door.said(shoes) == ["zero and half ?"]
    user = await User.get(telegram_user_id=phone.person.id)
    assert (user.name, user.username, user.language_code) == ("Ada? Lovelace", "ada", None)


async def test_ids_may_be_as_large_as_telegrams(door, shoes):
    phone = door.phone(id=2**52 - 1)
    phone.person.chat.next_message_id = 2**31
    await phone.opens(shoes)
    await phone.says("Hello!")
    await phone.says("And again")
    assert await door.said(shoes) == ["Hello!", "And again"]
    assert (await Message.first().select_related("sender")).sender.telegram_user_id == 2**52 - 1


def _bold(message):
    units = message["text"].encode("utf-16-le")
    return [
        units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        for entity in message["entities"]
        if entity["type"] == "bold"
    ]
