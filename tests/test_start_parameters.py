"""What a deep link hands to the bot is made and read in one way."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import start_parameters
from services.errors import CouponUnknown
from services.start_parameters import Kind, StartParameter

NAMES = st.text("ABCxyz019_-", min_size=1, max_size=62)


@given(st.sampled_from(Kind), NAMES)
def test_what_is_made_is_read_again(kind, name):
    parameter = StartParameter(kind, name)
    assert parameter.is_sound
    assert start_parameters.parse(str(parameter)) == parameter
    assert start_parameters.looks_like_one(str(parameter))


@given(st.text(max_size=80) | NAMES)
def test_a_link_holds_what_telegram_takes_and_nothing_else(text):
    fits = bool(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text))
    assert start_parameters.fits_a_link(text) is fits
    try:
        parameter = start_parameters.parse(text)
    except CouponUnknown:
        return
    assert str(parameter) == text
    assert fits or parameter.kind is Kind.INVITATION


@pytest.mark.parametrize("name", ["", "x" * 63, "summer sale", "ähnlich", "50%"])
def test_a_name_that_fits_no_link_is_not_sound(name):
    assert not StartParameter(Kind.COUPON_ID, name).is_sound


def test_a_link_leads_to_the_bot_with_or_without_a_parameter():
    summer = StartParameter(Kind.COUPON_ID, "summer-50")
    assert start_parameters.deep_link("coupon_chat_bot", summer) == "https://t.me/coupon_chat_bot?start=c_summer-50"
    assert start_parameters.deep_link("coupon_chat_bot") == "https://t.me/coupon_chat_bot"
