"""Characters: which of them can be seen, and how to write down those that can't."""

import regex

# What leaves nothing on the screen: spaces of all kinds, what is joined to or turns its neighbours, marks without a
# letter to stand on, fillers. Not what Unicode hasn't assigned yet: it may be the emoji of next year.
_SEEN = regex.compile(
    r"[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{Mn}\p{Me}\u2800\ufffc\U0001d159]"
)


def is_blank(text: str) -> bool:
    """Say whether nothing of a text can be seen."""
    return _SEEN.search(text) is None


def is_storable(text: str, longest: int) -> bool:
    """Say whether a column of so many characters can hold a text: without NUL and halves of characters."""
    return len(text) <= longest and "\x00" not in text and text.encode(errors="replace").decode() == text


def escaped(text: str) -> str:
    """Write down what would act on a terminal, or not be seen, as Python does: ``\\x1b``, ``\\n``, ``\\u202e``."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
