"""Rules: formatting fits its text, whoever has written it down, and what looks the same is the same."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text import spans
from services.text.shortening import utf16_length
from services.text.spans import Span

FAMILY = "👩‍👩‍👧‍👦"
texts = st.lists(st.sampled_from([FAMILY, "e\u0301", "\n", " ", "a", "word "]), max_size=20).map("".join)
made = st.builds(
    spans.made,
    st.sampled_from(spans.STYLES),
    st.integers(0, 60),
    st.integers(1, 60),
    st.sampled_from(["https://a.example", "https://b.example"]),
    st.sampled_from([None, "python"]),
)
formattings = st.lists(made, max_size=30)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.sampled_from(spans.STYLES),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["style", "start", "length", "url", "language"]), inner, max_size=5)
    ),
    max_leaves=20,
)


def looks(formatting, size):
    """Say of each code unit how it looks: of two links there the one that leads."""
    return [
        {(each.style, each.url, each.language) for each in formatting if each.start <= at < each.end}
        for at in range(size)
    ]


def test_what_is_written_down_is_read_again():
    formatting = (
        Span("bold", 0, 4),
        Span("text_link", 2, 3, url="https://a.example"),
        Span("pre", 5, 1, None, "c"),
    )
    assert spans.of_stored(spans.to_json(formatting), "0123456") == formatting
    assert spans.of_json(spans.to_json(formatting), "0123456") == formatting


def test_no_formatting_is_stored_as_nothing():
    assert spans.to_json(()) is None
    assert spans.of_stored(None, "Hello") == ()


UNSOUND = {
    "no list": {"style": "bold", "start": 0, "length": 2},
    "no object": ["bold"],
    "an unknown style": [{"style": "blink", "start": 0, "length": 2}],
    "no style": [{"start": 0, "length": 2}],
    "a style that is no word": [{"style": ["bold"], "start": 0, "length": 2}],
    "a start that is no number": [{"style": "bold", "start": "0", "length": 2}],
    "a start that is a truth": [{"style": "bold", "start": False, "length": 2}],
    "a length that is broken": [{"style": "bold", "start": 0, "length": 1.5}],
    "before the text": [{"style": "bold", "start": -1, "length": 2}],
    "nothing of it": [{"style": "bold", "start": 1, "length": 0}],
    "a link to nowhere": [{"style": "text_link", "start": 0, "length": 2}],
    "a link that can't be kept": [{"style": "text_link", "start": 0, "length": 2, "url": "https://a\x00"}],
    "half a character in a link": [{"style": "text_link", "start": 0, "length": 2, "url": "https://\ud800"}],
}


@pytest.mark.parametrize("value", UNSOUND.values(), ids=UNSOUND)
def test_what_is_no_span_is_left_out_or_refused(value):
    assert spans.of_stored(value, "Hello") == ()
    with pytest.raises(ValueError, match="no list"):
        spans.of_json(value, "Hello")


@pytest.mark.parametrize(("start", "length"), [(0, 3), (1, 2), (0, 9), (9, 1), (1, 1)])
def test_what_does_not_fit_the_text_is_left_out(start, length):
    stored = [{"style": "bold", "start": start, "length": length}]
    assert spans.of_stored(stored, "a🙂") == ((Span("bold", start, length),) if start + length == 3 else ())


def test_what_reaches_beyond_the_text_is_cut_where_somebody_sends_it():
    sent = [{"style": "bold", "start": 1, "length": 9}, {"style": "bold", "start": 7, "length": 1}]
    assert spans.of_json(sent, "abc") == (Span("bold", 1, 2),)


def test_no_more_is_taken_than_a_text_can_have():
    many = [{"style": "bold", "start": 2 * at, "length": 1} for at in range(spans.MAX_SPANS + 1)]
    text = "x" * 3 * spans.MAX_SPANS
    assert len(spans.of_stored(many, text)) == spans.MAX_SPANS
    with pytest.raises(ValueError, match="no list"):
        spans.of_json(many, text)


@given(anything, texts)
def test_nothing_that_is_stored_is_trusted(value, text):
    for span in spans.of_stored(value, text):
        assert 0 <= span.start < span.end <= utf16_length(text)


@given(formattings, texts)
def test_sound_spans_stand_between_characters(formatting, text):
    between = {utf16_length(text[:at]) for at in range(len(text) + 1)}
    for span in spans.sound(formatting, text):
        assert {span.start, span.end} <= between


@given(formattings)
def test_joined_is_joined(formatting):
    joined = spans.joined(formatting)
    assert spans.joined(reversed(joined)) == joined
    for style in spans.STYLES:
        of_style = [span for span in joined if span.style == style]
        assert all(one.end <= other.start for one, other in pairwise(of_style))


@given(formattings)
def test_joining_changes_nothing_that_is_seen(formatting):
    for before, after in zip(looks(formatting, 120), looks(spans.joined(formatting), 120), strict=True):
        assert after <= before
        assert {style for style, *_ in after} == {style for style, *_ in before}


def test_what_is_nested_and_what_overlaps_stays():
    formatting = (Span("bold", 0, 9), Span("italic", 2, 3), Span("underline", 4, 9))
    assert spans.joined(formatting) == formatting


def test_what_is_adjacent_and_alike_is_one():
    assert spans.joined([Span("bold", 3, 2), Span("bold", 0, 3)]) == (Span("bold", 0, 5),)
    links = [Span("text_link", 0, 3, url="https://a.example"), Span("text_link", 3, 2, url="https://b.example")]
    assert list(spans.joined(links)) == links


@given(formattings, st.integers(0, 120))
def test_what_is_cut_and_put_together_is_the_same(formatting, at):
    whole = spans.joined(formatting)
    assert spans.joined(spans.cut(whole, 0, at) + spans.moved(spans.cut(whole, at, 200), at)) == whole


def test_what_is_as_long_once_it_is_cut_stands_in_its_order():
    cut = spans.cut([Span("italic", 0, 37), Span("bold", 0, 36)], 0, 36)
    assert cut == spans.joined(cut) == (Span("bold", 0, 36), Span("italic", 0, 36))


def test_what_is_left_out_of_a_text_moves_what_stands_behind_it():
    text = "\x00a\x00\x00🙂c\x00"
    formatting = [Span("bold", 0, 2), Span("italic", 2, 2), Span("code", 3, 4), Span("spoiler", 6, 2)]
    assert spans.without(formatting, text, "\x00") == (
        Span("bold", 0, 1),
        Span("code", 1, 3),
        Span("spoiler", 3, 1),
    )
