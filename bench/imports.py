"""How fast coupons are imported, beside a plain COPY of the same data, and INSERTs of 1,000 rows each by unnest.

    python -m bench.imports [rows]

The two bare ways only write: their rows lie ready in memory, checked, and are compared with nothing.
"""

import asyncio
import csv
import json
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from database import embedded, pool, schema
from services.coupons import importing

INFLUENCER_COUNT = 1000
STARTS_AT = datetime(2026, 5, 1, tzinfo=UTC)
EXPIRES_AT = datetime(2031, 8, 31, 23, 59, 59, tzinfo=UTC)

COLUMNS = {
    "id": "text",
    "title": "text",
    "description": "text",
    "influencerId": "text",
    "imageUrl": "text",
    "startsAt": "timestamptz",
    "expiresAt": "timestamptz",
    "isActive": "bool",
    "createdAt": "timestamptz",
}
UNNEST = f"""
    INSERT INTO "Coupons" ({", ".join(f'"{name}"' for name in COLUMNS)})
    SELECT * FROM unnest({", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(COLUMNS.values(), 1))})
    ON CONFLICT (id) DO UPDATE SET {", ".join(f'"{name}" = excluded."{name}"' for name in COLUMNS)}"""  # noqa: S608


async def main(row_count: int) -> None:
    """Run every way on an empty table, one after another, and print what each took."""
    with tempfile.TemporaryDirectory(prefix="couponchat-bench-") as folder, embedded.running(Path(folder)) as url:
        async with pool.connected(url):
            await schema.upgrade(url)
            connection = await asyncpg.connect(url)
            try:
                seconds = await _all_ways(connection, Path(folder), row_count)
            finally:
                await connection.close()
    for way, taken in seconds.items():
        ratio = taken / seconds["plain COPY"]
        print(f"{way:28} {taken:6.2f} s {row_count / taken:9,.0f} rows/s {ratio:5.1f} x plain COPY")


async def _all_ways(connection: Any, folder: Path, row_count: int) -> dict[str, float]:
    seconds = {}
    sale, clearance, lines = folder / "sale.csv", folder / "clearance.csv", folder / "sale.jsonl"
    _write_csv(sale, row_count, "Sale")
    _write_csv(clearance, row_count, "Clearance")
    _write_json(lines, row_count, "Sale")
    before = _peak_megabytes()
    for kind, path in (("JSON Lines", lines), ("CSV", sale)):
        await connection.execute('TRUNCATE "Users", "Coupons" CASCADE')
        seconds[f"import {kind}, all new"] = await _timed(_import(path))
        seconds[f"import {kind}, again"] = await _timed(_import(path))
    seconds["import CSV, all changed"] = await _timed(_import(clearance))
    print(f"{sale.stat().st_size / 1e6:.0f} MB of CSV; the imports took {_peak_megabytes() - before:.0f} MB")
    rows = [_row(number, "Sale") for number in range(row_count)]
    for way, write in (("plain COPY", _copy), ("INSERT by unnest, all new", _unnest)):
        await connection.execute('TRUNCATE "Coupons" CASCADE')
        seconds[way] = await _timed(write(connection, rows))
    seconds["INSERT by unnest, again"] = await _timed(_unnest(connection, rows))
    return seconds


async def _timed(work: Awaitable[None]) -> float:
    begun = time.perf_counter()
    await work
    return time.perf_counter() - begun


async def _import(path: Path) -> None:
    with path.open("rb") as source:
        await importing.run(source)


async def _copy(connection: Any, rows: list[tuple[Any, ...]]) -> None:
    await connection.copy_records_to_table("Coupons", records=rows, columns=list(COLUMNS))


async def _unnest(connection: Any, rows: list[tuple[Any, ...]]) -> None:
    async with connection.transaction():
        for begin in range(0, len(rows), 1000):
            await connection.execute(UNNEST, *zip(*rows[begin : begin + 1000], strict=True))


def _row(number: int, word: str) -> tuple[Any, ...]:
    """Make a coupon as the table has it; the ids are in no order, as a platform's are."""
    return (
        f"{number * 7919 % 1_000_003:07}-summer",
        f"{number % 90}% Off {word} Number {number}",
        "Linen, straw hats and everything that dries in the sun, at half the price. " * 2,
        f"inf-{number % INFLUENCER_COUNT}",
        f"https://example.com/pictures/{number}.png",
        STARTS_AT,
        EXPIRES_AT,
        True,
        STARTS_AT,
    )


def _fields(number: int, word: str) -> dict[str, str]:
    id_, title, description, influencer_id, image_url, starts_at, expires_at, *_ = _row(number, word)
    return {
        "coupon_id": id_,
        "title": title,
        "description": description,
        "influencer_id": influencer_id,
        "influencer_name": f"Influencer {number % INFLUENCER_COUNT}",
        "influencer_email": f"{influencer_id}@example.com",
        "image_url": image_url,
        "starts_at": starts_at.isoformat(),
        "expires_at": expires_at.isoformat(),
        "is_active": "true",
    }


def _write_csv(path: Path, row_count: int, word: str) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(_fields(0, word)))
        writer.writeheader()
        writer.writerows(_fields(number, word) for number in range(row_count))


def _write_json(path: Path, row_count: int, word: str) -> None:
    with path.open("w") as file:
        file.writelines(json.dumps(_fields(number, word)) + "\n" for number in range(row_count))


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
