"""Letting influencers in, and out."""

from cli.bots import deep_link
from cli.databases import with_database
from cli.terminal import say
from models import Purpose
from services.errors import Refusal
from services.people import access_links, people, sessions
from services.people.keyring import Keyring
from services.people.sessions import SignedOut
from services.start_parameters import Kind, StartParameter
from settings import Settings


def invite(influencer_id: str) -> None:
    """Print a single-use link that ties an influencer's Telegram account, good for seven days."""

    async def url(settings: Settings) -> str:
        return await deep_link(settings, _invitation(settings, influencer_id))

    say(with_database(url))


def sign_in(influencer_id: str) -> None:
    """Print a single-use sign-in link to the panel, good for ten minutes, and nothing else."""

    async def way_in(settings: Settings) -> str:
        if settings.public_url.endswith(":0"):
            raise Refusal("With PORT=0 nobody knows where the panel is: set PUBLIC_URL.")
        token = await _token(settings, influencer_id, Purpose.SIGNIN)
        return f"{settings.public_url}/signin/{token}"

    say(with_database(way_in))


def sign_out(influencer_id: str) -> None:
    """End all of an influencer's sessions in the panel, and the links that nobody has used yet."""

    async def work(_: Settings) -> SignedOut:
        return await sessions.sign_out((await people.influencer(influencer_id)).id)

    ended = with_database(work)
    say(f"{ended.session_count} session(s) and {ended.link_count} link(s) ended.")


async def _invitation(settings: Settings, influencer_id: str) -> StartParameter:
    return StartParameter(Kind.INVITATION, await _token(settings, influencer_id, Purpose.INVITATION))


async def _token(settings: Settings, influencer_id: str, purpose: Purpose) -> str:
    influencer = await people.influencer(influencer_id)
    return await access_links.make_link(Keyring(settings.secret()), influencer, purpose)
