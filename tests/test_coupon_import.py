"""Rules: a file of coupons is imported wholly or not at all, and twice is once."""

import asyncio
import io
import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tortoise.queryset import QuerySet

from database.transactions import savepoint, transaction
from models import Chat, Coupon, CouponState, User
from services.coupons import importing, records
from services.coupons.file import COLUMNS, CouponFile, Row
from services.coupons.importing import BadFile, Missing, NotComplete, Report, WouldWithdraw
from services.errors import Refusal
from tests import cast

HEADER = "coupon_id,title,influencer_id"
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


async def imported(text: str | bytes, *, skip_bad: bool = False, **options: Any) -> Report:
    """Import what a file says."""
    raw = text if isinstance(text, bytes) else text.encode()
    return await importing.run(io.BytesIO(raw), skip_bad=skip_bad, **options)


async def everything(text: str, *, may_withdraw: int | None = None, skip_bad: bool = False) -> Report:
    """Import a file that is complete."""
    return await imported(text, skip_bad=skip_bad, is_complete=True, may_withdraw=may_withdraw)


async def active() -> list[str]:
    """List the ids of the coupons that are active."""
    return [str(coupon_id) for coupon_id in await active_coupons().values_list("id", flat=True)]


def active_coupons() -> QuerySet[Coupon]:
    return Coupon.filter(is_active=True).order_by("id")


async def refused(text: str | bytes, *, skip_bad: bool = False) -> list[tuple[int, str]]:
    """Import what can't be imported, prove that nothing was, and give the lines and reasons."""
    with pytest.raises(BadFile) as caught:
        await imported(text, skip_bad=skip_bad)
    assert not await Coupon.exists()
    assert not await User.exists()
    assert isinstance(caught.value, Refusal)
    assert caught.value.bad_count >= len(caught.value.bad) > 0
    return [(row.line, row.reason) for row in caught.value.bad]


def lines(*rows: str) -> str:
    """Write CSV with the required columns."""
    return "\n".join([HEADER, *rows]) + "\n"


def one(**values: str) -> str:
    """Write CSV with one coupon, and a column for each value."""
    row = {"coupon_id": "summer", "title": "Summer", "influencer_id": "inf-maya"} | values
    return ",".join(row) + "\n" + ",".join(row.values()) + "\n"


def objects(*values: dict[str, object]) -> str:
    """Write JSON Lines, where every coupon has the required keys unless it says otherwise."""
    required = {"coupon_id": "summer", "title": "Summer", "influencer_id": "inf-maya"}
    return "".join(json.dumps(required | value) + "\n" for value in values)


async def summer() -> Coupon:
    """Get the coupon of most of these files."""
    return await Coupon.get(id="summer").select_related("influencer")


# What is taken in


async def test_a_coupon_and_its_influencer_come_into_being(db):
    report = await imported(
        f"{','.join(COLUMNS)}\n"
        'summer,"50% Off, Summer",Linen,inf-maya,Maya Okafor,maya@example.com,https://example.com/a.png,'
        "2026-05-01,2026-08-31T22:00:00+02:00,no, SUMMER 50 ,https://example.com/summer?a=1\n"
    )
    assert (report.coupon_count, report.created_count, report.influencer_count) == (1, 1, 1)
    assert (report.updated_count, report.unchanged_count, report.bad, report.bad_count) == (0, 0, [], 0)
    coupon = await summer()
    assert (coupon.title, coupon.description, coupon.is_active) == ("50% Off, Summer", "Linen", False)
    assert coupon.image_url == "https://example.com/a.png"
    assert (coupon.code, coupon.url) == ("SUMMER 50", "https://example.com/summer?a=1")
    assert coupon.starts_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert coupon.expires_at == datetime(2026, 8, 31, 20, tzinfo=UTC)
    maya = coupon.influencer
    assert (maya.id, maya.name, maya.email) == ("inf-maya", "Maya Okafor", "maya@example.com")
    assert maya.is_influencer


async def test_json_lines_say_the_same(db):
    report = await imported(
        "\n  \n"
        + objects(
            {"description": None, "is_active": False, "expires_at": "2026-12-31", "image_url": None},
            {"coupon_id": 4711, "title": " Two\n lines ", "influencer_id": 12345678901234567890, "is_active": 1},
        )
    )
    assert (report.coupon_count, report.influencer_count) == (2, 2)
    assert not (await summer()).is_active
    other = await Coupon.get(id="4711")
    assert (other.title, other.influencer_id, other.is_active) == (
        "Two lines",
        "12345678901234567890",
        True,
    )


async def test_only_what_is_required_is_enough(db):
    await imported(lines("summer,Summer,inf-maya"))
    coupon = await summer()
    assert (coupon.description, coupon.image_url, coupon.starts_at, coupon.expires_at) == ("", None, None, None)
    assert coupon.is_active
    assert (coupon.influencer.name, coupon.influencer.email) == ("", None)


async def test_a_header_alone_is_no_coupon_and_no_fault(db):
    report = await imported(HEADER)
    assert (report.coupon_count, report.influencer_count, report.unchanged_count) == (0, 0, 0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with BOM"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
async def test_csv_is_taken_as_spreadsheets_write_it(db, delimiter, mark, line_end):
    rows = [HEADER.split(","), ["summer", '"Hats; shoes, | and\tmore"', "inf-maya"]]
    text = line_end.join(["", *(delimiter.join(row) for row in rows), "", ""])
    await imported(mark + text.encode())
    assert (await summer()).title == "Hats; shoes, | and more"


async def test_columns_stand_in_any_order(db):
    await imported(" title , influencer_id,coupon_id\nSummer,inf-maya,summer\n")
    assert (await summer()).influencer_id == "inf-maya"


@pytest.mark.parametrize("row", [";;", ' ;"";\u200b', "\xa0;;;;"])
async def test_rows_of_nothing_but_separators_are_no_rows(db, row):
    report = await imported("\n".join([row, HEADER.replace(",", ";"), row, "summer;Summer;inf-maya", row, row]))
    assert (report.coupon_count, report.bad_count) == (1, 0)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (f"{HEADER},description,image_url", "summer,Summer,inf-maya"),
        (f"{HEADER},description", "summer,Summer,inf-maya,,,"),
        (f"{HEADER},,", "summer,Summer,inf-maya"),
        (f"{HEADER},,", "summer,Summer,inf-maya,,,,, "),
        ("coupon_id,,title,influencer_id", "summer,,Summer,inf-maya"),
    ],
    ids=["left out", "added", "named by nobody", "added everywhere", "an empty column"],
)
async def test_empty_cells_may_be_left_out_or_added(db, header, row):
    await imported(one(description="Linen"))
    assert (await imported(f"{header}\n{row}\n")).coupon_count == 1
    assert (await summer()).description == ("" if "description" in header else "Linen")


async def test_a_file_that_ends_in_its_only_short_row_may_be_cut_off(db):
    whole = f"{HEADER},description,image_url,is_active\na,A,inf-maya,,,\nb,B,inf-maya,,,yes\n"
    for end in ("c,C,inf-m", "c,C,inf-maya,Lin", 'c,C,inf-maya,"Linen"'):
        [(line, reason)] = await refused(whole + end)
        assert (line, reason.split("?")[0]) == (4, "the file ends in it, is it cut off")
    assert (await imported(whole + "c,C,inf-maya\n")).coupon_count == 3
    assert (await imported(whole + "c,C,inf-maya\nd,D,inf-maya")).coupon_count == 4


@pytest.mark.parametrize("row", ["summer,,Summer,inf-maya,more", "summer,5,Summer,inf-maya"])
async def test_a_value_in_a_column_without_a_name_is_not_dropped(db, row):
    [(line, reason)] = await refused(f"coupon_id,,title,influencer_id\n{row}\n")
    assert (line, reason.split(":")[0]) == (2, f"it has {row.count(',') + 1} fields, and the header has 3")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("first", "delimiter"),
    [("sep=;", ";"), ("SEP=,", ","), ('"sep=|"', "|"), ("sep=\t", "\t"), ("sep=~", "~"), ("sep=;,,", ",")],
)
async def test_the_line_in_which_a_spreadsheet_names_its_delimiter_is_no_header(db, first, delimiter, line_end):
    rows = [first, HEADER.replace(",", delimiter), delimiter.join(["summer", "Summer", "inf-maya"])]
    assert (await imported(line_end.join(rows))).created_count == 1
    assert (await summer()).title == "Summer"


@pytest.mark.parametrize(
    "header",
    [
        "Coupon ID;TITLE;Influencer-Id",
        '"coupon_id";" title ";\u200binfluencer_id',
        "\ufeffcouponId;Title;influencerID",
    ],
)
async def test_columns_are_known_however_they_are_written(db, header):
    assert (await imported(f"\ufeff{header}\nsummer;Summer;inf-maya\n")).created_count == 1
    names = header.replace('"', "").split(";")
    objects_ = json.dumps(dict(zip(names, ["summer", "Summer", "inf-maya"], strict=True)))
    assert (await imported(objects_)).unchanged_count == 1


async def test_lines_are_counted_where_only_carriage_returns_end_them(db):
    file = lines('a,"one\ntwo",inf-maya', "", "b,,inf-maya", "c,C,").replace("\n", "\r")
    assert await refused(file) == [(5, "title is missing"), (6, "influencer_id is missing")]


# An array of objects

ARRAY = """\ufeff
[
  {
    "coupon_id": "a", "title": "Brackets [ and { and \\"quotes\\"",
    "influencer_id": "inf-maya"
  }
  ,{"coupon_id": "b",
    "title": "B", "influencer_id": "inf-maya"}, {"coupon_id": "c", "title": "C", "influencer_id": "inf-ivan"}
]

"""


@pytest.mark.parametrize("indent", [None, 2])
async def test_an_array_says_the_same_as_lines(db, indent):
    written = objects({"title": 'Brackets ]}, and "quotes\\'}, {"coupon_id": 4711})
    values = [json.loads(line) for line in written.splitlines()]
    assert (await imported(json.dumps(values, indent=indent))).created_count == 2
    assert (await summer()).title == 'Brackets ]}, and "quotes\\'
    assert (await imported(written)).unchanged_count == 2


async def test_an_array_is_read_however_it_is_laid_out(db):
    for line_end in ("\n", "\r\n", "\r", " "):
        report = await imported(ARRAY.replace("\n", line_end))
        assert (report.coupon_count, report.influencer_count) == (3, 2)
    assert (await Coupon.get(id="a")).title == 'Brackets [ and { and "quotes"'


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
async def test_what_is_wrong_in_an_array_is_told_by_line_and_the_rest_is_read(db, line_end):
    bad = (
        ARRAY.replace('"c", "title": "C"', '"c"')
        .replace('"coupon_id": "a"', '"coupon_id": {"de": ["a", 1]}')
        .replace("\n]", ',\n  12,\n  {"coupon_id": d}, {\n"coupon_id": "e" "title"}\n]')
        .replace("\n", line_end)
    )
    told = await refused(bad)
    assert [(line, reason.split(":")[0]) for line, reason in told] == [
        (3, "coupon_id is an object, and must be a string"),
        (8, "title is missing"),
        (9, "this is a number, and must be an object"),
        (10, "this is not JSON"),
        (10, "this is not JSON"),
    ]
    assert (await imported(bad, skip_bad=True)).coupon_count == 1


@pytest.mark.parametrize("text", ["[]", " [\n]\n"])
async def test_an_empty_array_is_no_coupon_and_no_fault(db, text):
    assert (await imported(text)).coupon_count == 0


@given(
    st.lists(
        st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=9) | st.integers() | st.none(), max_size=4)
    ),
    st.sampled_from([None, 0, 3]),
    st.booleans(),
    st.integers(1, 30),
)
@settings(max_examples=200)
def test_an_array_says_the_same_as_lines_wherever_its_pieces_end(values, indent, is_ascii, piece):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "PIECE", piece)
        array = read(json.dumps(values, indent=indent, ensure_ascii=is_ascii))
    assert array == read("\n".join(json.dumps(value) for value in values) or "[]")


def read(text: str) -> list[tuple[object, ...]]:
    """Give all rows of a file, without their lines."""
    rows = CouponFile(io.BytesIO(text.encode(errors="replace"))).rows()
    return [row[1:] if isinstance(row, Row) else (row.reason, row.coupon_id) for row in rows]


def test_a_long_array_in_one_line_is_never_held_in_memory():
    rows = [{"coupon_id": f"c-{number}", "title": "C" * 400, "influencer_id": "inf-1"} for number in range(9000)]
    source = io.BytesIO(json.dumps(rows).encode())
    tracemalloc.start()
    try:
        assert sum(isinstance(row, Row) for row in CouponFile(source).rows()) == 9000
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < source.tell() / 8


# What people read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Plants &amp; Pots", "Plants & Pots"),
        ("Caf&eacute; d&#39;&Eacute;t&#xe9; &euro;5", "Café d'Été €5"),
        ("&quot;Now&quot;&nbsp;&lt;3", '"Now" <3'),
        ("&amp;eacute; &amp;amp;", "&eacute; &amp;"),
        ("R&D, AT&T; Salt & Pepper", "R&D, AT&T; Salt & Pepper"),
        ("&nothing; &; &#; &#x; a&b; ?a=1&copy=2", "&nothing; &; &#; &#x; a&b; ?a=1&copy=2"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "json"])
async def test_entities_are_what_they_stand_for_once(db, form, written, read):
    values = {"title": written, "description": written, "influencer_name": written}
    quoted = {name: '"' + text.replace('"', '""') + '"' for name, text in values.items()}
    for _ in range(2):
        await imported(one(**quoted) if form == "csv" else objects(values))
        coupon = await summer()
        assert (coupon.title, coupon.influencer.name) == (read, read)
        assert coupon.description.replace("\xa0", " ") == read


async def test_an_entity_of_what_cannot_be_seen_is_no_title(db):
    [(_, reason)] = await refused(one(title="&#8203;&nbsp;&zwj;"))
    assert reason == "title is missing"


# Ids


@pytest.mark.parametrize(
    "mark", ["\u200b", "\ufeff", "\xa0", "\u200e", "\u2067", "\u00ad", "\u2060", "\u3164", "\u2003 "]
)
async def test_ids_lose_what_cannot_be_seen_at_their_ends_and_may_not_have_it_inside(db, mark):
    file = lines(f"{mark}summer{mark},Summer,{mark}inf-maya{mark}", "summer,Summer,inf-maya")
    assert (await imported(file)).created_count == 1
    coupon = await summer()
    assert (coupon.id, coupon.influencer_id) == ("summer", "inf-maya")
    await Coupon.all().delete()
    await User.all().delete()
    told = await refused(lines(f"sum{mark}mer,Summer,inf-maya", f"summer,Summer,inf-{mark}maya"))
    assert [line for line, _ in told] == [2, 3]
    code = f"U+{ord(mark[0]):04X}"
    assert f"coupon_id contains a character that can't be seen, {code} behind 'sum': type" in told[0][1]
    assert f"influencer_id contains a character that can't be seen, {code} behind 'inf-'" in told[1][1]


@pytest.mark.parametrize(
    "written", ["4.68769E+17", '"4,68769E+17"', "1.0E5", "1E+05", "4.68769e17", "-1.5E+7", "2.E+9"]
)
async def test_ids_that_a_spreadsheet_has_shortened_are_refused_with_what_to_do(db, written):
    told = await refused(lines(f"{written},Summer,inf-maya", f"summer,Summer,{written}"))
    assert [line for line, _ in told] == [2, 3]
    shown = written.strip('"')
    assert f"coupon_id '{shown}' is not the id, but a number that a spreadsheet has shortened" in told[0][1]
    assert f"influencer_id '{shown}' is not" in told[1][1]
    assert all("format the column as text" in reason for _, reason in told)


@pytest.mark.parametrize("written", ["12e4", "1E5", "5e12f", "E+17", "4.6", "1.2.3E", "summer+17", "1-2E+3x"])
async def test_ids_that_only_look_a_little_like_a_number_are_ids(db, written):
    await imported(lines(f"{written},Summer,inf-maya"))
    assert (await Coupon.get()).id == written


@pytest.mark.parametrize("number", ["4.68769e17", "12.50", "1E5", "4711.0"])
@pytest.mark.parametrize("column", ["coupon_id", "influencer_id"])
async def test_numbers_that_are_not_whole_are_no_ids(db, column, number):
    text = objects({column: "NUMBER"}).replace('"NUMBER"', number)
    for file in (text, f"[{text}]"):
        [(line, reason)] = await refused(file)
        assert (line, reason.split(",")[0]) == (1, f"{column} is a number that is not whole")


async def test_ids_lose_the_whitespace_around_them_and_titles_the_one_within(db):
    await imported(lines('" spring sale/2026\t","Free  shipping\n on\tplants ", inf-maya '))
    coupon = await Coupon.get()
    assert (coupon.id, coupon.title, coupon.influencer_id) == (
        "spring sale/2026",
        "Free shipping on plants",
        "inf-maya",
    )


async def test_a_description_keeps_its_lines(db):
    await imported(one(description='"Linen,\r\nhats and ""more"""'))
    assert (await summer()).description == 'Linen,\nhats and "more"'


async def test_what_is_as_long_as_may_be_is_taken(db):
    id_, title, description = "i" * 255, "ü" * 500, "✨" * 4000
    url = "https://example.com/".ljust(2000, "u")
    await imported(one(coupon_id=id_, title=title, description=description, image_url=url))
    coupon = await Coupon.get(id=id_)
    assert (coupon.title, coupon.description, coupon.image_url) == (title, description, url)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-12-31T23:59:59Z", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-12-31t23:59z", datetime(2026, 12, 31, 23, 59, tzinfo=UTC)),
        ("2026-12-31 23:59:59", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-12-31T23:59:59.5-0330", datetime(2027, 1, 1, 3, 29, 59, 500000, tzinfo=UTC)),
        ("2026-12-31 01:00+02:00", datetime(2026, 12, 30, 23, tzinfo=UTC)),
        ("2026-12-31", datetime(2027, 1, 1, tzinfo=UTC)),
        ("9999-12-31", datetime.max.replace(tzinfo=UTC)),
    ],
)
async def test_dates_are_iso_8601_and_a_day_lasts_until_it_is_over(db, written, moment):
    await imported(one(starts_at="2026-05-01", expires_at=written))
    coupon = await summer()
    assert (coupon.starts_at, coupon.expires_at) == (datetime(2026, 5, 1, tzinfo=UTC), moment)


async def test_a_coupon_may_be_good_for_a_single_day(db):
    await imported(one(starts_at="2026-05-01", expires_at="2026-05-01"))
    coupon = await summer()
    assert (coupon.expires_at - coupon.starts_at).days == 1


@pytest.mark.parametrize(
    ("written", "is_active"),
    [("true", True), ("YES", True), ("1", True), ("", True), ("False", False), ("no", False), ("0", False)],
)
async def test_a_coupon_is_active_unless_the_file_says_no(db, written, is_active):
    await imported(one(is_active=written))
    assert (await summer()).is_active is is_active


# What is imported again


async def test_the_same_file_twice_changes_nothing(db):
    file = one(title="Off", expires_at="2026-12-31", influencer_name="Maya", influencer_email="maya@example.com")
    await imported(file)
    before = await Coupon.all().values(), await User.all().values()
    report = await imported(file)
    assert (report.created_count, report.updated_count, report.unchanged_count) == (0, 0, 1)
    assert (await Coupon.all().values(), await User.all().values()) == before


async def test_created_updated_and_unchanged_are_told_apart(db):
    await imported(lines("a,A,inf-maya", "b,B,inf-maya"))
    report = await imported(lines("a,A,inf-maya", "b,Better,inf-maya", "c,C,inf-ivan"))
    assert (report.created_count, report.updated_count, report.unchanged_count) == (1, 1, 1)
    assert (report.coupon_count, report.influencer_count) == (3, 2)


FULL = {
    "description": "Linen",
    "image_url": "https://example.com/a.png",
    "starts_at": "2026-05-01",
    "expires_at": "2026-08-31",
    "is_active": "no",
    "influencer_name": "Maya Okafor",
    "influencer_email": "maya@example.com",
    "code": "SUMMER50",
    "url": "https://example.com/summer",
}


@pytest.mark.parametrize("partial", [lines("summer,Winter,inf-maya"), objects({"title": "Winter"})])
async def test_a_column_that_is_absent_leaves_what_is_known(db, partial):
    await imported(one(**FULL))
    before = await summer()
    await imported(partial)
    after = await summer()
    assert after.title == "Winter"
    assert (after.description, after.image_url, after.is_active) == ("Linen", "https://example.com/a.png", False)
    assert (after.code, after.url) == ("SUMMER50", "https://example.com/summer")
    assert (after.starts_at, after.expires_at) == (before.starts_at, before.expires_at)
    assert (after.influencer.name, after.influencer.email) == ("Maya Okafor", "maya@example.com")


@pytest.mark.parametrize("cleared", [one(**dict.fromkeys(FULL, "")), objects(dict.fromkeys(FULL))])
async def test_an_empty_value_clears_what_is_known_except_a_name(db, cleared):
    await imported(one(**FULL))
    await imported(cleared)
    coupon = await summer()
    assert (coupon.description, coupon.image_url, coupon.starts_at, coupon.expires_at) == ("", None, None, None)
    assert coupon.is_active
    assert (coupon.code, coupon.url) == (None, None)
    assert (coupon.influencer.name, coupon.influencer.email) == ("Maya Okafor", None)


@pytest.mark.parametrize("changed", [{"code": "AUTUMN"}, {"url": "http://example.com/"}])
async def test_a_code_or_an_address_alone_is_a_change(db, changed):
    await imported(one(**FULL))
    report = await imported(one(**FULL | changed))
    assert (report.updated_count, report.unchanged_count) == (1, 0)
    assert [getattr(await summer(), name) for name in changed] == list(changed.values())
    assert (await imported(one(**FULL | changed))).unchanged_count == 1


async def test_a_code_may_be_of_digits_alone_and_as_long_as_a_button_can_copy(db):
    await imported(objects({"code": 4711}))
    assert (await summer()).code == "4711"
    await imported(one(code="é" * 256))
    assert (await summer()).code == "é" * 256


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u2060", "&nbsp;"])
async def test_a_name_that_is_missing_is_nobodys_id(db, name):
    await imported(one(influencer_name=name))
    assert (await summer()).influencer.name == ""
    await imported(one(influencer_name="inf-maya"))
    assert (await summer()).influencer.name == "inf-maya"


async def test_the_key_of_a_coupons_link_outlives_an_update(db):
    await cast.coupon(await cast.maya(), id="summer", link_key="key")
    await imported(lines("summer,Winter,inf-maya"))
    assert (await summer()).link_key == "key"


async def test_what_a_file_does_not_name_stays(db):
    await cast.coupon(await cast.maya(), "Shoes")
    await imported(lines("summer,Summer,inf-ivan"))
    assert await Coupon.filter(id="shoes").exists()


async def test_a_coupon_that_changes_hands_keeps_its_chats_where_they_were_begun(db):
    maya = await cast.maya()
    coupon = await cast.coupon(maya)
    chat = await cast.chat(coupon, await cast.peer())
    before = await Chat.get(id=chat.id).values()
    report = await imported(lines(f"{coupon.id},Summer,inf-ivan"))
    assert report.updated_count == 1
    assert (await Coupon.get(id=coupon.id)).influencer_id == "inf-ivan"
    assert await Chat.get(id=chat.id).values() == before
    assert before["influencer_id"] == maya.id


async def test_a_consumer_becomes_an_influencer_and_stays_who_they_are(db):
    consumer = await User.get(id=(await cast.peer()).user_id)
    assert not consumer.is_influencer
    await imported(lines(f"summer,Summer,{consumer.id}"))
    after = await User.get(id=consumer.id)
    assert after.is_influencer
    assert (after.name, after.telegram_user_id) == ("Ada Lovelace", consumer.telegram_user_id)


# What a file says more than once


async def test_of_two_rows_for_a_coupon_the_last_one_wins(db):
    report = await imported(lines("summer,Summer,inf-maya", "summer,Winter,inf-maya"))
    assert (report.coupon_count, report.created_count) == (1, 1)
    assert (await summer()).title == "Winter"


async def test_rows_count_as_if_written_one_after_another(db):
    await imported(
        objects(
            {"description": "Linen", "expires_at": "2026-12-31", "influencer_name": "Maya"},
            {"title": "Winter", "expires_at": None, "influencer_name": ""},
        )
    )
    coupon = await summer()
    assert (coupon.title, coupon.description, coupon.expires_at) == ("Winter", "Linen", None)
    assert coupon.influencer.name == "Maya"


async def test_of_two_names_for_an_influencer_the_last_one_wins(db):
    file = f"{HEADER},influencer_name\na,A,inf-maya,Maya\nb,B,inf-maya,Maya Okafor\n"
    await imported(file)
    await imported(file)
    assert (await User.get(id="inf-maya")).name == "Maya Okafor"


async def test_a_coupon_with_two_owners_is_a_bad_row_that_names_the_first(db):
    file = lines("a,A,inf-maya", "a,A,inf-maya", "b,B,inf-ivan", "a,A,inf-ivan")
    [(line, reason)] = await refused(file)
    assert line == 5
    assert "'a'" in reason
    assert "'inf-maya' in line 2" in reason
    report = await imported(file, skip_bad=True)
    assert (report.coupon_count, report.bad_count) == (2, 1)
    assert (await Coupon.get(id="a")).influencer_id == "inf-maya"


# What a file doesn't name

THREE = lines("a,A,inf-maya", "b,B,inf-maya", "c,C,inf-ivan")


async def test_what_a_complete_file_does_not_name_is_withdrawn(db):
    await imported(THREE)
    report = await everything(lines("a,A,inf-maya", "d,D,inf-maya"))
    assert (report.created_count, report.withdrawn_count, report.unchanged_count) == (1, 2, 1)
    assert await active() == ["a", "d"]
    assert (await Coupon.get(id="b")).state_at(datetime.now(UTC)) is CouponState.WITHDRAWN
    assert (await everything(lines("a,A,inf-maya", "d,D,inf-maya"), may_withdraw=0)).withdrawn_count == 0


async def test_what_a_file_that_is_not_complete_does_not_name_is_counted_and_stays(db):
    await imported(THREE)
    report = await imported(lines("a,A,inf-maya"))
    assert (report.withdrawn_count, report.missing) == (0, Missing(3, 2, 1))
    await Coupon.filter(id="b").update(is_active=False)
    assert (await imported(lines("a,A,inf-maya"))).missing == Missing(2, 1, 0)
    assert await active() == ["a", "c"]


@pytest.mark.parametrize("is_complete", [True, False])
async def test_a_coupon_that_was_missing_is_back_when_a_file_names_it(db, is_complete):
    await imported(THREE)
    await everything(lines("a,A,inf-maya"))
    report = await imported(THREE, is_complete=is_complete)
    assert (report.updated_count, report.unchanged_count) == (2, 1)
    assert await active() == ["a", "b", "c"]
    assert (await imported(THREE)).unchanged_count == 3


async def test_a_coupon_that_a_file_has_withdrawn_by_name_is_not_back_by_that(db):
    await imported(one(is_active="no"))
    await everything(lines("a,A,inf-maya"))
    await imported(lines("summer,Summer,inf-maya"))
    assert await active() == ["a"]
    await imported(THREE)
    await everything(lines("summer,Summer,inf-maya"))
    await imported(one(is_active="no", coupon_id="b"))
    await imported(lines("b,B,inf-maya"))
    assert "b" not in await active()


async def test_no_more_is_withdrawn_than_was_agreed_to(db):
    await imported(THREE)
    for file, may_withdraw, sentence in (
        (lines("a,Better,inf-maya"), 0, "2 of 3 active coupons are missing from the file, and would be withdrawn."),
        (lines("a,Better,inf-maya"), 1, "2 of 3 active coupons are missing from the file, and would be withdrawn."),
        (lines("d,D,inf-maya"), 2, "All 3 active coupons are missing from the file, and would be withdrawn."),
    ):
        with pytest.raises(WouldWithdraw) as caught:
            await everything(file, may_withdraw=may_withdraw)
        assert str(caught.value) == sentence
    assert await active_coupons().values_list("title", flat=True) == ["A", "B", "C"]
    assert (await everything(lines("a,Better,inf-maya"), may_withdraw=2)).withdrawn_count == 2


@pytest.mark.parametrize("file", [HEADER, "[]", lines("a,,inf-maya"), one(coupon_id="a", is_active="x")])
async def test_a_file_that_names_nothing_is_not_everything(db, file):
    await imported(THREE)
    with pytest.raises(NotComplete, match=r"names no coupon.* all 3 active ones would be withdrawn\."):
        await everything(file, skip_bad=True)
    with pytest.raises(BadFile):
        await everything("")
    assert await active() == ["a", "b", "c"]


@pytest.mark.parametrize(
    "bad",
    [
        "b,,inf-maya",
        "b,B,",
        "b,B,4.6E+17",
        "\u200bb ,B\x1b,inf-maya",
        "a,A,inf-ivan\nb,B,inf-maya,,soon",
        "b,B,inf-maya,2026-05-01,2026-05-01T00:00",
    ],
)
async def test_a_coupon_is_not_missing_because_its_row_is_bad(db, bad):
    await imported(THREE)
    file = f"{HEADER},starts_at,expires_at\na,A,inf-maya\n{bad}\n"
    with pytest.raises(BadFile):
        await everything(file)
    assert (await imported(file, skip_bad=True)).missing == Missing(3, 1, 0)
    assert (await everything(file, skip_bad=True)).withdrawn_count == 1
    assert await active() == ["a", "b"]


async def test_a_coupon_is_not_missing_because_its_dates_contradict_what_is_known(db):
    await imported(THREE)
    await Coupon.filter(id="b").update(expires_at=datetime(2026, 5, 1, tzinfo=UTC))
    file = f"{HEADER},starts_at\na,A,inf-maya,\nb,B,inf-maya,2026-06-01\n"
    report = await everything(file, skip_bad=True)
    assert (report.bad_count, report.withdrawn_count) == (1, 1)
    assert await active() == ["a", "b"]


@pytest.mark.parametrize(
    "bad", [",B,inf-maya", "4.6E+17,B,inf-maya", "x\u200by,B,inf-maya", "b", "b,B,C,inf-maya,more"]
)
async def test_nothing_is_missing_for_certain_where_a_row_may_be_about_anything(db, bad):
    await imported(THREE)
    file = f"{HEADER},description\na,Better,inf-maya\nd,,inf-maya\n{bad}\n"
    with pytest.raises(NotComplete, match="Line 4 does not say for certain which coupon it is about"):
        await everything(file, skip_bad=True)
    assert await active_coupons().values_list("title", flat=True) == ["A", "B", "C"]
    assert (await imported(file, skip_bad=True)).updated_count == 1


async def test_two_complete_files_at_once_take_turns(db):
    await imported(THREE)
    reports = await asyncio.gather(
        everything(lines("a,A,inf-maya", "d,D,inf-maya")), everything(lines("b,B,inf-maya", "e,E,inf-maya"))
    )
    assert await active() in (["a", "d"], ["b", "e"])
    assert sum(report.withdrawn_count for report in reports) == 4


# What is wrong with a row


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"coupon_id": ""}, "coupon_id is missing"),
        ({"coupon_id": " "}, "coupon_id is missing"),
        ({"title": ""}, "title is missing"),
        ({"title": "\u3164\u200b\u2800"}, "title is missing"),
        ({"influencer_id": ""}, "influencer_id is missing"),
        ({"coupon_id": "i" * 256}, "coupon_id has 256 characters, and may have 255"),
        ({"influencer_id": "i" * 256}, "influencer_id has 256 characters"),
        ({"coupon_id": "a\x00b"}, "coupon_id contains a control character: 'a\\x00b'"),
        ({"coupon_id": '"a\nb"'}, "coupon_id contains a control character: 'a\\nb'"),
        ({"influencer_id": '"a\tb"'}, "influencer_id contains a control character"),
        ({"title": "a\x1b[31m"}, "title contains a control character: 'a\\x1b[31m'"),
        ({"title": "t" * 501}, "title has 501 characters, and may have 500"),
        ({"description": "a\x00"}, "description contains a control character"),
        ({"description": "d" * 4001}, "description has 4001 characters, and may have 4000"),
        ({"influencer_name": "n" * 256}, "influencer_name has 256 characters"),
        ({"influencer_email": "maya"}, "influencer_email 'maya' is not an e-mail address"),
        ({"influencer_email": "maya@"}, "influencer_email 'maya@' is not"),
        ({"influencer_email": "m y@example.com"}, "influencer_email 'm y@example.com' is not"),
        ({"influencer_email": f"{'m' * 320}@example.com"}, "influencer_email has 332 characters"),
        ({"image_url": "/a.png"}, "image_url '/a.png' is not a web address"),
        ({"image_url": "javascript:alert(1)"}, "image_url 'javascript:alert(1)' is not"),
        ({"image_url": "https:///a.png"}, "image_url 'https:///a.png' is not"),
        ({"image_url": "https://[/a.png"}, "image_url 'https://[/a.png' is not"),
        ({"image_url": "https://example.com/a b"}, "image_url 'https://example.com/a b' is not"),
        ({"image_url": f"https://example.com/{'u' * 2000}"}, "image_url has 2020 characters"),
        ({"starts_at": "soon"}, "starts_at 'soon' is not a date like 2026-12-31"),
        ({"starts_at": "2026-02-30"}, "starts_at '2026-02-30' is not a date"),
        ({"starts_at": "2026-W01-1"}, "starts_at '2026-W01-1' is not a date"),
        ({"starts_at": "0001-01-01T00:00+01:00"}, "starts_at '0001-01-01T00:00+01:00' is not a date"),
        ({"expires_at": "31.12.2026"}, "expires_at '31.12.2026' is not a date"),
        ({"expires_at": "2026-12-31T25:00"}, "expires_at '2026-12-31T25:00' is not a date"),
        ({"starts_at": "2026-05-02", "expires_at": "2026-05-01"}, "expires_at is not after starts_at"),
        (
            {"starts_at": "2026-05-01T10:00Z", "expires_at": "2026-05-01T12:00+02:00"},
            "expires_at is not after starts_at",
        ),
        ({"code": "c" * 257}, "code has 257 characters, and may have 256"),
        ({"code": '"a\nb"'}, "code contains a control character: 'a\\nb'"),
        (
            {"code": "a\u200bb"},
            "code contains a character that can't be seen, U+200B behind 'a': type the code anew",
        ),
        ({"code": "1.2E+15"}, "code '1.2E+15' is not the code, but a number that a spreadsheet has shortened"),
        ({"url": "example.com"}, "url 'example.com' is not a web address like https://example.com/summer"),
        ({"url": "javascript:alert(1)"}, "url 'javascript:alert(1)' is not"),
        ({"url": "tg://resolve?domain=maya"}, "url 'tg://resolve?domain=maya' is not"),
        ({"url": f"https://example.com/{'u' * 2000}"}, "url has 2020 characters"),
        ({"is_active": "maybe"}, "is_active 'maybe' is none of true, false, yes, no, 1, 0"),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_a_bad_value_is_reported_with_its_line_and_nothing_is_written(db, values, reason):
    required = {"coupon_id": "good", "title": "Good", "influencer_id": "inf-maya"}
    good = one(**dict.fromkeys(values, "") | required)
    bad = one(**values).split("\n", 1)[1]
    [(line, told)] = await refused(good + bad)
    assert line == 3
    assert reason in told


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"coupon_id": "a"', "this is not JSON"),
        ("[1]", "this is a list, and must be an object"),
        ("null", "this is null, and must be an object"),
        ("summer,Summer,inf-maya", "this is not JSON"),
        ("[" * 100_000, "this is nested too deeply"),
        (objects({"titel": "Summer"}), "unknown column 'titel'; known are coupon_id, title, "),
        (objects({"coupon_id": None}), "coupon_id is missing"),
        ('{"title": "Summer", "influencer_id": "inf-maya"}', "coupon_id is missing"),
        ('{"coupon_id": "a", "coupon_id": "b"}', "a name is there twice"),
        (objects({"title": 5}), "title is a number, and must be a string"),
        (objects({"title": True}), "title is true or false, and must be a string"),
        (objects({"coupon_id": True}), "coupon_id is true or false, and must be a string"),
        (objects({"title": {"en": "Summer"}}), "title is an object, and must be a string"),
        (objects({"description": ["Linen"]}), "description is a list, and must be a string"),
        (objects({"coupon_id": float("nan")}), "NaN is not JSON"),
        (objects({"title": "\ud83d"}), "title contains a control character"),
        (objects({"title": "a\x00"}), "title contains a control character"),
        (objects({"is_active": 2}), "is_active '2' is none of"),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_a_bad_object_is_reported_with_its_line_and_nothing_is_written(db, text, reason):
    [(line, told)] = await refused(objects({"coupon_id": "good"}) + "\n" + text)
    assert line == 3
    assert reason in told


@pytest.mark.parametrize("row", ["summer,Summer", "summer,Summer,inf-maya,more"], ids=["too few", "too many"])
async def test_a_row_with_too_few_or_too_many_fields_is_bad(db, row):
    [(line, reason)] = await refused(lines("a,A,inf-maya", row))
    assert line == 3
    assert reason.startswith(f"it has {row.count(',') + 1} fields, and the header has 3")


async def test_lines_are_counted_as_an_editor_does(db):
    file = lines('a,"one\ntwo\r\nthree",inf-maya', "", 'b,"four\nfive",', "c,,inf-maya")
    assert await refused(file) == [(6, "influencer_id is missing"), (8, "title is missing")]


async def test_dates_that_contradict_what_is_known_are_bad(db):
    await imported(one(expires_at="2026-05-01", title="Known"))
    with pytest.raises(BadFile) as caught:
        await imported(one(starts_at="2026-06-01"))
    [bad] = caught.value.bad
    assert (bad.line, bad.reason.split(",")[0]) == (2, "expires_at is not after starts_at")
    report = await imported(one(starts_at="2026-06-01", influencer_id="inf-ivan"), skip_bad=True)
    assert (report.coupon_count, report.influencer_count, report.bad_count) == (0, 0, 1)
    assert (await summer()).title == "Known"
    assert not await User.filter(id="inf-ivan").exists()


async def test_dates_that_a_file_does_not_speak_of_are_nobodys_fault(db):
    maya = await cast.maya()
    await cast.coupon(maya, id="summer", starts_at=cast.in_days(2), expires_at=cast.in_days(1))
    assert (await imported(lines("summer,Winter,inf-maya"))).updated_count == 1


async def test_with_skip_bad_the_good_rows_are_written_and_the_bad_ones_reported(db):
    report = await imported(lines("a,A,inf-maya", "b,,inf-ivan", "c,C,inf-maya", "d"), skip_bad=True)
    assert [(row.line, row.reason.split(",")[0]) for row in report.bad] == [
        (3, "title is missing"),
        (5, "it has 1 fields"),
    ]
    assert (report.coupon_count, report.created_count, report.bad_count) == (2, 2, 2)
    assert await Coupon.all().order_by("id").values_list("id", flat=True) == ["a", "c"]
    assert await User.all().values_list("id", flat=True) == ["inf-maya"]


async def test_of_many_bad_rows_the_first_hundred_are_told_and_all_are_counted(db):
    owned_twice = [f"a,A,inf-{number}" for number in range(1500)]
    untitled = ["b,,inf-maya"] * 1500
    mixed = [row for pair in zip(owned_twice, untitled, strict=True) for row in pair]
    with pytest.raises(BadFile) as caught:
        await imported(lines(*mixed))
    assert caught.value.bad_count == 1499 + 1500
    assert [row.line for row in caught.value.bad] == list(range(3, 103))
    assert "There are 2999 bad rows" in str(caught.value)


# What is wrong with a file


@pytest.mark.parametrize("skip_bad", [False, True])
@pytest.mark.parametrize(
    ("raw", "line", "reason"),
    [
        (b"", 1, "the file is empty"),
        (b"\xef\xbb\xbf\n \n", 1, "the file is empty"),
        (b'""\n', 1, "the file is empty"),
        (b";;;;\n;;;;\n", 1, "the file is empty"),
        (b"sep=;\n", 1, "column coupon_id is missing"),
        (lines("a,A,inf-maya", "b,Ü,inf-maya").encode("latin-1"), 3, "the file is not UTF-8"),
        (lines("a,A,inf-maya").encode("utf-16"), 1, "the file is not UTF-8"),
        (lines('a,"one', 'Ü",inf-maya').encode("latin-1"), 3, "the file is not UTF-8"),
        (objects({}).encode() + b'{"title": "\xff"}', 2, "the file is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "the file is not UTF-8"),
        (b"\x00\x01\x02\x03", 1, "unknown column '\\x00\\x01\\x02\\x03'"),
        (b"x" * 3_000_000, 1, "the line is longer than"),
        (lines("a,A,inf-maya", 'b,"B,inf-maya', "c,C,inf-maya").encode(), 3, "this is not CSV"),
        (lines('a,"A" and more,inf-maya').encode(), 2, "this is not CSV"),
        (lines('a,"' + "line\n" * 50_000).encode(), 2, "this is not CSV"),
        (lines("a,A,inf-maya", "b,B\rBetter,inf-maya").encode(), 3, "this is not CSV"),
        (b'"coupon_id,title', 1, "this is not CSV"),
        (b"\ncoupon_id,title,influencer_id,discount\n", 2, "unknown column 'discount'; known are coupon_id, title"),
        (b"coupon_id,title,title,influencer_id\n", 1, "column title is there twice"),
        (b"coupon_id,title\na,A\n", 1, "column influencer_id is missing"),
        (b"coupon_id,Coupon ID,title,influencer_id\n", 1, "column coupon_id is there twice"),
        (f"[{objects({})},{{".encode(), 2, "the array does not end: is the file cut off?"),
        (b'[{"coupon_id": "a", "title": "A}]', 1, "the array does not end: is the file cut off?"),
        (b"[]\n[]", 2, "there is something after the end of the array"),
        (b'["' + b"x" * 3_000_000, 1, "an element of the array is longer than"),
    ],
    ids=lambda value: str(value)[:50],
)
async def test_a_file_that_cannot_be_read_is_refused_whole(db, raw, line, reason, skip_bad):
    [(told_line, told)] = await refused(raw, skip_bad=skip_bad)
    assert told_line == line
    assert reason in told


async def test_why_a_file_cannot_be_read_is_told_though_there_are_bad_rows_before(db):
    with pytest.raises(BadFile, match=r"Line 202: this is not CSV.* 201 bad rows") as caught:
        await imported(lines(*["a,,inf-maya"] * 200, '"'), skip_bad=True)
    assert (len(caught.value.bad), caught.value.bad[-1].line) == (100, 202)


# How it is read and written


async def test_progress_is_the_bytes_that_were_read_so_far(db):
    raw = lines(*(f"c-{number},C,inf-maya" for number in range(5000))).encode()
    told: list[int] = []
    await importing.run(io.BytesIO(raw), progress=told.append)
    assert told == sorted(told)
    assert len(told) > 1
    assert told[-1] == len(raw)


class Pipe(io.RawIOBase):
    """Standard input from a pipe: it gives a little at a time, and never goes back."""

    def __init__(self, raw: bytes) -> None:
        self._rest = raw

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Give no more than 7 bytes."""
        piece, self._rest = self._rest[:7], self._rest[7:]
        buffer[: len(piece)] = piece
        return len(piece)


async def test_what_cannot_be_rewound_can_be_imported(db):
    report = await importing.run(io.BufferedReader(Pipe(lines("summer,Sümmer,inf-maya").encode())))
    assert report.created_count == 1
    assert (await summer()).title == "Sümmer"


async def test_the_coupons_of_the_demo_can_be_imported(db):
    with (Path(__file__).parent.parent / "simulator" / "coupons.csv").open("rb") as source:
        report = await importing.run(source)
    assert report.created_count == report.coupon_count > 0


async def test_five_thousand_coupons_are_imported_and_again(db):
    rows = [f"c-{number},Coupon {number},inf-{number % 50}" for number in range(5000)]
    report = await imported(lines(*rows))
    assert (report.created_count, report.influencer_count) == (5000, 50)
    assert (await imported(lines(*reversed(rows)))).unchanged_count == 5000
    assert await Coupon.all().count() == 5000


async def test_two_imports_at_once_take_turns(db):
    rows = [f"c-{number},Coupon {number},inf-{number % 50}" for number in range(3000)]
    reports = await asyncio.gather(imported(lines(*rows)), imported(lines(*reversed(rows))))
    assert sorted(report.created_count for report in reports) == [0, 3000]
    assert sorted(report.unchanged_count for report in reports) == [0, 3000]
    assert (await Coupon.all().count(), await User.all().count()) == (3000, 50)


async def test_an_import_waits_for_the_one_before_it_and_sees_what_it_wrote(db):
    other = await asyncpg.connect(db)
    try:
        async with other.transaction():
            await other.execute("SELECT pg_advisory_xact_lock($1)", importing.IMPORT_LOCK)
            later = asyncio.create_task(imported(lines("summer,Summer,inf-maya")))
            while not (await other.fetchval(WAITING) or later.done()):
                pass
            await cast.coupon(await User.create(id="inf-maya", is_influencer=True), id="summer")
            await Coupon.filter(id="summer").update(title="Summer")
    finally:
        await other.close()
    assert (await later).unchanged_count == 1


async def test_an_import_that_dies_half_way_leaves_nothing(db):
    def die(byte_count: int) -> None:
        raise KeyError("the power went out")

    file = lines(*(f"c-{number},C,inf-maya" for number in range(5000))).encode()
    with pytest.raises(KeyError):
        await importing.run(io.BytesIO(file), progress=die)
    assert not await Coupon.exists()
    assert not await User.exists()
    assert (await imported(file)).created_count == 5000


async def test_an_import_can_be_part_of_a_transaction_and_fail_alone(db):
    async with transaction():
        await imported(lines("a,A,inf-maya"))
        with pytest.raises(BadFile):
            async with savepoint():
                await imported(lines("b,,inf-maya"))
        assert (await imported(lines("a,A,inf-maya", "c,C,inf-ivan"))).unchanged_count == 1
    assert await Coupon.all().order_by("id").values_list("id", flat=True) == ["a", "c"]
