"""Pages, put together: what an influencer sees, read in the order in which it stays true."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import aiohttp_jinja2
import jinja2
from aiohttp import web

from database import clock
from models import Chat, Message, User
from services.chats import dashboard, history
from services.chats.dashboard import CouponChoice, Filter, Row
from services.chats.labels import Label
from services.outgoing import replies
from services.people import blocking
from web import formatting, links, params
from web.assets import ASSETS
from web.keys import BOT_USERNAME

TEMPLATES = Path(__file__).parent / "templates"


def setup(app: web.Application) -> None:
    """Make the templates ready."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["static"] = app[ASSETS].address
    environment.globals["bot_username"] = app[BOT_USERNAME]
    environment.globals["formatting"] = formatting
    environment.globals["links"] = links
    environment.globals["max_reply"] = replies.MAX_REPLY


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


@dataclass(frozen=True)
class History:
    """The messages of a chat that a page shows, oldest first."""

    messages: list[Message]
    has_earlier: bool
    is_past: bool
    quotes: dict[str, Message]


async def list_page(request: web.Request, me: User) -> web.Response:
    """Show the chats alone."""
    cursor = await dashboard.cursor()
    context = {"me": me, "cursor": cursor, "list": await chat_list(request, me), "chat": None}
    return render(request, "chats.html", context)


async def chat_page(
    request: web.Request,
    me: User,
    chat: Chat,
    cursor: int,
    shown: History,
    *,
    text: str = "",
    refusal: str | None = None,
    status: int = 200,
) -> web.Response:
    """Show a chat beside the others; after a refusal with the text that was refused."""
    context = {
        "me": me,
        "cursor": cursor,
        "list": await chat_list(request, me),
        "chat": chat,
        "history": shown,
        "text": text,
        "refusal": refusal,
        "request_id": token_hex(16),
        "is_own_trial": chat.consumer.telegram_user_id is None,  # whoever writes to the bot has an account
        "is_blocked": await blocking.has_blocked(chat.consumer_id),
    }
    return render(request, "chat.html", context, status=status)


async def chat_list(request: web.Request, me: User) -> ChatList:
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
        labels=await labels(me, {choice.id for choice in choices} | {row.coupon_id for row in shown}),
        unread_count=await dashboard.unread_count(me.id),
    )


async def labels(me: User, coupon_ids: Iterable[str]) -> dict[str, Label]:
    """Tell those of an influencer's coupons apart that look the same."""
    return formatting.labels(await dashboard.coupons_alike(me.id, coupon_ids))


async def chat_history(chat: Chat, before: Message | None = None) -> History:
    """Read the last messages of a chat, or the last before one of them."""
    found = await history.latest(chat, before, limit=history.HISTORY_PAGE + 1)
    shown = found[-history.HISTORY_PAGE :]
    return History(
        messages=shown,
        has_earlier=len(found) > len(shown),
        is_past=before is not None,
        quotes=await dashboard.quoted(chat, shown),
    )


async def message_partials(request: web.Request, chat: Chat, changed: list[Message]) -> list[dict[str, Any]]:
    """Render messages as the page does, with what the script needs to put them in their places."""
    quotes = await dashboard.quoted(chat, changed)
    return [
        {
            "id": message.id,
            "position": str(message.position),  # beyond what JavaScript counts exactly
            "isOwn": message.sender_id == chat.influencer_id,
            "html": partial(request, "_message.html", message=message, chat=chat, quotes=quotes),
        }
        for message in changed
    ]


def row_partial(request: web.Request, row: Row, only: Filter, labels: dict[str, Label]) -> dict[str, Any]:
    """Render a row of the list as the page does, with its place."""
    shown = {"row": row, "labels": labels, "narrowing": params.narrowing(only), "open_id": None}
    html = partial(request, "_chat_row.html", **shown)
    return {"id": row.id, "key": row.key, "unread": row.unread_count, "html": html}


def render(
    request: web.Request,
    template: str,
    context: dict[str, Any],
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> web.Response:
    """Render a whole page."""
    context = {"now": clock.now(), **context}
    response = aiohttp_jinja2.render_template(template, request, context, status=status)
    response.headers.update(headers or {})
    return response


def partial(request: web.Request, template: str, **context: Any) -> str:
    """Render a piece of a page."""
    return aiohttp_jinja2.render_string(template, request, {"now": clock.now(), **context}).strip()
