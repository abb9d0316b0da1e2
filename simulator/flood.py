"""Flood control: how fast a bot may speak (https://core.telegram.org/bots/faq, "broadcasting")."""

import math
import time
from dataclasses import dataclass

from simulator.refusals import JSON, Refusal

PER_BOT = 30.0
PER_CHAT = 1.0
BURST_PER_BOT = 30.0
BURST_PER_CHAT = 4.0
IN_FLIGHT = 0.1  # seconds in which calls for other chats arrive that were made before the bot could know
_SPEAKING = ("send", "edit", "copy", "forward")
_TOO_MANY_BUCKETS = 10_000
_EVERYBODY = "everybody"


@dataclass
class _Bucket:
    """Fills up with time and is emptied by calls."""

    rate: float
    size: float
    level: float
    at: float

    def lacks(self, now: float) -> float:
        """Seconds until there is enough for one more call."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (1 - self.level) / self.rate)


@dataclass
class _Wait:
    """What a bot was told: not before then; from when on it knows."""

    since: float
    until: float


class FloodGate:
    """Refuses what comes too fast, for one bot, and remembers whom it was told to leave alone."""

    def __init__(self) -> None:
        self._skipped = 0.0
        self._bot = _Bucket(PER_BOT, BURST_PER_BOT, BURST_PER_BOT, self._now())
        self._chats: dict[str, _Bucket] = {}
        self._waits: dict[str, _Wait] = {}

    def check(self, method: str, parameters: JSON) -> None:
        """Let a call through and count it.

        Raises:
            Refusal: 429, with the seconds to wait.
        """
        if not _speaks(method, parameters):
            return
        now = self._now()
        bucket = self._bucket(str(parameters["chat_id"]), now)
        seconds = max(self._bot.lacks(now), bucket.lacks(now))
        if seconds > 0:
            refusal = _too_many(seconds)
            if self._bot.level < 1:
                self._waits[_EVERYBODY] = _Wait(now + IN_FLIGHT, now + refusal.parameters["retry_after"])
            raise refusal
        self._bot.level -= 1
        bucket.level -= 1

    def tell(self, subject: str, retry_after: int) -> None:
        """Note that the bot knows now how long to leave a subject alone."""
        now = self._now()
        self._waits[subject] = _Wait(now, now + retry_after)

    def check_patience(self, subject: str, method: str, parameters: JSON) -> None:
        """Let a call through unless it comes before the bot was told to come back.

        Raises:
            Refusal: 429, with the seconds that are left.
        """
        now = self._now()
        self._waits = {known: wait for known, wait in self._waits.items() if now < wait.until}
        told = [subject, _EVERYBODY] if _speaks(method, parameters) else [subject]
        left = [wait.until - now for known in told if (wait := self._waits.get(known)) and wait.since <= now]
        if left:
            raise _too_many(max(left))

    def skip(self, seconds: float) -> None:
        """Behave as if so much time had passed."""
        self._skipped += seconds

    def _now(self) -> float:
        return time.monotonic() + self._skipped

    def _bucket(self, chat_id: str, now: float) -> _Bucket:
        if len(self._chats) > _TOO_MANY_BUCKETS:
            self._chats = {key: kept for key, kept in self._chats.items() if now - kept.at < BURST_PER_CHAT}
        return self._chats.setdefault(chat_id, _Bucket(PER_CHAT, BURST_PER_CHAT, BURST_PER_CHAT, now))


def _speaks(method: str, parameters: JSON) -> bool:
    return method.startswith(_SPEAKING) and "chat_id" in parameters


def _too_many(seconds: float) -> Refusal:
    retry_after = math.ceil(seconds)
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
