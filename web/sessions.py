"""Who is signed in: sessions live in the database, the browser keeps only a key."""

from aiohttp import web
from aiohttp_session import AbstractStorage, Session, get_session, new_session

from models import User
from services.people import keyring, sessions
from web import guard, returning
from web.keys import KEYRING, SIGNED_IN

COOKIE = "couponchat"

_WHO = "influencer_id"


class Sessions(AbstractStorage):
    """Keeps an influencer's sessions in the table of that name."""

    def __init__(self, keyring: keyring.Keyring, *, is_secure: bool) -> None:
        super().__init__(
            cookie_name=guard.cookie_name(COOKIE, is_secure=is_secure),
            max_age=int(sessions.SESSION_LIFE.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=is_secure,
        )
        self._keyring = keyring

    async def load_session(self, request: web.Request) -> Session:
        """Find the session that the browser's key opens; a wrong key opens an empty one."""
        key = self.load_cookie(request)
        found = await sessions.session_of(self._keyring, key) if key else None
        if found is None:
            return await self.new_session()
        request[SIGNED_IN] = found
        return Session(key, data={"session": {_WHO: found.user_id}}, new=False)

    async def save_session(self, request: web.Request, response: web.StreamResponse, session: Session) -> None:
        """Give the browser its key, another one after each sign-in; or take it away."""
        before = self.load_cookie(request)
        if before and before != session.identity:
            await sessions.end_session(self._keyring, before)
        if session.empty:
            if before:
                self._take_away(response)
            return
        life = sessions.life_left(request[SIGNED_IN])
        self.save_cookie(response, str(session.identity), max_age=int(life.total_seconds()))

    def _take_away(self, response: web.StreamResponse) -> None:
        """Take the key from the browser, in the form in which it would take one."""
        kept = self.cookie_params
        response.del_cookie(
            self.cookie_name, secure=kept["secure"], httponly=kept["httponly"], samesite=kept["samesite"]
        )


async def influencer(request: web.Request, *, renews: bool = True) -> User:
    """Name the person who asks; whoever is not signed in is sent to where that is explained.

    The session lives on with use, and so must its cookie, which a stream can't renew.
    """
    session = await get_session(request)
    if session.empty:
        raise await returning.to_signin(request)
    found = request[SIGNED_IN]
    if renews and await sessions.slide(found):
        session.changed()
    return found.user


async def begin(request: web.Request, token: str) -> User:
    """Sign this browser in by a link that works once.

    Raises:
        LinkSpent: it was used, has run out, or never was.
    """
    key, request[SIGNED_IN] = await sessions.enter(request.app[KEYRING], token)
    session = await new_session(request)
    session.set_new_identity(key)
    session[_WHO] = request[SIGNED_IN].user_id
    return request[SIGNED_IN].user


async def end(request: web.Request) -> None:
    """Sign this browser out."""
    await new_session(request)
    (await get_session(request)).invalidate()
