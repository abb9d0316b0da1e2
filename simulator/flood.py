"""Flood control: how fast a bot may speak (https://core.telegram.org/bots/faq, "broadcasting")."""

import math
import time
from dataclasses import dataclass

from simulator.refusals import JSON, Refusal

PER_BOT = 30.0
PER_CHAT = 1.0
BURST_PER_BOT = 30.0
BURST_PER_CHAT = 4.0
_SPEAKING = ("send", "edit", "copy", "forward")
_TOO_MANY_BUCKETS = 10_000


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


class FloodGate:
    """Refuses what comes too fast, for one bot."""

    def __init__(self) -> None:
        self._bot = _Bucket(PER_BOT, BURST_PER_BOT, BURST_PER_BOT, time.monotonic())
        self._chats: dict[str, _Bucket] = {}

    def check(self, method: str, parameters: JSON) -> None:
        """Let a call through and count it.

        Raises:
            Refusal: 429, with the seconds to wait.
        """
        if not method.startswith(_SPEAKING) or "chat_id" not in parameters:
            return
        now = time.monotonic()
        buckets = [self._bot, self._bucket(str(parameters["chat_id"]), now)]
        seconds = max(bucket.lacks(now) for bucket in buckets)
        if seconds > 0:
            retry_after = math.ceil(seconds)
            raise Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
        for bucket in buckets:
            bucket.level -= 1

    def _bucket(self, chat_id: str, now: float) -> _Bucket:
        if len(self._chats) > _TOO_MANY_BUCKETS:
            self._chats = {key: kept for key, kept in self._chats.items() if now - kept.at < BURST_PER_CHAT}
        return self._chats.setdefault(chat_id, _Bucket(PER_CHAT, BURST_PER_CHAT, BURST_PER_CHAT, now))
