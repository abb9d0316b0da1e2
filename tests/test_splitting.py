"""Rules: a long text is cut where a reader would pause, and loses nothing."""

import regex
from hypothesis import given
from hypothesis import strategies as st

from services.outgoing import splitting

FAMILY = "👩‍👩‍👧‍👦"
TEXTS = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from([FAMILY, "🇩🇪", "e\u0301", "\n\n", "\n", ". ", " ", "नमस्ते", "مرحبا", "word " * 5, "!" * 9]),
    ),
    max_size=40,
).map("".join)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(TEXTS, st.integers(40, 200))
def test_the_parts_are_the_text_and_none_is_too_long(text, limit):
    parts = splitting.parts(text, limit)
    assert "".join(parts) == text
    assert all(0 < units(part) <= limit for part in parts)


@given(TEXTS, st.integers(40, 200))
def test_no_letter_is_cut_that_fits_into_a_part(text, limit):
    ends = {match.end() for match in regex.finditer(r"\X", text)}
    longest = max((units(match.group()) for match in regex.finditer(r"\X", text)), default=0)
    at = 0
    for part in splitting.parts(text, limit):
        at += len(part)
        assert at in ends or longest > limit


def test_a_paragraph_is_a_better_end_than_a_sentence():
    text = "First thought. Second thought.\n\nThird thought. " + "x" * 30
    assert splitting.parts(text, 50)[0] == "First thought. Second thought.\n\n"


def test_a_sentence_is_a_better_end_than_a_word():
    assert splitting.parts("Is it red? Or is it blue, perhaps?", 20)[0] == "Is it red? "


def test_a_word_is_not_cut():
    assert splitting.parts("coupons for everybody here", 12) == ["coupons for ", "everybody ", "here"]


def test_a_family_stays_together():
    assert splitting.parts(FAMILY * 5, 25) == [FAMILY * 2, FAMILY * 2, FAMILY]


def test_an_endless_letter_is_cut_all_the_same():
    assert "".join(splitting.parts("a" + "\u0301" * 100, 40)) == "a" + "\u0301" * 100
