"""The people in our tests: one consumer, another, an influencer, and one who must see nothing."""

from datetime import UTC, datetime, timedelta
from itertools import count

from database.transactions import fetch, transaction
from models import Chat, Coupon, MessageKind, Peer, Update, User
from services.incoming import inbox, opening, receiving
from services.incoming.inbox import Arrival, Claimed
from services.incoming.placement import AsOf, Incoming
from services.media import details
from services.media.contents import FILES, Content, File
from services.outgoing import due, sending
from services.outgoing.due import Busy, Room
from services.people import people
from services.people.people import Profile
from services.start_parameters import Kind, StartParameter

BOT_ID = 123456
BOT_TOKEN = "123456:the-token-of-a-test"
SECRET_KEY = "a key that the processes of a test share"
ELSEWHERE = 10**12  # transactions that a cluster had seen from which a dump was taken
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

_telegram_message_ids = count(100)
_update_ids = count(1000)


def as_of() -> AsOf:
    """Come after everything that was before."""
    return AsOf(next(_update_ids))


async def maya() -> User:
    """Maya, whose coupons consumers ask about."""
    return await _influencer("inf-maya", "Maya Okafor")


async def outsider() -> User:
    """Ivan, an influencer too, who has chats of his own and must see none of Maya's."""
    return await _influencer("inf-ivan", "Ivan Petrov")


async def coupon(owner: User, title: str = "50% Off Summer Collection", **changes: object) -> Coupon:
    """Make a coupon that can be used now, unless ``changes`` say otherwise."""
    values: dict[str, object] = {
        "id": title.lower().replace(" ", "-").replace("%", ""),
        "title": title,
    } | changes
    return await Coupon.create(influencer=owner, **values)


async def peer(telegram_user_id: int = 7001, name: str = "Ada Lovelace") -> Peer:
    """Get the peer to a consumer; two numbers are two consumers."""
    async with transaction():
        return await people.meet(BOT_ID, telegram_user_id, Profile(telegram_user_id, name, None, "en"))


async def chat(about: Coupon, peer_: Peer) -> Chat:
    """Open the consumer's chat about a coupon."""
    async with transaction():
        return (await opening.by_link(link_to(about), peer_, datetime.now(UTC), as_of())).chat


def link_to(about: Coupon) -> StartParameter:
    """Name a coupon as its deep link does."""
    return StartParameter(Kind.COUPON_ID, about.id)


def content(kind: str, facts: object = None) -> Content:
    """Make what a message of a kind holds, of facts by the names under which they are stored."""
    read = MessageKind(kind)
    if read not in FILES:
        return Content(read, details.of_stored(read, facts))
    return Content(read, files=(details.made_of_stored(File, facts),) if isinstance(facts, dict) else ())


def incoming(text: str, **changes: object) -> Incoming:
    """Write a message as Telegram tells it: now, to the second, with the next message id."""
    at = datetime.now(UTC).replace(microsecond=0)
    values: dict[str, object] = {"telegram_message_id": next(_telegram_message_ids), "sent_at": at}
    values |= {"as_of": as_of()} | changes
    return Incoming(text=text, **values)  # type: ignore[arg-type]


async def says(peer_: Peer, text: str, **changes: object) -> object:
    """Let a consumer write something."""
    async with transaction():
        return await receiving.receive(await Peer.get(id=peer_.id), incoming(text, **changes))


async def next_step_if_due(peer_: Peer) -> sending.Step | None:
    """Let the peer's next delivery begin, if it is due."""
    others = await Peer.exclude(id=peer_.id).values_list("id", flat=True)
    found = await due.begin(peer_.bot_id, Room(1, 1, 0), Busy(others), sending.lease())
    return found.steps[0] if found.steps else None


async def arrives(update_id: int, telegram_user_id: int = 0, payload: str = "{}") -> Claimed:
    """Take an update in, and describe it as whoever handles it sees it."""
    arrival = Arrival(update_id, str(update_id), telegram_user_id, payload, datetime.now(UTC))
    assert await inbox.receive(BOT_ID, [arrival]) == [arrival]
    row = await Update.get(bot_id=BOT_ID, update_id=update_id)
    return Claimed(row.id, update_id, telegram_user_id, payload, row.received_at, has_more=False)


async def next_step(peer_: Peer) -> sending.Step:
    """Begin the peer's next delivery, which must be due."""
    step = await next_step_if_due(peer_)
    assert step is not None
    return step


def in_days(days: float) -> datetime:
    """Name a moment that many days from now."""
    return datetime.now(UTC) + timedelta(days=days)


async def _influencer(id_: str, name: str) -> User:
    user, _ = await User.get_or_create(id=id_, defaults={"name": name, "is_influencer": True})
    return user


async def restored_elsewhere() -> None:
    """Leave everything as a dump of a much older cluster would."""
    async with transaction():
        await fetch("SET LOCAL session_replication_role = replica")  # no trigger looks
        for table in ("Chats", "Messages"):
            await fetch(f'UPDATE "{table}" SET revision = revision + {ELSEWHERE}')
