"""Rules: a long text is cut where a reader would pause, and loses nothing, its formatting included."""

from itertools import accumulate

import regex
from hypothesis import given
from hypothesis import strategies as st

from services.outgoing import splitting
from services.text import spans
from services.text.spans import Span

FAMILY = "👩‍👩‍👧‍👦"
LETTERS = [FAMILY, "🇩🇪", "e\u0301", "नमस्ते", " \u0301", "。\u0301", "\u200d", "مرحبا"]
BETWEEN = ["\n\n", "\n", ". ", " ", "word " * 5, "!" * 9]
TEXTS = st.lists(st.text(max_size=20) | st.sampled_from(LETTERS + BETWEEN), max_size=40).map("".join)
STYLED = st.builds(
    spans.made,
    st.sampled_from(spans.STYLES),
    st.integers(0, 400),
    st.integers(1, 200),
    st.sampled_from(["https://a.example", "https://b.example"]),
    st.sampled_from([None, "python"]),
)
FORMATTINGS = st.lists(STYLED, max_size=40)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def texts_of(parts) -> list[str]:
    return [part.text for part in parts]


@given(TEXTS, FORMATTINGS, st.integers(40, 200))
def test_the_parts_and_their_formatting_together_are_the_whole(text, formatting, limit):
    formatting = spans.sound(formatting, text)
    parts = splitting.parts(text, formatting, limit)
    starts = accumulate((units(part.text) for part in parts), initial=0)
    joined = spans.joined(
        span for part, start in zip(parts, starts, strict=False) for span in spans.moved(part.formatting, start)
    )
    assert ("".join(texts_of(parts)), joined) == (text, formatting)
    for part in parts:
        assert 0 < units(part.text) <= limit
        assert spans.sound(part.formatting, part.text) == part.formatting


@given(TEXTS, FORMATTINGS, st.integers(40, 200))
def test_no_letter_is_cut_that_fits_into_a_part(text, formatting, limit):
    ends = {match.end() for match in regex.finditer(r"\X", text)}
    longest = max((units(match.group()) for match in regex.finditer(r"\X", text)), default=0)
    at = 0
    for part in splitting.parts(text, spans.sound(formatting, text), limit):
        at += len(part.text)
        assert at in ends or longest > limit


@given(st.lists(st.sampled_from([FAMILY, "e\u0301", "word ", "\n"]), min_size=100, max_size=150), st.integers(0, 9))
def test_no_part_has_more_formatting_than_telegram_takes(letters, more):
    """However much of it there is: here is a span for each letter, and a few over all of them."""
    starts = list(accumulate(map(units, letters), initial=0))
    styles = [style for style in spans.STYLES if style != "text_link"][:more]
    formatting = [Span("text_link", start, units(each), url=f"https://{start}.example")
                  for start, each in zip(starts, letters, strict=False)]  # fmt: skip
    formatting = spans.joined(formatting + [Span(style, 0, starts[-1]) for style in styles])
    parts = splitting.parts("".join(letters), formatting, 3800)
    assert all(len(part.formatting) <= splitting.MAX_SPANS for part in parts)
    joined = []
    for part, start in zip(parts, accumulate((units(part.text) for part in parts), initial=0), strict=False):
        joined += spans.moved(part.formatting, start)
    assert spans.joined(joined) == formatting


def test_formatting_across_an_end_is_closed_and_opened_again():
    cut = splitting.parts("One two three", [Span("bold", 4, 9), Span("italic", 4, 3)], 8)
    assert cut == [("One two ", (Span("bold", 4, 4), Span("italic", 4, 3))), ("three", (Span("bold", 0, 5),))]


def test_a_quote_over_two_parts_is_one_in_each():
    cut = splitting.parts("First line\nSecond line", [Span("blockquote", 0, 22)], 15)
    assert cut == [("First line\n", (Span("blockquote", 0, 11),)), ("Second line", (Span("blockquote", 0, 11),))]


def test_empty_lines_around_a_part_are_left_out_and_formatting_moves_along():
    part = splitting.TextPart("\n\nOne\n", (Span("bold", 0, 4), Span("italic", 1, 1), Span("code", 3, 3)))
    assert part.without_outer_lines() == ("One", (Span("bold", 0, 2), Span("code", 1, 2)))


def test_a_paragraph_is_a_better_end_than_a_sentence():
    text = "First thought. Second thought.\n\nThird thought. " + "x" * 30
    assert splitting.parts(text, [], 50)[0].text == "First thought. Second thought.\n\n"


def test_a_sentence_is_a_better_end_than_a_word():
    assert splitting.parts("Is it red? Or is it blue, perhaps?", [], 20)[0].text == "Is it red? "


def test_a_word_is_not_cut():
    assert texts_of(splitting.parts("coupons for everybody here", [], 12)) == ["coupons for ", "everybody ", "here"]


def test_a_family_stays_together():
    assert texts_of(splitting.parts(FAMILY * 5, [], 25)) == [FAMILY * 2, FAMILY * 2, FAMILY]


def test_an_endless_letter_is_cut_all_the_same():
    assert "".join(texts_of(splitting.parts("a" + "\u0301" * 100, [], 40))) == "a" + "\u0301" * 100
