"""A coupon changes hands: whoever has begun a chat goes on with whom it was begun."""

import io

from database.transactions import transaction
from models import Chat, Coupon, Peer
from services.coupons import importing
from services.people import invitations


async def test_a_chat_goes_on_with_whom_it_was_begun(door, phone, maya):
    shoes = await _imported("Maya Okafor", maya.id)
    await phone.opens(shoes)
    await _imported("Ivan Petrov", "inf-ivan")
    again = await phone.opens(shoes)
    assert again["text"].startswith("Re: Shoes\nwith Maya Okafor")
    await phone.says("/chats")
    switched = await phone.taps(await phone.last(), "Shoes")
    assert switched is not None
    assert (await phone.last())["text"].startswith("Re: Shoes\nwith Maya Okafor")
    await phone.says("Still you?")
    assert (await Chat.get()).influencer_id == maya.id
    assert await door.said(shoes) == ["Still you?"]


async def test_a_new_chat_is_begun_with_the_new_owner(door, phone, maya):
    shoes = await _imported("Maya Okafor", maya.id)
    await phone.opens(shoes)
    await _imported("Ivan Petrov", "inf-ivan")
    other = door.phone("Grace", "Hopper")
    assert (await other.opens(shoes))["text"].startswith("Re: Shoes\nwith Ivan Petrov")
    owners = {chat.consumer.name: chat.influencer_id for chat in await Chat.all().select_related("consumer")}
    assert owners == {"Ada Lovelace": maya.id, "Grace Hopper": "inf-ivan"}


async def test_whose_coupon_it_becomes_may_go_on_as_its_consumer(door, phone, maya):
    """And who it was before may begin anew, with its new owner."""
    shoes = await _imported("Maya Okafor", maya.id)
    await phone.opens(shoes)
    await _imported("Ivan Petrov", "inf-ivan")
    mayas = door.phone("Maya", "Okafor")
    for influencer_id, tied in (("inf-ivan", phone), (maya.id, mayas)):
        await tied.says("/help")
        async with transaction():
            await invitations.tie(influencer_id, await Peer.get(telegram_chat_id=tied.person.id))
    await phone.starts("c_shoes")
    assert (await phone.last())["text"].startswith("Re: Shoes\nwith Maya Okafor")
    await mayas.starts("c_shoes")
    assert (await mayas.last())["text"].startswith("Re: Shoes\nwith Ivan Petrov")
    pairs = {(chat.consumer_id, chat.influencer_id) for chat in await Chat.all()}
    assert pairs == {("inf-ivan", maya.id), (maya.id, "inf-ivan")}


async def _imported(name: str, influencer_id: str) -> Coupon:
    """Let the platform say whose coupon it is."""
    rows = f"coupon_id,title,influencer_id,influencer_name\nshoes,Shoes,{influencer_id},{name}\n"
    await importing.run(io.BytesIO(rows.encode()))
    return await Coupon.get(id="shoes")
