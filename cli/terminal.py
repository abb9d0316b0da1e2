"""What a command answers, and what it says beside that."""

import sys

from services.text.characters import escaped


def say(text: str) -> None:
    """Answer in a line that no quotation can break, or make more of."""
    print(escaped(text), flush=True)  # noqa: T201 - a command's answer


def tell(text: str) -> None:
    """Say something beside the answer."""
    print(escaped(text), file=sys.stderr, flush=True)  # noqa: T201 - beside a command's answer
