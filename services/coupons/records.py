"""A file of records: CSV, JSON Lines or an array of JSON objects in, values by column out.

It is read once, from front to back, and never more of it is held than a record. What is certain is read, however a
spreadsheet or a shop has written it; what isn't is refused by line.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any, BinaryIO, NamedTuple

from services.text.characters import trimmed

DELIMITERS = ",;\t|"
MAX_RECORD = 1024 * 1024  # characters; the longest good one, with every character escaped, has a tenth of it
PIECE = 64 * 1024  # characters that are read at once

_SEPARATORS = dict.fromkeys(map(ord, DELIMITERS + '"'))
_SEP_LINE = re.compile(rf'"?sep=(?P<delimiter>[^\w"\r\n])"?["{DELIMITERS}]*\s*', re.IGNORECASE)
_NOT_OF_NAMES = re.compile(r"[\s_\-\"'“”„‘’]+")
_UNDECODED = re.compile(r"[\udc80-\udcff]")
# What gives JSON its form: brackets, commas, strings and flat objects, whole or begun
_STRING = r'"(?:[^"\\]++|\\.)*+"'
_TOKEN = re.compile(rf'\{{(?:[^"\[\]{{}}]++|{_STRING})*+\}}|{_STRING}|["\[\]{{}},]', re.DOTALL)


class Number(str):
    """A number in JSON, as it is written there."""


@dataclass(frozen=True)
class BadRow:
    """A record that can't be used: the line where it begins, counted from 1, why, and which coupon it is about."""

    line: int
    reason: str
    coupon_id: str | None = None


class Unreadable(Exception):
    """The file can't be read from this line on, whatever is done with bad rows."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.row = BadRow(line, reason)


class BadValue(ValueError):
    """Why one record can't be used."""


class Record(NamedTuple):
    """A record's values by column, or why it has none; JSON has other values than texts."""

    line: int
    values: Mapping[str, Any] | BadValue


def shown(value: str) -> str:
    """Quote a value in a reason: its beginning, with nothing in it that a terminal would obey."""
    return repr(value[:40]) + ("…" if len(value) > 40 else "")


def kind(value: object) -> str:
    """Name the kind of a value in JSON."""
    kinds = {dict: "an object", list: "a list", bool: "true or false", str: "a string", Number: "a number"}
    return kinds.get(type(value), "null")


class Records:
    """A file while it is being read: ``byte_count`` says how far."""

    def __init__(self, source: BinaryIO, columns: Sequence[str], required: Sequence[str]) -> None:
        self._text = _Text(source)
        self._columns = {_plain(name): name for name in columns} | {name: name for name in columns}
        self._required = required
        self._known = f"known are {', '.join(columns)}"

    @property
    def byte_count(self) -> int:
        """Count the bytes that were read so far."""
        return self._text.byte_count

    def read(self) -> Iterator[Record]:
        """Give every record in its order.

        Raises:
            Unreadable: the file is empty, not UTF-8, has a wrong header, or is of no kind that we know.
        """
        try:
            yield from self._read()
        finally:
            self._text.detach()

    def _read(self) -> Iterator[Record]:
        beginning = self._beginning()
        match trimmed(beginning)[0]:
            case "[":
                return self._json_records(self._text.elements(beginning))
            case "{":
                return self._json_records((self._text.line, line) for line in self._text.lines(beginning))
        return self._csv_records(beginning)

    def _beginning(self) -> str:
        """Give the first piece in which there is more than separators."""
        for piece in self._text.pieces():
            if trimmed(piece.translate(_SEPARATORS)):
                return piece
        raise Unreadable(1, "the file is empty")

    def _json_records(self, texts: Iterable[tuple[int, str]]) -> Iterator[Record]:
        for line, text in texts:
            if trimmed(text):
                yield Record(line, _or_why_not(self._named, text))

    def _named(self, text: str) -> dict[str, Any]:
        """Read an object, and call its values as the columns are called."""
        values = _object(text)
        if unknown := [name for name in values if not self._column(name)]:
            raise BadValue(f"unknown column {shown(unknown[0])}; {self._known}")
        named = {self._column(name): value for name, value in values.items()}
        if len(named) < len(values):
            raise BadValue("a name is there twice")
        return named

    def _csv_records(self, beginning: str) -> Iterator[Record]:
        cells = self._cells(beginning)
        line, names = next(cells, (self._text.line, []))
        header = self._header(line, names)
        were_whole = False  # so that only the end of the file can have shortened the last row
        for number, (line, row) in enumerate(cells):
            is_short = len(row) < len(header)
            if is_short and were_whole and not self._text.has_line_ended:
                yield Record(line, BadValue("the file ends in it, is it cut off? If not, end it with a line break"))
            else:
                yield Record(line, _or_why_not(self._by_column, header, row))
            were_whole = not is_short and (were_whole or number == 0)

    def _cells(self, beginning: str) -> Iterator[tuple[int, list[str]]]:
        """Give the rows that are not blank, each with the line where it begins."""
        lines = self._text.lines(beginning)
        first, delimiter = _delimiter(lines)
        begins = self._text.line
        try:
            for cells in csv.reader(chain([first], lines), delimiter=delimiter, strict=True):
                if any(map(trimmed, cells)):
                    yield begins, cells
                begins = self._text.line + 1
        except csv.Error as error:
            raise Unreadable(begins, f"this is not CSV, is there a quote too many? ({error})") from None

    def _header(self, line: int, names: list[str]) -> list[str]:
        """Name each column; one without a name has to be empty."""
        header = [self._column(name) for name in names]
        unknown = [name for name, column in zip(names, header, strict=True) if trimmed(name) and not column]
        faults = [f"unknown column {shown(name)}" for name in unknown]
        faults += [f"column {name} is there twice" for name in _named_twice(header)]
        faults += [f"column {name} is missing" for name in self._required if name not in header]
        if faults:
            raise Unreadable(line, f"{'; '.join(faults[:5])}; {self._known}")
        while not header[-1]:
            del header[-1]
        return header

    def _column(self, name: str) -> str:
        """Know a column by a name in whatever case, with spaces, hyphens, quotes or marks; "" is none."""
        return self._columns.get(name) or self._columns.get(_plain(name), "")

    def _by_column(self, header: list[str], cells: list[str]) -> dict[str, str]:
        """Name the cells; spreadsheets leave out empty ones at the end of a row, or add them there."""
        is_short = any(name in self._required for name in header[len(cells) :])
        if is_short or any(map(trimmed, _nameless(header, cells))):
            raise BadValue(
                f"it has {len(cells)} fields, and the header has {len([*filter(None, header)])}: "
                "is a value with the delimiter in it not in quotes?"
            )
        return {name: cell for name, cell in zip_longest(header, cells, fillvalue="") if name}


class _Text:
    """A text while it is being read, piece by piece; ``line`` is where the piece stands that was read last."""

    def __init__(self, source: BinaryIO) -> None:
        self.byte_count = 0
        self.line = 0
        self._source = io.TextIOWrapper(source, "utf-8-sig", errors="surrogateescape", newline="")
        self._line_end = ""
        self.has_line_ended = True

    def detach(self) -> None:
        """Leave the file as it is: it is not ours to close."""
        self._source.detach()

    def pieces(self) -> Iterator[str]:
        """Give each line, or, of a long one, parts."""
        while piece := self._source.readline(PIECE):
            self.line += self.has_line_ended
            self.has_line_ended = self._ends_line(piece)
            self.byte_count += len(piece if piece.isascii() else piece.encode(errors="surrogateescape"))
            if _UNDECODED.search(piece):
                raise Unreadable(self.line, "the file is not UTF-8: save it again, as CSV UTF-8")
            yield piece

    def lines(self, beginning: str) -> Iterator[str]:
        """Give each line, from the piece on that was read last."""
        line = ""
        for piece in chain([beginning], self.pieces()):
            line += piece
            self._bound(line, "the line")
            if self.has_line_ended:
                yield line
                line = ""
        if line:
            yield line

    def elements(self, beginning: str) -> Iterator[tuple[int, str]]:
        """Give each element of a JSON array as it is written, with the line where it begins."""
        array = _Array()
        for piece in chain([beginning], self.pieces()):
            for element in array.ended_in(piece):
                text = trimmed(element)
                yield self.line - element.lstrip().count(self._line_end or "\n"), text
            self._bound(array.rest, "an element of the array")
            if array.is_over and trimmed(array.rest):
                raise Unreadable(self.line, "there is something after the end of the array")
        if not array.is_over:
            raise Unreadable(self.line, "the array does not end: is the file cut off?")

    def _ends_line(self, piece: str) -> bool:
        """Take a carriage return alone for the end of a line only where the first line ends so."""
        if piece.endswith("\n"):
            self._line_end = self._line_end or "\n"
            return True
        is_return = piece.endswith("\r") and len(piece) < PIECE
        if is_return:
            self._line_end = self._line_end or "\r"
        return is_return and self._line_end == "\r"

    def _bound(self, text: str, what: str) -> None:
        if len(text) > MAX_RECORD:
            raise Unreadable(self.line, f"{what} is longer than {MAX_RECORD} characters")


class _Array:
    """A JSON array that comes in pieces; ``rest`` is what no element has ended in yet."""

    def __init__(self) -> None:
        self.rest = ""
        self.is_over = False
        self._seen_count = 0  # characters of the rest that need not be looked at again
        self._depth = 0

    def ended_in(self, piece: str) -> Iterator[str]:
        """Take in the next piece, and give the elements that it ends."""
        self.rest += piece
        if self.is_over:
            return
        start = 0
        for token in _TOKEN.finditer(self.rest, self._seen_count):
            if token[0] == '"':  # a string that goes on in the next piece
                self._seen_count = token.start()
                break
            if self._is_end(token[0]):
                yield self.rest[start : token.start()]
            if self._depth <= 1 and token[0] in "[,]":
                start = token.end()
            if self.is_over:
                break
        else:
            self._seen_count = len(self.rest)
        self.rest, self._seen_count = self.rest[start:], self._seen_count - start

    def _is_end(self, sign: str) -> bool:
        """Follow the brackets, and say whether an element ends here."""
        self._depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(sign, 0)
        self.is_over = self._depth == 0
        return self.is_over or (self._depth == 1 and sign == ",")


def _plain(name: str) -> str:
    return trimmed(_NOT_OF_NAMES.sub("", name)).casefold()


def _delimiter(lines: Iterator[str]) -> tuple[str, str]:
    """Give the line of the header, behind the one in which a spreadsheet names its delimiter, and the delimiter."""
    first = next(lines)
    if sep := _SEP_LINE.fullmatch(first):
        first = next((line for line in lines if trimmed(line)), "")
        if sep["delimiter"] in first:
            return first, sep["delimiter"]
    return first, max(DELIMITERS, key=first.count)


def _named_twice(header: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(header) if name and header.count(name) > 1]


def _nameless(header: list[str], cells: list[str]) -> Iterator[str]:
    return (cell for name, cell in zip_longest(header, cells, fillvalue="") if not name)


def _or_why_not(read: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any] | BadValue:
    try:
        return read(*arguments)
    except BadValue as error:
        return error


def _object(text: str) -> dict[str, Any]:
    try:
        values = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise BadValue(f"this is not JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise BadValue("this is nested too deeply") from None
    if not isinstance(values, dict):
        raise BadValue(f"this is {kind(values)}, and must be an object")
    return values


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise BadValue("a name is there twice")
    return values


def _no_number(name: str) -> None:
    raise BadValue(f"{name} is not JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_each_once, parse_int=Number, parse_float=Number, parse_constant=_no_number
)
