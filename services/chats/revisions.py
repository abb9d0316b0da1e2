"""Revisions are ids of transactions: a dump brings those of another cluster, which may lie in the future of ours.

A row with such a revision would count as changed since whenever, and its readers would catch up for ever.
"""

import structlog

from database.transactions import fetch, transaction

BATCH = 1000  # chats a transaction: whoever writes into one of them waits no longer than for that

_TO_COME = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"

log = structlog.get_logger()


async def are_ahead(influencer_id: str | None = None, chat_id: str | None = None) -> bool:
    """Say whether a chat, of this influencer's or anybody's, or a message of this chat's has such a revision.

    Every message that changes touches its chat in the same transaction: at the start, chats decide.
    """
    found = await fetch(
        f"""SELECT FROM "Chats" WHERE revision >= {_TO_COME} AND ($1::text IS NULL OR "influencerId" = $1)
            UNION ALL SELECT FROM "Messages" WHERE revision >= {_TO_COME} AND "chatId" = $2 LIMIT 1""",  # noqa: S608
        influencer_id,
        chat_id,
    )
    return bool(found)


async def put_right() -> int:
    """Let what was changed by transactions that are yet to come be changed by one of ours; say how many chats were.

    Several processes may do it at once, and be ended at any time.
    """
    count, after = 0, ""
    while chats := await fetch('SELECT id FROM "Chats" WHERE id > $1 ORDER BY id LIMIT $2', after, BATCH):
        after = chats[-1]["id"]
        count += await _put_batch_right([chat["id"] for chat in chats])
    log.warning("revisions.put_right", chats=count, hint="the database was restored from another one")
    return count


async def _put_batch_right(chat_ids: list[str]) -> int:
    async with transaction():
        rows = await fetch(f"SELECT {_TO_COME} AS to_come")
        to_come = rows[0]["to_come"]
        # Who holds a chat meanwhile gives it a revision of ours by themselves.
        found = await fetch(
            """SELECT c.id FROM "Chats" c WHERE c.id = ANY($1) AND (c.revision >= $2 OR EXISTS (
                   SELECT FROM "Messages" m WHERE m."chatId" = c.id AND m.revision >= $2))
               ORDER BY c.id FOR UPDATE SKIP LOCKED""",
            chat_ids,
            to_come,
        )
        ahead = [chat["id"] for chat in found]
        # A trigger sets the real one.
        await fetch('UPDATE "Chats" SET revision = 0 WHERE id = ANY($1)', ahead)
        await fetch(
            'UPDATE "Messages" SET revision = 0 WHERE "chatId" = ANY($1) AND revision >= $2',
            ahead,
            to_come,
        )
    return len(ahead)
