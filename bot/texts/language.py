"""The languages that the bot speaks: English, and every one that has a catalogue under ``locales/``."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LOCALES = Path(__file__).parent / "locales"
ENGLISH = "en"


class Language:
    """One language: its sentences, and how it writes dates."""

    def __init__(self, code: str, translations: NullTranslations) -> None:
        self.locale = Locale.parse(code)
        self.gettext = translations.gettext
        self.ngettext = translations.ngettext


@cache
def codes() -> tuple[str, ...]:
    """List the languages that have a catalogue, English first."""
    return (ENGLISH, *sorted(path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/couponchat.po")))


def spoken_by(code: str | None) -> Language:
    """Choose the language for somebody whose Telegram speaks ``code``, an IETF tag such as ``pt-br``."""
    tag = (code or ENGLISH).replace("_", "-").lower()
    return next(
        (_language(known) for known in codes() if known in (tag, tag.partition("-")[0])), _language(ENGLISH)
    )


@cache
def _language(code: str) -> Language:
    path = LOCALES / code / "LC_MESSAGES" / "couponchat.po"
    if not path.exists():
        return Language(code, NullTranslations())
    with path.open("rb") as file:
        catalogue = read_po(file, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    try:
        return Language(code, Translations(compiled))
    except UnknownLocaleError as error:
        raise ValueError(f"{path}: {code} is no language") from error
