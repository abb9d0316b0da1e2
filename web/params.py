"""What an address or a form asks for, read at the door: what can't be meant is refused here."""

import json
import re
from collections.abc import Mapping

from aiohttp import web

from services.chats.dashboard import Filter
from services.errors import NotFound
from services.outgoing.replies import MAX_REPLY
from services.text import spans
from services.text.spans import Spans

MAX_FORM = 16 * MAX_REPLY  # bytes: nine for a Chinese character in a form, and room to be told that it is too long

_LARGEST_CURSOR = 2**63 - 1
_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")  # of a chat or a message: we make them
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


def path_id(request: web.Request, name: str = "id") -> str:
    """Read an id from the path; what can't be one is as not there."""
    value = id_in(request.match_info, name)
    if value is None:
        raise NotFound
    return value


def path_number(request: web.Request, name: str) -> int:
    """Read a number from the path; what can't be one is as not there."""
    value = request.match_info[name]
    if not (value.isascii() and value.isdecimal() and len(value) < 19):
        raise NotFound
    return int(value)


def id_in(match: Mapping[str, str] | None, name: str = "id") -> str | None:
    """Give the id in a path, if there is anything that can be one; the log is told of no other."""
    value = match.get(name) if match else None
    return value if value and _ID.fullmatch(value) else None


def only(request: web.Request) -> Filter:
    """Read which chats the list is narrowed to."""
    return only_in(request.query)


def only_in(query: Mapping[str, str]) -> Filter:
    """Read it in the query of another address."""
    return Filter(coupon_id=_readable_in(query, "coupon"), is_unread=_readable_in(query, "unread") == "1")


def narrowing(only: Filter) -> dict[str, str]:
    """Say in an address which chats the list is narrowed to."""
    coupon = {"coupon": only.coupon_id} if only.coupon_id else {}
    return {**coupon, "unread": "1"} if only.is_unread else coupon


def after(request: web.Request) -> str | None:
    """Read behind which row the list goes on."""
    return _query(request, "after")


def before(request: web.Request) -> str | None:
    """Read before which message the history goes on."""
    return _optional_id(_query(request, "before"))


def around(request: web.Request) -> str | None:
    """Read in the midst of which messages one is to be shown."""
    return _optional_id(_query(request, "around"))


def answered(request: web.Request) -> str | None:
    """Read which message is to be answered."""
    return _optional_id(_query(request, "reply"))


def edited(request: web.Request) -> str | None:
    """Read which message is to be changed."""
    return _optional_id(_query(request, "edit"))


def moved(request: web.Request) -> str | None:
    """Read which message is to be moved."""
    return _optional_id(_query(request, "move"))


def chat(request: web.Request) -> str | None:
    """Read which chat a tab shows."""
    return _optional_id(_query(request, "chat"))


def since(request: web.Request) -> int | None:
    """Read how far a tab has come: by its last event, or else by its address."""
    value = request.headers.get("Last-Event-ID") or _query(request, "since")
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) < 20 and int(value) <= _LARGEST_CURSOR):
        raise web.HTTPBadRequest
    return int(value)


class Form:
    """What a form says, field by field."""

    def __init__(self, fields: dict[str, str]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        return self._fields.get(name, "")

    @property
    def formatting(self) -> Spans:
        """How the text is formatted, in whose new lines there is nothing but that."""
        value = self._fields.get("formatting")
        if not value:
            return ()
        try:
            return spans.of_json(json.loads(value), self.text("text").replace("\r\n", "\n"))
        except (ValueError, RecursionError) as error:
            raise web.HTTPBadRequest from error

    @property
    def reply_to(self) -> str | None:
        return _optional_id(self._fields.get("reply_to"))

    @property
    def request_id(self) -> str | None:
        value = self._fields.get("request_id")
        if value and not _REQUEST_ID.fullmatch(value):
            raise web.HTTPBadRequest
        return value or None

    @property
    def since(self) -> str | None:
        return _optional_id(self._fields.get("since"))

    @property
    def through(self) -> str | None:
        return _optional_id(self._fields.get("through"))


async def form(request: web.Request) -> Form:
    """Read a form of no more than ``MAX_FORM`` bytes."""
    if (request.content_length or 0) > MAX_FORM:
        raise web.HTTPRequestEntityTooLarge(MAX_FORM, request.content_length or 0)
    try:
        fields = await request.clone(client_max_size=MAX_FORM).post()
    except (ValueError, LookupError, AssertionError) as error:  # an encoding or a multipart that is none
        raise web.HTTPBadRequest from error
    return Form({name: text for name, value in fields.items() if (text := _text(value)) is not None})


def _text(value: object) -> str | None:
    if isinstance(value, web.FileField):
        value.file.close()
    return _readable(value) if isinstance(value, str) else None


def _query(request: web.Request, name: str) -> str | None:
    return _readable_in(request.query, name)


def _readable_in(query: Mapping[str, str], name: str) -> str | None:
    value = query.get(name)
    if value and _readable(value) != value:
        raise web.HTTPBadRequest
    return value or None


def _optional_id(value: str | None) -> str | None:
    if value and not _ID.fullmatch(value):
        raise NotFound
    return value or None


def _readable(value: str) -> str:
    """Leave out what no text of PostgreSQL's can hold: NUL and halves of characters."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
