"""How fast Telegram lets a bot speak: kept before Telegram has to say so."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

# Telegram: about 30 messages a second for a bot, and one a second in each chat after a short burst
BOT_RATE, BOT_BURST = 28.0, 4
CHAT_RATE, CHAT_BURST = 1.0, 3
ROUNDING = 1e-6  # of a call: times are floating-point numbers


@dataclass(frozen=True)
class Limit:
    """So many calls a second, and so many at once after a silence."""

    rate: float
    burst: float


UNLIMITED = Limit(math.inf, math.inf)


class Pace:
    """Counts the calls that begin, and says when the next may: the bot's, and each peer's."""

    def __init__(
        self, bot: Limit | None = None, peer: Limit | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._bot = Bucket(bot or Limit(BOT_RATE, BOT_BURST))
        self._limit = peer or Limit(CHAT_RATE, CHAT_BURST)
        self._peers: dict[str, Bucket] = {}
        self.now = now

    def take(self, peer_id: str) -> None:
        """Count a call that begins."""
        now = self.now()
        self._bot.take(now)
        self._peers.setdefault(peer_id, Bucket(self._limit)).take(now)

    def free(self) -> float:
        """Tell how many calls of the bot's may begin now."""
        return self._bot.free(self.now())

    def seconds(self, peer_id: str | None = None) -> float:
        """Tell after how many seconds the bot's next call may begin, or this peer's."""
        bucket = self._bot if peer_id is None else self._peers.get(peer_id)
        return bucket.seconds(self.now()) if bucket else 0.0

    def waiting(self) -> list[str]:
        """List the peers that have to wait; whoever has been silent for long enough is forgotten."""
        now = self.now()
        self._peers = {peer_id: bucket for peer_id, bucket in self._peers.items() if not bucket.is_full(now)}
        return [peer_id for peer_id, bucket in self._peers.items() if bucket.seconds(now)]


class Bucket:
    """A token bucket, of which nothing is kept but the time when it will be full again."""

    def __init__(self, limit: Limit) -> None:
        self._interval = 1 / limit.rate
        self._burst = limit.burst
        self._full_at = -math.inf

    def take(self, now: float) -> None:
        self._full_at = max(self._full_at, now) + self._interval

    def free(self, now: float) -> float:
        """Count the tokens."""
        return self._tokens(now) + ROUNDING

    def seconds(self, now: float) -> float:
        """Tell after how many seconds there is a token."""
        missing = 1 - self._tokens(now)
        return missing * self._interval if missing > ROUNDING else 0.0

    def is_full(self, now: float) -> bool:
        return self._full_at <= now

    def _tokens(self, now: float) -> float:
        taken = max(self._full_at - now, 0.0) / self._interval if self._interval else 0.0
        return self._burst - taken
