"""The chats alone, and the list of them that stands beside every page.

It reads the cursor first, once, since the stream goes on from there; then the list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from models import User
from services.chats import changes, dashboard
from services.chats.dashboard import CouponChoice, Filter, Row
from services.chats.labels import Label
from web import formatting, params
from web.pages.rendering import partial, render


@dataclass(frozen=True)
class ChatList:
    """The pane on the left: an influencer's chats, as far as the address asks for them."""

    rows: list[Row]
    next_key: str | None
    is_continued: bool
    only: Filter
    choices: list[CouponChoice]
    labels: dict[str, Label]
    unread_count: int

    @property
    def narrowing(self) -> dict[str, str]:
        """What an address says to narrow the list in the same way."""
        return params.narrowing(self.only)


async def show(request: web.Request, me: User) -> web.Response:
    """Show the chats alone."""
    cursor = await changes.cursor()
    context = {"me": me, "cursor": cursor, "list": await read(request, me), "chat": None}
    return render(request, "chats/index.html", context)


async def read(request: web.Request, me: User) -> ChatList:
    """Read the list that the address asks for."""
    only, after = params.only(request), params.after(request)
    try:
        rows = await dashboard.rows(me.id, only, after, limit=dashboard.PAGE_SIZE + 1)
    except ValueError as error:  # `after` is no key
        raise web.HTTPBadRequest from error
    shown = rows[: dashboard.PAGE_SIZE]
    choices = await dashboard.coupon_choices(me.id)
    return ChatList(
        rows=shown,
        next_key=shown[-1].key if len(rows) > len(shown) else None,
        is_continued=after is not None,
        only=only,
        choices=choices,
        labels=await labels(me.id, {choice.id for choice in choices} | {row.coupon_id for row in shown}),
        unread_count=await dashboard.unread_count(me.id),
    )


async def labels(influencer_id: str, coupon_ids: Iterable[str]) -> dict[str, Label]:
    """Tell those of an influencer's coupons apart that look the same."""
    return formatting.labels(await dashboard.coupons_alike(influencer_id, coupon_ids))


def row_partial(request: web.Request, row: Row, only: Filter, labels: dict[str, Label]) -> dict[str, Any]:
    """Render a row of the list as the page does, with its place."""
    shown = {"row": row, "labels": labels, "narrowing": params.narrowing(only), "open_id": None}
    html = partial(request, "chats/_chat_row.html", **shown)
    return {"id": row.id, "key": row.key, "unread": row.unread_count, "html": html}
