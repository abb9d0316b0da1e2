"""Connections are lent again and again: nothing is asked for that, and nothing is left on them."""

import ast
import asyncio
import io
import re

import asyncpg
import pytest

from bench.statements import counted
from database import pool
from database.transactions import connection, fetch, transaction
from services.coupons import importing
from tests.test_architecture import ROOT, files

# Where connections are opened of which the pool knows nothing, and where its own begin.
OWN = {"database/connection.py", "database/leader.py", "database/pubsub.py", "database/schema.py"}
ROOMS = ("bot", "cli", "database", "models", "services", "web")

# What outlives a transaction.
LASTING = re.compile(
    r"(^|;)\s*(SET (?!LOCAL\b|TRANSACTION\b)|RESET |LISTEN |DECLARE .*WITH HOLD|PREPARE )"
    r"|pg_(try_)?advisory_lock|pg_set_config|set_config\([^)]*false\)",
    re.MULTILINE,
)
TEMPORARY = re.compile(r"CREATE TEMP(?:ORARY)? TABLE (\w+)(?! ON COMMIT DROP)")


async def test_a_borrowed_connection_costs_no_statement_but_what_it_is_borrowed_for(db):
    await fetch("SELECT 1")
    with counted() as statements:
        await fetch("SELECT 2")
        async with transaction():
            await fetch("SELECT 3")
    assert statements.round_trips == ["SELECT 2", "BEGIN;", "SELECT 3", "COMMIT;"]


async def test_what_a_connection_was_asked_last_is_what_we_asked(db):
    [own] = await fetch("SELECT pg_backend_pid() AS pid")
    watching = await asyncpg.connect(db)
    try:
        last = await watching.fetchval("SELECT query FROM pg_stat_activity WHERE pid = $1", own["pid"])
    finally:
        await watching.close()
    assert last == "SELECT pg_backend_pid() AS pid"


async def test_a_transaction_that_was_left_open_is_rolled_back(postgres_url):
    async with pool.connected(postgres_url, pool_size=1):
        async with connection() as lent:
            await lent.execute("BEGIN; CREATE TABLE left_open ()")
        [found] = await fetch("SELECT to_regclass('left_open') IS NULL AS is_gone")
        assert found["is_gone"]
        assert await _is_outside_a_transaction()


async def test_a_transaction_that_failed_leaves_its_connection_good(postgres_url):
    async with pool.connected(postgres_url, pool_size=1):
        before = await _pid()
        with pytest.raises(KeyError):
            await _in_transaction(KeyError())
        assert await _pid() == before
        assert await _is_outside_a_transaction()


async def test_the_connection_of_a_transaction_that_was_broken_off_is_never_lent_again(postgres_url):
    async with pool.connected(postgres_url, pool_size=1):
        before = await _pid()
        with pytest.raises(asyncio.CancelledError):
            await _in_transaction(asyncio.CancelledError())
        assert await _pid() != before
        assert await _is_outside_a_transaction()


async def test_an_import_leaves_no_table_behind(db):
    rows = b"coupon_id,title,influencer_id,influencer_name\na,A,inf-maya,Maya\n"
    await importing.run(io.BytesIO(rows))
    with pytest.raises(importing.BadFile):
        await importing.run(io.BytesIO(rows + b"b,,inf-maya,Maya\n"))
    assert await fetch("SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'") == []


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_of_ours_outlives_its_transaction_on_a_connection_that_is_lent(room):
    for path in files(room):
        if path.relative_to(ROOT).as_posix() in OWN:
            continue
        for text in _texts(path.read_text(encoding="utf-8")):
            assert not LASTING.search(text), (path, text)


@pytest.mark.parametrize("room", ROOMS)
def test_every_temporary_table_is_dropped(room):
    for path in files(room):
        source = path.read_text(encoding="utf-8")
        dropped = set(re.findall(r"\w+", " ".join(re.findall(r"DROP TABLE ([\w, ]+)", source))))
        assert set(TEMPORARY.findall(source)) <= dropped, path


@pytest.mark.parametrize(
    "statement",
    [
        "SET lock_timeout = 0",
        "SELECT 1; SET lock_timeout = 0",
        "SELECT pg_try_advisory_lock(1)",
        "SELECT pg_advisory_lock(1)",
        "LISTEN couponchat",
    ],
)
def test_what_would_outlive_it_would_be_noticed(statement):
    assert LASTING.search(statement)


@pytest.mark.parametrize(
    "statement",
    ['UPDATE "Chats" SET revision = 0', "SET LOCAL lock_timeout = 0", "SELECT pg_advisory_xact_lock(1)"],
)
def test_what_ends_with_it_may_be_said(statement):
    assert not LASTING.search(statement)


def _texts(source: str) -> list[str]:
    constants = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return [text for text in constants if isinstance(text, str)]


async def _in_transaction(error: BaseException) -> None:
    async with transaction():
        await fetch("SELECT pg_current_xact_id()")
        raise error


async def _is_outside_a_transaction() -> bool:
    """Each statement has a time of its own, then."""
    first, second = [(await fetch("SELECT now() AS at"))[0]["at"] for _ in range(2)]
    return bool(first != second)


async def _pid() -> int:
    return int((await fetch("SELECT pg_backend_pid() AS pid"))[0]["pid"])
