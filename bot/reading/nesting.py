"""JSON that anybody may have sent: however deeply it is nested, the rest of it is read and written."""

import json
import re
from collections.abc import Iterator
from typing import Any

DEPTH = 100  # lists and objects in one another; what Telegram itself sends stays far below

# A text (which may lack its end, so that one that never ends is looked at once), or a bracket outside of any.
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)


def parsed(text: str | bytes) -> Any:
    """Parse JSON; where it is nested too deeply for that, what lies below ``DEPTH`` is left out (null).

    Raises:
        ValueError: it is no JSON.
    """
    try:
        return json.loads(text)
    except RecursionError:
        if isinstance(text, bytes):
            text = text.decode(json.detect_encoding(text), "surrogatepass")
        return json.loads("".join(_shallow_parts(text)))


def written(content: Any) -> str:
    """Write JSON in ASCII; where it is nested too deeply for that, what lies below ``DEPTH`` is left out (null)."""
    try:
        return json.dumps(content)
    except RecursionError:
        return json.dumps(_shallow(content, DEPTH))


def _shallow_parts(text: str) -> Iterator[str]:
    """Cut a JSON text into what stands at most ``DEPTH`` brackets deep, with a null for whatever is deeper."""
    depth = kept_from = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            if depth == DEPTH:
                yield text[kept_from : token.start()] + "null"
            depth += 1
        elif token[0] in "]}":
            depth -= 1
            if depth == DEPTH:
                kept_from = token.end()
    yield text[kept_from:] if depth <= DEPTH else ""  # whatever never ends is no JSON


def _shallow(content: Any, depth: int) -> Any:
    if isinstance(content, dict):
        return {name: _shallow(part, depth - 1) for name, part in content.items()} if depth else None
    if isinstance(content, list):
        return [_shallow(part, depth - 1) for part in content] if depth else None
    return content
