"""Links in what people write are found, lead to where they say, and never take long."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.conftest import says
from web import links

# What links are made of, and what once kept a search for them busy.
SPLINTERS = [
    "http://",
    "https://",
    "www.",
    "a.com",
    "ada@",
    ".",
    "..",
    ":",
    "/",
    "//",
    "@",
    "-",
    "_",
    "(",
    ")",
    "[",
]
SPLINTERS += [
    "]",
    "<",
    ">",
    '"',
    "'",
    "«",
    "»",
    "ä",
    "🙂",
    "\u0301",
    "\u200b",
    "\u202e",
    " ",
    "\n",
    "&",
    "?",
    "#",
    "%",
]

texts = st.lists(st.sampled_from(SPLINTERS) | st.text(max_size=4), max_size=60).map("".join)


@pytest.mark.parametrize(
    ("text", "link", "href"),
    [
        ("See https://shop.example/terms?a=1&b=2.", "https://shop.example/terms?a=1&b=2", None),
        ("HTTP://Shop.example", "HTTP://Shop.example", "http://Shop.example"),
        ("(www.shop.example/sale),", "www.shop.example/sale", "https://www.shop.example/sale"),
        ("“shop.com/sale”", "shop.com/sale", "https://shop.com/sale"),
        ("ada@shop.example!", "ada@shop.example", "mailto:ada@shop.example"),
        ("http://shop.example/Hat_(red)", "http://shop.example/Hat_(red)", None),
        ("(http://shop.example/Hat_(red))", "http://shop.example/Hat_(red)", None),
        ("<http://shop.example>", "http://shop.example", None),
        ("http://localhost:8080/x", "http://localhost:8080/x", None),
        ("https://müller.example/ä", "https://müller.example/ä", None),
    ],
)
def test_a_link_is_found_without_what_stands_around_it(text, link, href):
    assert [(piece.text, piece.href) for piece in links.pieces(text) if piece.href] == [(link, href or link)]


@pytest.mark.parametrize(
    "text",
    ["3.5", "e.g.", "…", "http://", "http://.", "www.", "a@b", "@ada", "xhttp://a.example", "javascript:alert(1)"],
)
def test_what_leads_nowhere_is_no_link(text):
    assert [piece.href for piece in links.pieces(text) if piece.href] == []


@given(texts)
def test_links_and_what_is_between_them_are_the_whole_text(text):
    assert "".join(piece.text for piece in links.pieces(text)) == text


@given(texts)
def test_a_link_leads_to_what_it_shows_and_to_the_web_or_a_mailbox_alone(text):
    for piece in links.pieces(text):
        if piece.href:
            assert piece.href.startswith(("http://", "https://", "mailto:"))
            assert piece.href.lower().endswith(piece.text.lower())
            assert not set(piece.href) & set(" \n\t")


@pytest.mark.parametrize(
    "hostile",
    [
        *SPLINTERS,
        "a.",
        "http://a",
        "http://a.co/[",
        "www.a)",
        "a@b.",
        ".com",
        "<a.com>",
        "ada@a.",
        "a-",
        "$a.com",
        '"a',
    ],
)
def test_no_text_keeps_the_search_busy(hostile):
    """A search that took four times as long for twice the text would not end before the test is given up."""
    for text in (hostile * 200_000, "http://a" + hostile * 200_000, "a" + hostile * 200_000 + "x."):
        assert sum(len(piece.text) for piece in links.pieces(text)) == len(text)


async def test_a_message_shows_its_links_and_hides_nothing(panel, chat, ada):
    text = "<b>See</b> http://shop.example/?a=1&b=\"2\" & 'www.shop.example'"
    await says(ada, text)
    page = (await panel.opens(f"/chats/{chat.id}")).text
    shown = page.partition('<div class="text" dir="auto">')[2].partition("</div>")[0]
    assert '<a href="http://shop.example/?a=1&amp;b=&#34;2" target="_blank" rel="nofollow noreferrer">' in shown
    assert (
        '<a href="https://www.shop.example" target="_blank" rel="nofollow noreferrer">www.shop.example</a>' in shown
    )
    assert "<b>" not in shown
    assert unescape(shown).startswith("<b>See</b> <a href=")
