"""Formatting is shown as it was meant, properly nested, and nothing that anybody writes becomes markup."""

from html.parser import HTMLParser

import aiohttp_jinja2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Message
from services.text import spans
from services.text.shortening import utf16_length
from services.text.spans import Span
from tests.web.conftest import says
from web import formatted

HOSTILE = ["<b>", "</strong>", '"><script>alert(1)</script>', "' onclick='x", "&lt;", "{{ 7 }}", "{% if %}"]
texts = st.lists(st.sampled_from([*HOSTILE, "🙂", "word ", "\n", "http://a.example/x", "a@b.example"]), max_size=12)
texts = texts.map("".join)
made = st.builds(
    spans.made,
    st.sampled_from(spans.STYLES),
    st.integers(0, 120),
    st.integers(1, 60),
    st.sampled_from(["https://a.example/?a=1&b=2", "javascript:alert(1)", *HOSTILE]),
    st.sampled_from([None, "python", *HOSTILE]),
)
formattings = st.lists(made, max_size=12)


class Reader(HTMLParser):
    """Reads what is shown as a browser does; elements that are not nested are noticed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.text, self.elements, self.hrefs = [], "", [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        names = {name for name, _ in attrs}
        assert names <= {"href", "target", "rel", "title", "class", "tabindex", "data-language", "dir"}, attrs
        self.open.append(tag)
        if tag == "a":
            self.hrefs.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        self.elements += [set(self.open[1:])] * utf16_length(data)  # of each code unit


@pytest.fixture
def show(app):
    """Show a text with its formatting, as a message has it."""
    template = aiohttp_jinja2.get_env(app).get_template("chat/_text.html")

    def _show(text, formatting):
        return str(template.module.text(Message(text=text, formatting=spans.to_json(formatting)))).strip()

    return _show


def inside(html):
    """Give what stands in the text's own element."""
    assert html.startswith('<div class="text" dir="auto">')
    return html.strip().removeprefix('<div class="text" dir="auto">').removesuffix("</div>")


ELEMENTS = {
    "bold": "<strong>x</strong>",
    "italic": "<em>x</em>",
    "underline": "<u>x</u>",
    "strikethrough": "<s>x</s>",
    "spoiler": '<span class="spoiler" tabindex="0">x</span>',
    "code": "<code>x</code>",
    "pre": "<pre>x</pre>",
    "blockquote": "<blockquote>x</blockquote>",
    "expandable_blockquote": "<blockquote>x</blockquote>",
}


@pytest.mark.parametrize(("style", "html"), ELEMENTS.items(), ids=ELEMENTS)
def test_each_style_has_its_element(show, style, html):
    assert inside(show("a x b", [Span(style, 2, 1)])) == f"a {html} b"


def test_code_says_its_language(show):
    assert (
        inside(show("x = 1", [Span("pre", 0, 5, language="python")])) == '<pre data-language="python">x = 1</pre>'
    )


def test_a_link_behind_words_leads_where_it_says(show):
    formatting = [Span("text_link", 4, 4, url="https://a.example/?a=1&b=2")]
    html = '<a href="https://a.example/?a=1&amp;b=2" target="_blank" rel="nofollow noreferrer"'
    assert inside(show("see here", formatting)) == f'see {html} title="https://a.example/?a=1&amp;b=2">here</a>'


SAFE = ["https://a.example", "HTTP://a.example", "tg://user?id=5", "mailto:ada@a.example", "tel:+4915"]
UNSAFE = ["javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)"]
UNSAFE += ["data:text/html,x", "https://", "//a.example", "/chats", "file:///etc", "https://a.example/ b", "5"]
UNSAFE += ["https:\\\\a.example", "vbscript:x"]


@pytest.mark.parametrize("url", SAFE)
def test_a_link_leads_to_the_web_a_mailbox_a_telephone_or_telegram(show, url):
    assert Reader(show("see here", [Span("text_link", 4, 4, url=url)])).hrefs == [url]


@pytest.mark.parametrize("url", UNSAFE)
def test_a_link_that_leads_anywhere_else_is_nothing_but_its_words(show, url):
    assert inside(show("see here", [Span("text_link", 4, 4, url=url)])) == "see here"


def test_what_overlaps_is_closed_and_opened_again(show):
    html = inside(show("0123456789", [Span("bold", 0, 6), Span("italic", 4, 6)]))
    assert html == "<strong>0123<em>45</em></strong><em>6789</em>"


def test_a_quote_stands_around_what_began_before_it(show):
    html = inside(show("01\n345", [Span("bold", 0, 6), Span("blockquote", 3, 3)]))
    assert html == "<strong>01\n</strong><blockquote><strong>345</strong></blockquote>"


def test_an_address_is_found_in_what_is_formatted_and_nowhere_twice(show):
    text = "www.a.example www.b.example www.c.example"
    formatting = [Span("bold", 0, 27), Span("text_link", 14, 13, url="https://d.example"), Span("code", 28, 13)]
    assert Reader(show(text, formatting)).hrefs == ["https://www.a.example", "https://d.example"]


def test_what_is_typed_as_markup_is_text(show):
    text = "**x** <b>y</b> [z](https://a.example) &amp;"
    shown = Reader(show(text, []))
    assert shown.text == text
    assert all(elements <= {"a"} for elements in shown.elements)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts, formatting=formattings)
def test_whatever_is_written_is_text_in_the_elements_of_its_formatting(show, text, formatting):
    formatting = spans.sound(formatting, text)
    shown = Reader(show(text, formatting))
    assert shown.text == text
    assert all(href.startswith(("http://", "https://", "mailto:")) for href in shown.hrefs)
    for at, elements in enumerate(shown.elements):
        wanted = [span for span in formatting if span.start <= at < span.end]
        links = {"a" for span in wanted if (span.url or "").startswith("https://")}
        assert elements - {"a"} == {formatted.NAMES[span.style] for span in wanted if not span.url}
        assert links <= elements


def test_pieces_are_the_whole_text_in_as_many_pieces_as_there_are_ends():
    text = "🙂 word " * 200
    formatting = [Span("bold", 8 * at, 2) for at in range(100)] + [Span("italic", 0, 1000)]
    pieces = list(formatted.pieces(Message(text=text, formatting=spans.to_json(formatting))))
    assert "".join(piece.text for piece in pieces) == text
    assert len(pieces) <= 2 * len(formatting) + 2


async def test_a_chat_shows_what_a_consumer_has_formatted(panel, chat, ada):
    await says(ada, "<b>Is</b> it 🙂 bold?", formatting=(Span("bold", 16, 4),))
    page = (await panel.opens(f"/chats/{chat.id}")).text
    assert "&lt;b&gt;Is&lt;/b&gt; it 🙂 <strong>bold</strong>?</div>" in page
