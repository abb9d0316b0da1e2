"""What can be seen, and how the rest is written down."""

import pytest

from services.text.characters import escaped, is_blank
from web import formatting


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\n\u00a0\u2003\u3000\u2028",  # spaces of all kinds
        "\u200b\u200c\u200d\u2060\ufeff",  # of no width
        "\u115f\u1160\u3164\uffa0",  # Hangul fillers
        "\u2800",  # Braille without a dot
        "\U000e0067\U000e0062\U000e007f",  # tags without a flag
        "\ufe0f\U000e0101\u180b",  # variation selectors
        "\u00ad",  # a soft hyphen
        "\u202a\u202e\u2066\u2069\u061c",  # turns of direction
        "\u0301\u20e3\u034f",  # marks without a letter
        "\x00\x1b\x7f\x9f",  # control characters
        "\ud800",  # half a character
    ],
)
def test_nothing_is_seen(text):
    assert is_blank(text)
    assert is_blank(text * 3)
    assert not is_blank(f"{text}a{text}")
    assert formatting.called(text, "Someone") == "Someone"


@pytest.mark.parametrize(
    "text",
    [
        *("a", "é", "e\u0301", "ا", "ש", "字", "ก", "हि", "ㄱ", "한", "ᠮ", "𒀀", "𐐀"),
        *(
            ".",
            "-",
            "1",
            "1️⃣",
            "❤️",
            "🦊",
            "👩‍👩‍👧",
            "👍🏽",
            "🇩🇪",
            "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        "\U0001faff",  # an emoji that may come
    ],
)
def test_something_is_seen(text):
    assert not is_blank(text)
    assert formatting.called(f" {text} ", "Someone") == text


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("\u3164Maya \u200bOkafor\u2800", "MO"),
        ("\u200b🦊", "🦊"),
        ("\u3164", "?"),
        ("Ada", "A"),
        ("", "?"),
    ],
)
def test_an_avatar_shows_what_can_be_seen_of_a_name(name, letters):
    assert formatting.initials(name) == letters


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, and ünïcödé 字 🦊", "plain, and ünïcödé 字 🦊"),
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("a\nb\rc\u2028d", "a\\nb\\rc\\u2028d"),
        ("\x7f\x9b31m", "\\x7f\\x9b31m"),
        ("\u202egpj.exe\u2066", "\\u202egpj.exe\\u2066"),
        ("\ud800\u200b\U000e0041", "\\ud800\\u200b\\U000e0041"),
    ],
)
def test_what_a_terminal_would_obey_is_written_down(text, shown):
    assert escaped(text) == shown
    assert escaped(text).isprintable()
