"""The command ``couponchat``: light enough that it can be told to end before all the rest is read."""

import io
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from cli.signals import ending_signals

Handler = Callable[[int, FrameType | None], None]


def main() -> None:
    """Run a command; told to end, however early, it does so without a word."""
    _end_by(_at_once)  # nothing has begun yet that would have to be finished
    _let_everything_be_said()
    from cli import main  # about a second

    _end_by(_orderly)
    main.run()


def _end_by(handler: Handler) -> None:
    for number in ending_signals():
        signal.signal(number, handler)


def _at_once(number: int, _frame: FrameType | None) -> None:
    os._exit(128 + number)


def _orderly(number: int, _frame: FrameType | None) -> None:
    """Let everything that is open be closed, so that no database of ours is left running."""
    raise SystemExit(128 + number)


def _let_everything_be_said() -> None:
    """Write down what the output can't show, and into nothing what has none, instead of failing."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - for as long as we live
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
