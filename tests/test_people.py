"""Rules: who is who, and whose Telegram account is whose."""

import asyncio
import contextvars

import pytest

from bench.statements import counted
from database.transactions import transaction
from models import Chat, Coupon, Message, Peer, User
from services.chats import listing
from services.errors import AccountTaken, NobodyThere, NotFound
from services.outgoing import replies
from services.people import blocking, invitations, people
from services.people.people import Profile
from tests import cast, databases


async def test_somebody_new_is_a_plain_consumer(db):
    peer = await cast.peer(7001, "Ada Lovelace")
    user = await User.get(id=peer.user_id)
    assert (user.name, user.telegram_user_id, user.is_influencer) == ("Ada Lovelace", 7001, False)


async def test_the_same_person_is_met_once_however_many_meet_them_at_once(db):
    peers = await asyncio.gather(*(cast.peer(7001) for _ in range(8)))
    assert len({peer.id for peer in peers}) == 1
    assert await User.all().count() == 1


async def test_one_person_has_a_peer_to_each_bot(db):
    async with transaction():
        peers = [await people.meet(bot_id, 7001, Profile(7001, "Ada")) for bot_id in (1, 2)]
    assert peers[0].id != peers[1].id
    assert peers[0].user_id == peers[1].user_id


async def test_a_group_is_nobody(db):
    async with transaction():
        peer = await people.meet(cast.BOT_ID, -100, None)
    assert peer.user_id is None
    assert not await User.exists()


async def test_several_are_met_at_once_each_as_if_alone(db):
    maya, known = await cast.maya(), await cast.peer(7002, "Ben")
    await User.filter(id=maya.id).update(telegram_user_id=7003)
    profiles = {
        -100: None,
        7003: Profile(7003, "mayaaa 🌸"),
        7001: Profile(7001, "Ada"),
        7002: Profile(7002, "Benjamin"),
    }
    with counted() as statements:
        met = await people.meet_all(cast.BOT_ID, profiles)
    assert len(statements.asked) == 1
    names = {telegram_chat_id: peer.user and peer.user.name for telegram_chat_id, peer in met.items()}
    assert names == {-100: None, 7003: "Maya Okafor", 7001: "Ada", 7002: "Benjamin"}
    assert (met[7003].user_id, met[7002].id) == (maya.id, known.id)
    for peer in met.values():
        await _is_as_kept(peer)


async def test_a_person_with_two_peers_is_met_once(db):
    """Telegram gives nobody two private chats with one bot; if it did, that would be no reason to fail."""
    met = await people.meet_all(cast.BOT_ID, {7001: Profile(7001, "Ada"), 7002: Profile(7001, "Ada")})
    assert met[7001].user_id == met[7002].user_id
    assert await User.all().count() == 1


async def test_nobody_is_met_without_a_word(db):
    with counted() as statements:
        assert await people.meet_all(cast.BOT_ID, {}) == {}
    assert not statements.asked


async def test_who_is_met_is_as_they_are_in_the_database(db):
    """In every column: a model that is made of a row must leave none out."""
    await cast.peer()
    peer = await cast.peer(7001, "Ada L.")
    await _is_as_kept(peer)
    await _is_as_kept(peer.user)


async def test_who_waits_for_somebody_meets_them_as_they_are_afterwards(db):
    maya, peer = await cast.maya(), await cast.peer()
    outside = contextvars.copy_context()
    async with transaction():
        await invitations.tie(maya.id, peer)
        await blocking.mark_blocked(peer, True)
        meeting = asyncio.create_task(cast.peer(), context=outside)
        await databases.until_somebody_waits()
    met = await meeting
    assert (met.user_id, met.user.name, met.is_blocked) == (maya.id, "Maya Okafor", True)
    await _is_as_kept(met)


async def test_an_influencers_name_is_the_platforms(db):
    maya = await cast.maya()
    await User.filter(id=maya.id).update(telegram_user_id=7001)
    await cast.peer(7001, "mayaaa 🌸")
    assert (await User.get(id=maya.id)).name == "Maya Okafor"


async def test_tying_gives_the_account_its_chats_and_its_peer(db):
    maya = await cast.maya()
    peer = await cast.peer()
    chat = await cast.chat(await cast.coupon(await cast.outsider()), peer)
    message = await cast.says(peer, "Hello!")
    consumer_id = peer.user_id
    tied = await invitations.tie(maya.id, peer)
    assert (tied.id, tied.telegram_user_id) == (maya.id, 7001)
    assert (await Chat.get(id=chat.id)).consumer_id == maya.id
    assert (await Message.get(id=message.id)).sender_id == maya.id
    assert (await Peer.get(id=peer.id)).user_id == maya.id == peer.user_id
    assert not await User.exists(id=consumer_id)


async def test_whoever_tried_a_coupon_of_their_own_does_not_write_to_themselves(db):
    maya = await cast.maya()
    peer = await cast.peer(7001, "Maya's phone")
    tried = await cast.chat(await cast.coupon(maya), peer)
    said = await cast.says(peer, "Is this on?")
    other = await cast.chat(await cast.coupon(await cast.outsider(), "Tea"), peer)
    before = peer.user_id
    await invitations.tie(maya.id, await Peer.get(id=peer.id))

    kept = await Chat.get(id=tried.id).select_related("consumer")
    assert (kept.influencer_id, kept.consumer_id, kept.consumer.name) == (maya.id, before, "Maya's phone")
    assert kept.consumer.telegram_user_id is None
    assert (await Message.get(id=said.id)).sender_id == before
    assert (await Chat.get(id=other.id)).consumer_id == maya.id
    assert [chat.id for chat in await listing.of_consumer(maya.id, limit=9)] == [other.id]
    with pytest.raises(NobodyThere):
        await replies.reply(kept, maya, "Hello, me")


async def test_whose_account_is_given_back_has_the_chats_again_that_it_had(db):
    maya = await cast.maya()
    coupon = await cast.coupon(maya)
    old, new = await cast.peer(7001), await cast.peer(7002)
    tried = await cast.chat(coupon, old)
    said = await cast.says(old, "Is this on?")
    await invitations.tie(maya.id, await Peer.get(id=old.id))
    await invitations.tie(maya.id, await Peer.get(id=new.id))

    old = await Peer.get(id=old.id).select_related("user")
    assert old.user.telegram_user_id == 7001
    assert (await cast.chat(coupon, old)).id == tried.id
    assert (await Message.get(id=said.id)).sender_id == old.user_id
    await replies.reply(await Chat.get(id=tried.id), maya, "You have your chat again")
    assert await User.all().count() == 2


async def test_whose_account_is_given_back_keeps_both_chats_about_a_coupon_that_changed_hands(db):
    maya, ivan = await cast.maya(), await cast.outsider()
    coupon = await cast.coupon(maya)
    old = await cast.peer(7001)
    tried = await cast.chat(coupon, old)
    await cast.says(old, "Is this on?")
    await invitations.tie(maya.id, await Peer.get(id=old.id))
    await Coupon.filter(id=coupon.id).update(influencer_id=ivan.id)
    asked = await cast.chat(coupon, await Peer.get(id=old.id))
    await invitations.tie(maya.id, await cast.peer(7002))

    again = await Chat.get(id=asked.id).select_related("consumer")
    assert (again.influencer_id, again.consumer.telegram_user_id) == (ivan.id, 7001)
    assert (await Chat.get(id=tried.id)).consumer_id == tried.consumer_id != again.consumer_id


async def test_tying_leaves_other_peoples_chats_alone(db):
    maya = await cast.maya()
    coupon = await cast.coupon(await cast.outsider())
    ada, ben = await cast.peer(7001), await cast.peer(7002, "Ben")
    await cast.chat(coupon, ada)
    theirs = await cast.chat(coupon, ben)
    await invitations.tie(maya.id, ada)
    assert (await Chat.get(id=theirs.id)).consumer_id == ben.user_id


async def test_an_account_of_another_influencer_stays_theirs(db):
    maya, ivan = await cast.maya(), await cast.outsider()
    peer = await cast.peer()
    await invitations.tie(ivan.id, peer)
    with pytest.raises(AccountTaken):
        await invitations.tie(maya.id, await Peer.get(id=peer.id))
    assert (await User.get(id=ivan.id)).telegram_user_id == 7001


async def test_two_accounts_with_chats_about_one_coupon_can_change_hands(db):
    maya = await cast.maya()
    coupon = await cast.coupon(await cast.outsider())
    old, new = await cast.peer(7001), await cast.peer(7002)
    old_chat, new_chat = await cast.chat(coupon, old), await cast.chat(coupon, new)
    await invitations.tie(maya.id, old)
    await invitations.tie(maya.id, new)
    assert (await Chat.get(id=new_chat.id)).consumer_id == maya.id
    consumer = await User.get(id=(await Chat.get(id=old_chat.id)).consumer_id)
    assert (consumer.telegram_user_id, consumer.is_influencer) == (7001, False)


async def test_an_influencer_is_found_and_a_consumer_is_none(db):
    maya = await cast.maya()
    peer = await cast.peer()
    assert (await people.influencer(maya.id)).id == maya.id
    for nobody in (peer.user_id, "inf-nobody"):
        with pytest.raises(NotFound):
            await people.influencer(nobody)


async def test_a_peer_is_blocked_until_it_is_not(db):
    peer = await cast.peer()
    for is_blocked in (True, True, False, False):
        await blocking.mark_blocked(peer, is_blocked)
        assert (await Peer.get(id=peer.id)).is_blocked is is_blocked


async def test_whoever_writes_or_hears_has_not_blocked_the_bot_any_more(db):
    peer = await cast.peer()
    await blocking.mark_blocked(peer, True)
    for _ in range(2):
        await blocking.unblock(await Peer.get(id=peer.id))
        assert not (await Peer.get(id=peer.id)).is_blocked


async def _is_as_kept(model):
    kept = await type(model).get(id=model.id)
    names = kept._meta.fields_db_projection
    assert [getattr(model, name) for name in names] == [getattr(kept, name) for name in names]
