"""What Telegram is told about where to call with each update."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram.error import TelegramError

from bot.app import Bot, keep_trying, retry_after, try_once
from bot.reading.envelope import ALLOWED_UPDATES
from database import clock
from database.errors import is_fault
from services.incoming import inbox
from services.people.keyring import Keyring

PATH = "/telegram/webhook"
CHECK_INTERVAL = 60.0  # seconds
LATE_AFTER = timedelta(hours=1)

log = structlog.get_logger()


def secret(keyring: Keyring, bot_id: int) -> str:
    """Derive the secret that Telegram shows with each call: every process knows the same."""
    return keyring.derived(f"the webhook of {bot_id}")


class Registration:
    """What Telegram has been told about where to call; taken away or changed by somebody, it is told again."""

    def __init__(self, bot: Bot, public_url: str, keyring: Keyring) -> None:
        self._bot = bot
        self._url = f"{public_url}{PATH}"
        self._keyring = keyring
        self._retry_delay: float | None = None
        self._began_at = clock.now()
        self.complaint: str | None = "The webhook is not set yet."

    async def begin(self) -> None:
        """Register; if Telegram is away, ``run`` insists on it.

        Raises:
            StartupError: Telegram won't have it.
        """
        self._retry_delay = await try_once(self.register)

    async def register(self) -> None:
        """Tell Telegram where to call, and for what; what is pending stays."""
        payload = {
            "url": self._url,
            "secret_token": secret(self._keyring, self._bot.id),
            "allowed_updates": ALLOWED_UPDATES,
            "drop_pending_updates": False,
        }
        await self._bot.call("setWebhook", payload)
        self.complaint = None

    async def run(self) -> None:
        """Look after it for ever.

        Raises:
            StartupError: Telegram won't have it.
        """
        await keep_trying(self.register, self._retry_delay)
        while True:
            pause = CHECK_INTERVAL
            try:
                await self._look()
            except TelegramError as error:
                pause = max(pause, retry_after(error))
                log.warning("webhook.unseen", error=type(error).__name__)
            except Exception as error:
                if not is_fault(error):
                    raise
                log.warning("webhook.unseen", error=type(error).__name__)
            await asyncio.sleep(pause)

    async def _look(self) -> None:
        info = await self._bot.call("getWebhookInfo", {})
        if wrong := faults(info, self._url):
            self.complaint = wrong[0]
            log.warning("webhook.wrong", found=wrong)
            await self.register()
        else:
            heard_at = await inbox.heard_at(self._bot.id) or self._began_at
            # What waited while nobody was here can't have come yet: whoever isn't ready may be sent nothing at all.
            self.complaint = lateness(info.get("pending_update_count", 0), max(heard_at, self._began_at)) or None


def faults(info: dict[str, Any], wanted_url: str) -> list[str]:
    """Say in sentences how what Telegram has been told (Bot API: WebhookInfo) differs from what it should be."""
    wrong = []
    url = info.get("url", "")
    if url != wanted_url:
        # Not its path: by that, other programs know Telegram, as we do by our secret; and this is logged.
        place = f"another address, at {urlsplit(url).hostname}" if url else "nowhere"
        wrong.append(f"The webhook leads to {place}, not to {wanted_url}.")
    elif missing := [kind for kind in ALLOWED_UPDATES if kind not in info.get("allowed_updates", ALLOWED_UPDATES)]:
        wrong.append(f"The webhook is set for other kinds of update, without {', '.join(missing)}.")
    return wrong


def lateness(pending_count: int, heard_at: datetime | None) -> str:
    """Say that updates have waited too long at Telegram, if they have: it tells how many, not since when."""
    if not pending_count or (heard_at and clock.now() - heard_at < LATE_AFTER):
        return ""
    since = f"since {heard_at:%Y-%m-%d %H:%M} UTC" if heard_at else "yet"
    return (
        f"{pending_count} update(s) wait at Telegram, and none was taken in {since}: it forgets them after a day. "
        "Is couponchat running, and reachable from outside?"
    )
