"""Single-use links, by which an influencer comes in."""

import secrets
from datetime import timedelta

from database import clock
from models import AccessLink, Purpose, User
from services.errors import LinkSpent
from services.people.keyring import Keyring

SIGNIN_LINK_LIFE = timedelta(minutes=10)
INVITATION_LIFE = timedelta(days=7)


async def make_link(keyring: Keyring, influencer: User, purpose: Purpose, token: str | None = None) -> str:
    """Make the token of a single-use link for an influencer, or let a given one be such."""
    token = token or secrets.token_urlsafe(24)
    life = SIGNIN_LINK_LIFE if purpose is Purpose.SIGNIN else INVITATION_LIFE
    await AccessLink.get_or_create(
        id=keyring.fingerprint(token),
        defaults={"purpose": purpose, "user_id": influencer.id, "expires_at": clock.now() + life},
    )
    return token


async def withdraw(keyring: Keyring, tokens: list[str]) -> None:
    """Let links be of no use that were not used."""
    await AccessLink.filter(id__in=[keyring.fingerprint(token) for token in tokens], used_at=None).delete()


async def owner_of_link(keyring: Keyring, token: str, purpose: Purpose) -> User:
    """See whose link this is, without using it.

    Raises:
        LinkSpent: nobody's any more.
    """
    link = await AccessLink.get_or_none(
        id=keyring.fingerprint(token), purpose=purpose, used_at=None, expires_at__gt=clock.now()
    ).select_related("user")
    if link is None:
        raise LinkSpent
    return link.user


async def use_link(keyring: Keyring, token: str, purpose: Purpose) -> User:
    """Use a link up; of two who do so at once, one gets in.

    Raises:
        LinkSpent: it was used, has run out, or never was.
    """
    moment = clock.now()
    link_id = keyring.fingerprint(token)
    used = await AccessLink.filter(id=link_id, purpose=purpose, used_at=None, expires_at__gt=moment).update(
        used_at=moment
    )
    if not used:
        raise LinkSpent
    return (await AccessLink.get(id=link_id).select_related("user")).user
