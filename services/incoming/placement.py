"""What has come in, as of when, and where it belongs."""

from dataclasses import dataclass
from datetime import datetime

from models import Chat, MessageKind
from services.media.contents import PLAIN, Content, Quote
from services.text.spans import Spans


@dataclass(frozen=True)
class AsOf:
    """When an update was made, which is not always when it is handled.

    Telegram counts updates; they may overtake each other, and one that failed is handled again much later, as of
    the time at which it was received.
    """

    update_id: int
    received_at: datetime | None = None  # none: now


@dataclass(frozen=True)
class Incoming:
    """What a consumer wrote or sent, as Telegram tells it."""

    telegram_message_id: int
    sent_at: datetime
    as_of: AsOf
    text: str = ""
    formatting: Spans = ()
    content: Content = PLAIN
    forwarded_from: str | None = None  # whom; nobody that is told: empty
    quote: Quote | None = None
    reply_to_telegram_message_id: int | None = None
    telegram_topic_id: int | None = None
    album_id: str | None = None
    edited_at: datetime | None = None
    edited_as_of: int | None = None  # the update that tells of an edit

    @property
    def kind(self) -> MessageKind:
        return self.content.kind


@dataclass(frozen=True)
class Placement:
    """Where a message belongs: a chat, or none as long as its consumer has not said which.

    ``active_as_of`` is the update as of which that chat was the active one, if that is why.
    """

    chat: Chat | None
    active_as_of: int | None = None
    reply_to_id: str | None = None  # our message that it replies to
