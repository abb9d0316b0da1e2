"""The log of a process, kept and read while the process is a test."""

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from cli import logs


class Logbook(io.StringIO):
    """What is written on standard error."""

    is_terminal = False

    def isatty(self) -> bool:
        return self.is_terminal

    def set_up(self) -> None:
        """Log into this book, as if it were standard error."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stderr", self)
            logs.set_up()

    @property
    def text(self) -> str:
        return self.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Read every line; each is one of ours."""
        return [json.loads(line) for line in self.text.splitlines()]

    def told(self, event: str) -> list[dict[str, Any]]:
        """Give the lines about one kind of event."""
        return [line for line in self.lines if line["event"] == event]


@pytest.fixture
def logbook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Logbook]:
    """Log as ``couponchat serve`` does, until the test is over."""
    monkeypatch.setattr(logging.root, "handlers", [])
    for module, hook in _HOOKS:
        monkeypatch.setattr(module, hook, getattr(module, hook))
    before = structlog.get_config()
    book = Logbook()
    book.set_up()
    logs.catch_all()
    yield book
    structlog.configure(**before)


_HOOKS = [(sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook"), (warnings, "showwarning")]
