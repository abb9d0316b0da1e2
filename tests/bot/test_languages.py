"""Everybody is answered in the language of their Telegram, as far as the bot speaks it."""

import pytest

from models import Coupon
from tests import cast


async def test_a_germans_start_is_answered_in_german(door, maya, shoes):
    await Coupon.filter(id=shoes.id).update(expires_at=cast.in_days(3))
    jonas = door.phone("Jonas", None, language_code="de")
    await jonas.starts(f"c_{shoes.id}")
    welcome = (await jonas.last())["text"]
    assert welcome.startswith("Re: Shoes\nmit Maya Okafor · gültig bis ")
    assert "Stell hier deine Frage" in welcome


async def test_the_question_and_its_answer_are_german_too(door, shoes):
    jonas = door.phone("Jonas", None, language_code="de-CH")
    await jonas.says("Hallo?")
    await jonas.starts(f"c_{shoes.id}")
    await jonas.taps(await jonas.hears("Um welchen Coupon geht es?"), "Shoes")
    assert (await jonas.last())["text"] == "Weitergegeben an Maya Okafor.\nRe: Shoes"


@pytest.mark.parametrize("code", ["tlh", "", None, "zz-ZZ", "x" * 300])
async def test_whose_language_nobody_speaks_is_answered_in_english(door, shoes, code):
    phone = door.phone(language_code=code)
    await phone.starts(f"c_{shoes.id}")
    assert "Write your question here" in (await phone.last())["text"]


async def test_a_new_language_is_noticed(door, phone, shoes):
    await phone.opens(shoes)
    phone.person.user.language_code = "de"
    await phone.starts("c_sandals")
    assert "kann ich nicht finden" in (await phone.last())["text"]
