"""A file of coupons: CSV or JSON Lines in, checked rows out; it is read once, from front to back."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import urlsplit

from services.characters import is_blank

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
)
REQUIRED = ("coupon_id", "title", "influencer_id")
NUMBERED = ("coupon_id", "influencer_id", "is_active")  # columns where JSON may have a number
KNOWN = f"known are {', '.join(COLUMNS)}"
DELIMITERS = ",;\t"

MAX_LINE = 1024 * 1024  # bytes; the longest good row, with every character escaped, has a tenth of it
MAX_ID = 255
MAX_TITLE = 500
MAX_DESCRIPTION = 4000
MAX_NAME = 255
MAX_EMAIL = 320
MAX_URL = 2000

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")  # and halves of surrogate pairs
LINE_BREAK = re.compile(r"[\t\n\r]")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(DAY.pattern + r"([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?", re.ASCII)
LATEST = datetime.max.replace(tzinfo=UTC)
SWITCH = {"": True, "true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Number(str):
    """A number in JSON, as it is written there."""


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


@dataclass(frozen=True)
class BadRow:
    """A record that can't be used: the line where it begins, counted from 1, and why."""

    line: int
    reason: str


class Unreadable(Exception):
    """The file can't be read from this line on, whatever is done with bad rows."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.row = BadRow(line, reason)


class BadValue(ValueError):
    """Why one record can't be used."""


class CouponFile:
    """A file while it is being read: ``byte_count`` says how far, ``unreadable`` where and why it had to end."""

    def __init__(self, source: BinaryIO) -> None:
        self.byte_count = 0
        self.unreadable: BadRow | None = None
        self._line = 0
        self._source = source

    def rows(self) -> Iterator[Row | BadRow]:
        """Give every record in its order, as a row or with what is wrong with it.

        It ends early where the file is empty, not UTF-8, has a wrong header, or is neither CSV nor JSON Lines.
        """
        try:
            yield from self._rows(self._lines())
        except Unreadable as error:
            self.unreadable = error.row

    def _rows(self, lines: Iterator[str]) -> Iterator[Row | BadRow]:
        first = next((line for line in lines if line.strip()), None)
        if first is None:
            raise Unreadable(1, "the file is empty")
        read = self._json_rows if first.lstrip().startswith("{") else self._csv_rows
        return read(first, lines)

    def _lines(self) -> Iterator[str]:
        while raw := self._source.readline(MAX_LINE + 1):
            self._line += 1
            self.byte_count += len(raw)
            if len(raw) > MAX_LINE:
                raise Unreadable(self._line, f"the line is longer than {MAX_LINE} bytes")
            try:
                yield raw.decode("utf-8-sig" if self._line == 1 else "utf-8")
            except UnicodeDecodeError:
                raise Unreadable(self._line, "the file is not UTF-8") from None

    def _json_rows(self, first: str, lines: Iterator[str]) -> Iterator[Row | BadRow]:
        for text in chain([first], lines):
            if text.strip():
                yield _row(self._line, _object, text)

    def _csv_rows(self, first: str, lines: Iterator[str]) -> Iterator[Row | BadRow]:
        records = self._records(first, lines)
        line, names = next(records, (self._line, []))
        header = _header(line, names)

        def values(cells: list[str]) -> dict[str, str]:
            if len(cells) != len(header):
                raise BadValue(f"it has {len(cells)} fields, and the header has {len(header)}")
            return dict(zip(header, cells, strict=True))

        for line, cells in records:
            yield _row(line, values, cells)

    def _records(self, first: str, lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
        """Give the records that are not blank, each with the line where it begins."""
        delimiter = max(DELIMITERS, key=first.count)
        reader = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
        begins = self._line
        try:
            for cells in reader:
                if len(cells) > 1 or "".join(cells).strip():
                    yield begins, cells
                begins = self._line + 1
        except csv.Error as error:
            raise Unreadable(begins, f"this is not CSV, is there a quote too many? ({error})") from None


def _header(line: int, names: list[str]) -> list[str]:
    header = [name.strip() for name in names]
    faults = [f"unknown column {_shown(name)}" for name in header if name not in COLUMNS]
    faults += [f"column {name} is there twice" for name in COLUMNS if header.count(name) > 1]
    faults += [f"column {name} is missing" for name in REQUIRED if name not in header]
    if faults:
        raise Unreadable(line, f"{'; '.join(faults[:5])}; {KNOWN}")
    return header


def _row(line: int, values: Callable[[Any], dict[str, str]], record: Any) -> Row | BadRow:
    try:
        return _checked(line, values(record))
    except BadValue as error:
        return BadRow(line, str(error))


def _object(text: str) -> dict[str, str]:
    """Read a line of JSON; what isn't there is not in the result, and null is empty."""
    try:
        values = DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise BadValue(f"this is not JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise BadValue("this is nested too deeply") from None
    if not isinstance(values, dict):
        raise BadValue(f"this is {_kind(values)}, and must be an object")
    if unknown := [name for name in values if name not in COLUMNS]:
        raise BadValue(f"unknown column {_shown(unknown[0])}; {KNOWN}")
    return {name: _text(name, value) for name, value in values.items()}


def _text(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Number) and name not in NUMBERED:
        raise BadValue(f"{name} is a number, and must be a string")
    if isinstance(value, bool) and name == "is_active":
        return str(value)
    if not isinstance(value, str):
        raise BadValue(f"{name} is {_kind(value)}, and must be a string")
    return value


def _kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", bool: "true or false", str: "a string", Number: "a number"}
    return kinds.get(type(value), "null")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise BadValue("a name is there twice")
    return values


def _no_number(name: str) -> None:
    raise BadValue(f"{name} is not JSON")


def _checked(line: int, values: dict[str, str]) -> Row:
    checked: dict[str, Any] = {}
    for name, value in (MISSING | values).items():
        if CONTROL.search(value):
            raise BadValue(f"{name} contains a control character: {_shown(value)}")
        try:
            checked[name] = CHECKS[name](value.strip())
        except BadValue as error:
            raise BadValue(f"{name} {error}") from None
    row = Row(line, **checked)
    if row.starts_at and row.expires_at and row.expires_at <= row.starts_at:
        raise BadValue("expires_at is not after starts_at")
    return row


def _id(value: str) -> str:
    if LINE_BREAK.search(value):
        raise BadValue(f"contains a control character: {_shown(value)}")
    return _present(_bounded(value, MAX_ID))


def _title(value: str) -> str:
    return _present(_one_line(value, MAX_TITLE))


def _name(value: str) -> str:
    return _one_line(value, MAX_NAME)


def _description(value: str) -> str:
    return _bounded(value.replace("\r\n", "\n"), MAX_DESCRIPTION)


def _email(value: str) -> str:
    if value and not EMAIL.fullmatch(value):
        raise BadValue(f"{_shown(value)} is not an e-mail address")
    return _bounded(value, MAX_EMAIL)


def _image_url(value: str) -> str:
    if value and not _is_web_address(value):
        raise BadValue(f"{_shown(value)} is not a web address like https://example.com/picture.png")
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
        raise BadValue(f"{_shown(value)} is not a date like 2026-12-31 or 2026-12-31T23:59:59Z") from None
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
        raise BadValue(f"{_shown(value)} is none of true, false, yes, no, 1, 0") from None


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


def _shown(value: str) -> str:
    """Quote a value in a reason: its beginning, with nothing in it that a terminal would obey."""
    return repr(value[:40]) + ("…" if len(value) > 40 else "")


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
}
MISSING = dict.fromkeys(REQUIRED, "")
DECODER = json.JSONDecoder(
    object_pairs_hook=_each_once, parse_int=Number, parse_float=Number, parse_constant=_no_number
)
