"""A chat: its messages under one counter for both sides, and what has changed since somebody last looked."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from simulator.notifier import Notifier
from simulator.refusals import JSON

Who = Literal["bot", "person"]

MOST_MESSAGES = 5_000
MOST_NOTICES = 50

# Bot API: sendChatAction, "the status is set for 5 seconds or less".
SECONDS_OF_ACTION = 5.0


@dataclass
class Record:
    """A message as the chat remembers it."""

    message: JSON
    who: Who
    when: float
    revision: int
    reactions: dict[Who, str] = field(default_factory=dict)
    answered_id: int | None = None  # what it replies to, also where the Bot API doesn't say so
    force_reply: JSON | None = None

    def shown(self) -> JSON:
        """The Bot API's message, with what only a phone knows of it."""
        return {
            **self.message,
            "who": self.who,
            "when": self.when,
            "edited": "edit_date" in self.message,
            "reactions": dict(self.reactions),
            "answered_id": self.answered_id,
            "force_reply": self.force_reply,
        }


@dataclass
class Tap:
    """A button that was pressed: the bot has yet to answer it."""

    query_id: str
    message_id: int
    data: str
    at: float = field(default_factory=time.monotonic)


@dataclass
class Notice:
    """The words that pop up when a bot answers a button."""

    text: str
    is_alert: bool
    url: str | None
    revision: int


class Chat:
    """One chat of one bot: with a person, a group or a channel."""

    def __init__(self, facts: JSON) -> None:
        self.facts = facts
        self.records: dict[int, Record] = {}
        self.deleted: dict[int, int] = {}
        self.notices: deque[Notice] = deque(maxlen=MOST_NOTICES)
        self.taps: dict[str, Tap] = {}
        self.topics: dict[int, JSON] = {}
        self._actions: dict[int | None, tuple[str, float]] = {}
        self.is_started = facts["type"] != "private"
        self.is_blocked = False
        self.next_message_id = 1
        self.revision = 0
        self.changed = Notifier()

    @property
    def id(self) -> int:
        """The chat's id; a private chat has the person's."""
        return int(self.facts["id"])

    @property
    def action(self) -> str | None:
        """What the bot is doing at the moment, such as typing, wherever it does so."""
        return next(iter(self.actions.values()), None)

    @property
    def actions(self) -> dict[int | None, str]:
        """What the bot is doing at the moment in each topic, and outside (None)."""
        earliest = time.monotonic() - SECONDS_OF_ACTION
        return {thread_id: action for thread_id, (action, at) in self._actions.items() if at > earliest}

    def act(self, action: str, thread_id: int | None = None) -> None:
        """Show for a moment that the bot is busy."""
        self._actions[thread_id] = (action, time.monotonic())
        self.touch()

    def add(self, who: Who, content: JSON, answered_id: int | None = None, force_reply: JSON | None = None) -> JSON:
        """Append a message and answer it as the Bot API's object."""
        now = time.time()
        if who == "bot":
            self._actions.pop(content.get("message_thread_id"), None)
        message = {"message_id": self.next_message_id, "chat": self.facts, "date": int(now), **content}
        self.next_message_id += 1
        record = Record(message, who, now, self.touch(), answered_id=answered_id, force_reply=force_reply)
        self.records[message["message_id"]] = record
        self._forget_oldest()
        return message

    def change(self, message_id: int, content: JSON) -> JSON:
        """Give a message other content; ``None`` takes a field away."""
        record = self.records[message_id]
        # A new object: updates that already carry the old one keep what they carried.
        record.message = {name: value for name, value in {**record.message, **content}.items() if value is not None}
        record.revision = self.touch()
        return record.message

    def react(self, message_id: int, who: Who, emoji: str | None) -> None:
        """Set or take away the one reaction of a side."""
        record = self.records[message_id]
        record.reactions.pop(who, None)
        if emoji:
            record.reactions[who] = emoji
        record.revision = self.touch()

    def remove(self, message_id: int) -> None:
        """Take a message off the phone."""
        del self.records[message_id]
        self.deleted[message_id] = self.touch()
        if len(self.deleted) > MOST_MESSAGES:
            del self.deleted[next(iter(self.deleted))]

    def notify(self, text: str, is_alert: bool, url: str | None) -> None:
        """Pop up the answer to a button."""
        self.notices.append(Notice(text, is_alert, url, self.touch()))

    def touch(self) -> int:
        """Something has changed: wake everybody who looks at this chat."""
        self.revision += 1
        self.changed.notify_all()
        return self.revision

    def _forget_oldest(self) -> None:
        if len(self.records) > MOST_MESSAGES:
            del self.records[next(iter(self.records))]
