"""Sessions: influencers' browsers, signed in and out."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from database import clock, rows
from database.transactions import fetch, transaction
from models import AccessLink, Purpose, Session, User
from services import live
from services.people import access_links
from services.people.keyring import Keyring

SESSION_LIFE = timedelta(days=30)  # without being used
SESSION_END = timedelta(days=90)  # however much it is used
SESSION_SLIDES_EVERY = timedelta(hours=12)  # so that reading is not always writing

_IS_GOOD = 's."expiresAt" > $1 AND s."createdAt" > $2'  # a session, as of the moments that ``_moments`` gives


async def enter(keyring: Keyring, token: str) -> tuple[str, Session]:
    """Use a sign-in link up, and begin a session; give the key that the browser keeps, too.

    Whoever is signed out at this very moment is either in before it, and out again, or doesn't come in.

    Raises:
        LinkSpent: it was used, has run out, or never was.
    """
    owner = await access_links.owner_of_link(keyring, token, Purpose.SIGNIN)
    key = secrets.token_urlsafe(32)
    async with transaction():
        await fetch('SELECT id FROM "Users" WHERE id = $1 FOR KEY SHARE', owner.id)
        await access_links.use_link(keyring, token, Purpose.SIGNIN)
        expires_at = clock.now() + SESSION_LIFE
        session = await Session.create(id=keyring.fingerprint(key), user=owner, expires_at=expires_at)
    return key, session


async def session_of(keyring: Keyring, key: str) -> Session | None:
    """Get the session that a browser's key opens, if it still does."""
    found = await fetch(
        f"""SELECT {rows.columns(Session, "s")}, {rows.columns(User, "u")}
            FROM "Sessions" s JOIN "Users" u ON u.id = s."userId" WHERE s.id = $3 AND {_IS_GOOD}""",  # noqa: S608
        *_moments(),
        keyring.fingerprint(key),
    )
    if not found:
        return None
    session = rows.made(Session, found[0], "s")
    session.user = rows.made(User, found[0], "u")
    return session


async def still_good(session_ids: Collection[str]) -> set[str]:
    """Say which of these sessions have not ended."""
    found = await fetch(
        f'SELECT s.id FROM "Sessions" s WHERE s.id = ANY($3) AND {_IS_GOOD}',  # noqa: S608 - a constant
        *_moments(),
        list(session_ids),
    )
    return {row["id"] for row in found}


def _moments() -> tuple[datetime, datetime]:
    """Say after which moments a good session ends, and was begun."""
    moment = clock.now()
    return moment, moment - SESSION_END


def life_left(session: Session) -> timedelta:
    """Tell how long a session lives that is used now, and then no more."""
    return min(SESSION_LIFE, session.created_at + SESSION_END - clock.now())


async def slide(session: Session) -> bool:
    """Let a session that is used live on; say whether its cookie should, too."""
    expires_at = clock.now() + life_left(session)
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


@dataclass(frozen=True)
class SignedOut:
    """What of an influencer's has ended."""

    session_count: int
    link_count: int


async def sign_out(influencer_id: str) -> SignedOut:
    """End all of an influencer's sessions and links that are not used; what still streams is told to look again."""
    moment = clock.now()
    async with transaction() as tell:
        # Whoever comes in right now holds this row; a link that somebody else is using is not unused any more.
        await fetch('SELECT id FROM "Users" WHERE id = $1 FOR UPDATE', influencer_id)
        links = await fetch(
            """DELETE FROM "AccessLinks" WHERE id IN (
                   SELECT id FROM "AccessLinks" WHERE "userId" = $1 AND "usedAt" IS NULL AND "expiresAt" > $2
                   FOR UPDATE SKIP LOCKED) RETURNING id""",
            influencer_id,
            moment,
        )
        session_count = await Session.filter(user_id=influencer_id, expires_at__gt=moment).delete()
        tell(live.influencer(influencer_id))
    return SignedOut(session_count, len(links))


async def forget_the_expired() -> None:
    """Delete links and sessions that nobody can use any more."""
    moment = clock.now()
    await AccessLink.filter(expires_at__lt=moment).delete()
    await Session.filter(expires_at__lt=moment).delete()
