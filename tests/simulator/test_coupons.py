"""The sample coupons that a demo begins with."""

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

import simulator

COLUMNS = (
    "coupon_id,title,description,influencer_id,influencer_name,influencer_email,"
    "image_url,starts_at,expires_at,is_active,code,url"
)
FILE = Path(simulator.__file__).with_name("coupons.csv")


def coupons() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_columns_are_those_of_the_import():
    assert FILE.read_text("utf-8").splitlines()[0] == COLUMNS


def test_there_is_one_of_every_kind():
    rows = coupons()
    assert rows[0]["title"] == "50% Off Summer Collection"
    assert len({row["influencer_id"] for row in rows}) == 3
    assert any(not re.fullmatch(r"[\w-]{1,62}", row["coupon_id"], re.ASCII) for row in rows)
    assert any(re.search(r"[\u0590-\u06ff]", row["title"]) for row in rows)
    assert any(not row["expires_at"] for row in rows)
    assert {bool(row["code"]) for row in rows} == {bool(row["url"]) for row in rows} == {True, False}


def test_exactly_one_has_expired():
    ends = [datetime.fromisoformat(row["expires_at"]) for row in coupons() if row["expires_at"]]
    assert len([end for end in ends if end < datetime(2026, 7, 1, tzinfo=UTC)]) == 1
