"""What the bot says is complete in every language, and always fits into what Telegram takes."""

import string
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import web.formatting
from bot import texts
from bot.texts import TEXT_LIMIT, FormattedText, texts_for
from bot.texts.language import LOCALES, spoken_by
from models import Coupon, CouponState, MessageKind
from services.media.summaries import Summary, summary
from services.text.shortening import shortened, utf16_length
from tests import cast

CATALOGUES = sorted(LOCALES.glob("*/LC_MESSAGES/couponchat.po"))
EVERY_LANGUAGE = pytest.mark.parametrize("code", texts.codes())
EVERY_CATALOGUE = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)

LABELS = [
    ("text", None, ""),
    ("photo", {"telegramFileId": "x"}, "[photo]"),
    ("voice", {"duration": 12}, "[voice message 0:12]"),
    ("voice", {"duration": 3661}, "[voice message 1:01:01]"),
    ("voice", {}, "[voice message]"),
    ("video", {"duration": 12}, "[video]"),
    ("video_note", {"duration": 5}, "[video message 0:05]"),
    ("audio", {"duration": 184}, "[audio]"),
    ("audio", {"performer": "The Coupons", "title": "Summer"}, "[audio: The Coupons – Summer]"),
    ("document", {"fileName": "name.pdf"}, "[document: name.pdf]"),
    ("document", None, "[document]"),
    ("sticker", {"emoji": "😀"}, "[sticker 😀]"),
    ("sticker", {}, "[sticker]"),
    ("location", {}, "[location]"),
    ("location", {"latitude": 52.5200081, "longitude": -13}, "[location: 52.520008, -13]"),
    ("location", {"latitude": 91, "longitude": 0}, "[location]"),
    ("location", {"latitude": "<b>", "longitude": None}, "[location]"),
    ("venue", {}, "[location]"),
    (
        "venue",
        {"title": "Shop", "address": "Street\n1", "latitude": 1, "longitude": 2},
        "[location: Shop, Street 1]",
    ),
    ("contact", {}, "[contact]"),
    (
        "contact",
        {"firstName": "Robin", "lastName": "Bird", "phoneNumber": "+49151"},
        "[contact: Robin Bird, +49151]",
    ),
    ("animation", {"duration": 3}, "[animation]"),
    ("poll", {}, "[poll]"),
    ("poll", {"question": "Which?", "options": ["Red", "Blue"]}, "[poll: Which? Red / Blue]"),
    ("poll", {"options": "odd"}, "[poll]"),
    ("story", {"owner": "Maya", "username": "maya", "storyId": 5}, "[story: Maya]"),
    ("dice", {"emoji": "🎲", "value": 6}, "[dice 🎲 6]"),
    ("game", {"title": "Chess", "description": "A game"}, "[game: Chess, A game]"),
    ("checklist", {"title": "To do", "tasks": [{"text": "a", "isDone": True}, 5]}, "[checklist: To do ☑ a ☐]"),
    ("giveaway", {"prize": "A hat"}, "[giveaway: A hat]"),
    ("giveaway_winners", {}, "[giveaway]"),
    ("invoice", {"title": "Shoes", "description": "Size 44"}, "[invoice: Shoes, Size 44]"),
    ("paid_media", {"starCount": 5}, "[paid media ⭐ 5]"),
    ("live_photo", {"duration": 3}, "[photo]"),
    ("rich_message", {"content": [1]}, "[formatted message]"),
    ("unknown", {"name": "hologram", "content": 1}, "[unsupported message: hologram]"),
    ("unknown", None, "[unsupported message]"),
    ("unreadable", None, "[message that can’t be read yet]"),
]


@pytest.mark.parametrize(("kind", "facts", "label"), LABELS)
@pytest.mark.parametrize(
    ("source", "said"),
    [(None, ""), ("Zoe", "[forwarded from Zoe]"), ("", "[forwarded]")],
    ids=["", "Zoe", "nobody"],
)
def test_the_bot_and_the_panel_name_a_kind_alike(kind, facts, label, source, said):
    found = summary(cast.content(kind, facts), source)
    assert texts_for("en").messages.label(found) == f"{said} {label}".strip()
    assert web.formatting.label(found) == f"{said} {label}".strip()


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_has_a_name(kind):
    is_named = kind not in (MessageKind.TEXT, MessageKind.UNKNOWN)
    for label in (texts_for("en").messages.label(Summary(kind)), web.formatting.label(Summary(kind))):
        assert (label not in ("", "[unsupported message]")) is is_named


def test_the_template_for_translators_is_current():
    """Otherwise run script/texts."""
    with (LOCALES / "couponchat.pot").open("rb") as file:
        kept = {message.id for message in read_po(file) if message.id}
    assert kept == _said_in_the_code()


@EVERY_CATALOGUE
def test_a_catalogue_is_complete(path):
    catalogue = _catalogue(path)
    translated = {message.id for message in catalogue if message.id and _is_translated(message)}
    assert translated == _said_in_the_code()
    assert not [message.id for message in catalogue if message.fuzzy and message.id]
    assert not catalogue.obsolete


@EVERY_CATALOGUE
def test_a_translation_keeps_the_placeholders_and_the_commands(path):
    for message in _catalogue(path):
        ids, strings = _forms(message.id), _forms(message.string)
        for text in strings:
            allowed = set().union(*(_placeholders(id_) for id_ in ids))
            assert _placeholders(ids[0]) <= _placeholders(text) <= allowed, text
            assert _commands(text) == _commands(ids[0]), text


@EVERY_LANGUAGE
def test_everything_fits_whatever_a_coupon_or_an_influencer_is_called(code):
    said = texts_for(code)
    for name in ("😀" * 500, "", "خصم" * 200, "{title} {0} %s", "\u202e" * 9):
        chat, coupon = _chat(name), _chat(name).coupon
        history = [_message("😀" * 2048, who) for who in ("a", "b", "a", "b", "a")]
        words = [
            said.chats.opened_new(chat, timedelta(hours=23)),
            said.chats.opened_again(chat, history, 12345, timedelta(hours=23)),
            said.chats.opened_again(chat, []),
            said.chats.reply(chat, "😀" * 1900, has_label=True),
            said.which_chat.filed(chat),
            said.refusals.own_coupon(coupon),
            said.influencers.tied(name),
            *(
                said.refusals.coupon_not_open(coupon, state)
                for state in CouponState
                if state is not CouponState.VALID
            ),
        ]
        for each in words:
            assert 0 < utf16_length(each.text) <= TEXT_LIMIT
            _has_sound_entities(each)


@pytest.mark.parametrize("name", ["", "\u3164", "\u200b \u2800"])
def test_an_influencer_without_a_name_that_can_be_seen_is_the_influencer(name):
    assert "with the influencer" in texts_for("en").chats.opened_new(_chat(name)).text
    said = texts_for("en").my_chats.labels(
        [_chat(name, id_="1", title="Summer"), _chat("Bo", id_="2", title="Summer")]
    )
    assert said == {"1": "Summer · the influencer", "2": "Summer · Bo"}


@EVERY_LANGUAGE
def test_every_sentence_is_said(code):
    said = texts_for(code)
    plain = [
        said.which_chat.which_coupon,
        said.refusals.unknown_coupon,
        said.refusals.damaged_link,
        said.refusals.foreign_link,
        said.refusals.only_in_private,
        said.failures.broken,
        said.failures.too_large,
        said.help.how_this_works,
        said.refusals.account_taken,
        said.refusals.link_spent,
        said.influencers.panel,
        said.refusals.panel_is_for_influencers,
    ]
    assert all(sentence().text for sentence in plain)
    assert "100" in said.refusals.too_many_held(100).text
    assert "30" in said.which_chat.keep_until_chosen(30).text
    assert "40" in said.which_chat.which_coupon(40).text
    for notice in (said.which_chat.filed_already(), said.refusals.not_there()):
        assert 0 < utf16_length(notice) <= 200  # Bot API: answerCallbackQuery
    for entry in said.menu.influencer_commands():
        assert 1 <= len(entry.description) <= 256  # Bot API: BotCommand
    assert "3" in said.my_chats.heading(3).text
    assert said.my_chats.heading(1).text != said.my_chats.heading(0).text


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("DE_ch", "de"),
        ("en-GB", "en"),
        ("xx", "en"),
        ("", "en"),
        (None, "en"),
        ("tlh", "en"),
    ],
)
def test_somebody_is_spoken_to_in_their_language_or_else_in_english(code, language):
    assert spoken_by(code).locale.language == language


def test_dates_are_written_as_the_language_does():
    chat = _chat("Sale")
    assert "valid until June 30, 2099" in texts_for("en").chats.opened_new(chat).text
    assert "gültig bis 30. Juni 2099" in texts_for("de").chats.opened_new(chat).text


@given(st.text(), st.integers(1, 60))
def test_a_shortened_text_fits_on_one_peer_and_halves_no_character(text, limit):
    short = shortened(text, limit)
    assert utf16_length(short) <= limit
    assert "\n" not in short
    short.encode()


@given(st.lists(st.tuples(st.sampled_from(["add", "bold", "italic"]), st.text())))
def test_formatting_covers_the_words_that_were_meant(pieces):
    words = FormattedText()
    for how, text in pieces:
        getattr(words, how)(text)
    units = words.text.encode("utf-16-le")
    covered = [
        units[2 * span.start : 2 * (span.start + span.length)].decode("utf-16-le") for span in words.formatting
    ]
    assert covered == [text for how, text in pieces if how != "add" and text]


def _said_in_the_code():
    keywords = {**DEFAULT_KEYWORDS, "_": None}
    return {found[2] for found in extract_from_dir(Path(texts.__file__).parent, keywords=keywords)}


def _catalogue(path):
    return read_po(BytesIO(path.read_bytes()), locale=path.parent.parent.name)


def _is_translated(message):
    return all(_forms(message.string))


def _forms(text):
    return [text] if isinstance(text, str) else list(text)


def _placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _commands(text):
    return {word.strip(".,:;") for word in text.split() if word.startswith("/")}


def _message(text, sender_id):
    facts = {"kind": MessageKind.TEXT, "details": None, "forwarded_from": None, "timestamp": datetime.now(UTC)}
    return SimpleNamespace(text=text, sender_id=sender_id, **facts)


def _chat(name, id_="d", title=None):
    coupon = Coupon(id=id_, title=title or name, influencer_id="b", expires_at=datetime(2099, 7, 1, tzinfo=UTC))
    people = {"influencer": SimpleNamespace(name=name), "consumer_id": "a", "influencer_id": "b"}
    about = {"coupon": coupon, "coupon_id": id_, "coupon_expires_at": datetime(2099, 6, 1, tzinfo=UTC)}
    return SimpleNamespace(id=id_, **about, **people)


def _has_sound_entities(words):
    for span in words.formatting:
        assert span.length > 0
        assert span.start + span.length <= utf16_length(words.text)
