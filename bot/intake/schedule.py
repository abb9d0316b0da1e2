"""Whose updates are handled next: everybody's turn comes, however much some have sent, and whatever it does."""

import asyncio
import contextlib
import math
from collections import Counter, deque
from enum import Enum, auto

MAX_BATCH = 16  # senders whose updates share a transaction, while more wait than can be handled side by side
RUSH_INTERVAL = 0.25  # seconds after which another worker begins in a rush: the one before may have to wait
LONGEST_BACKOFF = 5.0  # seconds before another try


class _State(Enum):
    READY = auto()
    BUSY = auto()  # something of theirs is being handled
    BUSY_WITH_MORE = auto()  # and something else has come in since
    RESTING = auto()  # it makes no sense to try at once


class Schedule:
    """Senders of whom something waits to be handled, in turn: whoever has more than one goes to the back.

    With whom something has failed share a transaction with nobody, and half of the workers at most: a try may take
    as long as any wait for a lock.
    """

    def __init__(self, worker_count: int) -> None:
        self._worker_count = worker_count
        self._ready: deque[int] = deque()
        self._ready_alone: deque[int] = deque()
        self._states: dict[int, _State] = {}
        self._alone: set[int] = set()
        self._busy_alone: set[int] = set()
        self._backoffs: dict[int, float] = {}
        self._failures: Counter[int] = Counter()
        self._idle_workers = 0
        self._is_rush = False
        self._begun_at = -math.inf
        self._has_news = asyncio.Event()
        self._closed = asyncio.Event()

    def line_up(self, sender: int) -> None:
        """Note that something of a sender's waits."""
        state = self._states.get(sender)
        if state is None:
            self._push(sender)
        elif state is _State.BUSY:
            self._states[sender] = _State.BUSY_WITH_MORE

    async def next(self) -> list[int]:
        """Wait until there is something to handle, and say whose: one sender's, or, if there is much, several's.

        Nobody's, once this is closed.
        """
        self._idle_workers += 1
        try:
            while not self._closed.is_set():
                if chosen := self._chosen():
                    self._states.update(dict.fromkeys(chosen, _State.BUSY))
                    self._begun_at = asyncio.get_running_loop().time()
                    return chosen
                self._has_news.clear()
                await self._has_news.wait()
            return []
        finally:
            self._idle_workers -= 1

    def done(self, sender: int, has_more: bool) -> None:
        """Note that what was being handled is over, and whether something else of theirs waits."""
        self._backoffs.pop(sender, None)
        self._failures.pop(sender, None)
        self._alone.discard(sender)
        self._busy_alone.discard(sender)
        if self._states.pop(sender) is _State.BUSY_WITH_MORE or has_more:
            self._push(sender)

    def split(self, senders: list[int]) -> None:
        """Let each of these be handled alone: together it did not work."""
        self._alone.update(senders)
        for sender in senders:
            self._push(sender)

    def rest(self, sender: int, first_backoff: float) -> None:
        """Let a sender be tried again after a while, each time after a longer one."""
        backoff = self._backoffs.get(sender, first_backoff)
        self._backoffs[sender] = min(backoff * 2, LONGEST_BACKOFF)
        self._alone.add(sender)
        self._busy_alone.discard(sender)
        self._states[sender] = _State.RESTING
        asyncio.get_running_loop().call_later(backoff, self._push, sender)

    def failed(self, sender: int) -> int:
        """Count how often what comes next of a sender's has failed."""
        self._failures[sender] += 1
        return self._failures[sender]

    def throttle(self, is_rush: bool) -> None:
        """Leave the processor to what comes in while there is a rush: workers begin one after another meanwhile."""
        self._is_rush = is_rush
        self._has_news.set()

    async def pause(self, seconds: float) -> None:
        """Wait for so long, or until this is closed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closed.wait()

    def close(self) -> None:
        """Let nothing new begin."""
        self._closed.set()
        self._has_news.set()

    def _chosen(self) -> list[int]:
        if self._is_rush and self._has_just_begun():
            return []
        if self._ready_alone and len(self._busy_alone) < self._worker_count // 2:
            sender = self._ready_alone.popleft()
            self._busy_alone.add(sender)
            return [sender]
        if not self._ready:
            return []
        count = min(MAX_BATCH, 1 + (len(self._ready) - 1) // self._worker_count)
        return [self._ready.popleft() for _ in range(count)]

    def _has_just_begun(self) -> bool:
        is_somebody_busy = self._idle_workers < self._worker_count
        return is_somebody_busy and asyncio.get_running_loop().time() < self._begun_at + RUSH_INTERVAL

    def _push(self, sender: int) -> None:
        self._states[sender] = _State.READY
        ready = self._ready_alone if sender in self._alone else self._ready
        ready.append(sender)
        self._has_news.set()
