"""Carries updates to a bot's webhook, as the real server does (Bot API: setWebhook).

What is said in one chat goes strictly in order, the next only after a 2xx; a pressed button, a changed
membership or a reaction travels on a lane of its own and may overtake.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain, repeat

import aiohttp

from simulator.bots import Bot, Trouble, Webhook
from simulator.refusals import JSON

Lane = tuple[str, int]

# The real server begins at once and doubles up to a minute or two; nobody wants to wait for that here.
DELAYS = (0.05, 0.1, 0.2, 0.5, 1.0)
ANSWER_WITHIN = aiohttp.ClientTimeout(total=60)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105, a header's name


class Courier:
    """One bot's courier; ``delays`` are the seconds between attempts, the last one for ever."""

    def __init__(self, bot: Bot, session: aiohttp.ClientSession, delays: Sequence[float] = DELAYS) -> None:
        self._bot = bot
        self._session = session
        self._delays = delays

    async def run(self) -> None:
        """Carry updates whenever there is a webhook, until cancelled."""
        while True:
            webhook = self._bot.webhook
            if webhook.url:
                await _Round(self._bot, self._session, self._delays, webhook).run()
            else:
                await self._bot.updates.arrived.wait()


class _Round:
    """The time between setting a webhook and changing it."""

    def __init__(self, bot: Bot, session: aiohttp.ClientSession, delays: Sequence[float], webhook: Webhook) -> None:
        self._bot = bot
        self._session = session
        self._delays = delays
        self._webhook = webhook
        self._newest = 0
        self._lanes: dict[Lane, deque[JSON]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._hands = asyncio.Semaphore(webhook.max_connections)

    async def run(self) -> None:
        try:
            while self._bot.webhook is self._webhook:
                for update in self._bot.updates.newer_than(self._newest):
                    self._take(update)
                await self._bot.updates.arrived.wait()
        finally:
            await self._drop_everything()

    def _take(self, update: JSON) -> None:
        self._newest = update["update_id"]
        lane = _lane(update)
        if lane in self._lanes:
            self._lanes[lane].append(update)
            return
        self._lanes[lane] = deque([update])
        task = asyncio.create_task(self._walk(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _walk(self, lane: Lane) -> None:
        waiting = self._lanes[lane]
        while waiting:
            await self._deliver(waiting[0])
            waiting.popleft()
        del self._lanes[lane]

    async def _deliver(self, update: JSON) -> None:
        for delay in self._pauses():
            retry_after = await self._attempt(update)
            if retry_after is None:
                self._bot.updates.acknowledge(update["update_id"])
                return
            await asyncio.sleep(retry_after or delay)

    def _pauses(self) -> Iterator[float]:
        return chain(self._delays, repeat(self._delays[-1]))

    async def _attempt(self, update: JSON) -> float | None:
        """Knock once; answers None when it was taken, else the seconds that the bot asks to wait (0: any)."""
        secret = self._webhook.secret_token
        headers = {SECRET_HEADER: secret} if secret else {}
        try:
            async with (
                self._hands,
                self._session.post(
                    self._webhook.url, json=update, headers=headers, timeout=ANSWER_WITHIN, allow_redirects=False
                ) as answer,
            ):
                return self._judged(answer)
        except (aiohttp.ClientError, TimeoutError) as error:
            self._note("Read timeout expired" if isinstance(error, TimeoutError) else "Connection refused")
            return 0

    def _judged(self, answer: aiohttp.ClientResponse) -> float | None:
        if 200 <= answer.status < 300:
            return None
        self._note(f"Wrong response from the webhook: {answer.status} {answer.reason}")
        retry_after = answer.headers.get("Retry-After", "")
        return float(retry_after) if retry_after.isdigit() else 0

    def _note(self, message: str) -> None:
        self._bot.trouble = Trouble(message, int(time.time()))

    async def _drop_everything(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _lane(update: JSON) -> Lane:
    kind = next(name for name in update if name != "update_id")
    content = update[kind]
    if kind in {"message", "edited_message", "channel_post", "edited_channel_post"}:
        return "chat", int(content["chat"]["id"])
    sender: JSON = content.get("from") or content.get("user") or {"id": update["update_id"]}
    return kind, int(sender["id"])
