"""An influencer ties their Telegram account, and comes into the panel by it."""

import asyncio

import pytest

from database import pubsub
from database.transactions import transaction
from models import AccessLink, Chat, HeldMessage, Message, Peer, Purpose, User
from services import live
from services.incoming import opening, topics
from services.incoming.placement import AsOf
from services.people import access_links, sessions
from tests import cast


@pytest.fixture
async def invited(door, maya):
    """The start parameter of Maya's invitation."""
    return await _invitation(door, maya)


async def test_an_invitation_ties_the_account(phone, invited, maya):
    await phone.starts(invited)
    assert "Hello Maya Okafor" in (await phone.last())["text"]
    assert (await User.get(id=maya.id)).telegram_user_id == phone.person.id
    assert await User.all().count() == 1


async def test_her_menu_has_the_panel_now(door, phone, invited):
    await phone.starts(invited)
    await door.delivered()
    scope = {"type": "chat", "chat_id": phone.person.id}
    menu = (await door.telegram.call(cast.BOT_TOKEN, "getMyCommands", {"scope": scope}))["result"]
    assert [entry["command"] for entry in menu] == ["panel", "chats", "help"]


async def test_an_invitation_works_once(door, phone, invited, maya):
    await phone.starts(invited)
    late = door.phone("Ivan", None)
    await late.starts(invited)
    assert "has been used or has run out" in (await late.last())["text"]
    assert (await User.get(id=maya.id)).telegram_user_id == phone.person.id


async def test_of_two_at_once_one_gets_in(door, invited, maya):
    phones = [door.phone("One"), door.phone("Two")]
    for phone in phones:
        phone.person.starts(invited)
    await asyncio.gather(*(door.take(raw) for raw in await door.pending_updates()))
    said = [(await phone.last())["text"] for phone in phones]
    assert sorted("Hello Maya" in text for text in said) == [False, True]


@pytest.mark.parametrize("token", ["", "unknown", "x" * 62])
async def test_an_unknown_invitation_ties_nobody(phone, maya, token):
    await phone.starts(f"i_{token}")
    assert "has been used or has run out" in (await phone.last())["text"]
    assert (await User.get(id=maya.id)).telegram_user_id is None


async def test_an_invitation_runs_out(phone, invited, maya):
    await AccessLink.all().update(expires_at=cast.LONG_AGO)
    await phone.starts(invited)
    assert "has been used or has run out" in (await phone.last())["text"]


async def test_a_sign_in_link_is_no_invitation(door, phone, maya):
    token = await access_links.make_link(door.bot.panel.keyring, maya, Purpose.SIGNIN)
    await phone.starts(f"i_{token}")
    assert "has been used or has run out" in (await phone.last())["text"]


async def test_the_account_of_another_influencer_is_taken(door, phone, invited):
    ivan = await cast.outsider()
    await phone.starts(await _invitation(door, ivan))
    await phone.starts(invited)
    assert "already belongs to another influencer" in (await phone.last())["text"]
    assert (await User.get(id=ivan.id)).telegram_user_id == phone.person.id
    mayas = door.phone("Maya")
    await mayas.starts(invited)
    assert "Hello Maya Okafor" in (await mayas.last())["text"]


async def test_a_consumer_who_becomes_an_influencer_keeps_their_chats(door, phone, invited, maya):
    tea = await cast.coupon(await cast.outsider(), "Tea")
    await phone.opens(tea)
    await phone.says("Is it organic?")
    await phone.starts(invited)
    assert (await Chat.get()).consumer_id == maya.id
    assert (await Message.get()).sender_id == maya.id
    await phone.says("And fair?")
    assert await door.said(tea) == ["Is it organic?", "And fair?"]
    assert (await User.get(id=maya.id)).name == "Maya Okafor"


@pytest.fixture
async def tried(door, phone, invited, maya, shoes) -> Chat:
    """The chat in which Maya tried a coupon of hers, before her account was hers."""
    await phone.opens(shoes)
    await phone.says("Is this on?")
    await phone.starts(invited)
    await door.delivered()
    return await Chat.get(coupon_id=shoes.id)


async def test_nothing_leads_back_to_a_coupon_that_was_tried_before(door, phone, tried, shoes, maya):
    question = next(message for message in phone.person.messages if message.get("text") == "Is this on?")
    header = next(message for message in phone.person.messages if "\nwith " in message.get("text", ""))
    await phone.says("To nobody")
    await phone.says("To whom I was", reply_to=question["message_id"])
    await phone.says("To the header", reply_to=header["message_id"])
    await phone.edits(question["message_id"], "Is this still on?")
    assert "isn't there any more" in (await phone.last())["text"]
    await phone.forges(header, f"open:{tried.id}")
    assert "isn't there any more" in (await phone.last())["text"]
    await phone.starts(f"c_{shoes.id}")
    assert "This is your own coupon" in (await phone.last())["text"]
    await phone.says("/chats")
    assert "no chats yet" in (await phone.last())["text"]

    assert await door.said(shoes) == ["Is this on?"]
    assert (await Chat.get(id=tried.id)).influencer_id == maya.id
    held = await HeldMessage.all().order_by("telegram_message_id")
    assert [message.text for message in held] == ["To nobody", "To whom I was", "To the header"]


async def test_what_was_active_before_a_tried_coupon_is_no_guess_now(door, phone, invited, shoes):
    tea = await cast.coupon(await cast.outsider(), "Tea")
    await phone.opens(tea)
    await phone.opens(shoes)
    await phone.starts(invited)
    await phone.says("Is it organic?")
    assert "Which coupon is this about?" in (await phone.last())["text"]
    await phone.taps(await phone.last(), "Tea")
    assert await door.said(tea) == ["Is it organic?"]


async def test_a_topic_of_a_tried_coupon_leads_nowhere(door, phone, tried, shoes):
    await topics.bind(await Peer.get(), 7, tried)
    await phone.tells(text="In the topic", message_thread_id=7, is_topic_message=True)
    assert await door.said(shoes) == ["Is this on?"]
    assert (await HeldMessage.get()).text == "In the topic"


async def test_a_late_tap_moves_nothing_out_of_a_tried_coupon(phone, tried, peer_of_phone):
    tea = await cast.chat(await cast.coupon(await cast.outsider(), "Tea"), peer_of_phone)
    async with transaction():
        await opening.activate(peer_of_phone, tea, AsOf(1))
    assert (await Message.get(text="Is this on?")).chat_id == tried.id


@pytest.fixture
async def peer_of_phone(tried) -> Peer:
    return await Peer.get().select_related("user")


async def test_another_phone_takes_over_and_the_old_one_becomes_a_consumers(door, phone, invited, maya):
    tea = await cast.coupon(await cast.outsider(), "Tea")
    await phone.starts(invited)
    await phone.opens(tea)
    await phone.says("From the old phone")
    new = door.phone("Maya", "Okafor")
    await new.opens(tea)
    await new.says("From the new phone")
    await new.starts(await _invitation(door, maya))
    assert (await User.get(id=maya.id)).telegram_user_id == new.person.id
    old = await User.get(telegram_user_id=phone.person.id)
    assert (old.is_influencer, old.name) == (False, "Maya Okafor")
    theirs = await Chat.get(consumer_id=old.id)
    assert (await Message.get(chat_id=theirs.id)).text == "From the old phone"
    assert (await Message.get(chat__consumer_id=maya.id)).text == "From the new phone"
    await phone.says("/panel")
    assert "The panel is for influencers" in (await phone.last())["text"]


async def test_another_phone_ends_what_the_old_one_has_opened(door, phone, invited, maya):
    keyring = door.bot.panel.keyring
    await phone.starts(invited)
    key, _ = await sessions.enter(keyring, await access_links.make_link(keyring, maya, Purpose.SIGNIN))
    unused = await access_links.make_link(keyring, maya, Purpose.SIGNIN)
    with pubsub.subscribed(live.influencer(maya.id)) as subscription:
        await door.phone("Maya", "Okafor").starts(await _invitation(door, maya))
        assert await subscription.wait(5)
    assert await sessions.session_of(keyring, key) is None
    with pytest.raises(access_links.LinkSpent):
        await access_links.use_link(keyring, unused, Purpose.SIGNIN)


async def test_whoever_reads_the_chats_of_a_tied_account_is_told(phone, invited):
    ivan = await cast.outsider()
    await phone.opens(await cast.coupon(ivan, "Tea"))
    with pubsub.subscribed(live.influencer(ivan.id)) as subscription:
        await phone.starts(invited)
        assert await subscription.wait(5)


async def test_the_first_account_and_the_same_again_end_nothing(door, phone, invited, maya):
    keyring = door.bot.panel.keyring
    key, _ = await sessions.enter(keyring, await access_links.make_link(keyring, maya, Purpose.SIGNIN))
    await phone.starts(invited)
    await phone.starts(await _invitation(door, maya))
    assert await sessions.session_of(keyring, key)


async def test_the_same_account_may_be_invited_again(door, phone, invited, maya):
    await phone.starts(invited)
    await phone.starts(await _invitation(door, maya))
    assert "Hello Maya Okafor" in (await phone.last())["text"]
    assert (await User.get(id=maya.id)).telegram_user_id == phone.person.id


async def test_the_panel_opens_by_a_button_that_works_once(door, phone, invited, maya):
    await phone.starts(invited)
    await phone.says("/panel")
    [[way]] = (await phone.last())["reply_markup"]["inline_keyboard"]
    base, _, token = way["url"].rpartition("/")
    assert base == "https://panel.example/signin"
    assert (await access_links.use_link(door.bot.panel.keyring, token, Purpose.SIGNIN)).id == maya.id
    with pytest.raises(access_links.LinkSpent):
        await access_links.use_link(door.bot.panel.keyring, token, Purpose.SIGNIN)


async def test_the_panel_stays_shut_for_consumers(phone, shoes):
    await phone.opens(shoes)
    await phone.says("/panel")
    answer = await phone.last()
    assert "The panel is for influencers" in answer["text"]
    assert "reply_markup" not in answer
    assert not await AccessLink.exists()


async def _invitation(door, influencer):
    return "i_" + await access_links.make_link(door.bot.panel.keyring, influencer, Purpose.INVITATION)
