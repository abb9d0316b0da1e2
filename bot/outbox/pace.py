"""How fast Telegram lets a bot speak: kept before Telegram has to say so."""

from collections import OrderedDict

from aiolimiter import AsyncLimiter

# Telegram: about 30 messages a second for a bot, and one a second in each chat after a short burst
BOT_RATE, BOT_BURST = 28.0, 4
CHAT_RATE, CHAT_BURST = 1.0, 3
REMEMBERED = 10_000  # chats; the one that has been silent longest is forgotten first


class Pace:
    """Lets calls through at Telegram's pace."""

    def __init__(self) -> None:
        self._bot = AsyncLimiter(BOT_BURST, BOT_BURST / BOT_RATE)
        self._chats: OrderedDict[str, AsyncLimiter] = OrderedDict()

    async def wait(self, peer_id: str) -> None:
        """Wait for this peer's turn, and then for the bot's."""
        await self._of(peer_id).acquire()
        await self._bot.acquire()

    def _of(self, peer_id: str) -> AsyncLimiter:
        limiter = self._chats.pop(peer_id, None) or AsyncLimiter(CHAT_BURST, CHAT_BURST / CHAT_RATE)
        self._chats[peer_id] = limiter
        if len(self._chats) > REMEMBERED:
            self._chats.popitem(last=False)
        return limiter
