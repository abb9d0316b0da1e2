"""An influencer's way into the panel, by the bot."""

import re

import pytest

from database.transactions import fetch
from models import AccessLink, Delivery, Peer, Purpose, User
from services.errors import LinkSpent
from services.people import access_links
from tests import cast
from tests.bot.conftest import delivering

URL = re.compile(r"https://panel\.example/signin/([\w-]+)")


@pytest.fixture
async def maya_phone(sleeping, maya):
    phone = sleeping.phone("Maya", "Okafor")
    await phone.starts()
    await User.filter(telegram_user_id=phone.person.id).update(is_influencer=True)
    return phone


async def test_the_link_is_nowhere_in_the_database(sleeping, maya_phone):
    await maya_phone.says("/panel")
    assert not await AccessLink.exists()
    async with delivering(sleeping.bot):
        token = token_in(await maya_phone.last())
    tables = await fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for table in tables:
        rows = await fetch(f'SELECT t::text AS row FROM "{table["tablename"]}" t')
        assert not [row for row in rows if token in row["row"]]


async def test_it_lets_in_once(sleeping, maya_phone):
    await maya_phone.says("/panel")
    async with delivering(sleeping.bot):
        token = token_in(await maya_phone.last())
    keyring = sleeping.bot.panel.keyring
    assert (await access_links.use_link(keyring, token, Purpose.SIGNIN)).telegram_user_id == maya_phone.person.id
    with pytest.raises(LinkSpent):
        await access_links.use_link(keyring, token, Purpose.SIGNIN)


async def test_another_attempt_makes_another_link_and_withdraws_the_first(sleeping, maya_phone):
    sleeping.telegram.fail_next("sendMessage", "drop", words="way in")
    await maya_phone.says("/panel")
    async with delivering(sleeping.bot):
        await maya_phone.heard()
    first, second = [token_in(message) for message in maya_phone.person.messages if "way in" in message["text"]]
    assert first != second
    with pytest.raises(LinkSpent):
        await access_links.owner_of_link(sleeping.bot.panel.keyring, first, Purpose.SIGNIN)
    assert await access_links.owner_of_link(sleeping.bot.panel.keyring, second, Purpose.SIGNIN)


async def test_who_asks_twice_has_two_links(sleeping, maya_phone):
    await maya_phone.says("/panel")
    await maya_phone.says("/panel")
    async with delivering(sleeping.bot):
        await maya_phone.heard()
    tokens = [token_in(message) for message in maya_phone.person.messages if "way in" in message["text"]]
    assert (
        len({(await access_links.owner_of_link(sleeping.bot.panel.keyring, t, Purpose.SIGNIN)).id for t in tokens})
        == 1
    )
    assert len(set(tokens)) == 2


async def test_who_is_no_influencer_by_the_time_gets_no_link(sleeping, maya_phone):
    await maya_phone.says("/panel")
    await User.filter(telegram_user_id=maya_phone.person.id).update(is_influencer=False)
    async with delivering(sleeping.bot):
        assert "for influencers" in (await maya_phone.last())["text"]
    assert not await AccessLink.exists()


async def test_what_waits_names_what_it_is_for_and_nothing_else(sleeping, maya_phone):
    await maya_phone.says("/panel")
    waiting = await Delivery.all().order_by("-sequence").first()
    assert (waiting.kind, waiting.payload, waiting.state) == ("way_in", {}, "queued")
    assert await cast.next_step(await Peer.get(id=waiting.peer_id))


def token_in(message):
    found = URL.fullmatch(message["reply_markup"]["inline_keyboard"][0][0]["url"])
    assert found
    return found[1]
