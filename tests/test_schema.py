"""The tables: made by the migrations, as the models say, and named as the design does."""

import asyncio
import importlib
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from aerich import Command
from tortoise import Tortoise

from bot.context import Panel
from bot.outbox import calls
from database import pool, schema
from database.errors import StartupError
from database.transactions import fetch, transaction
from models import Attachment, Chat, Delivery, DeliveryState, HeldMessage, Message, MessageKind, Peer
from services import metrics
from services.chats import answering, changes, dashboard, history
from services.incoming import inbox, lookup
from services.media import attachments
from services.media.contents import Content, File, Quote, content_of, quote_of
from services.media.details import (
    Checklist,
    Contact,
    Dice,
    Game,
    Giveaway,
    Invoice,
    Location,
    Newer,
    PaidMedia,
    Poll,
    Raw,
    Story,
    Task,
    Venue,
)
from services.outgoing import replies
from services.outgoing.sending import Step
from services.people.keyring import Keyring
from tests import cast, databases

# What the models can't say: see the second migration, the fourth, the sixth, and those of chats, peers and updates.
BY_HAND = {
    "idx_Messages_album",
    "idx_Messages_former",
    "idx_Messages_unread",
    "idx_Deliveries_failed",
    "idx_Deliveries_pending",
    "idx_Deliveries_unordered",
    "idx_Peers_due",
    "idx_Updates_quarantined",
    "idx_Updates_received",
    "chk_Attachments_one_message",
    "chk_Chats_two_people",
    "Chats_peerId_fkey",
    "uid_TelegramTopics_ours",
}

COLUMNS = """
    SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text AS table_name, conname, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1, 2"""
FOREIGN_KEYS = """
    SELECT conrelid::regclass::text AS table_name, attname AS column_name, EXISTS (
        SELECT FROM pg_index
        WHERE indrelid = conrelid AND indkey[0] = conkey[1] AND indpred IS NULL AND indisvalid) AS is_led
    FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"


async def migrations() -> list[str]:
    names = [path.name for path in (schema.LOCATION / "models").glob("[0-9]*_*.py")]
    return sorted(names, key=lambda name: int(name.partition("_")[0]))


async def test_an_empty_database_is_brought_up_to_date_once(postgres_url):
    async with databases.empty(postgres_url) as url, pool.connected(url):
        assert await schema.missing() == await migrations()
        with pytest.raises(StartupError, match=f"behind by {len(await migrations())} migration"):
            await schema.require()
        assert await schema.upgrade(url) == await migrations()
        assert await schema.missing() == []
        await schema.require()
        assert await schema.upgrade(url) == []


@pytest.mark.parametrize("version", range(1, len(list((schema.LOCATION / "models").glob("[0-9]*_*.py")))))
async def test_an_earlier_version_with_rows_in_every_table_is_brought_up_to_date(
    postgres_url, version, monkeypatch
):
    async with databases.empty(postgres_url) as url, pool.connected(url):
        known = await migrations()
        await databases.upgrade_only(url, known[:version], monkeypatch)
        for table in await _tables():
            await _insert_a_row(table)
        filled = await _tables()
        assert await schema.missing() == known[version:]
        assert await schema.upgrade(url) == known[version:]
        for table in filled:
            table = {"Lines": "Peers"}.get(table, table)
            assert (await fetch(f'SELECT count(*) FROM "{table}"'))[0]["count"] >= 1
        await Chat.all().update(last_message_id=None)
        assert (await Chat.all().first()).revision > 0


async def test_an_id_that_an_earlier_version_took_for_a_name_is_none(postgres_url, monkeypatch):
    async with databases.empty(postgres_url) as url, pool.connected(url):
        known = await migrations()
        await databases.upgrade_only(url, [name for name in known if int(name.partition("_")[0]) < 7], monkeypatch)
        for user_id, name, is_influencer in (
            ("inf-1", "inf-1", True),
            ("inf-2", "Maya", True),
            ("inf-3", "inf-3", False),
        ):
            await fetch(
                """INSERT INTO "Users" (id, name, "isInfluencer", "createdAt") VALUES ($1, $2, $3, now())""",
                user_id,
                name,
                is_influencer,
            )
        await schema.upgrade(url)
        found = await fetch('SELECT name FROM "Users" ORDER BY id')
        assert [row["name"] for row in found] == ["", "Maya", "inf-3"]


async def test_a_chat_of_an_earlier_version_is_where_it_was_opened_last(postgres_url, monkeypatch):
    """Where that is forgotten, where something was said in it last, and else where its consumer was heard last."""
    async with databases.empty(postgres_url) as url, pool.connected(url):
        known = await migrations()
        [chats_peer] = [number for number, name in enumerate(known) if name.endswith("_chats_peer.py")]
        await databases.upgrade_only(url, known[:chats_peer], monkeypatch)
        await databases.execute(url, CHATS_OF_TWO_BOTS)
        before = await fetch('SELECT id, revision FROM "Chats" ORDER BY id')
        await schema.upgrade(url)
        found = await Chat.all().order_by("id")
        assert {chat.id: chat.peer_id for chat in found} == {
            "opened": "first",
            "said": "second",
            "heard": "third",
            "trial": None,
        }
        assert [{"id": chat.id, "revision": chat.revision} for chat in found] == before


CHATS_OF_TWO_BOTS = """
    INSERT INTO "Users" (id, name, "isInfluencer", "createdAt") SELECT id, id, id = 'maya', now()
        FROM unnest(ARRAY['maya', 'ada', 'before']) id;
    INSERT INTO "Coupons" (id, title, description, "influencerId", "isActive", "createdAt")
        SELECT id, id, '', 'maya', true, now() FROM unnest(ARRAY['opened', 'said', 'heard', 'trial']) id;
    INSERT INTO "Chats" (id, "couponId", "consumerId", "influencerId", "createdAt", "updatedAt", revision)
        SELECT id, id, CASE id WHEN 'trial' THEN 'before' ELSE 'ada' END, 'maya', now(), now(), 0 FROM "Coupons";
    INSERT INTO "Peers"
            (id, "botId", "telegramChatId", "userId", "isBlocked", "deliveryCount", "createdAt", "seenAt")
        SELECT id, n, 7, 'ada', false, 0, now(), now() + n * interval '1 second'
        FROM unnest(ARRAY['first', 'second', 'third']) WITH ORDINALITY p(id, n);
    INSERT INTO "Activations" ("peerId", "chatId", "updateId", "deliveryCount", at)
        VALUES ('first', 'opened', 1, 0, now()), ('second', 'opened', 9, 0, now() - interval '1 hour');
    INSERT INTO "TelegramMessages" ("botId", "telegramChatId", "telegramMessageId", "chatId")
        VALUES (3, 7, 1, 'opened'), (1, 7, 2, 'said'), (2, 7, 1, 'said')"""


async def test_two_processes_upgrade_an_empty_database_once(postgres_url):
    async with databases.empty(postgres_url) as url, pool.connected(url):
        done = await asyncio.gather(*(schema.upgrade(url) for _ in range(3)))
        assert sorted(done) == [[], [], await migrations()]


async def test_a_database_that_refuses_is_named_in_a_line(postgres_url):
    async with databases.empty(postgres_url) as url, pool.connected(url):
        await fetch('CREATE TABLE "Users" (id integer)')
        with pytest.raises(
            StartupError, match=r'^The database can.t be brought up to date: relation "Users" already'
        ):
            await schema.upgrade(url)
        assert await schema.missing() == await migrations()


async def test_models_and_migrations_agree(postgres_url):
    async with databases.empty(postgres_url) as url, pool.connected(url):
        await schema.upgrade(url)
        migrated = [await fetch(query) for query in (COLUMNS, CONSTRAINTS, INDEXES)]
    async with databases.empty(postgres_url) as url, pool.connected(url):
        await Tortoise.generate_schemas(safe=False)
        generated = [await fetch(query) for query in (COLUMNS, CONSTRAINTS, INDEXES)]
    assert _names(migrated) - _names(generated) == BY_HAND
    for found, expected in zip(migrated, generated, strict=True):
        assert [row for row in found if not _names([[row]]) & BY_HAND] == expected


async def test_aerich_finds_nothing_to_migrate(db, tmp_path):
    command = Command(pool.configuration(db), location=str(schema.LOCATION))
    await command.init()
    before = await migrations()
    try:
        assert not await command.migrate("nothing", no_input=True)
    finally:
        for name in set(await migrations()) - set(before):
            (schema.LOCATION / "models" / name).unlink()


async def test_the_queries_of_the_design_run_as_they_are_written(db):
    maya = await cast.maya()
    ada, other = await cast.peer(), await cast.peer(7002)
    chat = await cast.chat(await cast.coupon(maya), ada)
    await cast.chat(await cast.coupon(maya, "Another"), ada)
    [found] = await fetch(
        f"""SELECT * FROM "Chats" WHERE "couponId" = '{chat.coupon_id}' AND "consumerId" = '{ada.user_id}'"""
    )
    assert found["id"] == chat.id
    assert await fetch(f"""SELECT * FROM "Chats" WHERE "consumerId" = '{other.user_id}'""") == []
    assert len(await fetch(f"""SELECT * FROM "Chats" WHERE "influencerId" = '{maya.id}'""")) == 2
    assert await fetch(f"""SELECT * FROM "Chats" WHERE "influencerId" = '{(await cast.outsider()).id}'""") == []


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (
            "Chats",
            {
                "id": "character varying",
                "couponId": "character varying",
                "consumerId": "character varying",
                "influencerId": "character varying",
                "createdAt": "timestamp with time zone",
                "updatedAt": "timestamp with time zone",
            },
        ),
        (
            "Messages",
            {
                "id": "character varying",
                "chatId": "character varying",
                "senderId": "character varying",
                "text": "text",
                "timestamp": "timestamp with time zone",
                "isRead": "boolean",
            },
        ),
        ("Users", {"id": "character varying", "telegramUserId": "bigint"}),
        ("Coupons", {"id": "character varying", "influencerId": "character varying", "title": "text"}),
    ],
)
async def test_tables_are_named_to_the_letter(db, table, columns):
    found = {row["column_name"]: row for row in await fetch(COLUMNS) if row["table_name"] == table}
    assert {name: found[name]["data_type"] for name in columns} == columns
    assert all(found[name]["is_nullable"] == "NO" for name in columns if name != "telegramUserId")
    keys = [row for row in await fetch(CONSTRAINTS) if row["table_name"] == f'"{table}"']
    assert "PRIMARY KEY (id)" in {key["definition"] for key in keys}


@pytest.mark.parametrize(
    ("table", "column", "target"),
    [
        ("Chats", "couponId", "Coupons"),
        ("Chats", "consumerId", "Users"),
        ("Chats", "influencerId", "Users"),
        ("Messages", "chatId", "Chats"),
        ("Messages", "senderId", "Users"),
        ("Coupons", "influencerId", "Users"),
    ],
)
async def test_foreign_keys_hold(db, table, column, target):
    await cast.says(await _ada_with_a_chat(), "Hello")
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await databases.execute(db, f"""UPDATE "{table}" SET "{column}" = 'nobody'""")
    definitions = [row["definition"] for row in await fetch(CONSTRAINTS) if row["table_name"] == f'"{table}"']
    assert any(f'FOREIGN KEY ("{column}") REFERENCES "{target}"(id)' in definition for definition in definitions)


async def test_every_foreign_key_leads_an_index(db):
    """Whoever follows it backwards, or deletes what it points to, reads no table from end to end."""
    keys = await fetch(FOREIGN_KEYS)
    assert len(keys) > 20
    assert [(key["table_name"], key["column_name"]) for key in keys if not key["is_led"]] == []


async def test_what_others_speak_of_cannot_be_deleted(db):
    await cast.says(await _ada_with_a_chat(), "Hello")
    for table in ("Users", "Coupons", "Chats", "Messages"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await databases.execute(db, f'DELETE FROM "{table}"')


async def test_a_consumer_has_one_chat_per_coupon_whoever_writes_it(db):
    await _ada_with_a_chat()
    insert = """INSERT INTO "Chats" (id, "couponId", "consumerId", "influencerId", "createdAt", "updatedAt",
                                     revision)
                SELECT 'another', {coupon}, "consumerId", "influencerId", now(), now(), 0 FROM "Chats" LIMIT 1"""
    with pytest.raises(asyncpg.UniqueViolationError):
        await databases.execute(db, insert.format(coupon='"couponId"'))
    other = await cast.coupon(await cast.maya(), "Another")
    await databases.execute(db, insert.format(coupon=f"'{other.id}'"))
    assert await Chat.all().count() == 2


async def test_nobody_is_on_both_sides_of_a_chat(db):
    await _ada_with_a_chat()
    with pytest.raises(asyncpg.CheckViolationError):
        await databases.execute(db, """UPDATE "Chats" SET "consumerId" = "influencerId" """)


async def test_whoever_was_on_both_sides_of_a_chat_is_two_people_after_an_upgrade(postgres_url):
    """The migration alone, for what the models know today an earlier version's tables may not have."""
    async with databases.empty(postgres_url) as url, pool.connected(url):
        await schema.upgrade(url)
        [two_people] = [Path(name).stem for name in await migrations() if name.endswith("_two_people.py")]
        migration = importlib.import_module(f"migrations.models.{two_people}")
        await databases.execute(url, await migration.downgrade(None))
        maya = await cast.maya()
        ada = await cast.peer()
        for title in ("Tea", "Hats"):
            await cast.chat(await cast.coupon(maya, title), ada)
            await cast.says(ada, f"About {title}")
        chat = await Chat.get(coupon_id="hats").select_related("influencer")
        await replies.reply(chat, maya, "From Maya")
        await databases.execute(
            url,
            """UPDATE "Chats" SET "consumerId" = "influencerId" WHERE "couponId" = 'hats';
                    UPDATE "Messages" SET "senderId" = 'inf-maya';
                    UPDATE "Messages" SET "senderId" = "consumerId" FROM "Chats"
                        WHERE "Chats".id = "chatId" AND "couponId" = 'tea'""",
        )
        upgrade = (await migration.upgrade(None)).replace('"Lines"', '"Peers"')  # as they are called by now
        await databases.execute(url, f"BEGIN; {upgrade}; COMMIT")
        former = await Chat.get(id=chat.id).select_related("consumer")
        assert (former.influencer_id, former.consumer.name) == (maya.id, "Maya Okafor")
        assert (former.consumer.is_influencer, former.consumer.telegram_user_id) == (False, None)
        senders = {message.text: message.sender_id for message in await Message.all()}
        assert senders == {"About Tea": ada.user_id, "About Hats": former.consumer_id, "From Maya": maya.id}
        assert (await Peer.get()).shown_chat_id is None
        assert (await Chat.get(coupon_id="tea")).consumer_id == ada.user_id


async def test_updated_at_moves_with_messages_and_with_nothing_else(db):
    ada = await _ada_with_a_chat()
    chat = await Chat.get().select_related("coupon", "influencer")
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
    await cast.says(ada, "Hello", sent_at=at)
    assert (await Chat.get()).updated_at == at

    await history.mark_read(chat)
    async with transaction():
        await history.read_by_consumer(chat)
        await history.touch(chat.id)
    await Message.all().update(text="Hello!", edited_at=datetime.now(UTC))
    await chat.coupon.save()
    chat.last_message_id = (await Message.get()).id
    await chat.save(update_fields=["last_message_id"])
    assert (await Chat.get()).updated_at == at

    said = await replies.reply(await Chat.get(), chat.influencer, "Hello yourself")
    assert (await Chat.get()).updated_at == said.timestamp >= at
    await cast.says(ada, "An older one, which came late", sent_at=at - timedelta(hours=1))
    assert (await Chat.get()).updated_at == said.timestamp


async def test_what_is_looked_at_all_the_time_is_found_by_an_index(db):
    """Thousands of rows are few to PostgreSQL, which may well read them all: we forbid that, to see what can be."""
    await _fill(db, chat_count=100, messages_each=60)  # more than a page shows
    chat = await Chat.get(id="chat-7").select_related("coupon")
    looks = {
        "idx_Chats_influen_b88f7d": dashboard.rows("inf-maya", dashboard.Filter()),
        "idx_Messages_unread": dashboard.unread_count("inf-maya"),
        "idx_Messages_chatId_4b8f30": history.latest(chat),
        "idx_Chats_influen_1d8162": _look(chat),
        "idx_Messages_chatId_cf2cc4": _look(chat),
        "(uid_Chats_couponI|idx_Chats_consume)_": Chat.get(coupon_id=chat.coupon_id, consumer_id=chat.consumer_id),
        "idx_Deliveries_pending": metrics.exposition(),
        "idx_Deliveries_failed": metrics.exposition(),
        "idx_Updates_quarantined": metrics.exposition(),
        "idx_Updates_received": metrics.exposition(),
    }
    for index, look in looks.items():
        queries, result = await databases.watched(look, _is_looked_at)
        assert result is not None
        plans = "\n".join([await _plan(db, query, values) for query, values in queries])
        assert re.search(index, plans), plans
        assert "Seq Scan" not in plans, plans


async def test_how_soon_somebody_usually_answers_is_found_by_indexes(db):
    await _fill(db, chat_count=100, messages_each=60)
    [(query, values)], _ = await databases.watched(
        answering.usual_wait("inf-maya"), lambda query: '"Chats"' in query
    )
    plan = await _plan(db, query, values)
    assert "idx_Chats_influen_b88f7d" in plan, plan
    assert plan.count("idx_Messages_chatId_4b8f30") == 2, plan
    assert "Seq Scan" not in plan, plan


async def test_whose_updates_wait_and_which_is_the_first_is_found_by_an_index(db):
    for number in range(100):
        await cast.arrives(number, telegram_user_id=number % 10)
    for look in (
        inbox.claim(cast.BOT_ID, [3, 7]),
        inbox.waiting_senders(cast.BOT_ID, timedelta(0), inbox.FIRST, 100),
        inbox.backlog(),
    ):
        queries, result = await databases.watched(look, lambda query: '"Updates"' in query)
        assert result is not None
        plans = "\n".join([await _plan(db, query, values) for query, values in queries])
        assert "idx_Updates_received" in plans, plans
        assert "Seq Scan" not in plans, plans


async def test_the_parts_of_an_album_are_found_by_an_index(db):
    await _fill(db, chat_count=100, messages_each=30)
    await databases.execute(db, AN_ALBUM)
    peer = Peer(id="p", bot_id=1, telegram_chat_id=7, user_id="u-7")
    part = cast.incoming("", telegram_message_id=13, album_id="album")
    [(query, values)], found = await databases.watched(lookup.find(peer, part.as_of, part), _is_looked_at)
    assert found.album.chat.id == "chat-7"
    plan = await _plan(db, query, values)
    assert "idx_Messages_album" in plan, plan
    assert "Seq Scan" not in plan, plan


AN_ALBUM = """
    UPDATE "Messages" SET "albumId" = 'album' WHERE id IN ('7-10', '7-11', '7-12');
    INSERT INTO "TelegramMessages" ("botId", "telegramChatId", "telegramMessageId", "chatId", "messageId")
        SELECT 1, 7, position, "chatId", id FROM "Messages" WHERE "chatId" = 'chat-7';
    ANALYZE"""


async def _look(chat):
    return await changes.since("inf-maya", [await changes.cursor()], [chat.id], changes.Limit(120, 10_000))


def _names(described) -> set[str]:
    """Name the constraints and indexes among what is described."""
    return {row.get("conname") or row.get("indexname") for rows in described for row in rows} - {None}


async def _tables() -> list[str]:
    """Name the tables, those that others point to first."""
    order = ["Users", "Coupons", "Chats", "Messages", "Lines", "Peers"]
    found = {row["table_name"] for row in await fetch(COLUMNS)} - {"aerich"}
    return [*(name for name in order if name in found), *sorted(found - set(order))]


async def _insert_a_row(table: str) -> None:
    """Write one row with something in every column that must not be empty, pointing to the row of another table."""
    filled = {}
    for column in await fetch(COLUMNS):
        if column["table_name"] == table and column["is_nullable"] == "NO" and column["column_default"] is None:
            kind = column["data_type"]
            filled[column["column_name"]] = "1" if re.search("int|char|text", kind) else _SOMETHING[kind]
    if table == "Chats":  # of two people
        await fetch("""INSERT INTO "Users" SELECT (jsonb_populate_record(u, '{"id": "2"}')).* FROM "Users" u""")
        filled["influencerId"] = "2"
    names = ", ".join(f'"{name}"' for name in filled)
    values = ", ".join(f"'{value}'" for value in filled.values())
    await fetch(f'INSERT INTO "{table}" ({names}) VALUES ({values})')


_SOMETHING = {"boolean": "false", "timestamp with time zone": "2026-01-01", "jsonb": "{}"}


async def _ada_with_a_chat():
    ada = await cast.peer()
    await cast.chat(await cast.coupon(await cast.maya()), ada)
    return ada


async def _fill(url: str, chat_count: int, messages_each: int) -> None:
    maya, outsider = await cast.maya(), await cast.outsider()
    await cast.coupon(maya, id="c")
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"""
            INSERT INTO "Users" (id, name, "isInfluencer", "createdAt")
                SELECT 'u-' || n, 'Consumer', false, now() FROM generate_series(1, {chat_count}) n;
            INSERT INTO "Chats" (id, "couponId", "consumerId", "influencerId", "createdAt", "updatedAt", revision)
                SELECT 'chat-' || n, 'c', 'u-' || n, CASE n % 3 WHEN 0 THEN '{outsider.id}' ELSE '{maya.id}' END,
                       now(), now(), 0 FROM generate_series(1, {chat_count}) n;
            INSERT INTO "Messages" (id, "chatId", "senderId", text, timestamp, "isRead", position, kind,
                                    "mayBeDoubled", revision)
                SELECT c || '-' || n, 'chat-' || c, 'u-' || c, 'Hello', now(), n < 9, n, 'text', false, 0
                FROM generate_series(1, {chat_count}) c, generate_series(1, {messages_each}) n;
            ANALYZE""")
    finally:
        await connection.close()


def _is_looked_at(query: str) -> bool:
    return bool(re.search('FROM "(Chats|Messages|Deliveries|Updates)"', query))


async def _plan(url: str, query: str, values: tuple[object, ...]) -> str:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        return "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {query}", *values))
    finally:
        await connection.close()


async def test_what_waits_when_questions_and_links_begin_to_be_written_late_is_written_late(
    postgres_url, monkeypatch
):
    async with databases.empty(postgres_url) as url, pool.connected(url):
        earlier = await migrations()
        await databases.upgrade_only(
            url, [name for name in earlier if int(name.partition("_")[0]) < 10], monkeypatch
        )
        for table in ("Users", "Coupons", "Chats", "Lines"):
            await _insert_a_row(table)
        await databases.execute(url, EARLIER)
        await schema.upgrade(url)
        found = await Delivery.all().order_by("sequence")
        assert [(row.kind, row.payload) for row in found] == [
            ("way_in", {}),
            ("notice", {"text": "In"}),
            ("question", {"about": 7}),
            ("notice", {"text": "Kept", "replyTo": 9}),
        ]
        held = await HeldMessage.all().order_by("telegram_message_id")
        assert [message.asked_with for message in held] == [7, 7, None]


EARLIER = """
    INSERT INTO "HeldMessages" (id, "lineId", "telegramMessageId", "mediaGroupId", text, timestamp, kind, "isAsked")
        VALUES ('7', '1', 7, 'album', '', now(), 'photo', true), ('8', '1', 8, 'album', '', now(), 'photo', false),
               ('9', '1', 9, NULL, '', now(), 'text', false);
    INSERT INTO "Deliveries"
            (id, "lineId", "botId", sequence, state, attempts, "dueAt", "queuedAt", method, payload)
        SELECT n, '1', 1, n, CASE n WHEN 2 THEN 'sent' ELSE 'queued' END, 0, now(), now(), 'sendMessage', CASE n
            WHEN 3 THEN '{"text": "?", "reply_parameters": {"message_id": 7}, "reply_markup": {"a": "file:7:1"}}'
            WHEN 4 THEN '{"text": "Kept", "reply_parameters": {"message_id": 9}}'
            ELSE '{"text": "In", "reply_markup": {"url": "https://panel.example/signin/secret"}}' END::jsonb
        FROM generate_series(1, 4) n"""


async def test_what_waits_as_a_call_of_telegrams_is_sent_as_the_same_call_after_an_upgrade(
    postgres_url, monkeypatch
):
    async with databases.empty(postgres_url) as url, pool.connected(url):
        earlier = await migrations()
        await databases.upgrade_only(
            url, earlier[: earlier.index(_named("_deliveries_by_kind", earlier))], monkeypatch
        )
        for table in ("Users", "Coupons", "Chats", "Peers"):
            await _insert_a_row(table)
        waiting = [(state, call) for state in DeliveryState for call in CALLS]
        for number, (state, (method, payload)) in enumerate(waiting):
            await fetch(
                """INSERT INTO "Deliveries" (id, "peerId", "botId", sequence, kind, method, payload, state,
                                             attempts, "dueAt", "queuedAt")
                   VALUES ($1, '1', 1, $2, 'call', $3, $4::text::jsonb, $5, 0, now(), now())""",
                str(number),
                number,
                method,
                json.dumps(payload),
                state,
            )
        await schema.upgrade(url)
        panel = Panel("https://panel.example", Keyring(b"secret"))
        found = [
            (delivery.state, await calls.call_of(Step(delivery, delivery.peer, None, None, 0), panel))
            for delivery in await Delivery.all().order_by("sequence").select_related("peer")
        ]
    assert found == [(state, calls.Call(method, payload)) for state, (method, payload) in waiting]


async def test_what_waits_is_due_after_an_upgrade_as_it_was_before(postgres_url, monkeypatch):
    async with databases.empty(postgres_url) as url, pool.connected(url):
        earlier = await migrations()
        await databases.upgrade_only(url, earlier[: earlier.index(_named("_next_due_at", earlier))], monkeypatch)
        await databases.execute(url, WHAT_WAITS)
        await schema.upgrade(url)
        found = {peer.id: peer.next_due_at and peer.next_due_at.day for peer in await Peer.all()}
    assert found == {"waiting": 2, "paused": 5, "paused before": 2, "done": None, "tapped": None, "silent": None}


WHAT_WAITS = """
    INSERT INTO "Peers"
            (id, "botId", "telegramChatId", "isBlocked", "deliveryCount", "createdAt", "seenAt", "pausedUntil")
        SELECT id, 1, n, false, 0, now(), now(),
            CASE id WHEN 'paused' THEN '2026-01-05 UTC' WHEN 'paused before' THEN '2026-01-01 UTC' END::timestamptz
        FROM unnest(ARRAY['waiting', 'paused', 'paused before', 'done', 'tapped', 'silent'])
            WITH ORDINALITY p(id, n);
    INSERT INTO "Deliveries"
            (id, "peerId", "botId", sequence, kind, state, attempts, "dueAt", "queuedAt", "expiresAt")
        SELECT p.id || n, p.id, 1, n, 'notice', CASE WHEN n = 1 OR p.id = 'done' THEN 'sent' ELSE 'queued' END, 0,
            '2026-01-01 UTC'::timestamptz + interval '1 day' * (n - 1), now(),
            CASE p.id WHEN 'tapped' THEN now() END
        FROM "Peers" p, generate_series(1, 3) n WHERE p.id <> 'silent'"""


def _named(name, found):
    return next(migration for migration in found if migration.endswith(f"{name}.py"))


BOLD = {"type": "bold", "offset": 0, "length": 9}
ITALIC = {"type": "italic", "offset": 10, "length": 4}
KEYBOARD = [
    [{"text": "Shoes", "callback_data": "open:1"}, {"text": "Hats", "callback_data": "open:2"}],
    [{"text": "Open", "url": "https://t.me/bot?start=c_1"}],
]

# Everything that was ever queued, in Telegram's words; the one peer's chat is 1.
CALLS = [
    ("sendMessage", {"chat_id": 1, "text": "Hello"}),
    (
        "sendMessage",
        {
            "chat_id": 1,
            "message_thread_id": 77,
            "text": "Re: Shoes\nwith Maya",
            "entities": [BOLD, ITALIC],
            "reply_markup": {"inline_keyboard": KEYBOARD},
            "reply_parameters": {"message_id": 9, "allow_sending_without_reply": True},
        },
    ),
    ("editMessageText", {"chat_id": 1, "message_id": 8, "text": "Hi", "reply_markup": {"inline_keyboard": []}}),
    (
        "editMessageText",
        {
            "chat_id": 1,
            "message_id": 8,
            "text": "Re: Shoes",
            "entities": [BOLD],
            "reply_markup": {"inline_keyboard": KEYBOARD},
        },
    ),
    ("answerCallbackQuery", {"callback_query_id": "12"}),
    ("answerCallbackQuery", {"callback_query_id": "12", "text": "That isn't there any more."}),
    (
        "setMyCommands",
        {
            "commands": [{"command": "chats", "description": "My chats"}, {"command": "help", "description": "?"}],
            "scope": {"type": "chat", "chat_id": 1},
        },
    ),
]


async def test_what_messages_hold_is_carried_over_whole_and_back(postgres_url, monkeypatch):
    async with databases.empty(postgres_url) as url, pool.connected(url):
        known = await migrations()
        at = next(at for at, name in enumerate(known) if name.endswith("_attachments.py"))
        await databases.upgrade_only(url, known[:at], monkeypatch)
        for table in ("Users", "Coupons", "Chats", "Peers"):
            await _insert_a_row(table)
        for number, (kind, kept, *_) in enumerate(KEPT):
            values = (kind, json.dumps(kept), number)
            await fetch(AS_IT_WAS_KEPT, f"m{number}", *values)
            await fetch(AS_IT_WAS_HELD, f"h{number}", *values)
            await fetch(AS_IT_WAS_KNOWN, f"m{number}", number)
        before = await _kept()
        migration = importlib.import_module(f"migrations.models.{Path(known[at]).stem}")
        await databases.execute(url, await migration.upgrade(None))
        await databases.execute(url, await migration.downgrade(None))
        assert await _kept() == before
        await schema.upgrade(url)
        for prefix, model in (("m", Message), ("h", HeldMessage)):
            for number, (kind, kept, content, *context) in enumerate(KEPT):
                [message] = await attachments.load([await model.get(id=f"{prefix}{number}")])
                assert content_of(message) == content, (kind, kept)
                found = (message.forwarded_from, quote_of(message), message.album_id)
                assert found == (*context, None, None, None)[:3], (kind, kept)
        rows = await Attachment.all()
        assert len(rows) == 2 * len([content for _, _, content, *_ in KEPT if content.files])
        found = {(row.kind, row.bot_id, row.state) for row in rows}
        assert found >= {("photo", 7, "telegram"), ("photo", 1, "telegram"), ("voice", 7, "missing")}


async def _kept():
    """Give what was kept of messages, and as of when they have changed."""
    messages = await fetch('SELECT id, kind, attachment, revision FROM "Messages" ORDER BY id')
    held = await fetch('SELECT id, kind, attachment FROM "HeldMessages" ORDER BY id')
    return [
        {**row, "attachment": _without_nothing(json.loads(row["attachment"] or "null"))} for row in messages + held
    ]


def _without_nothing(kept):
    """Leave out what a quote says without saying anything."""
    if kept and "quote" in kept:
        said = {name: value for name, value in kept["quote"].items() if value and value != "text"}
        return {**kept, "quote": said}
    return kept


AS_IT_WAS_KEPT = """
    INSERT INTO "Messages" (id, "chatId", "senderId", text, timestamp, "isRead", position, kind, attachment,
                            "mayBeDoubled", revision)
        VALUES ($1, '1', '1', 'Hello', now(), false, $4, $2, $3::text::jsonb, false, 0)"""
AS_IT_WAS_HELD = """
    INSERT INTO "HeldMessages" (id, "peerId", "telegramMessageId", "mediaGroupId", text, timestamp, kind,
                                attachment)
        VALUES ($1, '1', $4, $3::text::jsonb->>'mediaGroupId', 'Hello', now(), $2, $3::text::jsonb)"""
AS_IT_WAS_KNOWN = """
    INSERT INTO "TelegramMessages" ("botId", "telegramChatId", "telegramMessageId", "chatId", "messageId")
        VALUES (7, 7, $2, '1', $1)"""

PHOTO = {"fileId": "a", "fileUniqueId": "b", "fileSize": 5, "width": 1280, "height": 960}
FILE = File("a", "b", size=5, width=1280, height=960)
PLACE = {"latitude": 52.5, "longitude": 13.4}
KEPT = [
    ("text", None, Content()),
    ("text", {"forwardedFrom": ""}, Content(), ""),
    ("text", {"forwardedFrom": "Zoe", "quote": {"text": "44"}}, Content(), "Zoe", Quote(text="44")),
    (
        "photo",
        {**PHOTO, "mediaGroupId": "9", "quote": {"from": "Sales", "text": "Half off", "kind": "photo",
                                                 "attachment": PHOTO}},
        Content(MessageKind.PHOTO, files=(FILE,)),
        None,
        Quote("Sales", "Half off", Content(MessageKind.PHOTO, files=(FILE,))),
        "9",
    ),
    ("photo", None, Content(MessageKind.PHOTO)),
    ("photo", {"content": 5}, Content(MessageKind.PHOTO, Raw(5))),
    ("voice", {"duration": 12, "mimeType": "audio/ogg"},
     Content(MessageKind.VOICE, files=(File(mime_type="audio/ogg", duration=12),))),
    ("document", {"fileName": "name.pdf"}, Content(MessageKind.DOCUMENT, files=(File(file_name="name.pdf"),))),
    ("audio", {"title": "Summer", "performer": "The Coupons"},
     Content(MessageKind.AUDIO, files=(File(title="Summer", performer="The Coupons"),))),
    ("sticker", {"emoji": "😀"}, Content(MessageKind.STICKER, files=(File(emoji="😀"),))),
    *((kind, {"fileId": kind}, Content(MessageKind(kind), files=(File(kind),)))
      for kind in ("animation", "video", "video_note", "live_photo")),
    ("location", PLACE, Content(MessageKind.LOCATION, Location(52.5, 13.4))),
    ("venue", {"title": "Shop", "address": "Street 1", **PLACE},
     Content(MessageKind.VENUE, Venue("Shop", "Street 1", 52.5, 13.4))),
    ("contact", {"phoneNumber": "+49", "firstName": "Bo", "lastName": "Bird", "forwardedFrom": "Zoe"},
     Content(MessageKind.CONTACT, Contact("+49", "Bo", "Bird")), "Zoe"),
    ("poll", {"question": "Which?", "options": ["Red", "Blue"]},
     Content(MessageKind.POLL, Poll("Which?", ("Red", "Blue")))),
    ("poll", {"content": "soon"}, Content(MessageKind.POLL, Raw("soon"))),
    ("checklist", {"title": "To do", "tasks": [{"text": "a", "isDone": True}, {"text": "b", "isDone": False}]},
     Content(MessageKind.CHECKLIST, Checklist("To do", (Task("a", True), Task("b"))))),
    ("dice", {"emoji": "🎲", "value": 6}, Content(MessageKind.DICE, Dice("🎲", 6))),
    ("story", {"of": "Maya", "username": "maya", "storyId": 7},
     Content(MessageKind.STORY, Story("Maya", "maya", 7))),
    ("game", {"title": "Chess", "description": "A game"}, Content(MessageKind.GAME, Game("Chess", "A game"))),
    ("invoice", {"title": "Shoes", "description": "44"}, Content(MessageKind.INVOICE, Invoice("Shoes", "44"))),
    ("giveaway", {"prize": "A hat", "winnerCount": 2}, Content(MessageKind.GIVEAWAY, Giveaway("A hat", 2))),
    ("giveaway_winners", {"winnerCount": 2}, Content(MessageKind.GIVEAWAY_WINNERS, Giveaway("", 2))),
    ("paid_media", {"starCount": 5}, Content(MessageKind.PAID_MEDIA, PaidMedia(5))),
    ("rich_message", {"content": {"blocks": [{"text": None}]}},
     Content(MessageKind.RICH_MESSAGE, Raw({"blocks": [{"text": None}]}))),
    ("hologram", {"content": {"depth": None}, "forwardedFrom": "Zoe"},
     Content(MessageKind.UNKNOWN, Newer("hologram", {"depth": None})), "Zoe"),
    ("hologram", None, Content(MessageKind.UNKNOWN, Newer("hologram"))),
    ("unknown", None, Content(MessageKind.UNKNOWN)),
    ("unreadable", None, Content(MessageKind.UNREADABLE)),
]  # fmt: skip
