"""What the application carries with it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web

from models import Session
from services.people.keyring import Keyring

# Raises, or returns a sentence, while something is not ready.
Check = Callable[[], Awaitable[str | None]]

KEYRING = web.AppKey("keyring", Keyring)
PUBLIC_ORIGIN = web.AppKey("public_origin", str)
SAFETY: web.AppKey[Mapping[str, str]] = web.AppKey("safety")  # the headers of every answer, unless it has its own
BOT_USERNAME: web.AppKey[Callable[[], str | None]] = web.AppKey("bot_username")
READINESS: web.AppKey[Sequence[Check]] = web.AppKey("readiness")

SIGNED_IN = web.RequestKey("signed_in", Session)
