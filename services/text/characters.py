"""Characters: which of them can be seen, and how to write down those that can't."""

import regex

# What leaves nothing on the screen: spaces of all kinds, what is joined to or turns its neighbours, marks without a
# letter to stand on, fillers. Not what Unicode hasn't assigned yet: it may be the emoji of next year.
_SEEN = regex.compile(
    r"[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{Mn}\p{Me}\u2800\ufffc\U0001d159]"
)

# What is nothing wherever it stands: spaces of all kinds, what has no width, what turns the direction
_INVISIBLE = r"\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800"
_INVISIBLE_INSIDE = regex.compile(rf"(?V1)[[{_INVISIBLE}]--[ ]]")
_FIRST_VISIBLE = regex.compile(rf"[^{_INVISIBLE}]")
_LAST_VISIBLE = regex.compile(rf"(?r)[^{_INVISIBLE}]")


def is_blank(text: str) -> bool:
    """Say whether nothing of a text can be seen."""
    return _SEEN.search(text) is None


def trimmed(text: str) -> str:
    """Take off what can't be seen at either end of a text."""
    text = text.strip()
    if text.isascii():
        return text
    first, last = _FIRST_VISIBLE.search(text), _LAST_VISIBLE.search(text)
    return text[first.start() : last.end()] if first and last else ""


def invisible_in(text: str) -> regex.Match[str] | None:
    """Find the first character that can't be seen, or takes the look of the usual space."""
    return _INVISIBLE_INSIDE.search(text)


def without_invisible(text: str) -> str:
    """Leave out what can't be seen, but for plain spaces."""
    return _INVISIBLE_INSIDE.sub("", text)


def is_storable(text: str, longest: int) -> bool:
    """Say whether a column of so many characters can hold a text: without NUL and halves of characters."""
    return len(text) <= longest and "\x00" not in text and text.encode(errors="replace").decode() == text


def escaped(text: str) -> str:
    """Write down what would act on a terminal, or not be seen, as Python does: ``\\x1b``, ``\\n``, ``\\u202e``."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
