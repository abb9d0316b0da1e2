"""A consumer blocks the bot, or lets it in again."""

from models import Peer


async def test_blocking_is_noted_on_the_peer(door, phone, shoes):
    await phone.opens(shoes)
    phone.person.blocks()
    await door.handle_updates()
    assert (await Peer.get()).is_blocked


async def test_unblocking_is_noted_too(door, phone, shoes):
    await phone.opens(shoes)
    phone.person.blocks()
    await door.handle_updates()
    phone.person.unblocks()
    await door.handle_updates()
    assert not (await Peer.get()).is_blocked


async def test_whoever_writes_has_let_the_bot_in_again(phone, shoes):
    await phone.opens(shoes)
    await Peer.all().update(is_blocked=True)
    await phone.says("Hello!")
    assert not (await Peer.get()).is_blocked


async def test_one_who_blocks_is_not_another(door, phone, shoes):
    ben = door.phone("Ben", None)
    await phone.opens(shoes)
    await ben.opens(shoes)
    ben.person.blocks()
    await door.handle_updates()
    assert not (await Peer.get(telegram_chat_id=phone.person.id)).is_blocked


async def test_whoever_comes_back_goes_on_where_they_were(door, phone, shoes):
    await phone.opens(shoes)
    phone.person.blocks()
    await door.handle_updates()
    phone.person.unblocks()
    await phone.says("I'm back")
    assert await door.said(shoes) == ["I'm back"]
    assert not (await Peer.get()).is_blocked
