"""A file of coupons: records in, checked rows out."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from html.entities import html5
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urlsplit

from services.coupons.records import BadRow, BadValue, Number, Record, Records, Unreadable, kind, shown
from services.text.characters import invisible_in, is_blank, trimmed

COLUMNS = (
    "coupon_id",
    "title",
    "description",
    "influencer_id",
    "influencer_name",
    "influencer_email",
    "image_url",
    "starts_at",
    "expires_at",
    "is_active",
    "code",
    "url",
)
REQUIRED = ("coupon_id", "title", "influencer_id")
IDS = ("coupon_id", "influencer_id")
WHOLE_NUMBERS = (*IDS, "code")  # columns where such a number may stand for its digits
NUMBERED = (*WHOLE_NUMBERS, "is_active")  # columns where JSON may have a number
PROSE = ("title", "description", "influencer_name")  # columns that people read

MAX_ID = 255
MAX_TITLE = 500
MAX_DESCRIPTION = 4000
MAX_NAME = 255
MAX_EMAIL = 320
MAX_URL = 2000
MAX_CODE = 256  # Bot API: CopyTextButton

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")  # and halves of surrogate pairs
LINE_BREAK = re.compile(r"[\t\n\r]")
LINE_END = re.compile(r"\r\n?")
WHOLE = re.compile(r"-?\d+", re.ASCII)
SHORTENED = re.compile(r"[+-]?(\d+[.,]\d*E[+-]?|\d+E\+)\d+", re.ASCII | re.IGNORECASE)
ENTITY = re.compile(r"&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.ASCII | re.IGNORECASE)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(DAY.pattern + r"([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?", re.ASCII)
LATEST = datetime.max.replace(tzinfo=UTC)
SWITCH = {"": True, "true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Row(NamedTuple):
    """A coupon as one record tells it: ``None`` is what it does not speak of, and "" is what it clears."""

    line: int
    coupon_id: str
    title: str
    influencer_id: str
    influencer_name: str | None = None
    influencer_email: str | None = None
    description: str | None = None
    image_url: str | None = None
    starts_at: str | None = None
    expires_at: str | None = None
    is_active: bool | None = None
    code: str | None = None
    url: str | None = None


class CouponFile:
    """A file while it is being read: ``byte_count`` says how far, ``unreadable`` where and why it had to end."""

    def __init__(self, source: BinaryIO) -> None:
        self.unreadable: BadRow | None = None
        self._records = Records(source, COLUMNS, REQUIRED)

    @property
    def byte_count(self) -> int:
        """Count the bytes that were read so far."""
        return self._records.byte_count

    def rows(self) -> Iterator[Row | BadRow]:
        """Give every record in its order, as a row or with what is wrong with it.

        It ends early where the file is empty, not UTF-8, has a wrong header, or is of no kind that we know.
        """
        try:
            yield from map(_row, self._records.read())
        except Unreadable as error:
            self.unreadable = error.row


def _row(record: Record) -> Row | BadRow:
    line, values = record
    if isinstance(values, BadValue):
        return BadRow(line, str(values))
    try:
        return _checked(line, values)
    except BadValue as error:
        return BadRow(line, str(error), _coupon_id(values))


def _coupon_id(values: Mapping[str, Any]) -> str | None:
    """Say which coupon a bad record is about, where that is certain."""
    try:
        return str(_value("coupon_id", values.get("coupon_id")))
    except BadValue:
        return None


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Number) and name not in NUMBERED:
        raise BadValue(f"{name} is a number, and must be a string")
    if isinstance(value, Number) and name in WHOLE_NUMBERS and not WHOLE.fullmatch(value):
        raise BadValue(f"{name} is a number that is not whole, {shown(value)}, and must be a string in quotes")
    if isinstance(value, bool) and name == "is_active":
        return str(value)
    if not isinstance(value, str):
        raise BadValue(f"{name} is {kind(value)}, and must be a string")
    return value


def _checked(line: int, values: Mapping[str, Any]) -> Row:
    row = Row(line, **{name: _value(name, value) for name, value in {**MISSING, **values}.items()})
    if row.starts_at and row.expires_at and row.expires_at <= row.starts_at:
        raise BadValue("expires_at is not after starts_at")
    return row


def _value(name: str, value: object) -> Any:
    text = _text(name, value)
    if name in PROSE:
        text = ENTITY.sub(_character, text)
    if CONTROL.search(text):
        raise BadValue(f"{name} contains a control character: {shown(text)}")
    try:
        return CHECKS[name](_stripped(text) if name in PROSE else trimmed(text))
    except BadValue as error:
        raise BadValue(f"{name} {error}") from None


def _character(entity: re.Match[str]) -> str:
    """Give what an entity of HTML stands for; what only looks like one stays."""
    is_known = entity[1].startswith("#") or f"{entity[1]};" in html5
    return html.unescape(entity[0]) if is_known else entity[0]


def _stripped(text: str) -> str:
    return "" if is_blank(text) else text.strip()


def _id(value: str) -> str:
    return _present(_bounded(_exact(value, "id"), MAX_ID))


def _code(value: str) -> str:
    return _bounded(_exact(value, "code"), MAX_CODE)


def _exact(value: str, what: str) -> str:
    """Give what is right to the letter, or else none at all."""
    if LINE_BREAK.search(value):
        raise BadValue(f"contains a control character: {shown(value)}")
    if hidden := invisible_in(value):
        where = f"U+{ord(hidden[0]):04X} behind {shown(value[: hidden.start()])}"
        raise BadValue(f"contains a character that can't be seen, {where}: type the {what} anew")
    if SHORTENED.fullmatch(value):
        raise BadValue(
            f"{shown(value)} is not the {what}, but a number that a spreadsheet has shortened: "
            f"format the column as text, fill in the {what}s anew, and export it again"
        )
    return value


def _title(value: str) -> str:
    return _present(_one_line(value, MAX_TITLE))


def _name(value: str) -> str:
    return _one_line(value, MAX_NAME)


def _description(value: str) -> str:
    return _bounded(LINE_END.sub("\n", value), MAX_DESCRIPTION)


def _email(value: str) -> str:
    if value and not EMAIL.fullmatch(value):
        raise BadValue(f"{shown(value)} is not an e-mail address")
    return _bounded(value, MAX_EMAIL)


def _image_url(value: str) -> str:
    return _web_address(value, "https://example.com/picture.png")


def _url(value: str) -> str:
    return _web_address(value, "https://example.com/summer")


def _web_address(value: str, example: str) -> str:
    if value and not _is_web_address(value):
        raise BadValue(f"{shown(value)} is not a web address like {example}")
    return _bounded(value, MAX_URL)


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and len(value.split()) == 1
    except ValueError:
        return False


def _starts_at(value: str) -> str:
    return _moment(value, timedelta())


def _expires_at(value: str) -> str:
    """A coupon that expires on a day is good until that day is over."""
    return _moment(value, timedelta(days=1))


def _moment(value: str, into_the_day: timedelta) -> str:
    """Give a moment in UTC, written so that the texts sort as the moments do."""
    if not value:
        return ""
    try:
        moment = _utc(value.upper())
    except (ValueError, OverflowError):
        raise BadValue(f"{shown(value)} is not a date like 2026-12-31 or 2026-12-31T23:59:59Z") from None
    if DAY.fullmatch(value):
        moment += min(into_the_day, LATEST - moment)
    return moment.isoformat(timespec="microseconds")


def _utc(value: str) -> datetime:
    if not MOMENT.fullmatch(value):
        raise ValueError(value)  # fromisoformat would take a week's number and more
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _is_active(value: str) -> bool:
    try:
        return SWITCH[value.lower()]
    except KeyError:
        raise BadValue(f"{shown(value)} is none of true, false, yes, no, 1, 0") from None


def _one_line(value: str, most: int) -> str:
    return _bounded(" ".join(value.split()), most)


def _bounded(value: str, most: int) -> str:
    if len(value) > most:
        raise BadValue(f"has {len(value)} characters, and may have {most}")
    return value


def _present(value: str) -> str:
    if is_blank(value):
        raise BadValue("is missing")
    return value


CHECKS: Mapping[str, Callable[[str], str | bool]] = {
    "coupon_id": _id,
    "title": _title,
    "influencer_id": _id,
    "influencer_name": _name,
    "influencer_email": _email,
    "description": _description,
    "image_url": _image_url,
    "starts_at": _starts_at,
    "expires_at": _expires_at,
    "is_active": _is_active,
    "code": _code,
    "url": _url,
}
MISSING = dict.fromkeys(REQUIRED, "")
