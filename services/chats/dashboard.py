"""What an influencer sees: their chats, the one with the newest message first."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from database.transactions import fetch
from models import Attachment, Coupon
from services.media import attachments, details
from services.media.contents import FILES, Content, file_of, kind_named
from services.media.summaries import Summary, summary

PAGE_SIZE = 30
_BEGINNING = 16  # letters and digits of a title; those that have them in common may look the same

_SELECT_ROWS = """
    SELECT c.id, c."couponId" AS coupon_id, p.title, c."consumerId" AS consumer_id,
           u.name AS consumer_name, u.username AS consumer_username,
           c."updatedAt" AS updated_at, c.revision, COALESCE(m.timestamp, c."createdAt") AS last_at,
           m.id AS message_id, m.kind, m.details, m."forwardedFrom" AS forwarded_from, m.text AS last_text,
           m."senderId" = c."influencerId" AS is_own, m."deletedAt" IS NOT NULL AS is_deleted,
           m."deliveryState" AS delivery_state,
           (SELECT count(*) FROM "Messages" n WHERE n."chatId" = c.id AND NOT n."isRead"
            AND n."senderId" <> c."influencerId") AS unread_count
    FROM "Chats" c JOIN "Coupons" p ON p.id = c."couponId" JOIN "Users" u ON u.id = c."consumerId"
    LEFT JOIN "Messages" m ON m.id = c."lastMessageId"
    WHERE c."influencerId" = $1
"""
_NEWEST_FIRST = """ORDER BY c."updatedAt" DESC, c.id DESC"""

_HAS_UNREAD = """EXISTS (SELECT 1 FROM "Messages" n WHERE n."chatId" = c.id AND NOT n."isRead"
                 AND n."senderId" <> c."influencerId")"""


@dataclass(frozen=True)
class Filter:
    """Which of the chats: about one coupon, or only those with something unread."""

    coupon_id: str | None = None
    is_unread: bool = False

    def lets_through(self, row: "Row") -> bool:
        """Say of a row what ``rows`` asks the database."""
        return self.coupon_id in (None, row.coupon_id) and (not self.is_unread or row.unread_count > 0)


@dataclass(frozen=True)
class Row:
    """One chat in the list, with its last message."""

    id: str
    coupon_id: str
    title: str
    consumer_id: str
    consumer_name: str
    consumer_username: str | None
    updated_at: datetime
    revision: int
    last_at: datetime
    last_text: str | None
    last_summary: Summary | None  # of what its last message holds beside that; none: nobody has said anything
    is_own: bool | None
    is_deleted: bool
    delivery_state: str | None
    unread_count: int

    @property
    def key(self) -> str:
        """Its place in the list, for the page that comes after it."""
        return f"{self.updated_at:%Y-%m-%dT%H:%M:%S.%f}~{self.id}"


async def rows(influencer_id: str, only: Filter, after: str | None = None, limit: int = PAGE_SIZE) -> list[Row]:
    """List an influencer's chats, newest message first; ``after`` is the key of the last row seen.

    Raises:
        ValueError: ``after`` is no key.
    """
    conditions, values = _conditions(only, [influencer_id])
    if after:
        values += _place(after)
        conditions.append(f'(c."updatedAt", c.id) < (${len(values) - 1}, ${len(values)})')
    values.append(limit)
    where = "".join(f" AND {condition}" for condition in conditions)
    query = f"{_SELECT_ROWS}{where} {_NEWEST_FIRST} LIMIT ${len(values)}"
    return await _rows(query, *values)


async def unread_count(influencer_id: str) -> int:
    """Count the chats in which something is unread."""
    counted = await fetch(
        f'SELECT count(*) FROM "Chats" c WHERE c."influencerId" = $1 AND {_HAS_UNREAD}',  # noqa: S608
        influencer_id,
    )
    return int(counted[0]["count"])


@dataclass(frozen=True)
class CouponChoice:
    """A coupon that the list can be narrowed to."""

    id: str
    title: str


async def coupon_choices(influencer_id: str) -> list[CouponChoice]:
    """List the coupons that an influencer has chats about."""
    found = await fetch(
        """SELECT p.id, p.title FROM "Coupons" p WHERE EXISTS (
               SELECT 1 FROM "Chats" c WHERE c."couponId" = p.id AND c."influencerId" = $1)
           ORDER BY lower(p.title), p.id LIMIT 200""",
        influencer_id,
    )
    return [CouponChoice(**row) for row in found]


async def coupons_alike(influencer_id: str, coupon_ids: Iterable[str]) -> list[Coupon]:
    """Get the coupons of an influencer's chats whose titles begin alike, where one of these is among them."""
    found = await fetch(
        """WITH all_of_theirs AS (
               SELECT p.id, left(lower(regexp_replace(p.title, '[^[:alnum:]]', '', 'g')), $3) AS beginning
               FROM "Coupons" p
               WHERE p.id IN (SELECT c."couponId" FROM "Chats" c WHERE c."influencerId" = $1))
           SELECT t.id FROM all_of_theirs t JOIN (
               SELECT beginning FROM all_of_theirs GROUP BY beginning
               HAVING count(*) > 1 AND bool_or(id = ANY($2))) AS alike USING (beginning)""",
        influencer_id,
        list(coupon_ids),
        _BEGINNING,
    )
    return await Coupon.filter(id__in=[row["id"] for row in found]).order_by("id") if found else []


async def rows_of(influencer_id: str, chat_ids: Collection[str]) -> list[Row]:
    """List those of these chats that are an influencer's, the newest first."""
    query = f"{_SELECT_ROWS} AND c.id = ANY($2) {_NEWEST_FIRST}"
    return await _rows(query, influencer_id, list(chat_ids)) if chat_ids else []


def _conditions(only: Filter, values: list[Any]) -> tuple[list[str], list[Any]]:
    conditions = []
    if only.coupon_id:
        values.append(only.coupon_id)
        conditions.append(f'c."couponId" = ${len(values)}')
    if only.is_unread:
        conditions.append(_HAS_UNREAD)
    return conditions, values


def _place(key: str) -> tuple[datetime, str]:
    updated_at, _, chat_id = key.partition("~")
    return datetime.strptime(f"{updated_at}+0000", "%Y-%m-%dT%H:%M:%S.%f%z"), chat_id


async def _rows(query: str, *values: Any) -> list[Row]:
    """Read rows, and the files of their last messages, if there are any."""
    found = await fetch(query, *values)
    files = await attachments.of_messages([row["message_id"] for row in found if row["kind"] in FILES])
    return [_row(row, files) for row in found]


def _row(row: dict[str, Any], files: dict[str, list[Attachment]]) -> Row:
    message_id, kind, content, forwarded_from = (
        row.pop(name) for name in ("message_id", "kind", "details", "forwarded_from")
    )
    if message_id is None:
        return Row(**row, last_summary=None)
    kind = kind_named(kind)
    read = details.of_stored(kind, json.loads(content) if content else None)
    held = Content(kind, read, tuple(map(file_of, files.get(message_id, ()))))
    return Row(**row, last_summary=summary(held, forwarded_from))
