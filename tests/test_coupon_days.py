"""Rules: a consumer and an influencer read the same day, from or until which a coupon is good."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import texts_for
from models import Chat, Coupon
from services.coupons import coupons, importing
from tests import cast
from web import formatting


@pytest.mark.parametrize(
    ("column", "feed", "consumer", "influencer"),
    [
        ("expires_at", "2036-01-31", "valid until January 31, 2036", "until 31 January 2036"),
        ("expires_at", "2036-02-01T00:00:00Z", "valid until January 31, 2036", "until 31 January 2036"),
        ("expires_at", "2036-01-31T23:59:59Z", "valid until January 31, 2036", "until 31 January 2036"),
        ("expires_at", "2036-01-31T23:59", "valid until January 31, 2036", "until 31 January 2036"),
        (
            "expires_at",
            "2036-01-31T23:00:00-05:00",
            "valid until February 1, 2036, 4:00 AM UTC",
            "until 1 February 2036, 04:00 UTC",
        ),
        (
            "expires_at",
            "2036-01-31T17:30",
            "valid until January 31, 2036, 5:30 PM UTC",
            "until 31 January 2036, 17:30 UTC",
        ),
        ("expires_at", "9999-12-31", "valid until December 31, 9999", "until 31 December 9999"),
        ("expires_at", "2020-01-31", "expired on January 31, 2020", "on 31 January 2020"),
        (
            "expires_at",
            "0001-01-01T00:00:00Z",
            "expired on January 1, 1, 12:00 AM UTC",
            "on 1 January 1, 00:00 UTC",
        ),
        ("starts_at", "2036-03-02", "valid from March 2, 2036", "from 2 March 2036"),
        ("starts_at", "2036-03-02T00:00:00+00:00", "valid from March 2, 2036", "from 2 March 2036"),
        (
            "starts_at",
            "2036-03-02T09:00:00+02:00",
            "valid from March 2, 2036, 7:00 AM UTC",
            "from 2 March 2036, 07:00 UTC",
        ),
        (
            "starts_at",
            "2036-03-02T00:00:00+02:00",
            "valid from March 1, 2036, 10:00 PM UTC",
            "from 1 March 2036, 22:00 UTC",
        ),
    ],
)
async def test_both_sides_read_the_same_day(db, column, feed, consumer, influencer):
    chat = await _chat_about(column, feed)
    assert consumer in texts_for("en").chats.opened_new(chat).text.replace("\u202f", " ")
    assert formatting.validity(chat.coupon, coupons.state(chat.coupon)) == influencer


async def test_a_german_reads_it_in_german(db):
    chat = await _chat_about("expires_at", "2036-01-31T17:30")
    assert "gültig bis 31. Januar 2036, 17:30 Uhr UTC" in texts_for("de").chats.opened_new(chat).text


async def test_a_coupon_is_good_until_the_day_that_is_named_is_over(db):
    coupon = (await _chat_about("expires_at", "2036-01-31")).coupon
    assert coupon.state_at(datetime(2036, 1, 31, 23, 59, 59, tzinfo=UTC)).value == "valid"
    assert coupon.state_at(datetime(2036, 2, 1, tzinfo=UTC)).value == "expired"


@given(st.datetimes(timezones=st.just(UTC)))
def test_any_moment_has_a_day_that_can_be_written(moment):
    coupon = Coupon(title="Sale", starts_at=moment, expires_at=moment)
    for day in (coupons.first_day(coupon), coupons.last_day(coupon)):
        assert abs(day.moment - moment) <= timedelta(microseconds=1)
    assert formatting.validity(coupon, coupons.state(coupon))


async def _chat_about(column: str, value: str) -> Chat:
    """Open a chat, and import its coupon anew with a day on which it begins or ends."""
    peer = await cast.peer()
    chat = await cast.chat(await cast.coupon(await cast.maya(), id="sale"), peer)
    feed = f"coupon_id,title,influencer_id,{column}\nsale,Sale,inf-maya,{value}\n"
    await importing.run(io.BytesIO(feed.encode()))
    return await Chat.get(id=chat.id).select_related("coupon", "influencer")
