"""Single-use links and sessions: how an influencer comes in, and is let out."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from models import AccessLink, Purpose, Session, User
from services import live
from services.database import transaction
from services.errors import LinkSpent

SIGNIN_LINK_LIFE = timedelta(minutes=10)
INVITATION_LIFE = timedelta(days=7)
SESSION_LIFE = timedelta(days=30)
SESSION_SLIDES_EVERY = timedelta(hours=12)  # so that reading is not always writing


class Keyring:
    """Makes tokens and knows them again, keeping only what a thief of the database can't use."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def fingerprint(self, token: str) -> str:
        """Give what is kept of a token."""
        return hmac.new(self._secret, token.encode(errors="replace"), hashlib.sha256).hexdigest()

    def derived(self, purpose: str) -> str:
        """Give a secret that every process derives alike."""
        return self.fingerprint(f"derived for {purpose}")


async def make_link(keyring: Keyring, influencer: User, purpose: Purpose) -> str:
    """Make the token of a single-use link for an influencer."""
    token = secrets.token_urlsafe(24)
    life = SIGNIN_LINK_LIFE if purpose is Purpose.SIGNIN else INVITATION_LIFE
    await AccessLink.create(
        id=keyring.fingerprint(token),
        purpose=purpose,
        user_id=influencer.id,
        expires_at=datetime.now(UTC) + life,
    )
    return token


async def owner_of_link(keyring: Keyring, token: str, purpose: Purpose) -> User:
    """See whose link this is, without using it.

    Raises:
        LinkSpent: nobody's any more.
    """
    link = await AccessLink.get_or_none(
        id=keyring.fingerprint(token), purpose=purpose, used_at=None, expires_at__gt=datetime.now(UTC)
    ).select_related("user")
    if link is None:
        raise LinkSpent
    return link.user


async def use_link(keyring: Keyring, token: str, purpose: Purpose) -> User:
    """Use a link up; of two who do so at once, one gets in.

    Raises:
        LinkSpent: it was used, has run out, or never was.
    """
    moment = datetime.now(UTC)
    link_id = keyring.fingerprint(token)
    used = await AccessLink.filter(id=link_id, purpose=purpose, used_at=None, expires_at__gt=moment).update(
        used_at=moment
    )
    if not used:
        raise LinkSpent
    return (await AccessLink.get(id=link_id).select_related("user")).user


async def begin_session(keyring: Keyring, influencer_id: str) -> str:
    """Sign a browser in and give the key that it keeps."""
    key = secrets.token_urlsafe(32)
    await Session.create(
        id=keyring.fingerprint(key), user_id=influencer_id, expires_at=datetime.now(UTC) + SESSION_LIFE
    )
    return key


async def session_of(keyring: Keyring, key: str) -> Session | None:
    """Get the session that a browser's key opens, if it still does."""
    return await Session.get_or_none(id=keyring.fingerprint(key), expires_at__gt=datetime.now(UTC)).select_related(
        "user"
    )


async def slide(session: Session) -> bool:
    """Let a session that is used live on; say whether its cookie should, too."""
    expires_at = datetime.now(UTC) + SESSION_LIFE
    if expires_at - session.expires_at < SESSION_SLIDES_EVERY:
        return False
    await Session.filter(id=session.id).update(expires_at=expires_at)
    return True


async def end_session(keyring: Keyring, key: str) -> None:
    """Sign a browser out; whatever still streams to it is told to look again."""
    async with transaction() as tell:
        session = await Session.get_or_none(id=keyring.fingerprint(key))
        if session is not None:
            await session.delete()
            tell(live.influencer(session.user_id))


async def forget_the_expired() -> None:
    """Delete links and sessions that nobody can use any more."""
    moment = datetime.now(UTC)
    await AccessLink.filter(expires_at__lt=moment).delete()
    await Session.filter(expires_at__lt=moment).delete()
