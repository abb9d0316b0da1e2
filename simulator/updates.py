"""What waits for a bot: its updates, fetched by getUpdates or carried to its webhook."""

import asyncio
import secrets
from collections.abc import Iterator
from itertools import islice, takewhile

from simulator.notifier import Notifier
from simulator.refusals import JSON, Refusal, conflict

# Bot API: getUpdates, allowed_updates: everything but these, unless asked for by name.
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL = 50

# The real server keeps updates for a day; here a number bounds the memory.
MOST_PENDING = 200_000


class Updates:
    """The queue of one bot, in order, until each update is acknowledged."""

    def __init__(self) -> None:
        # Telegram begins anywhere, and so a bot that remembers ids never takes a new world for an old one.
        self.next_id = 100_000_000 + secrets.randbelow(800_000_000)
        self.allowed: frozenset[str] = frozenset()
        self.arrived = Notifier()
        self._pending: dict[int, JSON] = {}
        self._poll: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def is_awaited(self) -> bool:
        """Whether a poll waits for updates right now."""
        return self._poll is not None

    def put(self, kind: str, content: JSON) -> None:
        """Queue an update, unless the bot doesn't want to hear of such things."""
        if not self._is_wanted(kind):
            return
        self._pending[self.next_id] = {"update_id": self.next_id, kind: content}
        self.next_id += 1
        if len(self._pending) > MOST_PENDING:
            del self._pending[next(iter(self._pending))]
        self.wake()

    def wake(self) -> None:
        """Let everybody who waits for updates look again."""
        self.arrived.notify_all()
        if self._poll and not self._poll.done():
            self._poll.set_result(None)

    def acknowledge(self, update_id: int) -> None:
        """Forget one update: it was taken."""
        self._pending.pop(update_id, None)

    def drop(self) -> None:
        """Forget everything that waits."""
        self._pending.clear()

    def newer_than(self, update_id: int) -> list[JSON]:
        """What came after an update, oldest first."""
        newest_first = takewhile(lambda known: known > update_id, reversed(self._pending))
        return [self._pending[known] for known in reversed(list(newest_first))]

    async def poll(self, offset: int, limit: int, seconds: float) -> list[JSON]:
        """Acknowledge everything below ``offset`` and answer what is left, waiting for it if need be.

        Raises:
            Refusal: another poll came while this one was waiting.
        """
        self.end_poll(
            conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        )
        self._acknowledge_below(offset)
        if not self._pending and seconds > 0:
            await self._wait(min(seconds, LONGEST_POLL))
        return list(islice(self._pending.values(), limit))

    def end_poll(self, refusal: Refusal) -> None:
        """Cut off whoever waits for updates."""
        if self._poll and not self._poll.done():
            self._poll.set_exception(refusal)
            self._poll = None

    async def _wait(self, seconds: float) -> None:
        waiting = self._poll = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            pass
        finally:
            if self._poll is waiting:
                self._poll = None

    def _acknowledge_below(self, offset: int) -> None:
        for update_id in list(self._ids_below(offset)):
            del self._pending[update_id]

    def _ids_below(self, offset: int) -> Iterator[int]:
        if offset < 0:  # "the last N, and forget everything before"
            return islice(self._pending, max(len(self._pending) + offset, 0))
        return takewhile(lambda update_id: update_id < offset, self._pending)

    def _is_wanted(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ONLY_ON_REQUEST
