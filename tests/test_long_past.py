"""Somebody who has been writing for years is served as fast as anybody."""

from database.transactions import transaction
from models import Chat, Peer
from services.chats import history
from services.incoming import lookup, opening, routing
from services.incoming.placement import AsOf
from services.outgoing import deliveries, due, replies, sending
from services.outgoing.due import Busy, Room
from tests import cast, databases

A_PART_OF_A_REPLY = cast.incoming(
    "", reply_to_telegram_message_id=7, album_id="album", telegram_topic_id=3, telegram_message_id=10**6
)


async def test_nothing_that_is_done_for_a_message_reads_all_that_was_before_it(db):
    peer, chat = await _a_long_past(db, 20_000)
    async with transaction():
        await opening.activate(peer, chat, AsOf(10**9))
    await replies.reply(chat, await cast.maya(), "Hello")
    queries = []
    for look in (
        due.begin(peer.bot_id, Room(10, 7, 8), Busy(), sending.lease()),
        due.put_right(peer.bot_id),
        sending.recover(peer.bot_id),
        routing.active_chat(peer, AsOf(10**9)),
        routing.active_chat(peer, AsOf(10**9, cast.in_days(-30))),
        deliveries.peer_of(chat),
        lookup.find(peer, AsOf(10**9), A_PART_OF_A_REPLY),
        opening.activate(peer, chat, AsOf(0)),  # late, and Telegram has begun to count anew
        history.latest(chat),
    ):
        asked, _ = await databases.watched(look, _is_read)
        queries += asked
    for query, values in queries:
        assert await databases.blocks_read(db, query, values) < 150, query


async def _a_long_past(url: str, count: int) -> tuple[Peer, Chat]:
    """Let Ada have written so often, twenty times of it today, and have been answered each time."""
    maya, peer = await cast.maya(), await cast.peer()
    chats = [await cast.chat(await cast.coupon(maya, title), peer) for title in ("Shoes", "Hats", "Tea")]
    await databases.execute(
        url,
        f"""SET session_replication_role = replica;
            CREATE TEMPORARY TABLE past AS SELECT n, (ARRAY{[chat.id for chat in chats]})[1 + n % 3] AS chat,
                now() - interval '1 hour' - CASE WHEN n > {count} - 20 THEN interval '0'
                    ELSE ({count} - n) * interval '2 minutes' + interval '1 day' END AS at
                FROM generate_series(1, {count}) n;
            INSERT INTO "Messages" (id, "chatId", "senderId", text, timestamp, "isRead", position, kind,
                                    "mayBeDoubled", revision)
                SELECT 'm-' || n, chat, '{peer.user_id}', 'Hello', at, true,
                       floor(extract(epoch FROM at))::bigint * {history.POSITION_STEP} + n, 'text', false, 0
                FROM past;
            INSERT INTO "TelegramMessages" ("botId", "telegramChatId", "telegramMessageId", "chatId", "messageId",
                                            "activeAsOf")
                SELECT {peer.bot_id}, {peer.telegram_chat_id}, n, chat, 'm-' || n, n FROM past;
            INSERT INTO "Activations" ("peerId", "chatId", "updateId", "deliveryCount", at)
                SELECT '{peer.id}', chat, n, n, at FROM past;
            INSERT INTO "Deliveries" (id, "peerId", "botId", sequence, kind, payload, "chatId", "messageId", state,
                                      attempts, "dueAt", "queuedAt")
                SELECT 'd-' || n, '{peer.id}', {peer.bot_id}, n, 'message', '{{}}', '{chats[0].id}', 'm-' || n,
                       'sent', 1, at, at FROM past;
            UPDATE "Peers" SET "deliveryCount" = {count}""",
    )
    await databases.execute(url, "VACUUM ANALYZE")  # the rows of other tests are dead, and would be read as well
    return await Peer.get(id=peer.id), chats[0]


def _is_read(query: str) -> bool:
    return query.lstrip().startswith(("SELECT", "WITH")) and " FROM " in query
