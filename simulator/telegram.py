"""Telegram, seen from a bot: the Bot API on one side, people with phones on the other, and no sockets."""

import asyncio
import inspect
import json
import secrets
import time
from collections import defaultdict, deque
from typing import Any

from simulator import facts
from simulator.bots import Bot, User
from simulator.chats import Chat
from simulator.faults import Fault, Faults, Reply, encoded, reply_with, retry_after
from simulator.flood import FloodGate
from simulator.groups import Channel, Group
from simulator.methods import METHODS
from simulator.people import Person
from simulator.refusals import JSON, Refusal, bad_request

TOKEN = "123456789:AAsimulated-token-for-this-machine"  # noqa: S105, it opens nothing
MOST_CALLS = 5_000
MOST_COMPLAINTS = 1_000

# The real server's words for the two fields that people forget.
_MISSING = {"chat_id": "chat_id is empty", "text": "message text is empty"}


class Telegram:
    """A whole small Telegram.

    The first bot, ``telegram.bot``, is there from the start; ``user`` makes people who talk to it.
    """

    def __init__(
        self,
        token: str = TOKEN,
        username: str = "coupon_chat_bot",
        name: str = "Coupon Chat",
        *,
        flood_limits: bool = False,
    ) -> None:
        self.flood_limits = flood_limits
        self.latency = 0.0
        self.calls: deque[tuple[str, JSON, float]] = deque(maxlen=MOST_CALLS)
        self.answers: deque[tuple[str, JSON, int]] = deque(maxlen=MOST_CALLS)
        self.complaints: list[str] = []
        self.faults = Faults()
        self.users: dict[int, User] = {}
        self.people: dict[int, Person] = {}
        self.bots: dict[str, Bot] = {}
        self._gates: defaultdict[str, FloodGate] = defaultdict(FloodGate)
        # Beyond 32 bits, as today's ids are; anywhere, so that a new world isn't taken for an old one.
        self._next_user_id = 5_000_000_000 + secrets.randbelow(900_000_000)
        self._next_group_id = -4_000_000_000 - secrets.randbelow(900_000_000)
        self.bot = self.add_bot(token, username, name)

    def add_bot(self, token: str, username: str, name: str) -> Bot:
        """Register a bot, as @BotFather does."""
        bot = self.bots[token] = Bot(token, username, name, self.users)
        return bot

    def user(
        self,
        first_name: str = "Robin",
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
        id: int | None = None,  # noqa: A002, Telegram's own name for it
        bot: Bot | None = None,
    ) -> Person:
        """Make a person who has not met the bot yet."""
        if id is None:
            self._next_user_id += 1
            id = self._next_user_id  # noqa: A001
        user = self.users.setdefault(id, User(id, first_name, last_name, username, language_code))
        person = Person(user, bot or self.bot)
        if person.bot is self.bot:
            self.people[id] = person
        return person

    def group(self, title: str, kind: str = "supergroup") -> Group:
        """Make a group with the bot in it."""
        return Group(self._room(title, kind), self.bot)

    def channel(self, title: str) -> Channel:
        """Make a channel with the bot in it."""
        return Channel(self._room(title, "channel"), self.bot)

    def fail_next(self, method: str, answer: JSON | str, times: int = 1, **where: Any) -> None:
        """Let the next calls of a method (``*``: of any; ``send*``: of all that send) go wrong.

        ``where`` narrows it: ``chat_id`` to a chat, ``words`` to what has them in its text, ``in_topic=True`` to
        what is meant for a topic. A fault that is to stay has many ``times``; ``faults.clear()`` ends it.

        ``answer`` is an error as Telegram would answer it, or one of these names: ``timeout_after_sending``
        (does it, never answers), ``drop`` (does it, drops the connection), ``drop_before`` (drops it and does
        nothing), ``html`` (a 502, does nothing), ``firewall`` (a 403 page that isn't Telegram's, does nothing),
        ``nonsense`` (does it, JSON that isn't Telegram's), ``broken_json`` (does it, half an answer),
        ``lands_elsewhere`` (does it, but in the topic ``elsewhere`` or outside of all).
        """
        self.faults.plan(Fault(method, answer, times, **where))

    def skip(self, seconds: float) -> None:
        """Let flood control behave as if so much time had passed."""
        for gate in self._gates.values():
            gate.skip(seconds)

    async def call(self, token: str, method: str, parameters: JSON) -> JSON:
        """Call a method of the Bot API and get the JSON that Telegram would answer.

        Raises:
            Dropped: a planned fault took the connection away.
            Silent: a planned fault keeps the answer back.
            ValueError: a planned fault made the answer unreadable.
        """
        _, body = await self.reply(token, method, parameters)
        answer: JSON = json.loads(body)
        return answer

    async def reply(self, token: str, method: str, parameters: JSON) -> Reply:
        """The same as ``call``, as HTTP status and body."""
        method = facts.method_called(method) or method
        self.calls.append((method, parameters, time.monotonic()))
        subject = self._subject(token, method, parameters)
        reply = await self._answer(token, subject, method, parameters)
        # Last, so that whoever doesn't wait for the answer has been served all the same.
        if self.latency:
            await asyncio.sleep(self.latency)
        if seconds := retry_after(reply):
            self._gates[token].tell(_patience(method, subject), seconds)
        self.answers.append((method, parameters, reply[0]))
        return reply

    def _subject(self, token: str, method: str, parameters: JSON) -> str:
        """What flood control counts a call for: its chat, or, where there is none, its method."""
        tapped = self.bots[token].tapped(str(parameters.get("callback_query_id"))) if token in self.bots else None
        return str(parameters.get("chat_id") or (tapped.id if tapped else method))

    async def _answer(self, token: str, subject: str, method: str, parameters: JSON) -> Reply:
        try:
            self._gates[token].check_patience(_patience(method, subject), method, parameters)
        except Refusal as refusal:
            whom = "" if subject == method else f" for {subject}"
            self._complain(f"{method} came{whom} before the retry_after that it was told had passed")
            return encoded(refusal.answer())
        fault = self.faults.next_for(method, subject, parameters)
        return await reply_with(fault, lambda **changed: self._perform(token, method, parameters | changed))

    async def _perform(self, token: str, method: str, parameters: JSON) -> JSON:
        try:
            bot = self._bot(token)
            asked = self._read(method, parameters)
            if self.flood_limits:
                self._gates[token].check(method, asked)
            result: Any = METHODS[method](bot, asked)
            return {"ok": True, "result": await result if inspect.isawaitable(result) else result}
        except Refusal as refusal:
            return refusal.answer()

    def _bot(self, token: str) -> Bot:
        if token not in self.bots:
            raise Refusal(401, "Unauthorized")
        return self.bots[token]

    def _read(self, method: str, parameters: JSON) -> JSON:
        if method not in facts.FACTS["methods"]:
            raise Refusal(404, "Not Found")
        if method not in METHODS:
            self._complain(f"{method} was called, which the simulator doesn't do")
            raise bad_request(f"the simulator doesn't do {method}")
        asked, problems = facts.read(method, parameters)
        for problem in problems:
            self._complain(f"{method}: {problem}")
        if problems:
            first = problems[0]
            is_missing = first.words == "is missing" and first.path in _MISSING
            raise bad_request(_MISSING[first.path] if is_missing else str(first))
        return asked

    def _complain(self, words: str) -> None:
        if len(self.complaints) < MOST_COMPLAINTS:
            self.complaints.append(words)

    def _room(self, title: str, kind: str) -> Chat:
        self._next_group_id -= 1
        chat_id = self._next_group_id if kind == "group" else self._next_group_id - 1_000_000_000_000
        chat = self.bot.chats[chat_id] = Chat({"id": chat_id, "type": kind, "title": title})
        return chat


def _patience(method: str, subject: str) -> str:
    """What flood control lets wait with a call: answers to taps say nothing in a chat, and wait by themselves."""
    return f"taps in {subject}" if method == "answerCallbackQuery" else subject
