"""What a delivery holds, kind by kind: all that its call is written from when it is sent, and never a secret."""

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter
from pydantic.alias_generators import to_camel

from models import DeliveryKind
from services.text.spans import Span


class Payload:
    """What a delivery of some kind holds."""

    kind: ClassVar[DeliveryKind]
    is_said: ClassVar[bool] = True  # something new on the phone, below all else
    __pydantic_config__: ClassVar = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


@dataclass(frozen=True)
class Part(Payload):
    """A part of an influencer's message, as that is cut when it is sent: one of so many when it was queued."""

    kind = DeliveryKind.MESSAGE
    number: int  # from 1
    count: int


@dataclass(frozen=True)
class PartEdit(Payload):
    """A part of an influencer's message as it is to be on the phone: changed, sent after all, or taken back."""

    kind = DeliveryKind.MESSAGE_EDIT
    is_said = False
    message_id: str
    number: int


@dataclass(frozen=True)
class ReactionChange(Payload):
    """How the bot reacts to a message from now on, which is found out when it is sent."""

    kind = DeliveryKind.REACTION
    is_said = False
    message_id: str


@dataclass(frozen=True)
class TopicChange(Payload):
    """That a chat is to have its topic, under its name."""

    kind = DeliveryKind.TOPIC
    is_said = False
    after: int = 0  # the message on the phone with which it was opened: its topic has a higher number
    is_renaming: bool = False  # one that there is; none is created for that


@dataclass(frozen=True)
class Deletion(Payload):
    """That something which the bot has said is to be taken back."""

    kind = DeliveryKind.DELETION
    is_said = False
    telegram_message_id: int


@dataclass(frozen=True)
class FindPrompt(Payload):
    """*Type a part of the title*, to find the chat that a question is about, or one that is to be opened."""

    kind = DeliveryKind.PROMPT
    about: int | None = None
    telegram_topic_id: int | None = None


@dataclass(frozen=True)
class Question(Payload):
    """*Which coupon is this about?*, asked of held messages, which the first of them names."""

    kind = DeliveryKind.QUESTION
    about: int
    is_anew: bool = False  # wherever it stands, that one is taken back


@dataclass(frozen=True)
class Filed(Payload):
    """To which chat something was passed on."""

    kind = DeliveryKind.FILED
    telegram_topic_id: int | None = None  # where that was written


@dataclass(frozen=True)
class Moved(Payload):
    """That an influencer has moved messages to a chat: so many of the consumer's, or only their own."""

    kind = DeliveryKind.MOVED
    count: int


@dataclass(frozen=True)
class WayIn(Payload):
    """An influencer's link to the panel, which is made when it is sent."""

    kind = DeliveryKind.WAY_IN
    telegram_topic_id: int | None = None


@dataclass(frozen=True)
class Button:
    """A button under a text: a tap on it sends ``data`` back to us, opens a page, or copies a text."""

    label: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None


Buttons = tuple[tuple[Button, ...], ...]  # row by row

# In the chat's topic if it has one; where it was asked, whatever topic the chat has; or in a topic, or nowhere.
Place = Literal["chat", "here", "topic"]


@dataclass(frozen=True)
class Notice(Payload):
    """Something that the bot itself says."""

    kind = DeliveryKind.NOTICE
    text: str
    formatting: tuple[Span, ...] = ()
    buttons: Buttons = ()
    telegram_topic_id: int | None = None
    reply_to: int | None = None  # a message on the phone
    place: Place = "chat"  # where something about a chat is said


@dataclass(frozen=True)
class NoticeEdit(Payload):
    """What something that the bot has said is to say from now on."""

    kind = DeliveryKind.NOTICE_EDIT
    is_said = False
    telegram_message_id: int
    text: str
    formatting: tuple[Span, ...] = ()
    buttons: Buttons = ()


@dataclass(frozen=True)
class TapAnswer(Payload):
    """A tapped button coming to rest, with a short text if there is something to say."""

    kind = DeliveryKind.TAP_ANSWER
    is_said = False
    tap_id: str
    text: str | None = None


@dataclass(frozen=True)
class Command:
    """An entry of somebody's menu."""

    name: str
    description: str


@dataclass(frozen=True)
class CommandMenu(Payload):
    """A menu of commands of somebody's own."""

    kind = DeliveryKind.COMMAND_MENU
    is_said = False
    commands: tuple[Command, ...]


_BY_KIND: dict[DeliveryKind, type[Payload]] = {
    of.kind: of
    for of in (
        Part,
        PartEdit,
        ReactionChange,
        TopicChange,
        Deletion,
        FindPrompt,
        Question,
        Filed,
        Moved,
        WayIn,
        Notice,
        NoticeEdit,
        TapAnswer,
        CommandMenu,
    )
}


def written(payload: Payload) -> dict[str, Any]:
    """Write a payload as it stands in a row; what is as usual is left out."""
    adapter = _adapter(payload.kind)
    row: dict[str, Any] = adapter.dump_python(payload, mode="json", by_alias=True, exclude_defaults=True)
    return row


def read(kind: DeliveryKind, row: dict[str, Any] | None) -> Payload:
    """Read the payload that stands in a row."""
    payload: Payload = _adapter(kind).validate_python(row or {})
    return payload


@cache
def _adapter(kind: DeliveryKind) -> TypeAdapter[Any]:
    return TypeAdapter(_BY_KIND[kind])
