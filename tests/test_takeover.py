"""Two processes on one database: when the one that works is killed, the other goes on."""

import pytest

from bench import takeover
from models import Message


@pytest.mark.timeout(180)
async def test_what_was_taken_in_by_who_is_killed_is_handled_by_who_stands_by():
    async with takeover.pair() as both:
        await both.leave_over(0)
        texts = await Message.all().values_list("text", flat=True)
    assert texts == ["question 0 left over"]


@pytest.mark.timeout(180)
async def test_who_is_killed_is_followed_by_who_stands_by_and_nothing_is_lost():
    async with takeover.pair() as both:
        for number in range(2):
            await both.change_over(number)
            await both.swap()
        texts = await Message.all().order_by("position", "id").values_list("text", flat=True)
        heard = [message["text"].rpartition("\n")[2] for message in both.ada.messages]
    assert texts == ["question 0", "answer 0", "question 1", "answer 1"]
    assert [text for text in heard if text.startswith("answer ")] == ["answer 0", "answer 1"]
