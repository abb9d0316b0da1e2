"""Rules: a message's files are rows of their own, and go with it wherever it goes."""

from dataclasses import replace

import asyncpg
import pytest

from bench.statements import counted
from database.transactions import fetch, transaction
from models import Attachment, AttachmentState, Chat, HeldMessage, Message, MessageKind
from services.chats import annotations, changes, dashboard, history
from services.incoming import edits, held, lookup, opening
from services.media import attachments
from services.media.contents import Content, File, content_of
from services.media.details import Poll
from services.outgoing import replies
from tests import cast

PHOTO = File("AgACphoto", "AQADphoto", size=148_213, width=1280, height=960)
OTHER = File("AgACother", "AQADother", size=19_210, width=320, height=240)
DOCUMENT = File("BQACreceipt", "AQADreceipt", file_name="receipt.pdf", mime_type="application/pdf", size=48_213)


def photo(*files: File) -> Content:
    return Content(MessageKind.PHOTO, files=files or (PHOTO,))


@pytest.fixture
async def ada(db):
    return await cast.peer()


@pytest.fixture
async def shoes(ada):
    return await cast.chat(await cast.coupon(await cast.maya(), "Shoes"), ada)


@pytest.fixture
async def hats(ada, shoes):
    return await cast.chat(await cast.coupon(await cast.maya(), "Hats"), ada)


async def edited(peer, text, **changes):
    async with transaction():
        return await edits.edit(peer, cast.incoming(text, edited_at=cast.in_days(1), **changes))


async def files_of(message):
    """Give the rows of a message, as a page loads them."""
    [loaded] = await attachments.load([await Message.get(id=message.id)])
    return sorted(loaded.attachments, key=lambda row: row.position), content_of(loaded).files


async def test_a_file_is_kept_with_all_that_is_told_of_it(ada, shoes):
    said = await cast.says(ada, "", content=Content(MessageKind.DOCUMENT, files=(DOCUMENT,)))
    [row], files = await files_of(said)
    assert files == (DOCUMENT,)
    assert (row.kind, row.bot_id, row.state) == (MessageKind.DOCUMENT, cast.BOT_ID, AttachmentState.TELEGRAM)
    assert row.storage_key is None


async def test_a_file_of_which_telegram_gives_no_id_is_missing(ada, shoes):
    await cast.says(ada, "", content=Content(MessageKind.VOICE, files=(File(duration=12),)))
    assert (await Attachment.get()).state is AttachmentState.MISSING


async def test_several_files_of_a_message_keep_their_order(ada, shoes):
    said = await cast.says(ada, "", content=photo(PHOTO, OTHER))
    rows, files = await files_of(said)
    assert files == (PHOTO, OTHER)
    assert [row.position for row in rows] == [0, 1]


async def test_what_is_said_twice_has_its_file_once(ada, shoes):
    for _ in range(2):
        await cast.says(ada, "", content=photo(), telegram_message_id=501)
    assert await Attachment.all().count() == 1


async def test_an_edit_of_the_caption_keeps_the_file_as_it_is(ada, shoes):
    await cast.says(ada, "Thes", content=photo(), telegram_message_id=501)
    before = await Attachment.get()
    await Attachment.all().update(storage_key="kept/1")
    await edited(ada, "These", content=photo(replace(PHOTO, telegram_file_id="another")), telegram_message_id=501)
    after = await Attachment.get()
    assert (after.id, after.storage_key, after.telegram_file_id) == (before.id, "kept/1", "another")
    assert (await Message.get()).text == "These"


async def test_an_edit_that_replaces_a_photo_is_another_row(ada, shoes):
    said = await cast.says(ada, "These", content=photo(), telegram_message_id=501)
    before = await Attachment.get()
    await edited(ada, "These", content=photo(OTHER), telegram_message_id=501)
    [row], files = await files_of(said)
    assert files == (OTHER,)
    assert row.id != before.id
    assert (await Message.get()).edited_at


async def test_an_edit_can_make_a_file_of_a_text_and_a_text_of_a_file(ada, shoes):
    said = await cast.says(ada, "The receipt", telegram_message_id=501)
    document = Content(MessageKind.DOCUMENT, files=(DOCUMENT,))
    await edited(ada, "The receipt", content=document, telegram_message_id=501)
    assert (await files_of(said))[1] == (DOCUMENT,)
    assert (await Message.get()).kind is MessageKind.DOCUMENT
    await edited(ada, "None", telegram_message_id=501)
    assert not await Attachment.exists()
    assert (await Message.get()).kind is MessageKind.TEXT


async def test_an_edit_can_take_files_away(ada, shoes):
    said = await cast.says(ada, "", content=photo(PHOTO, OTHER), telegram_message_id=501)
    await edited(ada, "", content=photo(OTHER), telegram_message_id=501)
    assert (await files_of(said))[1] == (OTHER,)


async def test_an_edit_that_is_older_changes_no_file(ada, shoes):
    said = await cast.says(ada, "", content=photo(), telegram_message_id=501)
    await edited(ada, "Newer", content=photo(OTHER), telegram_message_id=501)
    async with transaction():
        older = cast.incoming("Older", edited_at=cast.LONG_AGO, content=photo(), telegram_message_id=501)
        await edits.edit(ada, older)
    assert (await files_of(said))[1] == (OTHER,)


async def test_a_message_that_moves_takes_its_file_along(ada, shoes, hats):
    await _opens(ada, shoes, cast.as_of())
    tapped = cast.as_of()
    said = await cast.says(ada, "", content=photo())
    await _opens(ada, hats, tapped)
    [message] = await history.latest(hats)
    assert message.id == said.id
    assert content_of(message).files == (PHOTO,)
    assert await history.latest(shoes) == []


async def test_a_held_message_has_its_file_until_it_is_filed_and_then_the_message_has_it(ada):
    await cast.says(ada, "", content=photo(), telegram_message_id=501, forwarded_from="Zoe", album_id="a")
    kept, before = await HeldMessage.get(), await Attachment.get()
    assert (before.held_message_id, before.message_id) == (kept.id, None)
    shoes = await cast.chat(await cast.coupon(await cast.maya(), "Shoes"), ada)
    async with transaction():
        await held.file(ada, 501, shoes.id, cast.as_of())
    message, after = await Message.get(), await Attachment.get()
    assert (after.id, after.held_message_id, after.message_id) == (before.id, None, message.id)
    assert (message.id, message.forwarded_from, message.album_id) == (kept.id, "Zoe", "a")
    assert not await HeldMessage.exists()


async def test_an_edit_of_a_held_message_changes_its_file(ada):
    said = await cast.says(ada, "", content=photo(), telegram_message_id=501)
    await edited(ada, "", content=photo(OTHER), telegram_message_id=501)
    row = await Attachment.get()
    assert (row.held_message_id, row.telegram_file_unique_id) == (said.id, "AQADother")


async def test_a_held_message_that_is_forgotten_leaves_no_file_behind(ada):
    await cast.says(ada, "", content=photo())
    await fetch('DELETE FROM "HeldMessages"')
    assert not await Attachment.exists()


async def test_a_file_belongs_to_one_message_alone(db, ada, shoes):
    said = await cast.says(ada, "", content=photo())
    ben = await cast.peer(7002, "Ben")
    kept = await cast.says(ben, "Hello")
    connection = await asyncpg.connect(db)
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute('UPDATE "Attachments" SET "heldMessageId" = $1', kept.id)
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await connection.execute('UPDATE "TelegramMessages" SET "messageId" = NULL; DELETE FROM "Messages"')
    finally:
        await connection.close()
    assert (await Attachment.get()).message_id == said.id


async def test_the_parts_of_an_album_are_found_by_it(ada, shoes, hats):
    await _opens(ada, shoes, cast.as_of())
    for number in (601, 602):
        await cast.says(ada, "", content=photo(), telegram_message_id=number, album_id="a")
    await _opens(ada, hats, cast.as_of())
    for number, album, chat in ((603, "a", shoes), (604, "b", None), (900, "a", None)):
        part = cast.incoming("", telegram_message_id=number, album_id=album)
        found = await lookup.find(ada, part.as_of, part)
        assert (found.album and found.album.chat) == chat
    assert set(await Message.all().values_list("album_id", flat=True)) == {"a"}


async def test_a_page_takes_as_many_statements_however_many_files_there_are(ada, shoes):
    maya = await cast.maya()

    async def page():
        messages = await history.latest(shoes)
        await annotations.of(shoes, messages)
        await dashboard.rows(maya.id, dashboard.Filter())
        await changes.messages([message.id for message in messages], [shoes.id])
        return messages

    await cast.says(ada, "", content=photo(), telegram_message_id=501)
    await cast.says(ada, "", content=photo(PHOTO, OTHER), telegram_message_id=502, reply_to_telegram_message_id=501)
    with counted() as few:
        await page()
    for number in range(503, 523):
        files = (PHOTO, OTHER) if number % 2 else (OTHER,)
        await cast.says(
            ada, "", content=photo(*files), telegram_message_id=number, reply_to_telegram_message_id=number - 1
        )
    with counted() as many:
        messages = await page()
    assert len(messages) == 22
    assert all(content_of(message).files for message in messages)
    assert len(many.asked) == len(few.asked)


async def test_a_page_without_files_looks_for_none(ada, shoes):
    await cast.says(ada, "Hello")
    await cast.says(ada, "", content=Content(MessageKind.POLL, Poll("Which?", ("Red", "Blue"))))
    await replies.reply(await Chat.get(id=shoes.id), await cast.maya(), "Hello yourself")
    with counted() as look:
        await history.latest(shoes)
        await dashboard.rows(shoes.influencer_id, dashboard.Filter())
    assert look.asked
    assert not [query for query in look.asked if "Attachments" in query]


async def _opens(peer, chat, as_of):
    async with transaction():
        await opening.activate(peer, chat, as_of)
