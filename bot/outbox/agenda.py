"""When to look for what is due, and how much may begin then."""

import math
from datetime import datetime

from bot.outbox.pace import Pace
from database import clock
from services.outgoing.due import Look, Room

POLL_INTERVAL = 5.0  # seconds after which the book is read without being told to
LOOK_INTERVAL = 0.05  # seconds between looks for what may only be there, or that somebody else holds
PUT_RIGHT_INTERVAL = 60.0  # seconds
LONGEST_DUE_EVERY = 4  # of so many deliveries one is that which is due longest, whoever has just become due


class Agenda:
    """Knows what the last look has left, and what has ended since.

    Nothing is asked of the database that can't be answered with a delivery that may begin.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._now = pace.now
        self._turn = 0
        self.look_count = 0
        self._looked_at = -math.inf
        self._put_right_at = self._now()
        self._seen_count = 0  # of notifications
        self._has_backlog = False  # more is due than there was room for
        self._is_held = False  # something is due of a peer that somebody else holds
        self._due: set[str] = set()  # peers that are due, and may have to wait for their pace
        self._due_at: datetime | None = None

    def seconds_until_look(self, slots: int, notified_count: int) -> float:
        """Tell after how many seconds a look can find something, unless a notification or an end comes first."""
        since = self._now() - self._looked_at
        room_in = self._pace.seconds() if slots > 0 else POLL_INTERVAL
        seconds = [POLL_INTERVAL - since]
        seconds += [max(room_in, self._pace.seconds(peer_id)) for peer_id in self._due]
        if self._due_at:
            seconds.append((self._due_at - clock.now()).total_seconds())
        if self._has_backlog:
            seconds.append(room_in)
        if notified_count != self._seen_count:
            seconds.append(min(room_in, LOOK_INTERVAL - since))
        if self._is_held:
            seconds.append(LOOK_INTERVAL - since)
        return min(seconds)

    def paced(self) -> list[str]:
        """List the peers that have to wait for their pace."""
        return self._pace.waiting()

    def room(self, slots: int, unordered_slots: int, notified_count: int) -> Room:
        """Begin a look: tell how much may begin now."""
        self.look_count += 1
        self._looked_at, self._seen_count = self._now(), notified_count
        self._due, self._due_at = set(), None
        count = int(min(max(slots, 0), self._pace.free()))
        longest_due = (self._turn + count) // LONGEST_DUE_EVERY - self._turn // LONGEST_DUE_EVERY
        return Room(count, count - longest_due, max(unordered_slots, 0))

    def note(self, found: Look) -> None:
        """End a look."""
        for step in found.steps:
            if step.is_begun and not step.is_unordered:
                self._pace.take(step.peer.id)
                self._turn += 1
        self._has_backlog = found.is_more_due and found.is_room_used
        self._is_held = found.is_more_due and not found.is_room_used
        self._due |= found.paced
        self._note_due_at(found.next_due_at)

    def note_end(self, peer_id: str, due_at: datetime | None) -> None:
        """Note that a delivery has ended, and when its peer's next one is due."""
        if due_at and due_at <= clock.now():
            self._due.add(peer_id)
        else:
            self._note_due_at(due_at)

    def is_to_be_put_right(self) -> bool:
        """Say whether it is time to see that all peers are due as their queues say."""
        is_time = self._now() >= self._put_right_at + PUT_RIGHT_INTERVAL
        if is_time:
            self._put_right_at = self._now()
        return is_time

    def _note_due_at(self, due_at: datetime | None) -> None:
        if due_at:
            self._due_at = min(due_at, self._due_at or due_at)
