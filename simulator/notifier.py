"""Waiting for something to happen, without looking again and again."""

import asyncio


class Notifier:
    """Wakes everybody who waits at the moment it notifies; nobody hears of a past one."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def notify_all(self) -> None:
        """Wake everybody who waits."""
        waiting, self._waiting = self._waiting, set()
        for sleeper in waiting:
            if not sleeper.done():
                sleeper.set_result(None)

    async def wait(self) -> None:
        """Sleep until the next notification."""
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(sleeper)
        try:
            await sleeper
        finally:
            self._waiting.discard(sleeper)
