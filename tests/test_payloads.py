"""Rules: what a delivery holds is written and read by one type a kind."""

import json

import pytest
from pydantic import ValidationError

from models import DeliveryKind
from services.outgoing import payloads
from services.outgoing.payloads import (
    Button,
    Command,
    CommandMenu,
    Deletion,
    Filed,
    FindPrompt,
    Moved,
    Notice,
    NoticeEdit,
    Part,
    PartEdit,
    Question,
    ReactionChange,
    TapAnswer,
    TopicChange,
    WayIn,
)
from services.text.spans import Span

BOLD = Span("bold", 0, 9)
BUTTONS = ((Button("Shoes", data="open:1"), Button("Hats", data="open:2")), (Button("Open", url="https://t.me/b"),))

EVERY = [
    Part(1, 2),
    PartEdit("0190a5b0-0000-7000-8000-000000000000", 2),
    ReactionChange("0190a5b0-0000-7000-8000-000000000000"),
    TopicChange(),
    Deletion(8),
    FindPrompt(),
    FindPrompt(7, 77),
    Question(7),
    Filed(),
    Filed(77),
    Moved(2),
    WayIn(),
    WayIn(77),
    Notice("Hello"),
    Notice("Re: Shoes", (BOLD, Span("italic", 10, 4)), BUTTONS, 77, 9),
    NoticeEdit(8, "Hello"),
    NoticeEdit(8, "Re: Shoes", (BOLD,), BUTTONS),
    TapAnswer("12"),
    TapAnswer("12", "That isn't there any more."),
    CommandMenu((Command("chats", "My chats"), Command("help", "How this works"))),
]


@pytest.mark.parametrize("payload", EVERY, ids=repr)
def test_what_is_written_is_read_as_it_was(payload):
    row = json.loads(json.dumps(payloads.written(payload)))
    assert payloads.read(payload.kind, row) == payload


def test_there_is_a_type_for_every_kind():
    assert {payload.kind for payload in EVERY} == set(DeliveryKind)


def test_a_row_says_what_is_not_as_usual_in_the_databases_own_spelling():
    assert payloads.written(Notice("Hi")) == {"text": "Hi"}
    assert payloads.written(Notice("Hi", reply_to=9, telegram_topic_id=77)) == {
        "text": "Hi",
        "replyTo": 9,
        "telegramTopicId": 77,
    }
    assert payloads.written(Filed()) == {}
    assert payloads.read(DeliveryKind.FILED, None) == Filed()


def test_a_row_that_says_something_else_is_refused_and_not_guessed_at():
    with pytest.raises(ValidationError):
        payloads.read(DeliveryKind.NOTICE, {"text": "Hi", "chat_id": 7})
    with pytest.raises(ValidationError):
        payloads.read(DeliveryKind.QUESTION, {})
