"""Whatever people write, and however they and their coupons are called, is shown as text and nothing else."""

from dataclasses import fields
from datetime import UTC, datetime
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Attachment, Coupon, DeliveryState, Message, MessageKind, Reaction, User
from services.chats.annotations import Annotations
from services.chats.dashboard import Filter, Row
from services.media.summaries import summary
from tests import cast
from web.pages import chat as chat_page
from web.pages import chats
from web.pages.rendering import partial

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ELEMENTS = {"a", "b", "bdi", "blockquote", "button", "details", "div", "form", "h1", "i", "img", "li", "p", "ul"}
ELEMENTS |= {"code", "em", "pre", "s", "section", "small", "span", "strong", "summary", "time", "u"}

# Only what may have come through the doors: no NUL, no halves of characters.
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)
texts |= st.sampled_from(
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "&lt;b&gt;"]
)
texts |= st.sampled_from(["http://a.example/\"'<b>", "a@b.example", "javascript:alert(1)", "&lt;b&gt;"])
moments = st.datetimes(timezones=st.just(UTC))
values = st.none() | st.booleans() | st.integers() | st.floats() | texts
kinds = st.sampled_from(MessageKind)
facts_of_kinds = (
    st.none()
    | st.lists(values)
    | st.dictionaries(
        st.sampled_from(["duration", "fileName", "emoji", "title", "latitude", "options", "content", "name"])
        | texts,
        values | st.lists(texts, max_size=3),
        max_size=5,
    )
)
sources = st.none() | texts


def _message(stored, **facts):
    """Make a message whose file, if its kind has one, has been loaded."""
    message, content = Message(**facts), cast.content(facts["kind"], stored)
    rows = [Attachment(position=0, kind=content.kind, **file.facts) for file in content.files]
    message.attachments._set_result_for_query(rows)
    return message


class Reader(HTMLParser):
    """Reads a page as a browser does, and notes what elements and what attributes are there."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data

    @property
    def is_harmless(self) -> bool:
        return self.elements <= ELEMENTS and not any(name.startswith("on") for name in self.attributes)


@pytest.fixture
def request_(app):
    return make_mocked_request("GET", "/", app=app)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts, quoted=texts, kind=kinds, stored=facts_of_kinds, source=sources, name=texts, error=texts)
async def test_a_message_is_shown_as_it_was_written(request_, text, quoted, kind, stored, source, name, error):
    chat = SimpleNamespace(id="c", influencer_id="i", consumer_id="u", consumer=User(id="u", name=name))
    content = {"kind": kind, "details": stored, "forwarded_from": source, "timestamp": NOW, "chat_id": "c"}
    quotes = {"q": _message(stored, id="q", sender_id="i", text=quoted, **content)}
    reactions = {"m": [Reaction(message_id="m", sender_id="u", emoji=error), Reaction(sender_id="i", emoji=text)]}
    link = {"style": "text_link", "start": 2, "length": 9, "url": error}
    content["formatting"] = [{"style": "bold", "start": 0, "length": 3}, link]
    theirs = _message(
        stored, id="m", sender_id="u", text=text, position=1, reply_to_id="q", edited_at=NOW, **content
    )
    theirs.quote = {"kind": kind, "details": stored, "files": [stored], "text": text, "source": source}
    ours = _message(stored, id="n", sender_id="i", text=text, position=2, delivery_error=error, **content)
    ours.delivery_state = DeliveryState.FAILED
    for message in (theirs, ours):
        shown = Reader(chat_page.message_partial(request_, chat, message, Annotations(quotes, reactions)))
        assert shown.is_harmless, shown.elements
        assert text in shown.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=texts,
    name=texts,
    username=st.none() | texts,
    text=texts,
    kind=kinds,
    stored=facts_of_kinds,
    source=sources,
)
async def test_a_row_is_shown_as_it_was_written(request_, title, name, username, text, kind, stored, source):
    facts = {field.name: None for field in fields(Row)}
    facts |= {"id": "c", "consumer_id": "u", "updated_at": NOW, "last_at": NOW, "unread_count": 2}
    facts |= {"title": title, "consumer_name": name, "consumer_username": username}
    facts |= {"last_text": text, "last_summary": summary(cast.content(kind, stored), source)}
    shown = Reader(chats.row_partial(request_, Row(**facts), Filter(), {})["html"])
    assert shown.is_harmless, shown.elements
    assert title in shown.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=texts, description=texts, image_url=st.none() | texts, at=st.none() | st.datetimes(timezones=st.just(UTC))
)
async def test_a_coupon_is_shown_as_it_was_imported(request_, title, description, image_url, at):
    facts = {"title": title, "description": description, "image_url": image_url, "expires_at": at}
    coupon = Coupon(id="o", influencer_id="i", **facts)
    chat = SimpleNamespace(id="c", influencer_id="i", coupon=coupon)
    shown = Reader(partial(request_, "chat/_coupon.html", chat=chat))
    assert shown.is_harmless, shown.elements
    assert title in shown.text


async def test_no_text_keeps_the_panel_busy(request_):
    """A page that took four times as long for twice the text would not be there before the test is given up."""
    chat = SimpleNamespace(id="c", influencer_id="i", consumer_id="u", consumer=User(id="u", name="Ada"))
    for text in ("a" + "." * 1_000_000 + "x.", "http://a.example/[" * 50_000):
        message = Message(id="m", sender_id="u", text=text, position=1, timestamp=NOW)
        assert text in Reader(chat_page.message_partial(request_, chat, message, Annotations())).text


def test_what_is_no_text_would_be_noticed():
    assert Reader("<p title='x'>Hello</p>").is_harmless
    assert not Reader("<script>alert(1)</script>").is_harmless
    assert not Reader("<p onclick='alert(1)'>Hello</p>").is_harmless
