"""Texts made alike, to find what somebody means however they write it."""

import unicodedata


def folded(text: str) -> str:
    """Write a text without accents, in small letters: what differs only in these becomes the same."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))
