"""The header of a chat: what it is about, how the coupon is used, and what somebody has missed."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot.texts import TEXT_LIMIT
from models import Chat, Coupon, Message, User
from services.text.shortening import utf16_length
from tests import cast
from tests.test_answering import answered, minutes


@pytest.fixture
async def summer(maya):
    return await cast.coupon(maya, "Summer", code="SUMMER50", url="https://shop.example/summer")


def buttons_of(message):
    return message["reply_markup"]["inline_keyboard"]


async def test_a_coupon_is_used_and_other_chats_are_found_by_buttons(door, phone, summer):
    await phone.opens(summer)
    way = {"text": "My chats", "callback_data": "my_chats"}
    for again in (False, True):
        assert buttons_of(await phone.last()) == [
            [
                {"text": "Copy SUMMER50", "copy_text": {"text": "SUMMER50"}},
                {"text": "Open coupon", "url": "https://shop.example/summer"},
            ],
            [way],
        ], again
        await phone.opens(summer)
    await phone.taps(await phone.last(), "My chats")
    assert (await phone.last())["text"].startswith("Your chats")


async def test_a_coupon_without_a_code_and_an_address_has_none_to_offer(phone, shoes):
    await phone.opens(shoes)
    assert buttons_of(await phone.last()) == [[{"text": "My chats", "callback_data": "my_chats"}]]


async def test_a_long_code_is_copied_whole_and_shown_in_part(phone, maya):
    await phone.opens(await cast.coupon(maya, "Summer", code="X" * 256))
    [[copy], _] = buttons_of(await phone.last())
    assert copy["copy_text"] == {"text": "X" * 256}
    assert len(copy["text"]) < 50


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (timedelta(seconds=20), "1 minute"),
        (timedelta(minutes=12, seconds=1), "13 minutes"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(minutes=60), "1 hour"),
        (timedelta(minutes=61), "2 hours"),
        (timedelta(hours=23), "23 hours"),
    ],
)
async def test_the_fifth_answer_makes_known_how_soon_they_usually_come(phone, maya, shoes, hats, wait, said):
    await answered(hats, [wait] * 4)
    await phone.opens(shoes)
    assert "usually" not in (await phone.last())["text"]
    await answered(hats, [wait], first=4)
    await phone.opens(shoes)
    assert f"with Maya Okafor · usually answers within {said}\n" in (await phone.last())["text"]


async def test_over_a_day_nothing_is_said_of_it(phone, shoes, hats):
    await answered(hats, minutes(*[24 * 60 + 1] * 5))
    await phone.opens(shoes)
    assert "usually" not in (await phone.last())["text"]


async def test_whoever_comes_back_sees_who_has_said_what_when(door, phone, shoes):
    await phone.opens(shoes)
    await phone.says("Do they come in 44?")
    await door.answers(shoes, "They do!")
    at = datetime(2026, 11, 20, 19, 3, tzinfo=UTC)
    await Message.all().update(timestamp=at)
    await phone.opens(shoes)
    text = (await phone.last())["text"].replace("\u202f", " ")
    when = "Nov 20, 2026, 7:03 PM UTC"
    assert text.endswith(f"\n\nYou · {when}\nDo they come in 44?\n\nMaya Okafor · {when}\nThey do!")


async def test_times_are_written_as_the_language_does(door, shoes):
    phone = door.phone("Jo", language_code="de")
    await phone.starts(f"c_{shoes.id}")
    await phone.says("Gibt es sie in 44?")
    await Message.all().update(timestamp=datetime(2026, 11, 20, 19, 3, tzinfo=UTC))
    await phone.starts(f"c_{shoes.id}")
    assert "\n\nDu · 20.11.2026, 19:03 Uhr UTC\nGibt es" in (await phone.last())["text"]


async def test_what_is_unread_is_counted_before_it_counts_as_read(door, phone, shoes, hats):
    await phone.opens(shoes)
    await door.answers(shoes, "One")
    await phone.opens(hats)
    assert "unread" not in (await phone.last())["text"]
    await phone.opens(shoes)
    assert "\n\n1 unread message\n\n" in (await phone.last())["text"]
    await door.answers(shoes, "Two")
    await door.answers(shoes, "Three")
    await phone.says("/chats")
    await phone.taps(await phone.last(), "● 2 · Shoes")
    assert "\n\n2 unread messages\n\n" in (await phone.last())["text"]
    await phone.opens(shoes)
    assert "unread" not in (await phone.last())["text"]


async def test_what_was_taken_back_is_neither_shown_nor_counted(door, phone, shoes):
    await phone.opens(shoes)
    for number in range(7):
        await door.answers(shoes, f"Answer {number}")
    await Message.filter(text="Answer 6").update(deleted_at=datetime.now(UTC))
    await phone.opens(shoes)
    text = (await phone.last())["text"]
    assert "\n\n6 unread messages\n\n" in text
    assert re.findall(r"Answer (\d)", text) == list("12345")


JULY, NOON = datetime(2030, 8, 1, tzinfo=UTC), datetime(2030, 7, 31, 12, tzinfo=UTC)
LATER = datetime(2030, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (
            NOON,
            LATER,
            "It is valid until August 31, 2030 now: when this chat began, until July 31, 2030, 12:00 PM UTC.",
        ),
        (None, LATER, "It is valid until August 31, 2030 now: when this chat began, it had no end."),
        (LATER, None, "It has no end any more: when this chat began, it was valid until August 31, 2030."),
        (LATER, datetime(2026, 1, 1, tzinfo=UTC), "The coupon has expired since this chat began."),
    ],
)
async def test_whoever_comes_back_hears_what_has_become_of_the_coupon(phone, maya, before, now, said):
    coupon = await cast.coupon(maya, "Shoes", expires_at=before)
    await phone.opens(coupon)
    await phone.opens(coupon)
    assert "since this chat" not in (text := (await phone.last())["text"])
    assert "when this chat" not in text
    await Coupon.all().update(expires_at=now)
    await phone.opens(coupon)
    assert f"\n{said}\n" in (await phone.last())["text"].replace("\u202f", " ")


async def test_whoever_comes_back_hears_that_a_coupon_was_withdrawn(phone, shoes):
    await phone.opens(shoes)
    await Coupon.all().update(is_active=False)
    await phone.opens(shoes)
    text = (await phone.last())["text"]
    assert text.startswith("Re: Shoes\nwith Maya Okafor · withdrawn\n")
    assert "\nThe coupon has been withdrawn since this chat began.\n" in text


async def test_it_all_fits_into_one_message_of_telegrams(door, phone, maya):
    await User.all().update(name="😀" * 255)
    coupon = await cast.coupon(maya, "😀" * 500, id="s", expires_at=NOON, code="😀" * 256)
    await answered(await cast.coupon(maya, "Hats"), [timedelta(hours=23)] * 5)
    await phone.starts("c_s")
    for _ in range(8):
        await phone.says("😀" * 2000)
        await door.answers(coupon, "😀" * 4000)
    await Coupon.all().update(expires_at=LATER)
    await Message.all().update(is_read=False)
    await phone.starts("c_s")
    header = await phone.last()
    assert "16 unread" in header["text"] or "8 unread" in header["text"]
    assert utf16_length(header["text"]) <= TEXT_LIMIT
    assert all(span["offset"] + span["length"] <= utf16_length(header["text"]) for span in header["entities"])


async def test_of_another_consumers_chat_nothing_is_shown(door, phone, shoes):
    ben = door.phone("Ben", None)
    await ben.opens(shoes)
    await ben.says("My secret")
    await phone.opens(shoes)
    await phone.opens(shoes)
    assert "My secret" not in "".join(await phone.heard())
    theirs = await Chat.get(consumer__telegram_user_id=ben.person.user.id)
    await phone.forges(await phone.last(), f"open:{theirs.id}")
    assert (await phone.last())["text"] == "That isn't there any more."


@pytest.mark.parametrize(
    ("description", "kept"),
    [
        ("Bad Request: BUTTON_URL_INVALID", ["copy_text", "callback_data"]),
        (
            "Bad Request: inline keyboard button URL 'https://shop' is invalid: Wrong HTTP URL",
            ["copy_text", "callback_data"],
        ),
        (
            'Bad Request: can\'t parse inline keyboard button: Field "copy_text" must be of type Object',
            ["url", "callback_data"],
        ),
        ("Bad Request: BUTTON_TYPE_INVALID", []),
    ],
)
async def test_a_header_is_not_lost_for_the_sake_of_its_buttons_nor_the_others_for_one(
    door, phone, summer, description, kept
):
    door.telegram.fail_next("sendMessage", refusal(description))
    await phone.opens(summer)
    rows = (await phone.last()).get("reply_markup", {}).get("inline_keyboard", [])
    assert [name for row in rows for button in row for name in button if name != "text"] == kept
    assert len(door.calls("sendMessage")) == 2
    await phone.says("Is it here?")
    assert await door.said(summer) == ["Is it here?"]


async def test_a_header_that_is_refused_for_something_else_is_not_sent_again(door, phone, summer):
    door.telegram.fail_next("sendMessage", refusal("Bad Request: message is too long"))
    await phone.starts(f"c_{summer.id}")
    assert await phone.heard() == []
    assert len(door.calls("sendMessage")) == 1


def refusal(description):
    return {"ok": False, "error_code": 400, "description": description}
