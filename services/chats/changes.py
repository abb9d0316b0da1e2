"""What has changed in an influencer's chats since a cursor: asked in one statement, for all who look at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from database.transactions import fetch
from models import Message
from services.media import attachments

_CURSOR = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


@dataclass(frozen=True)
class Change:
    """That a chat or a message is new or has changed, and by which transaction."""

    id: str
    revision: int


@dataclass
class Changes:
    """What a look has found; by the chats that were asked about, only as far as they are the influencer's."""

    cursor: int = 0
    chats: list[Change] = field(default_factory=list)
    chat_ids: set[str] = field(default_factory=set)
    messages: defaultdict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))
    moved_away: defaultdict[str, list[Change]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Limit:
    """How many changes of the chats, and of the messages of each, are found at most: those that were made last."""

    count: int
    held_back_count: int  # where somebody looks from a cursor that a long transaction holds back


async def cursor() -> int:
    """Mark this moment: everything that is not visible yet will count as changed since.

    It is the oldest transaction still running, so that one which commits late is not missed.
    """
    found = await fetch(f"SELECT {_CURSOR} AS cursor")
    return int(found[0]["cursor"])


async def since(influencer_id: str, cursors: Iterable[int], chat_ids: Iterable[str], limit: Limit) -> Changes:
    """Find what has changed since the lowest of these cursors, and how far that has come; some may not have.

    It is one statement, and so one snapshot: what it doesn't see counts as changed since its own cursor.
    """
    cursors = list(cursors)
    values = (influencer_id, min(cursors), max(cursors), list(chat_ids), limit.count, limit.held_back_count)
    changes = Changes()
    for row in await fetch(_SINCE, *values):
        change = Change(row["id"], row["revision"])
        match row["kind"]:
            case "cursor":
                changes.cursor = change.revision
            case "open":
                changes.chat_ids.add(change.id)
            case "chat":
                changes.chats.append(change)
            case "message":
                changes.messages[row["chat_id"]].append(change)
            case "moved":
                changes.moved_away[row["chat_id"]].append(change)
    return changes


_LIMIT = f"LIMIT CASE WHEN $3::bigint < {_CURSOR} THEN $5::bigint ELSE $6::bigint END"
_OPEN = """"influencerId" = $1 AND c.id = ANY($4::text[])"""
_SINCE = f"""
    SELECT 'cursor' AS kind, NULL AS chat_id, NULL AS id, {_CURSOR} AS revision
    UNION ALL
    (SELECT 'chat', id, id, revision FROM "Chats" WHERE "influencerId" = $1 AND revision >= $2::bigint
     ORDER BY revision DESC {_LIMIT})
    UNION ALL
    SELECT 'open', c.id, c.id, c.revision FROM "Chats" c WHERE {_OPEN}
    UNION ALL
    SELECT 'message', c.id, m.id, m.revision FROM "Chats" c CROSS JOIN LATERAL (
        SELECT id, revision FROM "Messages" WHERE "chatId" = c.id AND revision >= $2
        ORDER BY revision DESC {_LIMIT}) m
    WHERE {_OPEN}
    UNION ALL
    SELECT 'moved', c.id, m.id, m.revision FROM "Chats" c JOIN "Messages" m ON m."formerChatIds" ? c.id
    WHERE {_OPEN} AND m.revision >= $2 AND m."chatId" <> c.id
"""  # noqa: S608 - constants


async def messages(message_ids: Iterable[str], chat_ids: Iterable[str]) -> list[Message]:
    """Get messages that have changed, as far as they are in these chats, in their order, with their files."""
    found = Message.filter(id__in=list(message_ids), chat_id__in=list(chat_ids))
    return await attachments.load(await found.order_by("position", "id"))
