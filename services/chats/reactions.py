"""How somebody reacts to a message: one reaction each, and the last one counts."""

from datetime import datetime

from database.transactions import fetch


async def keep(
    chat_id: str, message_id: str, sender_id: str, emoji: str, at: datetime, update_id: int | None = None
) -> bool:
    """Keep how somebody reacts from now on to a message of a chat, which is held; empty takes it back.

    Says whether that is so: the message may have gone, and an update may be older than what is kept. The message
    gets a new revision with it, for whoever shows it: a trigger sets the real one.
    """
    kept = await fetch(_KEEPING, chat_id, message_id, sender_id, emoji, at, update_id)
    return bool(kept)


_KEEPING = """
    WITH kept AS (
        INSERT INTO "Reactions" AS known ("messageId", "senderId", emoji, at, "updateId")
        SELECT id, $3, $4, $5, $6::bigint FROM "Messages"
        WHERE id = $2 AND "chatId" = $1 AND "deletedAt" IS NULL
        ON CONFLICT ("messageId", "senderId")
            DO UPDATE SET emoji = excluded.emoji, at = excluded.at, "updateId" = excluded."updateId"
            WHERE excluded."updateId" IS NULL
            OR (known.at, COALESCE(known."updateId", 0)) < (excluded.at, excluded."updateId")
        RETURNING "messageId")
    UPDATE "Messages" m SET revision = 0 FROM kept WHERE m.id = kept."messageId" RETURNING m.id"""
