"""A bot as Telegram keeps it: its profile, its chats, its updates and its webhook."""

import secrets
import time
from dataclasses import dataclass, field

from simulator.chats import Chat, Tap
from simulator.refusals import JSON, bad_request, forbidden
from simulator.updates import Updates

MOST_QUERIES = 10_000


@dataclass
class User:
    """A person with a Telegram account."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_deactivated: bool = False

    def facts(self) -> JSON:
        """The Bot API's User."""
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, **self._optional()}

    def chat_facts(self) -> JSON:
        """The Bot API's Chat of a private chat."""
        optional = self._optional()
        optional.pop("language_code", None)
        return {"id": self.id, "type": "private", "first_name": self.first_name, **optional}

    def _optional(self) -> JSON:
        fields = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, eq=False)
class Webhook:
    """Where updates are to be carried."""

    url: str = ""
    secret_token: str | None = None
    max_connections: int = 40


@dataclass
class Trouble:
    """The last thing that went wrong with a webhook."""

    message: str
    at: int


@dataclass
class Profile:
    """What a bot says about itself, per language."""

    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[JSON]] = field(default_factory=dict)
    menu_buttons: dict[int | None, JSON] = field(default_factory=dict)


class Bot:
    """One bot and everything that belongs to it alone."""

    def __init__(self, token: str, username: str, first_name: str, users: dict[int, User]) -> None:
        self.token = token
        self.id = int(token.split(":")[0])
        self.username = username
        self.first_name = first_name
        self.users = users
        self._has_topics_enabled = False
        self.chats: dict[int, Chat] = {}
        self.profile = Profile()
        self.updates = Updates()
        self.webhook = Webhook()
        self.trouble: Trouble | None = None
        # Bot API: answerCallbackQuery; how long the real server waits for an answer isn't written down.
        self.query_lifetime = 15 * 60.0
        self._queries: dict[str, tuple[Chat, Tap]] = {}

    @property
    def has_topics_enabled(self) -> bool:
        """Whether private chats have topics (@BotFather: *Threaded Mode*); those that there are stay either way."""
        return self._has_topics_enabled

    @has_topics_enabled.setter
    def has_topics_enabled(self, is_enabled: bool) -> None:
        self._has_topics_enabled = is_enabled
        for chat in self.chats.values():
            chat.touch()

    def facts(self) -> JSON:
        """The Bot API's User, as messages carry it."""
        return {"id": self.id, "is_bot": True, "first_name": self.first_name, "username": self.username}

    def private_chat(self, user: User) -> Chat:
        """The one chat of this bot with a person; it exists before the first word."""
        if user.id not in self.chats:
            self.chats[user.id] = Chat(user.chat_facts())
        return self.chats[user.id]

    def chat(self, chat_id: int | str) -> Chat:
        """The chat that a bot may write to.

        Raises:
            Refusal: there is none, or the person doesn't want to hear from the bot.
        """
        if not isinstance(chat_id, int):
            raise bad_request("chat not found")
        user = self.users.get(chat_id)
        if user and user.is_deactivated:
            raise forbidden("user is deactivated")
        chat = self.chats.get(chat_id)
        if chat is None and user is None:
            raise bad_request("chat not found")
        if chat is None or not chat.is_started:
            raise forbidden("bot can't initiate conversation with a user")
        if chat.is_blocked:
            raise forbidden("bot was blocked by the user")
        return chat

    def asks(self, chat: Chat, message_id: int, data: str) -> str:
        """Keep a pressed button until the bot answers it; returns the query's id."""
        tap = Tap(str(secrets.randbits(62)), message_id, data)
        self._queries[tap.query_id] = (chat, tap)
        chat.taps[tap.query_id] = tap
        chat.touch()
        if len(self._queries) > MOST_QUERIES:
            self._forget_query(next(iter(self._queries)))
        return tap.query_id

    def tapped(self, query_id: str) -> Chat | None:
        """The chat in which a button waits for an answer."""
        chat, _ = self._queries.get(query_id, (None, None))
        return chat

    def answered(self, query_id: str) -> Chat:
        """The chat in which a button was pressed, now that the bot has answered.

        Raises:
            Refusal: nobody pressed it, or too long ago.
        """
        chat, tap = self._queries.get(query_id, (None, None))
        if chat is None or tap is None or time.monotonic() - tap.at > self.query_lifetime:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        self._forget_query(query_id)
        return chat

    def set_webhook(self, webhook: Webhook) -> None:
        """Change where updates go, and wake whoever carries them."""
        self.webhook = webhook
        self.trouble = None
        self.updates.wake()

    def _forget_query(self, query_id: str) -> None:
        chat, _ = self._queries.pop(query_id)
        chat.taps.pop(query_id, None)
        chat.touch()
