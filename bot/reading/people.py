"""Who somebody is."""

import re

from telegram import User

from bot.reading.values import clean
from services.people.people import Profile

LANGUAGE = re.compile(r"[A-Za-z0-9_-]{1,35}")


def profile_of(user: User) -> Profile:
    """Read who somebody is; a name may be empty, a last name missing."""
    name = " ".join(part for part in (user.first_name, user.last_name) if part)
    username = clean(user.username) if user.username else None
    return Profile(user.id, clean(name).strip(), username, language_of(user.language_code))


def language_of(code: object) -> str | None:
    """Read the language of somebody's Telegram, an IETF tag; what can't be one is none."""
    return code if isinstance(code, str) and LANGUAGE.fullmatch(code) else None
