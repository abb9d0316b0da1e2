"""Rules: messages are moved between chats of one consumer, and back again."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.outbox import results
from database.transactions import transaction
from models import Chat, Delivery, DeliveryKind, HeldMessage, Message, Move, Peer, TelegramMessage, User
from services import access
from services.chats import annotations, changes, dashboard, history
from services.errors import NotFound
from services.incoming import edits, held, opening
from services.incoming import moving as moving_of_consumer
from services.outgoing import moving, replies
from services.outgoing.sending import Arrival
from services.people import invitations
from tests import cast


@pytest.fixture
async def ada(db):
    return await cast.peer()


@pytest.fixture
async def shoes(ada):
    chat = await cast.chat(await cast.coupon(await cast.maya(), "Shoes"), ada)
    return await access.chat_for("inf-maya", chat.id)


@pytest.fixture
async def hats(ada, shoes):
    chat = await cast.chat(await cast.coupon(await cast.maya(), "Hats"), ada)
    await opens(ada, shoes)
    return await access.chat_for("inf-maya", chat.id)


@pytest.fixture
async def tea(ada, shoes):
    """Ada's chat with Ivan."""
    chat = await cast.chat(await cast.coupon(await cast.outsider(), "Tea"), ada)
    await opens(ada, shoes)
    return await access.chat_for("inf-ivan", chat.id)


async def opens(peer, chat):
    async with transaction():
        await opening.activate(peer, chat, cast.as_of())


async def said_in(chat):
    return [message.text for message in await history.latest(chat)]


async def moves(chat, first, to, *, all_since=False):
    return await moving.move(chat, first, to, await cast.maya(), all_since=all_since)


async def ada_moves(ada, messages, to):
    return await moving_of_consumer.move(ada, messages, to.id)


async def told(kind=DeliveryKind.MOVED):
    return await Delivery.filter(kind=kind).order_by("sequence").values_list("chat_id", "payload")


async def test_an_influencer_moves_one_message_and_the_others_stay(ada, shoes, hats):
    await cast.says(ada, "About the shoes")
    wrong = await cast.says(ada, "About the hats")
    await cast.says(ada, "About the shoes again")
    move = await moves(shoes, wrong, hats)
    assert await said_in(shoes) == ["About the shoes", "About the shoes again"]
    assert await said_in(hats) == ["About the hats"]
    moved = await Message.get(id=wrong.id)
    assert (moved.moved_from_id, moved.move_id, moved.position) == (shoes.id, move.id, wrong.position)
    assert (move.from_chat_id, move.to_chat_id, move.moved_by_id) == (shoes.id, hats.id, "inf-maya")


async def test_all_since_takes_what_both_have_said_from_there_on_in_its_order(ada, shoes, hats):
    await cast.says(ada, "About the shoes")
    first = await cast.says(ada, "Do the hats come in red?")
    await replies.reply(shoes, await cast.maya(), "They do")
    await cast.says(ada, "Lovely")
    await moves(shoes, first, hats, all_since=True)
    assert await said_in(shoes) == ["About the shoes"]
    assert await said_in(hats) == ["Do the hats come in red?", "They do", "Lovely"]


async def test_an_album_is_moved_whole(ada, shoes, hats):
    album = {"album_id": "a", "content": cast.content("photo", {"telegramFileId": "x"})}
    parts = [await cast.says(ada, f"Photo {number}", **album) for number in range(3)]
    await moves(shoes, parts[1], hats)
    assert await said_in(hats) == ["Photo 0", "Photo 1", "Photo 2"]


async def test_a_reply_to_what_was_moved_and_its_late_edit_find_it_in_its_new_chat(ada, shoes, hats):
    wrong = await cast.says(ada, "About the hats", telegram_message_id=501)
    await moves(shoes, wrong, hats)
    await cast.says(ada, "In red", telegram_message_id=502, reply_to_telegram_message_id=501)
    assert await said_in(hats) == ["About the hats", "In red"]
    edit = cast.incoming("About two hats", telegram_message_id=501, edited_at=datetime.now(UTC))
    await edits.edit(ada, edit)
    assert await said_in(hats) == ["About two hats", "In red"]
    known = await TelegramMessage.get(message_id=wrong.id)
    assert (known.chat_id, known.active_as_of) == (hats.id, None)


async def test_a_late_tap_takes_nothing_from_where_somebody_has_put_it(ada, shoes, hats, tea):
    tapped = cast.as_of()
    wrong = await cast.says(ada, "About the hats")
    await moves(shoes, wrong, hats)
    async with transaction():
        await opening.activate(ada, tea, tapped)
    assert await said_in(hats) == ["About the hats"]


async def test_both_chats_stand_in_the_list_where_what_is_left_in_them_belongs(ada, shoes, hats):
    first = await cast.says(ada, "About the shoes")
    wrong = await cast.says(ada, "About the hats")
    await moves(shoes, wrong, hats)
    left, entered = await Chat.get(id=shoes.id), await Chat.get(id=hats.id)
    assert (left.last_message_id, entered.last_message_id) == (first.id, wrong.id)
    assert entered.updated_at > left.updated_at


async def test_a_chat_that_has_lost_an_older_message_stays_where_it_stands(ada, shoes, hats):
    wrong = await cast.says(ada, "About the hats")
    await cast.says(ada, "About the shoes")
    before = await Chat.get(id=shoes.id)
    await moves(shoes, wrong, hats)
    after = await Chat.get(id=shoes.id)
    assert (after.last_message_id, after.updated_at) == (before.last_message_id, before.updated_at)


async def test_what_an_influencer_has_read_and_moves_stays_read(ada, shoes, hats):
    wrong = await cast.says(ada, "About the hats")
    await history.mark_read(shoes)
    await moves(shoes, wrong, hats)
    assert await dashboard.unread_count("inf-maya") == 0


async def test_what_is_still_owed_is_said_about_the_chat_where_it_stands_by_then(ada, shoes, hats):
    reply = await replies.reply(shoes, await cast.maya(), "They come in red")
    await moves(shoes, reply, hats)
    assert await Delivery.filter(message_id=reply.id).values_list("chat_id", flat=True) == [hats.id]


async def test_a_form_that_was_sent_in_both_chats_hinders_no_move(ada, shoes, hats):
    maya = await cast.maya()
    reply = await replies.reply(shoes, maya, "About the hats", request_id="r")
    await replies.reply(hats, maya, "Hello", request_id="r")
    await moves(shoes, reply, hats)
    assert sorted(await said_in(hats)) == ["About the hats", "Hello"]


async def test_the_consumer_is_told_once(ada, shoes, hats):
    first = await cast.says(ada, "One")
    await replies.reply(shoes, await cast.maya(), "Two")
    await cast.says(ada, "Three")
    await moves(shoes, first, hats, all_since=True)
    await moves(shoes, first, hats, all_since=True)
    assert await told() == [(hats.id, {"count": 2})]


async def test_the_same_move_twice_is_one(ada, shoes, hats):
    wrong = await cast.says(ada, "About the hats")
    first, second = await moves(shoes, wrong, hats), await moves(shoes, wrong, hats)
    assert first.id == second.id
    assert await Move.all().count() == 1


async def test_two_moves_at_once_are_one(ada, shoes, hats):
    wrong = await cast.says(ada, "About the hats")
    made = await asyncio.gather(*(moves(shoes, wrong, hats) for _ in range(4)))
    assert len({move.id for move in made}) == await Move.all().count() == 1


async def test_an_influencer_moves_nothing_to_anothers_chat_nor_to_another_consumers(ada, shoes, hats, tea):
    ben = await cast.chat(await shoes.coupon, await cast.peer(7002, "Ben"))
    wrong = await cast.says(ada, "About the shoes")
    for to in (tea, ben, shoes):
        with pytest.raises(NotFound):
            await moves(shoes, wrong, to)
    assert await said_in(shoes) == ["About the shoes"]
    assert await moves(shoes, wrong, hats)


async def test_an_influencer_moves_nothing_of_anothers(ada, shoes, hats):
    wrong = await cast.says(ada, "About the shoes")
    with pytest.raises(NotFound):
        await moving.move(shoes, wrong, hats, await cast.outsider(), all_since=False)
    assert await said_in(shoes) == ["About the shoes"]


async def test_the_targets_are_the_other_chats_of_the_same_two_people_newest_first(ada, shoes, hats, tea):
    bags = await cast.chat(await cast.coupon(await cast.maya(), "Bags"), ada)
    ben = await cast.peer(7002, "Ben")
    await cast.chat(await shoes.coupon, ben)
    found = await moving.targets(shoes)
    assert [chat.coupon.title for chat in found] == ["Bags", "Hats"]
    assert [chat.id for chat in found] == [bags.id, hats.id]


async def test_undoing_puts_back_exactly_what_was_moved(ada, shoes, hats):
    await cast.says(ada, "One")
    first = await cast.says(ada, "Two")
    await cast.says(ada, "Three")
    move = await moves(shoes, first, hats, all_since=True)
    await opens(ada, hats)
    await cast.says(ada, "Of the hats")
    assert await moving.undo(move, await cast.maya())
    assert await said_in(shoes) == ["One", "Two", "Three"]
    assert await said_in(hats) == ["Of the hats"]
    assert (await Move.get(id=move.id)).undone_at


async def test_undoing_twice_undoes_once(ada, shoes, hats):
    wrong = await cast.says(ada, "About the hats")
    move = await moves(shoes, wrong, hats)
    undone = await asyncio.gather(*[moving.undo(move, await cast.maya()) for _ in range(3)])
    assert sorted(undone) == [False, False, True]
    assert await said_in(shoes) == ["About the hats"]
    assert [chat_id for chat_id, _ in await told()] == [hats.id, shoes.id]


async def test_what_was_moved_again_since_is_not_put_back(ada, shoes, hats):
    bags = await cast.chat(await cast.coupon(await cast.maya(), "Bags"), ada)
    await opens(ada, shoes)
    first, second = await cast.says(ada, "One"), await cast.says(ada, "Two")
    move = await moves(shoes, first, hats, all_since=True)
    await moves(hats, second, bags)
    assert await moving.undo(move, await cast.maya())
    assert (await said_in(shoes), await said_in(hats), await said_in(bags)) == (["One"], [], ["Two"])


async def test_what_was_put_back_can_be_moved_again(ada, shoes, hats):
    wrong = await cast.says(ada, "About the hats")
    maya = await cast.maya()
    first = await moves(shoes, wrong, hats)
    await moving.undo(first, maya)
    second = await moves(shoes, wrong, hats)
    assert second.id != first.id
    assert not await moving.undo(first, maya)
    assert await said_in(hats) == ["About the hats"]


async def test_nobody_else_undoes_a_move(ada, shoes, hats):
    wrong = await cast.says(ada, "About the hats")
    move = await moves(shoes, wrong, hats)
    with pytest.raises(NotFound):
        await moving.undo(move, await cast.outsider())
    with pytest.raises(NotFound):
        await moving.undo(move, await User.get(id=ada.user_id))
    assert await said_in(hats) == ["About the hats"]


async def test_a_consumer_moves_what_they_wrote_to_another_influencers_chat(ada, shoes, tea):
    wrong = await cast.says(ada, "Is it organic?")
    await history.mark_read(shoes)
    move = await ada_moves(ada, [wrong], tea)
    assert (await said_in(shoes), await said_in(tea)) == ([], ["Is it organic?"])
    assert move.moved_by_id == ada.user_id
    assert await dashboard.unread_count("inf-ivan") == 1
    with pytest.raises(NotFound):
        await access.message_for("inf-maya", shoes.id, wrong.id)
    with pytest.raises(NotFound):
        await access.message_for("inf-maya", tea.id, wrong.id)
    assert await access.message_for("inf-ivan", tea.id, wrong.id)


async def test_a_consumer_moves_no_words_of_an_influencers(ada, shoes, tea):
    reply = await replies.reply(shoes, await cast.maya(), "For Ada's eyes only")
    own = await cast.says(ada, "Is it organic?")
    await ada_moves(ada, [reply, own], tea)
    assert (await said_in(shoes), await said_in(tea)) == (["For Ada's eyes only"], ["Is it organic?"])


async def test_a_consumer_moves_nothing_to_somebody_elses_chat(ada, shoes):
    theirs = await cast.chat(await shoes.coupon, await cast.peer(7002, "Ben"))
    own = await cast.says(ada, "About the shoes")
    for to in (theirs, shoes):
        with pytest.raises(NotFound):
            await ada_moves(ada, [own], to)
    assert await said_in(shoes) == ["About the shoes"]


async def test_what_an_influencer_of_another_chat_has_said_is_not_quoted_there(ada, shoes, tea):
    maya = await cast.maya()
    answered = await replies.reply(shoes, maya, "Maya's secret")
    step = await cast.next_step(ada)
    await results.sent(step, Arrival([700]))
    own = await cast.says(ada, "Is it organic?", reply_to_telegram_message_id=700)
    assert (await Message.get(id=own.id)).reply_to_id == answered.id
    await ada_moves(ada, [own], tea)
    moved = await Message.get(id=own.id)
    assert moved.reply_to_id == answered.id
    assert (await annotations.of(tea, [moved])).answered == {}


async def test_a_consumer_undoes_their_own_move(ada, shoes, tea):
    own = await cast.says(ada, "About the shoes")
    move = await ada_moves(ada, [own], tea)
    with pytest.raises(NotFound):
        await moving.undo(move, await cast.maya())
    assert await moving_of_consumer.undo(ada, move.id) == shoes
    assert (await said_in(shoes), await said_in(tea)) == (["About the shoes"], [])
    assert await told() == []


async def test_what_an_answer_has_filed_is_found_by_its_move_wherever_that_has_put_it(ada, shoes, hats, tea):
    own = await cast.says(ada, "About the shoes")
    filed = await Move.create(to_chat_id=shoes.id, moved_by_id=ada.user_id, moved_at=own.timestamp)
    await Message.filter(id=own.id).update(move_id=filed.id)
    with pytest.raises(NotFound):
        await moving_of_consumer.undo(ada, filed.id)
    move = await ada_moves(ada, await moving_of_consumer.moved_by(ada, filed.id), tea)
    assert await moving_of_consumer.moved_by(ada, filed.id) == []
    await moving_of_consumer.undo(ada, move.id)
    again = await moving_of_consumer.moved_by(ada, move.id)
    assert [(message.id, message.chat_id) for message in again] == [(own.id, shoes.id)]


async def test_whoever_becomes_an_influencer_undoes_what_they_moved_before(ada, shoes, tea):
    own = await cast.says(ada, "About the shoes")
    move = await ada_moves(ada, [own], tea)
    zoe = await User.create(id="inf-zoe", name="Zoe", is_influencer=True)
    async with transaction():
        await invitations.tie(zoe.id, await Peer.get(id=ada.id).select_related("user"))
    assert not await User.exists(id=ada.user_id)
    assert await moving_of_consumer.undo(await Peer.get(id=ada.id), move.id) == shoes
    assert await said_in(shoes) == ["About the shoes"]


async def test_nobody_finds_what_another_has_written(ada, shoes, hats):
    ben = await cast.peer(7002, "Ben")
    own = await cast.says(ada, "About the shoes", telegram_message_id=501)
    move = await moves(shoes, own, hats)
    assert (await moving_of_consumer.moved_by(ben, move.id), await moving_of_consumer.written_as(ben, 501)) == (
        [],
        [],
    )
    assert [message.id for message in await moving_of_consumer.moved_by(ada, move.id)] == [own.id]
    assert [message.id for message in await moving_of_consumer.written_as(ada, 501)] == [own.id]


async def test_what_was_written_last_is_the_last_in_any_chat_but_no_reply(ada, shoes, hats):
    assert await moving_of_consumer.written_last(ada) is None
    await cast.says(ada, "One", telegram_message_id=501)
    await opens(ada, hats)
    await cast.says(ada, "Two", telegram_message_id=502)
    await opens(ada, shoes)
    await replies.reply(shoes, await cast.maya(), "Three")
    assert await moving_of_consumer.written_last(ada) == 502
    assert await moving_of_consumer.written_last(await cast.peer(7002, "Ben")) is None


async def moved_away(influencer_id, since, *chats):
    """Say which messages a look has found to be gone, chat by chat."""
    found = await changes.since(influencer_id, [since], [chat.id for chat in chats], changes.Limit(10, 10))
    return {chat_id: [each.id for each in gone] for chat_id, gone in found.moved_away.items()}


async def test_whoever_shows_the_chat_that_it_has_left_is_told(ada, shoes, hats):
    wrong = await cast.says(ada, "About the hats")
    before = await changes.cursor()
    move = await moves(shoes, wrong, hats)
    assert await moved_away("inf-maya", before, shoes, hats) == {shoes.id: [wrong.id]}
    between = await changes.cursor()
    await moving.undo(move, await cast.maya())
    assert await moved_away("inf-maya", between, shoes, hats) == {hats.id: [wrong.id]}
    again = await changes.cursor()
    await moves(shoes, wrong, hats)
    assert await moved_away("inf-maya", again, shoes, hats) == {shoes.id: [wrong.id]}


async def test_whoever_was_away_while_it_was_moved_several_times_is_told_too(ada, shoes, hats, tea):
    bags = await cast.chat(await cast.coupon(await cast.maya(), "Bags"), ada)
    await opens(ada, shoes)
    wrong = await cast.says(ada, "About the tea")
    before = await changes.cursor()
    await moves(shoes, wrong, hats)
    await moves(hats, wrong, bags)
    await ada_moves(ada, [wrong], tea)
    gone = await moved_away("inf-maya", before, shoes, hats, bags)
    assert gone == {chat.id: [wrong.id] for chat in (shoes, hats, bags)}
    between = await changes.cursor()
    await ada_moves(ada, [wrong], shoes)
    assert await moved_away("inf-maya", between, shoes, hats) == {hats.id: [wrong.id]}
    assert await moved_away("inf-ivan", between, shoes, tea) == {tea.id: [wrong.id]}


async def test_a_move_and_an_answer_at_once_wait_for_each_other(ada, shoes, hats):
    wrong = await cast.says(ada, "About the hats")
    maya = await cast.maya()
    async with asyncio.timeout(10):
        await asyncio.gather(
            moves(shoes, wrong, hats),
            *(replies.reply(chat, maya, "Hello") for chat in (shoes, hats, shoes, hats)),
            *(cast.says(ada, "And?") for _ in range(3)),
        )
    assert await Message.all().count() + await HeldMessage.all().count() == 8


async def test_a_held_reply_to_what_was_moved_while_it_was_being_sent_follows(ada, shoes, hats):
    reply = await replies.reply(shoes, await cast.maya(), "They come in red")
    step = await cast.next_step(ada)
    await cast.says(ada, "Then two, please", reply_to_telegram_message_id=700)
    assert len(await held.on(await Peer.get(id=ada.id))) == 1
    await moves(shoes, reply, hats)
    await results.sent(step, Arrival([700]))
    assert await said_in(hats) == ["They come in red", "Then two, please"]
