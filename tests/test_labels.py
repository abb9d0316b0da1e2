"""Coupons are told apart wherever several stand in one list, by the first thing that does it."""

from hypothesis import given
from hypothesis import strategies as st

from services.chats.labels import Named, distinct
from services.text.shortening import shortened, shortened_inside, utf16_length

TITLE_LIMIT, LIMIT = 40, 64
SUMMER = "50% off the whole summer collection, also on sale items, "


def labels(*coupons):
    return [
        str(label)
        for label in distinct([Named(title, tuple(facts)) for title, *facts in coupons], TITLE_LIMIT, LIMIT)
    ]


def test_titles_that_differ_stand_alone():
    assert labels(("Shoes", "Maya", "", "1"), ("Hats", "Maya", "", "2")) == ["Shoes", "Hats"]


def test_a_long_title_is_cut_at_its_end_where_its_beginning_says_enough():
    assert labels((SUMMER + "in Lisbon", "Maya", "", "1"), ("Hats", "Maya", "", "2"))[0] == shortened(SUMMER, 40)


def test_titles_that_begin_alike_show_their_ends():
    told = labels((SUMMER + "in Lisbon", "Maya", "", "1"), (SUMMER + "in Porto", "Ivan", "", "2"))
    assert told == ["50% off the whole su…le items, in Lisbon", "50% off the whole su…ale items, in Porto"]
    assert all(utf16_length(each) <= TITLE_LIMIT for each in told)


def test_coupons_of_one_title_show_whose_they_are():
    assert labels(("10%", "Maya", "", "1"), ("10%", "Ivan", "", "2")) == ["10% · Maya", "10% · Ivan"]


def test_those_of_one_influencer_show_how_long_they_last():
    coupons = ("10%", "Maya", "until May 1", "1"), ("10%", "Maya", "until May 2", "2"), ("10%", "Ivan", "", "3")
    assert labels(*coupons) == ["10% · Maya · until May 1", "10% · Maya · until May 2", "10% · Ivan"]
    assert labels(*coupons[:2]) == ["10% · until May 1", "10% · until May 2"]


def test_where_nothing_else_differs_the_id_does():
    assert labels(("10%", "Maya", "", "abc"), ("10%", "Maya", "", "abd")) == ["10% · abc", "10% · abd"]


def test_ids_that_look_alike_are_counted():
    ids = ["x" * 100 + each + "x" * 100 for each in "ab"]
    told = labels(*(("10%", "Maya", "", each) for each in ids))
    assert [each[-2:] for each in told] == ["#1", "#2"]


def test_a_title_that_looks_like_another_label_is_told_apart_from_it():
    told = labels(("10% · Maya", "Zoe", "", "1"), ("10%", "Maya", "", "2"), ("10%", "Ivan", "", "3"))
    assert len(set(told)) == 3


def test_what_cannot_be_seen_tells_nothing_apart():
    assert labels(("10%\u200b", "Maya", "", "1"), ("10%", "Ivan", "", "2"))[1] == "10% · Ivan"
    assert labels(("10%", "\u3164", "", "1"), (" 10% ", " ", "", "2")) == ["10% · 1", "10% · 2"]


alike = st.text(alphabet="ab 😀é\u200b\u202e·…#12", max_size=70)
facts = st.tuples(alike, alike | st.just(""))


@given(st.dictionaries(st.text(alphabet="ab-1😀", min_size=1, max_size=90), st.tuples(alike, facts), max_size=12))
def test_whatever_coupons_are_called_no_two_labels_are_one_and_each_fits(coupons):
    found = distinct([Named(title, (*told, id_)) for id_, (title, told) in coupons.items()], TITLE_LIMIT, LIMIT)
    said = [str(label) for label in found]
    assert len(set(said)) == len(coupons)
    assert all(0 < utf16_length(label) <= LIMIT for label in said)


@given(st.text(), st.integers(1, 60))
def test_a_text_that_is_shortened_inside_fits_on_one_peer_and_halves_no_character(text, limit):
    short = shortened_inside(text, limit)
    assert utf16_length(short) <= limit
    assert "\n" not in short
    short.encode()
