"""Values in JSON that anybody may have sent: what can be kept of them, and what they can be."""

import math
from typing import Any, TypeGuard


def clean(text: str) -> str:
    """Leave out what PostgreSQL's texts can't hold, and nobody can read: NUL and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def clean_within(content: Any) -> Any:
    """Clean every text within JSON, and leave out the numbers that it can't have."""
    if isinstance(content, dict):
        return {clean(str(name)): clean_within(part) for name, part in content.items()}
    if isinstance(content, list | tuple):
        return [clean_within(part) for part in content]
    if isinstance(content, float) and not math.isfinite(content):
        return None  # JSON has no such number
    return clean(content) if isinstance(content, str) else content


def as_dict(value: Any) -> dict[str, Any]:
    """Take what isn't a JSON object for an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Take what isn't a JSON array for an empty one."""
    return value if isinstance(value, list) else []


def is_plain(value: Any) -> bool:
    """Say whether something is a text or a number."""
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))


def is_id(value: Any) -> TypeGuard[int]:
    """Say whether something can be an id of Telegram's."""
    return type(value) is int and abs(value) < 2**63
